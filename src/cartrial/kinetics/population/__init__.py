"""Population models of CAR kinetics: what is common to subjects, and what differs between them."""
