"""One trial in compiled code: its patients, and what is known of them at a time."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cartrial.dosing.kernel.draw import (
    ARRIVAL,
    LAG,
    LOSS,
    MANUFACTURE,
    TOXICITY,
    compiled,
    key_of,
    uniform,
)
from cartrial.dosing.kernel.plan import Floats, Frame, Ints, World

COMPLETE, DLT, LOST = 0, 1, 2  # what a patient comes to
POISSON, UNIFORM = 0, 1  # else evenly spaced

# The numbers in `Trial.count`.
CURRENT, BARRED, RUN, RUN_START, RUN_DLTS, FIRST, INFUSED, EVALUABLE = range(8)
OPEN, ARRIVED, UNMADE, LOSSES, HIGHEST = range(8, 13)
COUNTS = 13


class Trial(NamedTuple):
    """The patients in the order of enrolment, the levels, and single numbers.

    A patient has a `level`, the day of `entry` into the window and of its `end`, and `what` it
    comes to; `open` are those with an end to come. `treated` (evaluable), `given` (all), `pending`,
    `done` and `dlts` are by level. Levels count from 0 here. `times`: the next end.
    """

    level: Ints
    entry: Floats
    end: Floats
    what: Ints
    settled: NDArray[np.bool_]
    open: Ints
    treated: Ints
    given: Ints
    pending: Ints
    done: Ints
    dlts: Ints
    count: Ints
    times: Floats


class Scratch(NamedTuple):
    """Room to work in: by point of a grid, by level, by patient."""

    likelihood: Floats
    share: Floats
    rates: Floats
    block: Floats
    weights: Floats


@compiled
def new_trial(patients: int, levels: int) -> Trial:
    """Room for a trial."""
    return Trial(
        np.zeros(patients, np.int64),
        np.zeros(patients),
        np.zeros(patients),
        np.zeros(patients, np.int64),
        np.zeros(patients, np.bool_),
        np.zeros(patients, np.int64),
        np.zeros(levels, np.int64),
        np.zeros(levels, np.int64),
        np.zeros(levels, np.int64),
        np.zeros(levels, np.int64),
        np.zeros(levels, np.int64),
        np.zeros(COUNTS, np.int64),
        np.zeros(1),
    )


@compiled
def clear(trial: Trial) -> None:
    """Begin again with nobody."""
    for level in range(trial.treated.shape[0]):
        trial.treated[level] = trial.given[level] = trial.pending[level] = 0
        trial.done[level] = trial.dlts[level] = 0
    for place in range(COUNTS):
        trial.count[place] = 0
    trial.count[CURRENT] = trial.count[HIGHEST] = -1
    trial.count[BARRED] = trial.treated.shape[0]
    trial.times[0] = np.inf


@compiled
def next_candidate(trial: Trial, world: World, seed: int, number: int, time: float) -> float:
    """The day on which the next candidate arrives whose product will be made."""
    while True:
        if trial.count[ARRIVED] > 0:
            if world.process == POISSON:
                draw = uniform(key_of(seed, number, ARRIVAL), trial.count[ARRIVED])
                time -= np.log(1.0 - draw) * world.gap
            elif world.process == UNIFORM:
                draw = uniform(key_of(seed, number, ARRIVAL), trial.count[ARRIVED])
                time += 2.0 * draw * world.gap
            else:
                time += world.gap
        trial.count[ARRIVED] += 1
        if world.made >= 1.0:
            return time
        key = key_of(seed, number, MANUFACTURE)
        if uniform(key, trial.count[ARRIVED]) < world.made:
            return time
        trial.count[UNMADE] += 1


@compiled
def lag_of(trial: Trial, world: World, seed: int, number: int) -> float:
    """The days from enrolment to infusion of the next patient."""
    width = world.lag_most - world.lag_least
    if width == 0.0:
        return world.lag_least
    return world.lag_least + width * uniform(key_of(seed, number, LAG), trial.count[INFUSED])


@compiled
def enrol(
    trial: Trial, world: World, frame: Frame, seed: int, number: int, level: int, entry: float
) -> None:
    """One more patient at a level; what will happen to it is settled here, and seen later."""
    count = trial.count
    i = count[INFUSED]
    draw = uniform(key_of(seed, number, TOXICITY), i)
    what, after = COMPLETE, world.window
    if draw < world.truth[level]:
        what = DLT
        if world.flat:
            after = world.window * (draw / world.truth[level])
        else:
            after = (-np.log(1.0 - draw) / world.rate[level]) ** (1.0 / world.shape[level])
    if world.lost > 0.0:
        draw = uniform(key_of(seed, number, LOSS), i)
        if draw < world.lost and world.window * (draw / world.lost) < after:
            what, after = LOST, world.window * (draw / world.lost)
    if level != count[CURRENT]:
        count[RUN], count[RUN_DLTS], count[RUN_START] = 0, 0, i
    if count[RUN] % frame.cohort == 0:
        count[FIRST] = i
    count[CURRENT] = level
    count[HIGHEST] = max(count[HIGHEST], level)
    count[RUN] += 1
    trial.level[i], trial.entry[i], trial.end[i], trial.what[i] = level, entry, entry + after, what
    trial.settled[i] = False
    trial.open[count[OPEN]] = i
    count[OPEN] += 1
    count[INFUSED] += 1
    count[EVALUABLE] += 1
    trial.treated[level] += 1
    trial.given[level] += 1
    trial.pending[level] += 1
    trial.times[0] = min(trial.times[0], entry + after)


@compiled
def follow(trial: Trial, i: int, time: float, window: float) -> float:
    """The part of the window behind an open patient; 0 before the infusion."""
    return max(0.0, time - trial.entry[i]) / window


@compiled
def waking(trial: Trial, frame: Frame, time: float) -> float:
    """The day on which the trial is asked again while nobody is enrolled."""
    current, found = trial.count[CURRENT], np.inf
    for k in range(trial.count[OPEN]):
        i = trial.open[k]
        if trial.level[i] != current and trial.pending[current] > 0 and frame.parallel:
            continue
        found = min(found, trial.end[i])
        if frame.after > 0.0 and trial.entry[i] + frame.after > time:
            found = min(found, trial.entry[i] + frame.after)
    return found


@compiled
def last_end(trial: Trial) -> float:
    """The day on which the last patient has completed."""
    found = 0.0
    for i in range(trial.count[INFUSED]):
        found = max(found, trial.end[i])
    return found
