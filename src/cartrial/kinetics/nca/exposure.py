"""Exposure: areas under the curve, and the mean residence time (MRT) that they give.

    AUCLST    from infusion to the last quantifiable sample (TLST)
    AUCALL    the same, and the fall to the first sample below quantification after it
    AUCINT    of a window of days, such as 0 to 28
    AUCIFO    AUCLST + CLST / LAMZ, and AUCPEO the percentage of it that is extrapolated
    AUMCLST   the area of time x concentration up to TLST; AUMCIFO extrapolated
    MRTIBLST  AUMCLST / AUCLST; MRTIBIFO = AUMCIFO / AUCIFO

Source: CDISC controlled terminology, PKPARMCD; PKNCA 0.12.1.
Reading: a window whose end lies between two quantifiable samples is cut there by the method of the
area. After TLST nothing is counted, wherever the next sample lies: windows add up, a longer one is
never smaller, and more samples below quantification change nothing; AUCALL stands beside it. Where
follow-up ended quantifiable, before the end of the window, there is no area; a last sample less
than a day before the end closes the window. A window in which nothing is quantifiable has no area,
not 0. MRT has the code of a bolus: an infusion lasts minutes, and nothing is taken off for it.
Oracle: PKNCA 0.12.1 (tests/oracle/pknca)
"""

import numpy as np

from cartrial.kinetics.nca.area import area_until, total
from cartrial.kinetics.nca.course import Course
from cartrial.kinetics.nca.parameter import Parameter
from cartrial.kinetics.nca.profile import Bools, Floats, each_has
from cartrial.kinetics.nca.value import Check, Values, texts, values

CLOSES = 1.0  # day: a last sample less than this before the end of a window closes it
WINDOWS = ((0.0, 28.0), (0.0, 90.0))  # days
NO_LIMIT = "a sample below quantification has no known LLOQ"


def auclast(course: Course) -> Values:
    """The area to the last quantifiable sample."""
    return values(_to_last(course, course.steps.areas), _no_area(course, 0.0))


def aucall(course: Course) -> Values:
    """The area to the last quantifiable sample, and the fall after it."""
    area = total(np.nan_to_num(course.steps.areas))
    unlimited = (_unlimited(course, to_last=False), NO_LIMIT)
    return values(area, (*_no_area(course, 0.0), unlimited))


def aucinf(course: Course) -> Values:
    """The area extrapolated to infinity by the terminal slope."""
    return values(_infinite(course), _not_infinite(course))


def extrapolated(course: Course) -> Values:
    """The percentage of the area to infinity that is extrapolated."""
    whole, measured = _infinite(course), _to_last(course, course.steps.areas)
    return values(100 * (1 - measured / whole), _not_infinite(course))


def aumclast(course: Course) -> Values:
    """The area of time x concentration to the last quantifiable sample."""
    return values(_to_last(course, course.steps.moments), _no_area(course, 0.0))


def aumcinf(course: Course) -> Values:
    """The area of time x concentration extrapolated to infinity."""
    return values(_infinite_moment(course), _not_infinite(course))


def mrt_last(course: Course) -> Values:
    """The mean residence time up to the last quantifiable sample."""
    area = _to_last(course, course.steps.areas)
    moment = _to_last(course, course.steps.moments)
    ratio = np.divide(moment, area, out=np.full_like(area, np.nan), where=area > 0)
    return values(ratio, _no_area(course, 0.0))


def mrt_inf(course: Course) -> Values:
    """The mean residence time, extrapolated."""
    return values(_infinite_moment(course) / _infinite(course), _not_infinite(course))


