"""`cartrial kinetics`: from the assay to how the cells expand and persist."""
