"""What a trial came to, added up: the sums over trials, and those of the squares."""

from typing import NamedTuple

import numpy as np

from cartrial.dosing.simulation.kernel.draw import compiled, step
from cartrial.dosing.simulation.kernel.level import TIE
from cartrial.dosing.simulation.kernel.plan import Floats, World
from cartrial.dosing.simulation.kernel.trial import LOSSES, UNMADE, Trial

OTHERS = 9  # outcomes beside those by level


class Held(NamedTuple):
    """How a trial was held up: ended by the rules, suspensions, and the days of them."""

    stopped: bool
    suspensions: int
    days: float


class Sums(NamedTuple):
    """The sums over trials of what each came to, and of its squares, (K,) each."""

    total: Floats
    squares: Floats


@compiled
def new_sums(levels: int) -> Sums:
    """The sums over no trials."""
    return Sums(np.zeros(3 * levels + 1 + OTHERS), np.zeros(3 * levels + 1 + OTHERS))


@step
def add(sums: Sums, place: int, value: float) -> None:
    """What one trial came to in one of the outcomes."""
    sums.total[place] += value
    sums.squares[place] += value * value


@step
def count_trial(
    sums: Sums, trial: Trial, world: World, selected: int, held: Held, end: float, target: float
) -> None:
    """One more trial; the outcomes are in the order of `simulate.OTHERS`."""
    levels, patients, over = world.truth.shape[0], 0, 0
    add(sums, selected + 1, 1.0)
    for level in range(levels):
        given = trial.given[level]
        add(sums, levels + 1 + level, given)
        add(sums, 2 * levels + 1 + level, trial.dlts[level])
        patients += given
        over += given if world.truth[level] > target + TIE else 0
    rest = 3 * levels + 1
    add(sums, rest, patients)
    add(sums, rest + 1, over)
    add(sums, rest + 2, patients + over)
    add(sums, rest + 3, held.stopped)
    add(sums, rest + 4, end)
    add(sums, rest + 5, held.suspensions)
    add(sums, rest + 6, held.days)
    add(sums, rest + 7, trial.tally[LOSSES])
    add(sums, rest + 8, trial.tally[UNMADE])
