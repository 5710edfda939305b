"""Trials of BF-BOIN, one after the other: cohorts that are filled and waited for, and backfilling.

A candidate gets a place in the running cohort; once that has completed, the design is asked and the
candidate opens the next one; in between the candidate is backfilled, or turned away. What is
decided is what `bf_boin` decides.
"""

import numpy as np

from cartrial.dosing.simulation.kernel.draw import RESPONSE, compiled, step
from cartrial.dosing.simulation.kernel.late import is_full, sentinel_day
from cartrial.dosing.simulation.kernel.level import SLACK
from cartrial.dosing.simulation.kernel.outcome import Held, Sums, count_trial, new_sums
from cartrial.dosing.simulation.kernel.plan import (
    DEESCALATE,
    ESCALATE,
    Backfill,
    Design,
    Frame,
    World,
)
from cartrial.dosing.simulation.kernel.settle import settle
from cartrial.dosing.simulation.kernel.tables import END, bar, nearest_isotonic, table_level
from cartrial.dosing.simulation.kernel.trial import (
    BARRED,
    CURRENT,
    EXTRA,
    INFUSED,
    LAST,
    LEFT,
    LOST,
    OPEN,
    Scratch,
    Trial,
    admit,
    begin,
    drawn,
    enrol,
    known_on,
    lag_of,
    new_scratch,
    new_trial,
    next_candidate,
)


@compiled
def run(
    seed: int,
    first: int,
    trials: int,
    world: World,
    frame: Frame,
    design: Design,
    backfill: Backfill,
    target: float,
) -> Sums:
    """The sums over trials."""
    levels = world.truth.shape[0]
    trial, scratch = new_trial(frame.room, levels), new_scratch(frame.room, levels, 1, 1)
    sums = new_sums(levels)
    for number in range(first, first + trials):
        begin(trial, seed, number)
        stopped = conduct(world, frame, design, backfill, trial, scratch)
        settle(trial, world, frame, design, scratch, np.inf if backfill.wait else cohort_end(trial))
        end = trial.times[LAST] if backfill.wait else cohort_end(trial)
        leave_open(trial)
        selected = -1
        if trial.dlts[0] < frame.ends[trial.treated[0]]:
            bar(trial, design.tables)
            selected = nearest_isotonic(trial, design.tables, scratch)
        count_trial(sums, trial, world, selected, Held(stopped, 0, 0.0), end, target)
    return sums


@step
def conduct(
    world: World,
    frame: Frame,
    design: Design,
    backfill: Backfill,
    trial: Trial,
    scratch: Scratch,
) -> bool:
    """One trial, up to its last enrolment; whether the rules ended it."""
    count = trial.tally
    time = next_candidate(trial, world, 0.0)
    while True:
        settle(trial, world, frame, design, scratch, time)
        entry = time + lag_of(trial, world)
        filling = count[CURRENT] < 0 or count[LEFT] > 0
        early = entry < sentinel_day(trial, frame, design, count[CURRENT]) - SLACK
        if filling and not early:
            if is_full(trial, frame):
                return False
            level = frame.start if count[CURRENT] < 0 else count[CURRENT]
            enrol(trial, world, frame, level, entry)
        elif not filling and cohort_end(trial) + frame.around.committee <= time:
            if is_full(trial, frame):
                return False
            level = asked(trial, frame, design, backfill)
            if level == END:
                return True
            enrol(trial, world, frame, level, entry)
        else:
            level = open_level(trial, backfill, time, world.window)
            if level >= 0:
                trial.extra[count[INFUSED]] = True
                count[EXTRA] += 1
                admit(trial, world, level, entry)
        time = next_candidate(trial, world, time)


@step
def cohort_end(trial: Trial) -> float:
    """The day on which the last patient of a cohort completes."""
    found = 0.0
    for i in range(trial.tally[INFUSED]):
        if not trial.extra[i]:
            found = max(found, known_on(trial, i))
    return found


@step
def leave_open(trial: Trial) -> None:
    """Who is still in the window does not count."""
    for k in range(trial.tally[OPEN]):
        level = trial.level[trial.open[k]]
        trial.treated[level] -= 1
        trial.given[level] -= 1
        trial.pending[level] -= 1
    trial.tally[OPEN] = 0


@step
def asked(trial: Trial, frame: Frame, design: Design, backfill: Backfill) -> int:
    """The level of the next cohort, or END; as `bf_boin.advise`."""
    count, tables = trial.tally, design.tables
    current = count[CURRENT]
    bar(trial, tables)
    if trial.dlts[0] >= frame.ends[trial.treated[0] - trial.pending[0]]:
        count[BARRED] = 0
        return END
    if current >= count[BARRED]:
        level = count[BARRED] - 1 if count[BARRED] > 0 else END
    else:
        low = contradicting(trial, design)
        if low < 0:
            n = trial.treated[current] - trial.pending[current]
            level = table_level(trial, tables.codes[n, trial.dlts[current], 0, 0])
        else:
            level = min(pooled_level(trial, backfill, low), count[BARRED] - 1)
    there = trial.treated[current] - trial.pending[current]
    if level == current and backfill.enough > 0 and there >= backfill.enough:
        return END
    if level >= 0 and frame.around.most > 0 and trial.treated[level] >= frame.around.most:
        return END
    return level


@step
def contradicting(trial: Trial, design: Design) -> int:
    """The highest lower level that contradicts the current one, -1 for none."""
    current, codes = trial.tally[CURRENT], design.tables.codes
    n = trial.treated[current] - trial.pending[current]
    up = codes[n, trial.dlts[current], 0, 0] == ESCALATE
    for level in range(current - 1, -1, -1):
        n = trial.treated[level] - trial.pending[level]
        code = codes[n, trial.dlts[level], 0, 0]
        if n > 0 and (code < ESCALATE if up else code <= DEESCALATE):
            return level
    return -1


@step
def pooled_level(trial: Trial, backfill: Backfill, low: int) -> int:
    """As `bf_boin.pooled_level`."""
    current, n, y, safe = trial.tally[CURRENT], 0, 0, -1
    for level in range(low, current + 1):
        n += trial.treated[level] - trial.pending[level]
        y += trial.dlts[level]
        if y < backfill.upper * n:
            safe = level
    if y <= backfill.lower * n:
        return current + 1
    if y < backfill.upper * n:
        return current
    return safe if safe >= 0 else max(low - 1, 0)


@step
def open_level(trial: Trial, backfill: Backfill, time: float, window: float) -> int:
    """The level at which a candidate is backfilled, -1 for none; as `bf_boin.open_levels`."""
    found = -1
    for level in range(min(trial.tally[CURRENT], trial.tally[BARRED])):
        n, y = trial.treated[level] - trial.pending[level], trial.dlts[level]
        both = n + trial.treated[level + 1] - trial.pending[level + 1]
        toxic = y + trial.dlts[level + 1]
        if n > 0 and y >= backfill.upper * n and toxic >= backfill.upper * both:
            return found
        if trial.given[level] < backfill.cap and is_active(trial, backfill, level, time, window):
            if backfill.lowest_first:
                return level
            found = level
    return found


@step
def is_active(trial: Trial, backfill: Backfill, level: int, time: float, window: float) -> bool:
    """Whether a response has been seen at a level."""
    for i in range(trial.tally[INFUSED]):
        if trial.level[i] != level or trial.entry[i] + window > time or trial.what[i] == LOST:
            continue
        if drawn(trial, RESPONSE, i) < backfill.response:
            return True
    return False
