"""Model-based designs asked about many counts at once: each data set is fitted once.

The fits and the restrictions are those of `crm` and `blrm`; only the counts stand in arrays here.
"""

from functools import partial

import numpy as np

from cartrial.dosing.exact.layer import Ints, Layer, Moves, Policy, distinct, one_by_one
from cartrial.dosing.model import blrm, crm
from cartrial.dosing.model.working_model import nearest
from cartrial.dosing.operating import Floats
from cartrial.protocol.model_design import Blrm, Crm


def crm_policy(design: Crm) -> Policy:
    """The continual reassessment method."""

    def move(layer: Layer) -> Moves:
        rows, here = np.arange(len(layer)), np.maximum(layer.current, 1) - 1
        seen = np.column_stack([layer.treated[rows, here], layer.dlts[rows, here]])
        level = crm.next_levels(
            design,
            _crm_rates(design, layer),
            current=layer.current,
            barred=layer.barred,
            held=crm.is_held(design, seen, layer.last),
        )
        return _moves(layer, level, design.cohort)

    def by_model(layer: Layer) -> Ints:
        level = np.minimum(nearest(design, _crm_rates(design, layer)), layer.barred - 1)
        return np.where(layer.treated.any(axis=1), level, 0)

    asks_last = design.coherence == "last cohort"
    if design.final == "next dose":
        return Policy(move, lambda layer: move(layer).level, asks_last)
    if design.final == "tried":
        asked = one_by_one(partial(crm.advise, design), partial(crm.select_mtd, design))
        return Policy(move, asked.select, asks_last)
    return Policy(move, by_model, asks_last)


def blrm_policy(design: Blrm) -> Policy:
    """The Bayesian logistic regression model with overdose control."""

    def move(layer: Layer) -> Moves:
        found = _blrm_fit(design, layer)
        level = blrm.next_levels(design, found, current=layer.current, barred=layer.barred)
        return _moves(layer, level, design.cohort)

    def select(layer: Layer) -> Ints:
        found = _blrm_fit(design, layer)
        if design.final == "tried":
            found = found._replace(over=np.where(layer.treated > 0, found.over, 1.0))
        level = blrm.best(design, found, layer.barred - 1)
        return np.where(layer.treated.any(axis=1), level, 0)

    if design.final == "next dose":
        return Policy(move, lambda layer: move(layer).level)
    return Policy(move, select)


def _crm_rates(design: Crm, layer: Layer) -> Floats:
    """The DLT rates (S, J) by the model."""
    crm.check_levels(design, layer.treated.shape[1])
    first, kind = distinct(layer.seen)
    return crm.fit(design, layer.treated[first], layer.dlts[first]).rates[kind]


def _blrm_fit(design: Blrm, layer: Layer) -> blrm.Fit:
    blrm.check_levels(design, layer.treated.shape[1])
    first, kind = distinct(layer.seen)
    found = blrm.fit(design, layer.treated[first], layer.dlts[first])
    return blrm.Fit(*(column[kind] for column in found))


def _moves(layer: Layer, level: Ints, cohort: int) -> Moves:
    return Moves(level, layer.barred, np.full(len(layer), cohort, np.int64))
