"""The step from the level that a model prefers to the level of the next cohort.

The first cohort gets the starting level. A barred level is not given, and nothing above it. The
dose rises by one level at most unless the design skips; it does not rise while it is held.
"""

import numpy as np
from numpy.typing import NDArray

from cartrial.dosing.counts import Advice
from cartrial.dosing.decision import Decision

Ints = NDArray[np.int64]


def highest_open(
    *, start: int, levels: int, skip: bool, current: Ints, barred: Ints, held: NDArray[np.bool_]
) -> Ints:
    """The highest level that the next cohort may get, (S,); 0 where none is left."""
    up = np.full_like(current, levels) if skip else current + 1
    top = np.where(held, np.minimum(up, current), up)
    return np.minimum(np.where(current == 0, start, top), np.minimum(levels, barred - 1))


def first(*, start: int, barred: int, cohort: int) -> Advice:
    """The advice where nobody has been treated."""
    level = min(start, barred - 1)
    if level == start:
        reason = f"nobody treated: start at dose level {start}"
        return Advice(level, Decision.STAY, reason, barred, cohort)
    return none_left(f"dose level {start} is barred", barred, level, cohort)


def none_left(reason: str, barred: int, level: int, cohort: int) -> Advice:
    """The advice below a barred level: the level that is left, 0 for none."""
    if level == 0:
        said = f"{reason}; no dose level is left: stop"
        return Advice(None, Decision.ELIMINATE, said, barred)
    return Advice(level, Decision.ELIMINATE, reason, barred, cohort)


def advice(
    level: int, wanted: int, reason: str, *, current: int, barred: int, held: bool, cohort: int
) -> Advice:
    """The advice to give `level`, at least 1, where the model prefers `wanted`."""
    decision = Decision((level > current) - (level < current))
    word = {Decision.ESCALATE: "escalate", Decision.STAY: "stay"}.get(decision, "de-escalate")
    limit = ""
    if level < wanted and level + 1 == barred:
        limit = f", dose level {barred} is barred"
    elif level < wanted and held:
        limit = ", its DLTs forbid a rise"
    elif level < wanted:
        limit = f" to dose level {level}, no level is skipped"
    return Advice(level, decision, f"{reason}: {word}{limit}", barred, cohort)
