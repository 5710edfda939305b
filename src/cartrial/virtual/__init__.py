"""A simulated trial that fills the forms from mechanism, and the truth behind it."""
