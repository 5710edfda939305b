"""`cartrial terminology`: the controlled terminology of a study."""
