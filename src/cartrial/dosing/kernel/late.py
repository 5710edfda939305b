"""Trials of designs that decide with patients in the window, one after the other.

At each arrival the design is asked in the order of `dosing.conduct`: a barred level, a dose that
goes down whatever the others show, a cohort to fill, the design itself, and the rules around it.
`dosing.simulate` says how the courses are meant.
"""

from typing import NamedTuple

import numpy as np

from cartrial.dosing.kernel.draw import compiled, step
from cartrial.dosing.kernel.plan import (
    DEESCALATE,
    ELIMINATE,
    ESCALATE,
    Design,
    Floats,
    Frame,
    World,
)
from cartrial.dosing.kernel.posterior import copy, join, nearest, rates_of, weigh
from cartrial.dosing.kernel.tables import END, HOLD, bar, decision_at, nearest_isotonic, table_level
from cartrial.dosing.kernel.trial import (
    BARRED,
    COMPLETE,
    CURRENT,
    DLT,
    EVALUABLE,
    EXTRA,
    HIGHEST,
    INFUSED,
    LEFT,
    LOSSES,
    OPEN,
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

NEXT_DOSE, TRIED = 1, 2  # `Model.final`
CURRENT_DOSE, LAST_COHORT = 1, 2  # `Model.coherence`
SLACK = 1e-9  # days
TIE = 1e-9  # DLTs
FULL, ENOUGH, PASSED = 6, 5, 3  # rolling six: at a level, settled for an MTD, to have passed
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
    suspensions, days, waiting = 0, 0.0, False
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
            continue
        entry = time + lag_of(trial, world)
        due = sentinel_day(trial, frame, level)
        if entry < due - SLACK:
            time += due - entry
            continue
        waiting = False
        enrol(trial, world, frame, level, entry)
        time = next_candidate(trial, world, time)
        while frame.straight and trial.tally[LEFT] > 0 and not is_full(trial, frame):
            enrol(trial, world, frame, level, time + lag_of(trial, world))
            time = next_candidate(trial, world, time)


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
        count[OPEN] -= 1
        trial.open[k] = trial.open[count[OPEN]]
        level, what = trial.level[i], trial.what[i]
        trial.settled[i] = True
        trial.pending[level] -= 1
        running = i >= count[RUN_START] and not trial.extra[i]
        if what == DLT:
            trial.dlts[level] += 1
            count[RUN_DLTS] += running
        elif what == COMPLETE:
            trial.done[level] += 1
        else:
            trial.treated[level] -= 1
            count[EVALUABLE] -= not trial.extra[i]
            count[LOSSES] += 1
            if running:
                leave(trial, frame)
        if design.modelled:
            join(scratch.likelihood, design.model.coarse, level, what)
    trial.times[0] = due


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
        if trial.what[i] not in (DLT, COMPLETE):
            found = min(found, trial.end[i])
    return found


@step
def sentinel_day(trial: Trial, frame: Frame, level: int) -> float:
    """The day before which nobody is infused after the first of a running cohort."""
    count = trial.tally
    if frame.sentinel == 0.0 or level != count[CURRENT] or count[LEFT] == 0:
        return -np.inf
    begun, i = frame.cohort - count[LEFT], count[INFUSED]
    while begun > 0 and i > count[RUN_START]:
        i -= 1
        begun -= not trial.settled[i] or trial.what[i] in (DLT, COMPLETE)
    return min(trial.entry[i] + frame.sentinel, trial.end[i])


@step
def next_level(
    trial: Trial, frame: Frame, design: Design, scratch: Scratch, time: float, window: float
) -> int:
    """The level of the candidate who is there, HOLD or END."""
    current = trial.tally[CURRENT]
    if current < 0:
        return frame.start
    filling = trial.tally[LEFT] > 0
    if design.tables.rolling:
        level = rolling_level(trial, design, time, window)
    elif filling and frame.whole:
        level = current
    else:
        level = asked(trial, frame, design, scratch, filling, time, window)
    if level > current:
        level = risen(trial, frame, design, level, time)
    opens = not filling or level != current
    if level >= 0 and opens and not frame.parallel and trial.tally[OPEN] > 0:
        level = HOLD
    if not (filling and frame.whole) and trial.dlts[0] >= frame.ends[trial.treated[0]]:
        trial.tally[BARRED] = 0
        return END
    if level >= 0 and frame.most > 0 and trial.treated[level] >= frame.most:
        return END
    return level


@step
def asked(
    trial: Trial,
    frame: Frame,
    design: Design,
    scratch: Scratch,
    filling: bool,
    time: float,
    window: float,
) -> int:
    """What the design says, or says already while a cohort is filled."""
    count = trial.tally
    current = count[CURRENT]
    if not design.modelled:
        bar(trial, design.tables)
        if current >= count[BARRED]:
            return count[BARRED] - 1 if count[BARRED] > 0 else END
    missing = count[LEFT]
    if not frame.whole and count[RUN_DLTS] > 0 and (missing > 0 or trial.pending[current] > 0):
        level = lowered(trial, design, scratch, missing)
        if level != current:
            return level
    if filling:
        return current
    if design.modelled:
        weigh(trial, time, window, design.model.adaptive, scratch.weights)
        return model_level(trial, frame, design, scratch)
    return table_level(trial, decision_at(trial, design.tables, time, window))


@step
def lowered(trial: Trial, design: Design, scratch: Scratch, missing: int) -> int:
    """The level below, or END, where nothing can change it; else the current one."""
    current = trial.tally[CURRENT]
    if not design.modelled:
        code = design.tables.codes[trial.treated[current] + missing, trial.dlts[current], 0, 0]
        if code <= DEESCALATE and current > 0:
            return current - 1
        return END if code == ELIMINATE else current
    for k in range(trial.tally[OPEN]):
        scratch.weights[k] = 1.0
    rates_of(trial, design.model, scratch, missing)
    return min(nearest(scratch.rates, design.model.target, scratch.rates.shape[0]), current)


@step
def rolling_level(trial: Trial, design: Design, time: float, window: float) -> int:
    """The level of the next patient of a rolling six; as `rolling_six.advise`."""
    count = trial.tally
    bar(trial, design.tables)
    if count[BARRED] == 0:
        return END
    level = min(count[CURRENT], count[BARRED] - 1)
    n, y, c = trial.treated[level], trial.dlts[level], trial.pending[level]
    up = design.tables.codes[min(n, FULL), y, c, 0] == ESCALATE
    if up and level + 1 < count[BARRED]:
        return level + 1
    settled = n - c
    if up and (settled >= FULL or (settled >= ENOUGH and y == 0)):
        return END
    return level if n < FULL else HOLD


@step
def model_level(trial: Trial, frame: Frame, design: Design, scratch: Scratch) -> int:
    """The level that the model leads to; as `crm.next_levels`."""
    current, model = trial.tally[CURRENT], design.model
    rates_of(trial, model, scratch, 0)
    top = scratch.rates.shape[0] - 1 if model.skip else current + 1
    if is_held(trial, frame, design, scratch):
        top = min(top, current)
    if frame.no_skipping:
        top = min(top, trial.tally[HIGHEST] + 1)
    return min(nearest(scratch.rates, model.target, scratch.rates.shape[0]), top)


@step
def is_held(trial: Trial, frame: Frame, design: Design, scratch: Scratch) -> bool:
    """Whether the DLTs of the last cohort, or at the current level, forbid a rise."""
    model, count = design.model, trial.tally
    if model.coherence not in (CURRENT_DOSE, LAST_COHORT):
        return False
    left = frame.cohort if model.coherence == LAST_COHORT else count[INFUSED]
    seen, toxic = 0.0, 0
    for i in range(count[INFUSED] - 1, -1, -1):
        if left == 0 or (model.coherence == LAST_COHORT and i < count[RUN_START]):
            break
        if trial.level[i] != count[CURRENT]:
            continue
        if trial.settled[i]:
            if trial.what[i] not in (DLT, COMPLETE):
                continue
            seen += 1.0
            toxic += trial.what[i] == DLT
        else:
            for k in range(count[OPEN]):
                if trial.open[k] == i:
                    seen += scratch.weights[k]
        left -= 1
    return bool(toxic > 0 and toxic >= model.target * seen - TIE)


@step
def risen(trial: Trial, frame: Frame, design: Design, level: int, time: float) -> int:
    """A higher level, unless the follow-up at the current one is too short; as `safeguard`."""
    current = trial.tally[CURRENT]
    short = trial.done[current] < frame.complete
    for k in range(trial.tally[OPEN]):
        i = trial.open[k]
        if trial.level[i] == current and time - trial.entry[i] < frame.after - SLACK:
            short = True
    if not short:
        return level
    waits = frame.wait_while_short or (design.tables.rolling and trial.treated[current] >= FULL)
    return HOLD if waits and trial.pending[current] > 0 else current


@step
def select(trial: Trial, frame: Frame, design: Design, scratch: Scratch, world: World) -> int:
    """The level selected at the end, with everybody settled; -1 for none."""
    count, tables, model = trial.tally, design.tables, design.model
    if trial.dlts[0] >= frame.ends[trial.treated[0]]:
        return -1
    if not design.modelled:
        bar(trial, tables)
        if tables.rolling:
            return highest_passed(trial)
        if tables.next_dose:
            if count[CURRENT] >= count[BARRED]:
                return count[BARRED] - 1
            return table_level(trial, decision_at(trial, tables, np.inf, world.window))
        return nearest_isotonic(trial, tables, scratch)
    if count[BARRED] == 0:
        return -1
    if model.final == NEXT_DOSE:
        return model_level(trial, frame, design, scratch)
    rates_of(trial, model, scratch, 0)
    if model.final == TRIED:
        for level in range(scratch.rates.shape[0]):
            if trial.given[level] == 0:
                scratch.rates[level] = np.inf
    return nearest(scratch.rates, model.target, scratch.rates.shape[0])


@step
def highest_passed(trial: Trial) -> int:
    """As `three_plus_three.highest_passed`."""
    for level in range(trial.tally[BARRED] - 1, -1, -1):
        n, y = trial.treated[level], trial.dlts[level]
        if (n >= PASSED and y == 0) or n == FULL:
            return level
    return -1


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
