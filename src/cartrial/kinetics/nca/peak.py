"""The highest and the last concentration, and when.

    CMAX    highest concentration               TMAX    first time of it
    TMAX28  the same of the first 28 days       CLST    last quantifiable concentration
    TLST    its time: the last day on which the cells are known to be there

Source: CDISC controlled terminology, PKPARMCD.
Reading: TMAX28 has no CDISC code. It is there because a second expansion months later can be higher
than the first; a subject not sampled to day 28 has the peak of what was sampled.
Oracle: PKNCA 0.12.1 (tests/oracle/pknca)
"""

import numpy as np

from cartrial.kinetics.nca.course import Course
from cartrial.kinetics.nca.parameter import Parameter
from cartrial.kinetics.nca.profile import Ints, at_column, first_highest
from cartrial.kinetics.nca.value import Values, values

EARLY = 28.0  # days


def cmax(course: Course) -> Values:
    """The highest concentration."""
    return values(course.cmax, course.none)


def tmax(course: Course) -> Values:
    """The first day of the highest concentration."""
    return values(course.tmax, course.none)


def tmax_early(course: Course) -> Values:
    """The first day of the highest concentration of the first 28 days."""
    day = at_column(course.profiles.time, early_peak(course))
    return values(day, (*course.none, (np.isnan(day), f"nothing quantifiable up to day {EARLY:g}")))


def early_peak(course: Course) -> Ints:
    """The column of the first highest sample of the first 28 days; past the last where none is."""
    profiles = course.profiles
    early = profiles.quantified & (profiles.time <= EARLY)
    return first_highest(profiles.value, early)


def clast(course: Course) -> Values:
    """The last quantifiable concentration."""
    return values(course.clast, course.none)


def tlast(course: Course) -> Values:
    """The day of the last quantifiable concentration."""
    return values(course.tlast, course.none)


PEAK = (
    Parameter("CMAX", "Max Conc", "Peak (Cmax)", "concentration", cmax, "CMAX"),
    Parameter("TMAX", "Time of CMAX", "Time of the peak (Tmax)", "time", tmax, "TMAX"),
    Parameter(
        "TMAX28",
        "Time of CMAX within 28 Days",
        "Time of the peak to day 28",
        "time",
        tmax_early,
    ),
    Parameter(
        "CLST",
        "Last Nonzero Conc",
        "Last quantifiable (Clast)",
        "concentration",
        clast,
        "CLST",
    ),
    Parameter(
        "TLST",
        "Time of Last Nonzero Conc",
        "Last time quantified (Tlast)",
        "time",
        tlast,
        "TLST",
    ),
)
