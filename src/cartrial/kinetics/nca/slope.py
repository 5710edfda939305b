"""Straight lines through the logarithm of the concentration: rates, and the terminal slope.

The terminal slope is that of the last n samples after the peak, n at least 3, whose line falls and
has the greatest adjusted R2; of those within 0.0001 of it, the line with the most samples.

    adjusted R2 = 1 - (1 - R2) (n - 1) / (n - 2)
    span        = (time of the last sample - time of the first) / half-life

It is refused where adjusted R2 or the span is too small, for then it is hardly a slope.

Source: Phoenix WinNonlin and PKNCA 0.12.1 for the choice of n; the peak itself is no point of it.
Reading: only quantified samples are points. Lines that rise compete with nobody: where the best
line of all rises, PKNCA gives no half-life. The limits 0.8 and 2 are ours and can be changed: of 60
simulated CAR-T courses 57 have a line, and 10 have one that meets them.
Oracle: PKNCA 0.12.1 (tests/oracle/pknca)
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from cartrial.kinetics.nca.profile import Bools, Floats, Ints, at_column, first_where

FEWEST = 3  # points of a terminal slope


@dataclass(frozen=True)
class SlopeRule:
    """How the terminal slope is chosen, and when it is believed."""

    with_peak: bool = False  # the peak may be a point of it
    near: float = 1e-4  # adjusted R2 this close to the best counts as equal
    least_r2adj: float = 0.8
    least_span: float = 2.0


@dataclass(frozen=True)
class Line:
    """The line of each subject through ln(concentration); NaN where there is none."""

    rate: Floats  # per day; a fall is negative
    r2: Floats
    points: Floats  # how many
    first: Floats  # day
    last: Floats  # day

    @cached_property
    def r2adj(self) -> Floats:
        """R2 adjusted for the number of points; NaN for two points."""
        spare = np.where(self.points > 2, self.points - 2, np.nan)
        adjusted: Floats = 1 - (1 - self.r2) * (self.points - 1) / spare
        return adjusted

    @cached_property
    def halving(self) -> Floats:
        """The half-life; of a line that rises the doubling time, negative."""
        flat = np.where(self.rate == 0, np.nan, self.rate)
        halving: Floats = -np.log(2) / flat
        return halving

    @cached_property
    def span(self) -> Floats:
        """The time that the points cover, in half-lives."""
        return (self.last - self.first) / self.halving


def line_through(time: Floats, value: Floats, points: Bools) -> Line:
    """The least-squares line of each subject through its marked samples; at least two of them."""
    lines, _ = _lines_to_the_end(time, value, points)
    return _picked(lines, first_where(points))


def terminal_line(time: Floats, value: Floats, points: Bools, near: float) -> Line:
    """The line of the terminal slope among the marked samples."""
    lines, starts = _lines_to_the_end(time, value, points)
    falls = starts & (lines.points >= FEWEST) & (lines.rate < 0) & np.isfinite(lines.r2adj)
    fits = np.where(falls, lines.r2adj, -np.inf)
    best = fits.max(axis=1, initial=-np.inf)
    # the earliest start has the most points
    return _picked(lines, first_where(falls & (fits > best[:, None] - near)))


def _lines_to_the_end(time: Floats, value: Floats, points: Bools) -> tuple[Line, Bools]:
    """For each sample the line through it and all marked ones after it, and where that begins."""
    last_time = np.where(points, time, -np.inf).max(axis=1, initial=-np.inf)[:, None]
    t = np.where(points, time - last_time, 0.0)
    y = np.where(points, np.log(np.where(points, value, 1.0)), 0.0)
    n = _from_the_end(points.astype(float))
    safe = np.where(n > 0, n, 1.0)
    centre = (_from_the_end(y) / safe)[:, :1]
    y = np.where(points, y - centre, 0.0)
    sum_t, sum_y = _from_the_end(t), _from_the_end(y)
    tt = _from_the_end(t * t) - sum_t**2 / safe
    ty = _from_the_end(t * y) - sum_t * sum_y / safe
    yy = _from_the_end(y * y) - sum_y**2 / safe
    fitted = (n >= 2) & (tt > 0)
    rate = np.divide(ty, tt, out=np.full_like(tt, np.nan), where=fitted)
    r2 = np.divide(ty**2, tt * yy, out=np.full_like(tt, np.nan), where=fitted & (yy > 0))
    last = np.broadcast_to(np.where(np.isfinite(last_time), last_time, np.nan), time.shape)
    return Line(rate, r2, n, time, last), points


def _from_the_end(cells: Floats) -> Floats:
    summed: Floats = np.cumsum(cells[:, ::-1], axis=1)[:, ::-1]
    return summed


def _picked(lines: Line, column: Ints) -> Line:
    cells = (lines.rate, lines.r2, lines.points, lines.first, lines.last)
    return Line(*(at_column(one, column) for one in cells))
