"""Cohorts drawn from a population, and the calibration of a fit by refitting them."""
