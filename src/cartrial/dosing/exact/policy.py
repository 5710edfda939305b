"""The policy of each design: its rule in the form in which whole trials are enumerated.

An interval design is asked through its table, a model is fitted to all states of a layer together,
and another design is asked about one state after the other.

Reading: a design that depends on who is pending (rolling six, TITE-BOIN, TITE-CRM) has no
probabilities without a time course: it can be simulated, not enumerated.
"""

from functools import partial

from cartrial.dosing.design import boin, i3_3, keyboard, mtpi2, table, three_plus_three
from cartrial.dosing.design.interval import Decide
from cartrial.dosing.exact import fitted, lookup
from cartrial.dosing.exact.layer import Policy, one_by_one
from cartrial.dosing.isotonic import PRIOR
from cartrial.errors import RuleError
from cartrial.protocol.design import (
    BfBoin,
    Boin,
    DecisionTable,
    Design,
    IntervalDesign,
    IThreePlusThree,
    Keyboard,
    Mtpi2,
    RollingSix,
    ThreePlusThree,
    TiteBoin,
)
from cartrial.protocol.model_design import Blrm, Crm, TiteCrm


def decides_on_counts(design: Design) -> bool:
    """Whether the design asks for nothing that takes a time course."""
    return not isinstance(design, TiteBoin | BfBoin | RollingSix | TiteCrm)


def policy_of(design: Design, *, subjects: int, whole: bool = True) -> Policy:
    """How the design moves and what it selects, in a trial of at most so many subjects.

    Unless `whole`, a cohort may end with a patient missing.
    """
    cut = design.cohort if whole and isinstance(design, Boin | IntervalDesign) else 1
    match design:
        case Boin() if not (design.extra_safe or design.titration):
            highest = boin.boundaries(design)[1] if design.bound_mtd else 1.0
            return _by_table(design, partial(boin.decide, design), subjects, cut, highest=highest)
        case Boin():
            advise, select = partial(boin.advise, design), partial(boin.select_mtd, design)
        case Keyboard():
            return _by_table(design, partial(keyboard.decide, design), subjects, cut)
        case Mtpi2():
            return _by_table(
                design, partial(mtpi2.decide, design), subjects, cut, prior=mtpi2.PRIOR
            )
        case IThreePlusThree():
            return _by_table(design, partial(i3_3.decide, design), subjects, cut, prior=mtpi2.PRIOR)
        case ThreePlusThree():
            advise = partial(three_plus_three.advise, design)
            select = partial(three_plus_three.select_mtd, design)
        case DecisionTable():
            advise, select = partial(table.advise, design), partial(table.select_mtd, design)
        case Crm():
            return fitted.crm_policy(design)
        case Blrm():
            return fitted.blrm_policy(design)
        case _:
            raise RuleError(
                "exact enumeration: the design must decide on counts alone, "
                f"got {design.kind}. Simulate"
            )
    return one_by_one(advise, select)


def _by_table(
    design: Boin | IntervalDesign,
    decide: Decide,
    subjects: int,
    cut: int,
    *,
    prior: float = PRIOR,
    highest: float = 1.0,
) -> Policy:
    found = lookup.decisions(decide, most=subjects, cohort=cut)
    move = lookup.interval_move(found, first=design.start, cohort=design.cohort)
    if design.final == "next dose":
        return Policy(move, lambda layer: move(layer).level)
    select = lookup.nearest(found, target=design.target, prior=prior, highest=highest)
    return Policy(move, select)
