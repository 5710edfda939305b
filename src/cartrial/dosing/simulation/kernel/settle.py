"""What comes of the patients of a trial in compiled code: known as time goes by."""

import numpy as np

from cartrial.dosing.simulation.kernel.draw import step
from cartrial.dosing.simulation.kernel.plan import Design, Frame, World
from cartrial.dosing.simulation.kernel.posterior import join
from cartrial.dosing.simulation.kernel.trial import (
    COMPLETE,
    DLT,
    EVALUABLE,
    LEFT,
    LOSSES,
    LOST,
    MATURES,
    NEXT,
    OPEN,
    OUTSIDE,
    RUN,
    RUN_DLTS,
    RUN_START,
    Scratch,
    Trial,
)


@step
def settle(
    trial: Trial, world: World, frame: Frame, design: Design, scratch: Scratch, time: float
) -> None:
    """What has come to its end by a time is known from then on."""
    if trial.times[NEXT] > time:
        return
    count, trouble, still, due = trial.tally, world.trouble, 0, np.inf
    for k in range(count[OPEN]):
        i = trial.open[k]
        if trouble.matures_most > 0.0:
            mature(trial, i, time)
        if trial.end[i] > time:
            due = min(due, trial.end[i])
            trial.open[still] = i
            still += 1
            continue
        close(trial, i)
        if (trouble.lost > 0.0 or trouble.low > 0.0) and trial.what[i] == LOST:
            lose(trial, frame, i)
        if design.modelled:
            join(scratch.likelihood, design.model.coarse, trial.level[i], trial.what[i])
    count[OPEN] = still
    trial.times[NEXT] = due
    if trouble.low > 0.0:
        settle_outside(trial, frame, design, scratch, time)


@step
def close(trial: Trial, i: int) -> None:
    """A patient is settled; added up, for nobody can foresee which way a branch would go."""
    level, toxic = trial.level[i], trial.what[i] == DLT
    trial.settled[i] = True
    trial.pending[level] -= 1
    trial.dlts[level] += toxic
    trial.done[level] += trial.what[i] == COMPLETE
    trial.tally[RUN_DLTS] += toxic & is_running(trial, i)


@step
def is_running(trial: Trial, i: int) -> bool:
    """Whether a patient belongs to the running cohort."""
    return bool((i >= trial.tally[RUN_START]) & (not trial.extra[i]))


@step
def mature(trial: Trial, i: int, time: float) -> None:
    """An event begins to mature where it has come, and has matured where it is settled."""
    if trial.end[i] > time:
        return
    if trial.what[i] == MATURES:
        trial.what[i], trial.end[i], trial.since[i] = DLT, trial.comes[i], np.inf
        trial.maturing[trial.level[i]] += 1
    if trial.since[i] == np.inf and trial.end[i] <= time:
        trial.maturing[trial.level[i]] -= 1


@step
def lose(trial: Trial, frame: Frame, i: int) -> None:
    """A patient turns out not to be evaluable."""
    count = trial.tally
    trial.treated[trial.level[i]] -= 1
    count[EVALUABLE] -= not trial.extra[i]
    count[LOSSES] += 1
    if is_running(trial, i):
        leave(trial, frame)
    if trial.comes[i] < np.inf:
        trial.outside[count[OUTSIDE]] = i
        count[OUTSIDE] += 1


@step
def leave(trial: Trial, frame: Frame) -> None:
    """A patient of the run that is not evaluable leaves a place in the cohort."""
    count = trial.tally
    count[RUN] -= 1
    count[LEFT] += 1
    if count[LEFT] == frame.cohort and count[RUN] > 0:
        count[LEFT] = 0


@step
def settle_outside(
    trial: Trial, frame: Frame, design: Design, scratch: Scratch, time: float
) -> None:
    """The DLTs that have come by a time to those given a product below the range."""
    count, k = trial.tally, 0
    while k < count[OUTSIDE]:
        i = trial.outside[k]
        if trial.comes[i] > time:
            trial.times[NEXT] = min(trial.times[NEXT], trial.comes[i])
            k += 1
            continue
        count[OUTSIDE] -= 1
        trial.outside[k] = trial.outside[count[OUTSIDE]]
        count_outside(trial, frame, i)
        if design.modelled:
            join(scratch.likelihood, design.model.coarse, trial.level[i], DLT)


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
