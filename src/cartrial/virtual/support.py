"""Transfusions and growth factor: given by what the counts are, and changing them."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from cartrial.virtual.blood import FIRST, Blood

RED_CELLS_BELOW = 75.0  # g/L
PLATELETS_BELOW = 20.0  # 10^9/L
GROWTH_FACTOR_BELOW = 0.5  # 10^9/L
GROWTH_FACTOR_FROM = 7  # day
LATEST = 150  # day


@dataclass(frozen=True)
class Transfused:
    """A transfusion on a day."""

    day: int
    product: Literal["red cells", "platelets"]
    units: int


@dataclass(frozen=True)
class Support:
    """The support a subject got."""

    transfusions: tuple[Transfused, ...]
    growth_factor: tuple[tuple[int, int], ...]  # first and last day


def give_support(blood: Blood) -> tuple[Blood, Support]:
    """The blood with the support it called for."""
    values = {name: course.copy() for name, course in blood.values.items()}
    given: list[Transfused] = []
    injected: list[int] = []
    days = np.arange(len(values["HGB"]))
    for i in range(-FIRST, min(LATEST - FIRST, len(days))):
        day = i + FIRST
        since = np.clip(days - i, 0, None)
        if values["HGB"][i] < RED_CELLS_BELOW:
            given.append(Transfused(day, "red cells", 2))
            values["HGB"] += np.where(days > i, 15 * np.exp(-since / 35), 0)
        if values["PLAT"][i] < PLATELETS_BELOW:
            given.append(Transfused(day, "platelets", 1))
            values["PLAT"] += np.where(days > i, 22 * np.exp(-since / 2.5), 0)
        if day >= GROWTH_FACTOR_FROM and values["NEUT"][i] < GROWTH_FACTOR_BELOW:
            injected.append(day)
    return replace(blood, values=values), Support(tuple(given), _courses(injected))


def _courses(days: list[int]) -> tuple[tuple[int, int], ...]:
    """Days in runs; a gap of up to three days does not end a run, ten days do."""
    runs: list[list[int]] = []
    for day in days:
        if runs and day - runs[-1][-1] <= 3 and day - runs[-1][0] < 10:
            runs[-1].append(day)
        else:
            runs.append([day])
    return tuple((run[0], run[-1]) for run in runs)
