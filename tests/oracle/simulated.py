"""Whether a simulation of ours and one of somebody else differ by chance alone."""

import numpy as np

ERRORS = 4  # standard errors of the difference
LEAST = 1e-5  # where nothing was seen to vary


def assert_alike(found, told, *, trials):
    """`told`, by name, are means over `trials`: of levels selected, patients, DLTs, and others."""
    ours, errors = found.mean.characteristics, found.mcse.characteristics
    pairs = {
        "none": (ours.selection[0], errors.selection[0]),
        "selection": (ours.selection[1:], errors.selection[1:]),
        "patients": (ours.patients, errors.patients),
        "dlts": (ours.dlts, errors.dlts),
    }
    for name in ("duration_days", "suspensions", "suspended_days"):
        pairs[name] = getattr(found.mean, name), getattr(found.mcse, name)
    both = np.sqrt(1 + found.trials / trials)  # the variance is that of ours
    for name, value in told.items():
        mean, error = pairs[name]
        apart = np.abs(np.subtract(mean, value)) / np.maximum(np.multiply(error, both), LEAST)
        assert np.all(apart <= ERRORS), (name, mean, value, apart)
