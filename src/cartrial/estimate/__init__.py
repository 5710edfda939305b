"""What is estimated, with its uncertainty: proportions and survival."""
