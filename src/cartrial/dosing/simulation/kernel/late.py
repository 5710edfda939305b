"""Trials of designs that decide with patients in the window, one after the other.

`dosing.simulate` says how the courses are meant.
"""

import numpy as np

from cartrial.dosing.simulation.kernel.draw import compiled, step
from cartrial.dosing.simulation.kernel.level import SLACK, next_level
from cartrial.dosing.simulation.kernel.mtd import select
from cartrial.dosing.simulation.kernel.outcome import Held, Sums, count_trial, new_sums
from cartrial.dosing.simulation.kernel.plan import NO_RULES, NO_TROUBLE, Design, Frame, World
from cartrial.dosing.simulation.kernel.posterior import copy
from cartrial.dosing.simulation.kernel.settle import settle
from cartrial.dosing.simulation.kernel.tables import END, HOLD
from cartrial.dosing.simulation.kernel.trial import (
    CURRENT,
    EVALUABLE,
    EXTRA,
    INFUSED,
    LAST,
    LEFT,
    LOST,
    OPEN,
    RUN,
    RUN_START,
    Scratch,
    Trial,
    begin,
    enrol,
    lag_of,
    new_scratch,
    new_trial,
    next_candidate,
    waking,
)


@compiled
def run(
    seed: int, first: int, trials: int, world: World, frame: Frame, design: Design, target: float
) -> Sums:
    """The sums over trials."""
    sums = new_sums(world.truth.shape[0])
    trial, scratch = rooms(world, frame, design)
    add_trials(sums, seed, first, trials, world, frame, design, target, trial, scratch)
    return sums


@compiled
def run_plain(
    seed: int, first: int, trials: int, world: World, frame: Frame, design: Design, target: float
) -> Sums:
    """As `run`, for a design with tables, NO_TROUBLE and NO_RULES: what is off is left out."""
    sums = new_sums(world.truth.shape[0])
    trial, scratch = rooms(world, frame, design)
    calm = World(*world[:-1], NO_TROUBLE)
    bare = Frame(*frame[:-1], NO_RULES)
    tabled = Design(False, False, design.tables, design.model)
    add_trials(sums, seed, first, trials, calm, bare, tabled, target, trial, scratch)
    return sums


@step
def add_trials(
    sums: Sums,
    seed: int,
    first: int,
    trials: int,
    world: World,
    frame: Frame,
    design: Design,
    target: float,
    trial: Trial,
    scratch: Scratch,
) -> None:
    """The trials from number `first` on."""
    for number in range(first, first + trials):
        held = conduct(seed, number, world, frame, design, trial, scratch)
        settle(trial, world, frame, design, scratch, np.inf)
        selected = select(trial, frame, design, scratch, world)
        count_trial(sums, trial, world, selected, held, trial.times[LAST], target)


@compiled
def rooms(world: World, frame: Frame, design: Design) -> tuple[Trial, Scratch]:
    """Room for a trial, and to work in."""
    levels, model = world.truth.shape[0], design.model
    points = model.coarse.at.shape[0], model.fine.at.shape[0]
    return new_trial(frame.room, levels), new_scratch(frame.room, levels, points[0], points[1])


@compiled
def one(
    seed: int, number: int, world: World, frame: Frame, design: Design
) -> tuple[Trial, int, Held]:
    """The trial of a number as it went, its patients known to the end, and the level selected."""
    trial, scratch = rooms(world, frame, design)
    held = conduct(seed, number, world, frame, design, trial, scratch)
    settle(trial, world, frame, design, scratch, np.inf)
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
        settle(trial, world, frame, design, scratch, time)
        if is_full(trial, frame):
            due = np.inf if frame.around.replacements_count else next_loss(trial)
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
            if frame.around.on_arrival:
                time = next_candidate(trial, world, time)
            else:
                time = waking(trial, frame, time)
            days += time - since
            meeting = time + frame.around.committee
            continue
        if frame.around.committee > 0.0 and opens(trial, design, level) and time < meeting - SLACK:
            suspensions += not waiting
            meeting = min(meeting, time + frame.around.committee)
            days += meeting - time
            waiting, time = True, meeting
            continue
        entry = time + lag_of(trial, world)
        due = sentinel_day(trial, frame, design, level)
        if entry < due - SLACK:
            time += due - entry
            continue
        waiting = False
        while True:
            enrol(trial, world, frame, level, entry)
            last = time
            time = next_candidate(trial, world, time)
            if trial.tally[LEFT] == 0 or not frame.around.straight or is_full(trial, frame):
                break
            entry = time + lag_of(trial, world)
        meeting = last + frame.around.committee if trial.tally[LEFT] == 0 else np.inf


@step
def opens(trial: Trial, design: Design, level: int) -> bool:
    """Whether the next patient opens another cohort, or in a rolling six another level."""
    count = trial.tally
    full = count[LEFT] == 0 and not design.rolling
    return bool(count[CURRENT] >= 0 and (full or level != count[CURRENT]))


@step
def is_full(trial: Trial, frame: Frame) -> bool:
    """Whether as many are enrolled as the trial has places."""
    count = trial.tally
    infused = count[INFUSED] - count[EXTRA]
    taken = infused if frame.around.replacements_count else count[EVALUABLE]
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
    count, rolling = trial.tally, design.rolling
    if (
        frame.around.sentinel == 0.0
        or level != count[CURRENT]
        or (count[LEFT] == 0 and not rolling)
    ):
        return -np.inf
    begun, i = count[RUN] if rolling else frame.cohort - count[LEFT], count[INFUSED]
    while begun > 0 and i > count[RUN_START]:
        i -= 1
        begun -= not trial.settled[i] or trial.what[i] != LOST
    if i == count[INFUSED]:
        return -np.inf
    if trial.since[i] == np.inf and not trial.settled[i]:
        return trial.end[i]  # an event matures
    return min(trial.entry[i] + frame.around.sentinel, trial.end[i])
