"""The level selected at the end of a trial, with everybody settled."""

import numpy as np

from cartrial.dosing.simulation.kernel.draw import step
from cartrial.dosing.simulation.kernel.level import FULL, model_level
from cartrial.dosing.simulation.kernel.plan import Design, Frame, World
from cartrial.dosing.simulation.kernel.posterior import nearest, rates_of
from cartrial.dosing.simulation.kernel.tables import bar, decision_at, nearest_isotonic, table_level
from cartrial.dosing.simulation.kernel.trial import BARRED, CURRENT, Scratch, Trial

NEXT_DOSE, TRIED = 1, 2  # `Model.final`
PASSED = 3  # rolling six: patients without DLT with which a level has passed


@step
def select(trial: Trial, frame: Frame, design: Design, scratch: Scratch, world: World) -> int:
    """The level selected at the end, with everybody settled; -1 for none."""
    count, tables, model = trial.tally, design.tables, design.model
    if trial.dlts[0] >= frame.ends[trial.treated[0]]:
        return -1
    if not design.modelled:
        bar(trial, tables)
        if design.rolling:
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
