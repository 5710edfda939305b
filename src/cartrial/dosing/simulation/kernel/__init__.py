"""Trials in compiled code: the one place that imports numba."""
