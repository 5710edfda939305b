"""The terminal slope and half-life, with what says whether to believe them.

    LAMZ     rate of the terminal slope       LAMZHL   half-life, ln 2 / LAMZ
    LAMZNPT  points   LAMZLL, LAMZUL  first and last of them
    R2ADJ    adjusted R2   LAMZSPN  half-lives that the points cover

The slope, the half-life and what is extrapolated by them are missing where the slope is refused;
points, adjusted R2 and span are told even then.

Source: CDISC controlled terminology, PKPARMCD.
Oracle: PKNCA 0.12.1 (tests/oracle/pknca)
"""

from cartrial.kinetics.nca.course import Course
from cartrial.kinetics.nca.parameter import Parameter
from cartrial.kinetics.nca.value import Values, values


def lambda_z(course: Course) -> Values:
    """The rate of the terminal slope, per day."""
    return values(-course.terminal.rate, (*course.none, *course.no_slope))


def half_life(course: Course) -> Values:
    """The terminal half-life."""
    return values(course.terminal.halving, (*course.none, *course.no_slope))


def points(course: Course) -> Values:
    """How many samples the terminal slope goes through."""
    return values(course.terminal.points, (*course.none, *course.no_line))


def first_point(course: Course) -> Values:
    """The day of the first sample of the terminal slope."""
    return values(course.terminal.first, (*course.none, *course.no_line))


def last_point(course: Course) -> Values:
    """The day of the last sample of the terminal slope."""
    return values(course.terminal.last, (*course.none, *course.no_line))


def r2adj(course: Course) -> Values:
    """Adjusted R2 of the terminal slope."""
    return values(course.terminal.r2adj, (*course.none, *course.no_line))


def span(course: Course) -> Values:
    """The half-lives that the samples of the terminal slope cover."""
    return values(course.terminal.span, (*course.none, *course.no_line))


TERMINAL = (
    Parameter("LAMZ", "Lambda z", "Terminal slope", "1/time", lambda_z, "LAMZ"),
    Parameter("LAMZHL", "Half-Life Lambda z", "Terminal half-life", "time", half_life, "LAMZHL"),
    Parameter(
        "LAMZNPT", "Number of Points for Lambda z", "Its points", "points", points, "LAMZNPT"
    ),
    Parameter("LAMZLL", "Lambda z Lower Limit", "Its first day", "time", first_point, "LAMZLL"),
    Parameter("LAMZUL", "Lambda z Upper Limit", "Its last day", "time", last_point, "LAMZUL"),
    Parameter("R2ADJ", "R Squared Adjusted", "Its adjusted R2", "none", r2adj, "R2ADJ"),
    Parameter("LAMZSPN", "Lambda z Span", "Its span in half-lives", "half-lives", span, "LAMZSPN"),
)
