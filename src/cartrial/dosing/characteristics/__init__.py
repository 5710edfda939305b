"""Operating characteristics: what they are, for which true rates, and side by side."""
