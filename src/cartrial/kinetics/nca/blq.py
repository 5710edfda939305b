"""Below quantification (BLQ): rule sets that say which number such a sample is for an area.

    rule set               before the first   between two    after the last
    pknca_default          0                  left out       0
    winnonlin_zero         0                  0              0
    cart_standard          0                  left out       0
    first_two_consecutive  0                  left out       0
    half_lloq              half the LLOQ      half the LLOQ  half the LLOQ

first, between and last are of quantifiable samples. In `cart_standard` and `first_two_consecutive`
two or more consecutive ones between two quantifiable samples are 0: the cells were gone and came
back. `first_two_consecutive` also ends the curve at the first two consecutive ones after the peak.

Source: PKNCA 0.12.1, `conc.blq`, for pknca_default; Phoenix WinNonlin takes a 0 as it stands.
Reading: a number put in the place of a BLQ result makes area only. It is never a peak, never the
last quantifiable concentration, and never a point of a slope. After the last quantifiable sample it
counts for AUCALL alone. Half of a limit that is not known is no number: such a curve has no area.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from cartrial.kinetics.nca.profile import (
    Bools,
    Floats,
    Profiles,
    first_highest,
    first_where,
    last_where,
    pushed_left,
)

Instead = Literal["zero", "drop", "half"]
RuleSet = Literal[
    "pknca_default", "winnonlin_zero", "cart_standard", "first_two_consecutive", "half_lloq"
]


@dataclass(frozen=True)
class BlqRule:
    """What stands in the place of a result below quantification, by where it lies."""

    first: Instead
    middle: Instead
    last: Instead
    run: Instead | None = None  # two or more in the middle; without it, as any in the middle
    ends_at_run: bool = False  # the curve ends at the first two after the peak


RULES: Mapping[RuleSet, BlqRule] = {
    "pknca_default": BlqRule("zero", "drop", "zero"),
    "winnonlin_zero": BlqRule("zero", "zero", "zero"),
    "cart_standard": BlqRule("zero", "drop", "zero", run="zero"),
    "first_two_consecutive": BlqRule("zero", "drop", "zero", run="zero", ends_at_run=True),
    "half_lloq": BlqRule("half", "half", "half"),
}
STANDARD: RuleSet = "cart_standard"


@dataclass(frozen=True)
class Curve:
    """The points that areas are made of, indexed [subject, point], filled up with NaN."""

    time: Floats
    level: Floats
    quantified: Bools


def curve_by(rule: BlqRule, profiles: Profiles) -> Curve:
    """The samples as points, those below quantification by the rule."""
    quantified, below = profiles.quantified, profiles.below
    place = np.arange(below.shape[1])
    before = below & (place < first_where(quantified)[:, None])
    after = below & (place > last_where(quantified)[:, None]) & ~before
    middle = below & ~before & ~after
    level, keep = profiles.value.copy(), profiles.sampled.copy()
    in_run = middle & consecutive(below)
    for where, instead in (
        (before, rule.first),
        (middle & ~in_run, rule.middle),
        (in_run, rule.run or rule.middle),
        (after, rule.last),
    ):
        if instead == "drop":
            keep &= ~where
        else:
            level = np.where(where, 0.0 if instead == "zero" else profiles.lloq / 2, level)
    order = pushed_left(keep)
    time, level = np.where(keep, profiles.time, np.nan), np.where(keep, level, np.nan)
    return Curve(
        np.take_along_axis(time, order, axis=1),
        np.take_along_axis(level, order, axis=1),
        np.take_along_axis(quantified & keep, order, axis=1),
    )


def consecutive(below: Bools) -> Bools:
    """Which samples below quantification have another beside them."""
    pair = below[:, :-1] & below[:, 1:]
    none = np.zeros((len(below), 1), dtype=bool)
    beside: Bools = np.hstack([pair, none]) | np.hstack([none, pair])
    return beside


def until_run(profiles: Profiles) -> Profiles:
    """The samples up to the first two consecutive ones after the peak that are below."""
    below, place = profiles.below, np.arange(profiles.time.shape[1])
    peak = first_highest(profiles.value, profiles.quantified)
    pair = np.zeros_like(below)
    pair[:, 1:] = below[:, :-1] & below[:, 1:]
    pair &= place > peak[:, None] + 1
    kept = (place <= first_where(pair)[:, None]) & profiles.sampled
    cells = (profiles.time, profiles.value, profiles.lloq)
    return Profiles(*(np.where(kept, one, np.nan) for one in cells))
