"""Non-compartmental analysis (NCA) of CAR kinetics: peak, last quantifiable, area under the curve.

    CMAX      highest concentration
    TMAX      first time of the highest concentration
    TLAST     last time with a quantifiable concentration
    AUCLAST   area from time 0 to TLAST, linear where the concentration rises or is 0 at one end,
              logarithmic where it falls (lin-up/log-down)
    AUC0-28   the area up to day 28; the value on day 28 is interpolated by the same rule between
              the samples before and after it

Concentrations below quantification are 0 before the first and after the last quantifiable one, and
are left out between the two.

Source: the rules of Phoenix WinNonlin and PKNCA for AUC (linear up, logarithmic down) and for what
    is below quantification (first keep, middle drop, last keep).
Reading: the curve starts at 0 at time 0: a sample of that time is taken as before the infusion.
AUC0-28 after TLAST: where the next sample, below quantification, lies after day 28, the curve falls
straight to 0 at that sample and is cut at day 28; where it lies on or before day 28, the area ends
at TLAST. A window that nobody sampled to its last day has no area; a last sample within that day
closes it. Nothing quantifiable has no peak, no time and no area.
Oracle: PKNCA 0.12.1 (tests/oracle/pknca); it has no fall to 0 after TLAST
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
WINDOW = 28.0  # days
CLOSES = 1.0  # day: a last sample less than this before the end of the window closes it
UnitRule = Literal["concentration", "time", "time x concentration"]

NOTHING_SAMPLED = "no sample after infusion"
NOTHING_QUANTIFIABLE = "no quantifiable sample"


@dataclass(frozen=True)
class Profile:
    """The samples of one subject and analyte in the order of time; 0 is below quantification."""

    time: Floats  # days from infusion, 0 or later, each once
    conc: Floats


@dataclass(frozen=True)
class Value:
    """A parameter, or why there is none."""

    value: float | None
    why: str | None = None


@dataclass(frozen=True)
class Parameter:
    """A parameter: its code (PPTESTCD), its name (PPTEST), its unit, and how it is computed."""

    code: str
    name: str
    unit: UnitRule
    of: Callable[[Profile], Value]


# ---------------------------------------------------------------- kernels
def cmax(time: Floats, conc: Floats) -> float:
    """The highest concentration; 0 where nothing is quantifiable."""
    return float(conc.max()) if conc.size else 0.0


def tmax(time: Floats, conc: Floats) -> float:
    """The first time of the highest concentration; NaN where nothing is quantifiable."""
    return float(time[int(conc.argmax())]) if (conc > 0).any() else float("nan")


def tlast(time: Floats, conc: Floats) -> float:
    """The last time with a quantifiable concentration; NaN where there is none."""
    found = time[conc > 0]
    return float(found[-1]) if found.size else float("nan")


def auclast(time: Floats, conc: Floats) -> float:
    """The area from the first sample to the last quantifiable one; 0 where there is none."""
    kept, levels = without_middle_blq(time, conc)
    upto = int(np.flatnonzero(levels > 0)[-1]) + 1 if (levels > 0).any() else 0
    return float(_areas(kept[:upto], levels[:upto]).sum())


def auc_until(time: Floats, conc: Floats, end: float) -> float:
    """The area from the first sample to `end`, or to TLAST where that is earlier."""
    kept, levels = without_middle_blq(time, conc)
    upto = int(np.flatnonzero(levels > 0)[-1]) + 1 if (levels > 0).any() else 0
    kept, levels = kept[:upto], levels[:upto]
    if not kept.size or kept[-1] <= end:
        return float(_areas(kept, levels).sum())
    inside = kept < end
    at_end = interpolate(kept, levels, end)
    cut = np.append(kept[inside], end), np.append(levels[inside], at_end)
    return float(_areas(*cut).sum())


def area_after_last(time: Floats, conc: Floats, end: float) -> float:
    """The area from TLAST to `end`, straight to 0 at the next sample; 0 unless that is later."""
    found = np.flatnonzero(conc > 0)
    if not found.size or found[-1] + 1 == time.size:
        return 0.0
    start, after = float(time[found[-1]]), float(time[found[-1] + 1])
    if not start < end < after:
        return 0.0
    last = float(conc[found[-1]])
    at_end = last * (after - end) / (after - start)
    return (end - start) * (last + at_end) / 2


def interpolate(time: Floats, conc: Floats, at: float) -> float:
    """The concentration between two samples: logarithmic where it falls, else linear."""
    after = int(np.searchsorted(time, at))
    if time[after] == at or after == 0:
        return float(conc[after])
    part = (at - time[after - 1]) / (time[after] - time[after - 1])
    before, then = conc[after - 1], conc[after]
    if before > then > 0:
        return float(np.exp(np.log(before) + part * (np.log(then) - np.log(before))))
    return float(before + part * (then - before))


def without_middle_blq(time: Floats, conc: Floats) -> tuple[Floats, Floats]:
    """The samples without those below quantification between two quantifiable ones."""
    found = np.flatnonzero(conc > 0)
    if not found.size:
        return time, conc
    place = np.arange(conc.size)
    keep = (conc > 0) | (place < found[0]) | (place > found[-1])
    return time[keep], conc[keep]


def _areas(time: Floats, conc: Floats) -> Floats:
    """The area of each step between two samples."""
    wide, left, right = np.diff(time), conc[:-1], conc[1:]
    linear = wide * (left + right) / 2
    falls = (right < left) & (right > 0)
    ratio = np.log(np.divide(left, right, out=np.full_like(left, np.e), where=falls))
    return np.where(falls, wide * (left - right) / ratio, linear)


# ---------------------------------------------------------------- parameters
def profile_from_infusion(time: Floats, conc: Floats) -> Profile:
    """The samples from the infusion on; it starts at 0, for before it there is no product.

    Of several samples at one time the highest counts.
    """
    later = time > 0
    times = np.concatenate([[0.0], time[later]])
    levels = np.concatenate([[0.0], conc[later]])
    unique, place = np.unique(times, return_inverse=True)
    highest = np.zeros_like(unique)
    np.maximum.at(highest, place, levels)
    return Profile(unique, highest)


def _quantifiable(kernel: Callable[[Floats, Floats], float]) -> Callable[[Profile], Value]:
    def value(profile: Profile) -> Value:
        if profile.time.size < 2:
            return Value(None, NOTHING_SAMPLED)
        if not (profile.conc > 0).any():
            return Value(None, NOTHING_QUANTIFIABLE)
        return Value(kernel(profile.time, profile.conc))

    return value


def auc_window(profile: Profile) -> Value:
    """The area from infusion to day 28, or why there is none."""
    if profile.time.size < 2:
        return Value(None, NOTHING_SAMPLED)
    if not (profile.conc > 0).any():
        return Value(None, NOTHING_QUANTIFIABLE)
    if profile.time[-1] <= WINDOW - CLOSES:
        last = profile.time[-1]
        return Value(None, f"sampled to day {last:.1f} only, not to day {WINDOW:g}")
    area = auc_until(profile.time, profile.conc, WINDOW)
    return Value(area + area_after_last(profile.time, profile.conc, WINDOW))


PARAMETERS = (
    Parameter("CMAX", "Max Conc", "concentration", _quantifiable(cmax)),
    Parameter("TMAX", "Time of CMAX", "time", _quantifiable(tmax)),
    Parameter("TLAST", "Time of Last Nonzero Conc", "time", _quantifiable(tlast)),
    Parameter("AUC028", "AUC from Day 0 to Day 28", "time x concentration", auc_window),
)
