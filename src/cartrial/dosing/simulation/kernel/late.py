"""Trials of designs that decide with patients in the window, one after the other.

`dosing.simulate` says how the courses are meant.
"""

from typing import NamedTuple

import numpy as np

from cartrial.dosing.simulation.kernel.draw import compiled, step
from cartrial.dosing.simulation.kernel.level import SLACK, TIE, next_level
from cartrial.dosing.simulation.kernel.mtd import select
from cartrial.dosing.simulation.kernel.plan import (
    Design,
    Floats,
    Frame,
    World,
)
from cartrial.dosing.simulation.kernel.posterior import copy, join
from cartrial.dosing.simulation.kernel.tables import END, HOLD
from cartrial.dosing.simulation.kernel.trial import (
    COMPLETE,
    CURRENT,
    DLT,
    EVALUABLE,
    EXTRA,
    INFUSED,
    LEFT,
    LOSSES,
    LOST,
    MATURES,
    OPEN,
    OUTSIDE,
    RUN,
    RUN_DLTS,
    RUN_START,
    UNMADE,
    Scratch,
    Trial,
    begin,
    enrol,
    lag_of,
    last_end,
    new_scratch,
    new_trial,
    next_candidate,
    waking,
)

OTHERS = 9  # outcomes beside those by level


class Held(NamedTuple):
    """How a trial was held up: ended by the rules, suspensions, and the days of them."""

    stopped: bool
    suspensions: int
    days: float


@compiled
def run(
    seed: int, first: int, trials: int, world: World, frame: Frame, design: Design, target: float
) -> tuple[Floats, Floats]:
    """The sums over trials of what each came to, and of its squares, (K,) each."""
    levels = world.truth.shape[0]
    trial = new_trial(frame.room, levels)
    model = design.model
    points = model.coarse.at.shape[0], model.fine.at.shape[0]
    scratch = new_scratch(frame.room, levels, points[0], points[1])
    row = np.zeros(3 * levels + 1 + OTHERS)
    total, squares = np.zeros_like(row), np.zeros_like(row)
    for number in range(first, first + trials):
        held = conduct(seed, number, world, frame, design, trial, scratch)
        settle(trial, frame, design, scratch, np.inf)
        selected = select(trial, frame, design, scratch, world)
        describe(row, trial, world, selected, held, last_end(trial), target)
        for k in range(row.shape[0]):
            total[k] += row[k]
            squares[k] += row[k] * row[k]
    return total, squares


@compiled
def one(
    seed: int, number: int, world: World, frame: Frame, design: Design
) -> tuple[Trial, int, Held]:
    """The trial of a number as it went, its patients known to the end, and the level selected."""
    levels, model = world.truth.shape[0], design.model
    trial = new_trial(frame.room, levels)
    points = model.coarse.at.shape[0], model.fine.at.shape[0]
    scratch = new_scratch(frame.room, levels, points[0], points[1])
    held = conduct(seed, number, world, frame, design, trial, scratch)
    settle(trial, frame, design, scratch, np.inf)
    return trial, select(trial, frame, design, scratch, world), held


@step
def conduct(
    seed: int,
    number: int,
    world: World,
    frame: Frame,
    design: Design,
    trial: Trial,
    scratch: Scratch,
) -> Held:
    """One trial, up to its last enrolment."""
    begin(trial, seed, number)
    copy(design.model.coarse.prior, scratch.likelihood)
    time = next_candidate(trial, world, 0.0)
    suspensions, days, waiting, meeting = 0, 0.0, False, -np.inf
    while True:
        settle(trial, frame, design, scratch, time)
        if is_full(trial, frame):
            due = np.inf if frame.replacements_count else next_loss(trial)
            if due == np.inf or trial.tally[INFUSED] == frame.room:
                return Held(False, suspensions, days)
            time = max(time, due)
            continue
        level = next_level(trial, frame, design, scratch, time, world.window)
        if level == END or (level == HOLD and trial.tally[OPEN] == 0):
            return Held(True, suspensions, days)
        if level == HOLD:
            suspensions += not waiting
            waiting, since = True, time
            if frame.on_arrival:
                time = next_candidate(trial, world, time)
            else:
                time = waking(trial, frame, time)
            days += time - since
            meeting = time + frame.committee
            continue
        if frame.committee > 0.0 and opens(trial, design, level) and time < meeting - SLACK:
            suspensions += not waiting
            meeting = min(meeting, time + frame.committee)
            days += meeting - time
            waiting, time = True, meeting
            continue
        entry = time + lag_of(trial, world)
        due = sentinel_day(trial, frame, design, level)
        if entry < due - SLACK:
            time += due - entry
            continue
        waiting = False
        enrol(trial, world, frame, level, entry)
        meeting = time + frame.committee if trial.tally[LEFT] == 0 else np.inf
        time = next_candidate(trial, world, time)
        while frame.straight and trial.tally[LEFT] > 0 and not is_full(trial, frame):
            enrol(trial, world, frame, level, time + lag_of(trial, world))
            meeting = time + frame.committee
            time = next_candidate(trial, world, time)


@step
def opens(trial: Trial, design: Design, level: int) -> bool:
    """Whether the next patient opens another cohort, or in a rolling six another level."""
    count = trial.tally
    full = count[LEFT] == 0 and not design.tables.rolling
    return bool(count[CURRENT] >= 0 and (full or level != count[CURRENT]))


