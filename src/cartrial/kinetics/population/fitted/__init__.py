"""What a fit gives: curves, derived values, checks against the samples, files."""
