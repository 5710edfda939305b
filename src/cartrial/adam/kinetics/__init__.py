"""CAR copies and cells in blood (ADPC), and their parameters (ADPP)."""