@step
def settle(trial: Trial, frame: Frame, design: Design, scratch: Scratch, time: float) -> None:
    """What has come to its end by a time is known from then on."""
    if trial.times[0] > time:
        return
    count, k, due = trial.tally, 0, np.inf
    while k < count[OPEN]:
        i = trial.open[k]
        if trial.end[i] > time:
            due = min(due, trial.end[i])
            k += 1
            continue
        level, what = trial.level[i], trial.what[i]
        if what == MATURES:
            trial.what[i], trial.end[i], trial.since[i] = DLT, trial.comes[i], np.inf
            trial.maturing[level] += 1
            continue
        count[OPEN] -= 1
        trial.open[k] = trial.open[count[OPEN]]
        trial.settled[i] = True
        trial.pending[level] -= 1
        running = i >= count[RUN_START] and not trial.extra[i]
        if what == DLT:
            trial.dlts[level] += 1
            trial.maturing[level] -= trial.since[i] == np.inf
            count[RUN_DLTS] += running
        elif what == COMPLETE:
            trial.done[level] += 1
        else:
            trial.treated[level] -= 1
            count[EVALUABLE] -= not trial.extra[i]
            count[LOSSES] += 1
            if running:
                leave(trial, frame)
            if trial.comes[i] < np.inf:
                trial.outside[count[OUTSIDE]] = i
                count[OUTSIDE] += 1
        if design.modelled:
            join(scratch.likelihood, design.model.coarse, level, what)
    k = 0
    while k < count[OUTSIDE]:
        i = trial.outside[k]
        if trial.comes[i] > time:
            due = min(due, trial.comes[i])
            k += 1
            continue
        count[OUTSIDE] -= 1
        trial.outside[k] = trial.outside[count[OUTSIDE]]
        count_outside(trial, frame, i)
        if design.modelled:
            join(scratch.likelihood, design.model.coarse, trial.level[i], DLT)
    trial.times[0] = due


@step
def count_outside(trial: Trial, frame: Frame, i: int) -> None:
    """A patient given a product below the range has a DLT, and counts."""
    count, level = trial.tally, trial.level[i]
    trial.what[i], trial.end[i] = DLT, trial.comes[i]
    trial.treated[level] = min(trial.treated[level] + 1, frame.fits)
    trial.dlts[level] = min(trial.dlts[level] + 1, trial.treated[level])
    count[LOSSES] -= 1
    if trial.extra[i]:
        return
    count[EVALUABLE] += 1
    if i >= count[RUN_START]:
        count[RUN] += 1
        count[RUN_DLTS] += 1
        count[LEFT] = (count[LEFT] if count[LEFT] > 0 else frame.cohort) - 1


@step
def leave(trial: Trial, frame: Frame) -> None:
    """A patient of the run that is not evaluable leaves a place in the cohort."""
    count = trial.tally
    count[RUN] -= 1
    count[LEFT] += 1
    if count[LEFT] == frame.cohort and count[RUN] > 0:
        count[LEFT] = 0


@step
def is_full(trial: Trial, frame: Frame) -> bool:
    """Whether as many are enrolled as the trial has places."""
    count = trial.tally
    infused = count[INFUSED] - count[EXTRA]
    taken = infused if frame.replacements_count else count[EVALUABLE]
    return bool(taken >= frame.subjects)


@step
def next_loss(trial: Trial) -> float:
    """The day on which the next patient turns out not to be evaluable."""
    found = np.inf
    for k in range(trial.tally[OPEN]):
        i = trial.open[k]
        if trial.what[i] == LOST:
            found = min(found, trial.end[i])
    return found


@step
def sentinel_day(trial: Trial, frame: Frame, design: Design, level: int) -> float:
    """The day before which nobody is infused after the first of a running cohort.

    In a rolling six, after the first at the level.
    """
    count, rolling = trial.tally, design.tables.rolling
    if frame.sentinel == 0.0 or level != count[CURRENT] or (count[LEFT] == 0 and not rolling):
        return -np.inf
    begun, i = count[RUN] if rolling else frame.cohort - count[LEFT], count[INFUSED]
    while begun > 0 and i > count[RUN_START]:
        i -= 1
        begun -= not trial.settled[i] or trial.what[i] != LOST
    if i == count[INFUSED]:
        return -np.inf
    if trial.since[i] == np.inf and not trial.settled[i]:
        return trial.end[i]  # an event matures
    return min(trial.entry[i] + frame.sentinel, trial.end[i])


@step
def describe(
    row: Floats,
    trial: Trial,
    world: World,
    selected: int,
    held: Held,
    end: float,
    target: float,
) -> None:
    """What a trial came to: see `simulate.OUTCOMES`."""
    levels, patients, over = world.truth.shape[0], 0, 0
    for level in range(levels):
        row[level + 1] = level == selected
        row[levels + 1 + level] = trial.given[level]
        row[2 * levels + 1 + level] = trial.dlts[level]
        patients += trial.given[level]
        over += trial.given[level] if world.truth[level] > target + TIE else 0
    row[0] = selected < 0
    rest = row[3 * levels + 1 :]
    rest[0], rest[1], rest[2] = patients, over, patients + over
    rest[3], rest[4] = held.stopped, end
    rest[5], rest[6] = held.suspensions, held.days
    rest[7], rest[8] = trial.tally[LOSSES], trial.tally[UNMADE]
