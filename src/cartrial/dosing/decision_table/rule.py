"""The rule of a design for one dose by itself, as a decision table shows it.

A design that fits a model has none. A time-to-event design has the rule with nobody in the window.
"""

from collections.abc import Mapping
from functools import partial
from typing import NamedTuple

from cartrial.dosing.decision import Decision
from cartrial.dosing.design import boin, i3_3, keyboard, mtpi2, rolling_six, table
from cartrial.dosing.design.interval import Decide
from cartrial.dosing.design.three_plus_three import FULL, HALF, TOXIC
from cartrial.protocol.design import (
    DecisionTable,
    Design,
    IThreePlusThree,
    Keyboard,
    Mtpi2,
    OptimalInterval,
    RollingSix,
    ThreePlusThree,
)


class Range(NamedTuple):
    """The fewest and the most DLTs among some patients with which a decision is made."""

    fewest: int
    most: int


class Limits(NamedTuple):
    """A row of a decision table by its limits, None for never.

    `escalate` is the most DLTs with which the dose goes up; `deescalate` and `eliminate` are the
    fewest with which it goes down, or is barred.
    """

    escalate: int | None
    deescalate: int | None
    eliminate: int | None


def rule_of(design: Design) -> Decide | None:
    """What the design says about one dose; None where it fits a model to all doses."""
    match design:
        case OptimalInterval():
            return partial(boin.decide, design)
        case Keyboard():
            return partial(keyboard.decide, design)
        case Mtpi2():
            return partial(mtpi2.decide, design)
        case IThreePlusThree():
            return partial(i3_3.decide, design)
        case DecisionTable():
            return partial(table.decide, design)
        case ThreePlusThree():
            return _three_plus_three
        case RollingSix():
            return _rolling_six
    return None


def rows_of(design: Design, *, most: int) -> list[int]:
    """The numbers of patients at a dose on whom the design decides, up to `most`."""
    match design:
        case DecisionTable():
            return sorted(design.rows)
        case ThreePlusThree():
            return [HALF, FULL]
        case RollingSix():
            return [*range(HALF, FULL + 1)]
    return [*range(1, most + 1)]


def ranges(decide: Decide, *, treated: int) -> dict[Decision, Range]:
    """The DLTs with which each decision is made; one that is never made is absent."""
    found = [decide(treated=treated, dlts=dlts) for dlts in range(treated + 1)]
    made = {
        decision: [dlts for dlts, one in enumerate(found) if one == decision]
        for decision in reversed(Decision)
    }
    return {decision: Range(min(dlts), max(dlts)) for decision, dlts in made.items() if dlts}


def limits(made: Mapping[Decision, Range]) -> Limits:
    """The limits of a row, from what `ranges` says of it."""
    up, out = made.get(Decision.ESCALATE), made.get(Decision.ELIMINATE)
    down = [made[one].fewest for one in (Decision.DEESCALATE, Decision.ELIMINATE) if one in made]
    return Limits(
        escalate=up.most if up else None,
        deescalate=min(down, default=None),
        eliminate=out.fewest if out else None,
    )


def _rolling_six(*, treated: int, dlts: int) -> Decision:
    return rolling_six.decide(settled=treated, dlts=dlts, pending=0)


def _three_plus_three(*, treated: int, dlts: int) -> Decision:
    if dlts >= TOXIC:
        return Decision.ELIMINATE
    return Decision.STAY if dlts and treated < FULL else Decision.ESCALATE
