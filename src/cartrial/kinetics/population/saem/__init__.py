"""The fast engine: stochastic approximation EM with censored samples."""
