"""One trial in compiled code: its patients, and what is known of them at a time."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cartrial.dosing.simulation.kernel.draw import (
    ARRIVAL,
    LAG,
    LOSS,
    MANUFACTURE,
    PRODUCT,
    SETTLING,
    TOXICITY,
    compiled,
    exponential,
    key_of,
    step,
    trial_key,
    uniform,
)
from cartrial.dosing.simulation.kernel.plan import SHARES, Floats, Frame, Ints, World

COMPLETE, DLT, LOST, MATURES = range(4)  # what a patient comes to; an event matures to a DLT
POISSON, UNIFORM = 0, 1  # else evenly spaced
WHOLE = 2  # after TOXICITY and ARRIVAL in `Trial.keys`: of the trial
NEXT, LAST = range(2)  # in `Trial.times`

# The numbers in `Trial.tally`.
CURRENT, BARRED, RUN, RUN_START, RUN_DLTS, INFUSED, EVALUABLE = range(7)
OPEN, ARRIVED, UNMADE, LOSSES, HIGHEST, LEFT, EXTRA, OUTSIDE = range(7, 15)
COUNTS = 15


class Trial(NamedTuple):
    """The patients in the order of enrolment, the levels, and single numbers.

    A patient has a `level`, the day of `entry` into the window and of its `end`, and `what` it
    comes to; `extra` are backfilled, `open` have an end to come. Follow-up counts `since` a day,
    which is infinite while an event matures. `outside` are given a product below the range, and a
    DLT `comes`. By level, which count from 0 here, there are `treated` (evaluable), `given` (all),
    `pending`, `maturing` (of those), `done` and `dlts`. `keys` are of the streams that every
    trial draws from, and of the trial; `times` holds the next end and the last, `tally` numbers of
    patients, but for the first of the run; `LEFT` are the places left in that cohort.
    """

    level: Ints
    entry: Floats
    end: Floats
    what: Ints
    since: Floats
    comes: Floats
    settled: NDArray[np.bool_]
    extra: NDArray[np.bool_]
    open: Ints
    outside: Ints
    treated: Ints
    given: Ints
    pending: Ints
    maturing: Ints
    done: Ints
    dlts: Ints
    tally: Ints
    keys: NDArray[np.uint64]
    times: Floats


class Scratch(NamedTuple):
    """Room to work in: by point of a grid, by level, by patient."""

    likelihood: Floats
    share: Floats
    rates: Floats
    block: Floats
    levels: Ints
    size: Ints
    weights: Floats


@compiled
def new_trial(patients: int, levels: int) -> Trial:
    """Room for a trial."""
    return Trial(
        np.zeros(patients, np.int64),
        np.zeros(patients),
        np.zeros(patients),
        np.zeros(patients, np.int64),
        np.zeros(patients),
        np.full(patients, np.inf),
        np.zeros(patients, np.bool_),
        np.zeros(patients, np.bool_),
        np.zeros(patients, np.int64),
        np.zeros(patients, np.int64),
        np.zeros(levels, np.int64),
        np.zeros(levels, np.int64),
        np.zeros(levels, np.int64),
        np.zeros(levels, np.int64),
        np.zeros(levels, np.int64),
        np.zeros(levels, np.int64),
        np.zeros(COUNTS, np.int64),
        np.zeros(WHOLE + 1, np.uint64),
        np.zeros(2),
    )


@compiled
def new_scratch(patients: int, levels: int, coarse: int, fine: int) -> Scratch:
    """Room to work in, for grids of so many points."""
    return Scratch(
        np.ones(coarse),
        np.ones(fine),
        np.zeros(levels),
        np.zeros(levels),
        np.zeros(levels, np.int64),
        np.zeros(levels, np.int64),
        np.zeros(patients),
    )


@step
def begin(trial: Trial, seed: int, number: int) -> None:
    """The trial of a number, with nobody in it."""
    key = trial_key(seed, number)
    trial.keys[WHOLE] = key
    trial.keys[TOXICITY], trial.keys[ARRIVAL] = key_of(key, TOXICITY), key_of(key, ARRIVAL)
    for level in range(trial.treated.shape[0]):
        trial.treated[level] = trial.given[level] = trial.pending[level] = 0
        trial.maturing[level] = trial.done[level] = trial.dlts[level] = 0
    for place in range(COUNTS):
        trial.tally[place] = 0
    trial.tally[CURRENT] = trial.tally[HIGHEST] = -1
    trial.tally[BARRED] = trial.treated.shape[0]
    trial.times[NEXT], trial.times[LAST] = np.inf, 0.0


@step
def drawn(trial: Trial, stream: int, number: int) -> float:
    """A number of a stream from which few trials draw, from 0 to below 1."""
    return uniform(key_of(trial.keys[WHOLE], stream), number)


@step
def next_candidate(trial: Trial, world: World, time: float) -> float:
    """The day on which the next candidate arrives whose product will be made."""
    while True:
        if trial.tally[ARRIVED] > 0:
            if world.process == POISSON:
                time += exponential(trial.keys[ARRIVAL], trial.tally[ARRIVED]) * world.gap
            elif world.process == UNIFORM:
                draw = uniform(trial.keys[ARRIVAL], trial.tally[ARRIVED])
                time += 2.0 * draw * world.gap
            else:
                time += world.gap
        trial.tally[ARRIVED] += 1
        if world.trouble.made >= 1.0:
            return time
        if drawn(trial, MANUFACTURE, trial.tally[ARRIVED]) < world.trouble.made:
            return time
        trial.tally[UNMADE] += 1


@compiled
def gaps(
    world: World, seed: int, first: int, trials: int, many: int
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """The days before each of the first candidates with a product, and who had none before them."""
    trial = new_trial(1, 1)
    days, unmade = np.empty((trials, many)), np.empty((trials, many), np.int64)
    for number in range(trials):
        begin(trial, seed, first + number)
        for k in range(many):
            before = trial.tally[UNMADE]
            days[number, k] = next_candidate(trial, world, 0.0)
            unmade[number, k] = trial.tally[UNMADE] - before
    return days, unmade


@step
def lag_of(trial: Trial, world: World) -> float:
    """The days from enrolment to infusion of the next patient."""
    width = world.trouble.lag_most - world.trouble.lag_least
    if width == 0.0:
        return world.trouble.lag_least
    return world.trouble.lag_least + width * drawn(trial, LAG, trial.tally[INFUSED])


@step
def enrol(trial: Trial, world: World, frame: Frame, level: int, entry: float) -> None:
    """One more patient in the running cohort, or the first of the next."""
    count, i = trial.tally, trial.tally[INFUSED]
    if level != count[CURRENT]:
        count[RUN], count[RUN_DLTS], count[RUN_START], count[LEFT] = 0, 0, i, 0
    if count[RUN] == 0 or count[LEFT] == 0:
        left = frame.around.most - trial.treated[level] if frame.around.most > 0 else frame.cohort
        count[LEFT] = min(frame.cohort, left)
    count[LEFT] -= 1
    count[RUN] += 1
    count[EVALUABLE] += 1
    count[CURRENT] = level
    count[HIGHEST] = max(count[HIGHEST], level)
    trial.extra[i] = False
    admit(trial, world, level, entry)


@step
def admit(trial: Trial, world: World, level: int, entry: float) -> None:
    """One more patient at a level; what will come is settled here, and seen later."""
    count, trouble, i = trial.tally, world.trouble, trial.tally[INFUSED]
    draw, rate = uniform(trial.keys[TOXICITY], i), world.truth[level]
    what, after = DLT if draw < rate else COMPLETE, dlt_day(world, level, draw / rate)
    if trouble.lost > 0.0:
        draw = drawn(trial, LOSS, i)
        if draw < trouble.lost and world.window * (draw / trouble.lost) < after:
            what, after = LOST, world.window * (draw / trouble.lost)
    known = entry + after
    if trouble.matures_most > 0.0 or trouble.low > 0.0:
        known += maturing_of(trial, world) if what == DLT else 0.0
        trial.comes[i] = known if what == DLT else np.inf
        if drawn(trial, PRODUCT, i) < trouble.low:
            known, what, after = known if what == DLT else entry, LOST, 0.0
        elif what == DLT and trouble.matures_most > 0.0:
            what = MATURES
    end = entry + after
    trial.since[i], trial.settled[i] = entry, False
    trial.level[i], trial.entry[i], trial.end[i], trial.what[i] = level, entry, end, what
    trial.open[count[OPEN]] = i
    count[OPEN] += 1
    count[INFUSED] += 1
    trial.treated[level] += 1
    trial.given[level] += 1
    trial.pending[level] += 1
    trial.times[NEXT] = min(trial.times[NEXT], end)
    trial.times[LAST] = max(trial.times[LAST], known)


@step
def dlt_day(world: World, level: int, share: float) -> float:
    """The days by which a share of the DLTs of a level has come; the window where it is above 1."""
    place = SHARES * min(1.0, share)
    k, days = int(place), world.days[level]
    return days[k] + (place - k) * (days[k + 1] - days[k])


@step
def maturing_of(trial: Trial, world: World) -> float:
    """The days until an event of the next patient is settled."""
    width = world.trouble.matures_most - world.trouble.matures_least
    return world.trouble.matures_least + width * drawn(trial, SETTLING, trial.tally[INFUSED])


@step
def follow(trial: Trial, i: int, time: float, window: float) -> float:
    """The part of the window behind an open patient; 0 before the infusion."""
    return max(0.0, time - trial.since[i]) / window


@step
def waking(trial: Trial, frame: Frame, time: float) -> float:
    """The day on which the trial is asked again while nobody is enrolled."""
    current, found = trial.tally[CURRENT], np.inf
    for k in range(trial.tally[OPEN]):
        i = trial.open[k]
        if trial.level[i] != current and trial.pending[current] > 0 and frame.around.parallel:
            continue
        found = min(found, trial.end[i])
        if frame.after > 0.0 and trial.entry[i] + frame.after > time:
            found = min(found, trial.entry[i] + frame.after)
    for k in range(trial.tally[OUTSIDE]):
        found = min(found, trial.comes[trial.outside[k]])
    return found


@step
def known_on(trial: Trial, i: int) -> float:
    """The day on which all is known of a patient."""
    return trial.comes[i] if trial.what[i] == MATURES else trial.end[i]
