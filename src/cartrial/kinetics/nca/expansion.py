"""Expansion: how fast the cells grow up to their peak.

    EXPRATE  slope of ln(concentration) over the samples from the lowest before the peak to the peak
    DOUBLT   doubling time, ln 2 / EXPRATE

Source: Stein 2019, CPT Pharmacometrics Syst Pharmacol 8:285-295, for the rate as a parameter.
doi:10.1002/psp4.12388
Reading: least squares over quantifiable samples, two or more. Where the infused cells are seen
before they go into tissue, the rise begins at the lowest sample before the peak, the last of equal
ones. Neither has a CDISC code. Sparse samples make the rate too low: growth is counted up to the
peak as sampled.
"""

import numpy as np

from cartrial.kinetics.nca.course import Course
from cartrial.kinetics.nca.parameter import Parameter
from cartrial.kinetics.nca.slope import Line
from cartrial.kinetics.nca.value import Check, Values, values


def expansion_rate(course: Course) -> Values:
    """The rate of growth up to the peak, per day."""
    return values(course.rise.rate, (*course.none, *_no_rise(course.rise)))


def doubling_time(course: Course) -> Values:
    """The doubling time up to the peak."""
    return values(-course.rise.halving, (*course.none, *_no_rise(course.rise)))


def _no_rise(line: Line) -> tuple[Check, ...]:
    return (
        (np.isnan(line.rate), "no quantifiable sample before the peak"),
        (~(line.rate > 0), "no rise before the peak"),
    )


EXPANSION = (
    Parameter("EXPRATE", "Expansion Rate", "Expansion rate", "1/time", expansion_rate),
    Parameter("DOUBLT", "Doubling Time of Expansion", "Doubling time", "time", doubling_time),
)