def window_area(course: Course, start: float, end: float) -> Values:
    """The area from day `start` to day `end`, or why there is none."""
    counted = course.to_last
    area = area_until(course.steps, counted, end) - area_until(course.steps, counted, start)
    open_ended = (course.end == course.tlast) & (course.end <= end - CLOSES)
    ended = texts(
        open_ended, f"sampled to day {{last:.1f}} only, not to day {end:g}", last=course.end
    )
    empty = f"nothing quantifiable from day {start:g} to day {end:g}"
    checks = (
        *_no_area(course, start),
        (open_ended, ended),
        (~(area > 0), empty),
    )
    return values(area, checks)


# ---------------------------------------------------------------- what they are made of
def _to_last(course: Course, cells: Floats) -> Floats:
    return total(np.where(course.to_last, cells, 0.0))


def _infinite(course: Course) -> Floats:
    return _to_last(course, course.steps.areas) - course.clast / course.terminal.rate


def _infinite_moment(course: Course) -> Floats:
    lambda_z = -course.terminal.rate
    tail = course.clast * course.tlast / lambda_z + course.clast / lambda_z**2
    moment: Floats = _to_last(course, course.steps.moments) + tail
    return moment


def _not_infinite(course: Course) -> tuple[Check, ...]:
    return (*_no_area(course, 0.0), *course.no_slope)


def _no_area(course: Course, start: float) -> tuple[Check, ...]:
    """Why a curve has no area from a day on: nothing found, no beginning, or a gap in it."""
    time = course.curve.time
    first = time[:, 0] if time.shape[1] else np.full(len(time), np.nan)
    late = (~(first <= start), f"no sample on or before day {start:g}")
    alone = (~each_has(course.to_last), "nothing quantifiable after the first sample")
    return (*course.none, late, alone, (_unlimited(course, to_last=True), NO_LIMIT))


def _unlimited(course: Course, *, to_last: bool) -> Bools:
    """Whether a point that counts has no number for want of its LLOQ."""
    gap = np.isfinite(course.curve.time[:, 1:]) & np.isnan(course.steps.areas)
    return each_has(gap & course.to_last) if to_last else each_has(gap)


# ---------------------------------------------------------------- the list
def window(start: float, end: float) -> Parameter:
    """The area of a window of days as a parameter."""
    days = f"{start:g} to {end:g}"
    return Parameter(
        f"AUC0{end:g}" if start == 0 else f"A{start:g}_{end:g}",
        f"AUC from Day {start:g} to Day {end:g}",
        f"Area, day {days} (AUC{start:g}-{end:g})",
        "time x concentration",
        lambda course: window_area(course, start, end),
        "AUCINT",
        (start, end),
    )


EXPOSURE = (
    Parameter(
        "AUCLST",
        "AUC to Last Nonzero Conc",
        "Area to the last (AUClast)",
        "time x concentration",
        auclast,
        "AUCLST",
    ),
    Parameter(
        "AUCALL", "AUC All", "Area of all (AUCall)", "time x concentration", aucall, "AUCALL"
    ),
    Parameter(
        "AUCIFO",
        "AUC Infinity Obs",
        "Area to infinity (AUCinf)",
        "time x concentration",
        aucinf,
        "AUCIFO",
    ),
    Parameter(
        "AUCPEO", "AUC %Extrapolation Obs", "Extrapolated part of it", "%", extrapolated, "AUCPEO"
    ),
    Parameter(
        "AUMCLST",
        "AUMC to Last Nonzero Conc",
        "Moment to the last",
        "time2 x concentration",
        aumclast,
        "AUMCLST",
    ),
    Parameter(
        "AUMCIFO",
        "AUMC Infinity Obs",
        "Moment to infinity",
        "time2 x concentration",
        aumcinf,
        "AUMCIFO",
    ),
    Parameter(
        "MRTIBLST",
        "MRT IV Bolus to Last Nonzero Conc",
        "Mean residence to the last",
        "time",
        mrt_last,
        "MRTIBLST",
    ),
    Parameter(
        "MRTIBIFO", "MRT IV Bolus Infinity Obs", "Mean residence time", "time", mrt_inf, "MRTIBIFO"
    ),
)
