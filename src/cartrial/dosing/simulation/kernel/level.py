"""The level of the next patient of a design that decides with others in the window.

It is asked in the order of `dosing.conduct`: a barred level, a dose that goes down whatever the
others show (a model says on what was seen how far), a cohort to fill, the design itself, and the
rules around it (`conduct.safeguard`).
"""

from cartrial.dosing.simulation.kernel.draw import step
from cartrial.dosing.simulation.kernel.plan import DEESCALATE, ELIMINATE, ESCALATE, Design, Frame
from cartrial.dosing.simulation.kernel.posterior import nearest, rates_of, weigh
from cartrial.dosing.simulation.kernel.tables import END, HOLD, bar, decision_at, table_level
from cartrial.dosing.simulation.kernel.trial import (
    BARRED,
    COMPLETE,
    CURRENT,
    DLT,
    HIGHEST,
    INFUSED,
    LEFT,
    OPEN,
    RUN_DLTS,
    RUN_START,
    Scratch,
    Trial,
)

CURRENT_DOSE, LAST_COHORT = 1, 2  # `Model.coherence`
SLACK = 1e-9  # days
TIE = 1e-9  # DLTs
FULL, ENOUGH = 6, 5  # rolling six: patients at a level, settled for an MTD


@step
def next_level(
    trial: Trial, frame: Frame, design: Design, scratch: Scratch, time: float, window: float
) -> int:
    """The level of the candidate who is there, HOLD or END."""
    current = trial.tally[CURRENT]
    if current < 0:
        return frame.start
    filling = trial.tally[LEFT] > 0
    if design.rolling:
        level = rolling_level(trial, design, time, window)
    elif filling and frame.around.whole:
        level = current
    else:
        level = asked(trial, frame, design, scratch, filling, time, window)
    if level > current:
        level = risen(trial, frame, design, level, time)
    opens = not filling or level != current
    if frame.around.matured and opens and level >= current and trial.maturing[current] > 0:
        level = HOLD
    if level >= 0 and opens and not frame.around.parallel and trial.tally[OPEN] > 0:
        level = HOLD
    if not (filling and frame.around.whole) and trial.dlts[0] >= frame.ends[trial.treated[0]]:
        trial.tally[BARRED] = 0
        return END
    if level >= 0 and frame.around.most > 0 and trial.treated[level] >= frame.around.most:
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
    missing, lower = count[LEFT], current
    unsettled = missing > 0 or trial.pending[current] > 0
    if not frame.around.whole and count[RUN_DLTS] > 0 and unsettled:
        lower = lowered(trial, design, scratch, missing)
    if filling and lower == current:
        return current
    if design.modelled:
        weigh(trial, time, window, design.model.adaptive, scratch.weights)
        level = model_level(trial, frame, design, scratch)
        return level if lower == current else min(level, lower)
    if lower != current:
        return lower
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
    if frame.around.no_skipping:
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
    waits = frame.wait_while_short or (design.rolling and trial.treated[current] >= FULL)
    return HOLD if waits and trial.pending[current] > 0 else current
