import pytest

from cartrial.dosing.decision import Decision
from cartrial.dosing.decision_table.rule import Range, ranges, rows_of, rule_of
from cartrial.protocol.design import (
    Boin,
    DecisionTable,
    Keyboard,
    RollingSix,
    ThreePlusThree,
    TiteBoin,
)
from cartrial.protocol.model_design import Blrm, Crm, TiteCrm

E, S, D, U = Decision.ESCALATE, Decision.STAY, Decision.DEESCALATE, Decision.ELIMINATE
SKELETON = (0.1, 0.2, 0.3)
TABLE = DecisionTable(rows={3: "ESDU", 6: "EESDUUU"})


def row(design, treated):
    rule = rule_of(design)
    assert rule is not None
    return {decision: tuple(dlts) for decision, dlts in ranges(rule, treated=treated).items()}


@pytest.mark.parametrize("design", [Boin(target=0.3), TiteBoin(target=0.3)])
def test_the_row_of_six_of_a_boin_with_target_0_30(design):
    assert row(design, 6) == {E: (0, 1), S: (2, 2), D: (3, 3), U: (4, 6)}


def test_a_decision_that_is_never_made_is_absent():
    assert row(Boin(target=0.3), 1) == {E: (0, 0), D: (1, 1)}


@pytest.mark.parametrize(
    ("design", "treated", "expected"),
    [
        (ThreePlusThree(), 3, {E: (0, 0), S: (1, 1), U: (2, 3)}),
        (ThreePlusThree(), 6, {E: (0, 1), U: (2, 6)}),
        (RollingSix(), 3, {E: (0, 0), S: (1, 1), U: (2, 3)}),
        (RollingSix(), 6, {E: (0, 1), U: (2, 6)}),
        (TABLE, 3, {E: (0, 0), S: (1, 1), D: (2, 2), U: (3, 3)}),
        (Keyboard(target=0.3), 3, {E: (0, 0), S: (1, 1), D: (2, 2), U: (3, 3)}),
    ],
)
def test_the_table_of_other_designs(design, treated, expected):
    assert row(design, treated) == expected


@pytest.mark.parametrize(
    "design",
    [
        Crm(target=0.3, skeleton=SKELETON),
        TiteCrm(target=0.3, skeleton=SKELETON),
        Blrm(doses=(1, 2, 4), reference=4, mean=(-1, 0), sd=(2, 1)),
    ],
)
def test_a_model_has_no_rule_for_one_dose(design):
    assert rule_of(design) is None


@pytest.mark.parametrize(
    ("design", "rows"),
    [
        (Boin(target=0.3), [1, 2, 3, 4]),
        (ThreePlusThree(), [3, 6]),
        (RollingSix(), [3, 4, 5, 6]),
        (TABLE, [3, 6]),
    ],
)
def test_the_patients_on_whom_a_design_decides(design, rows):
    assert rows_of(design, most=4) == rows


def test_a_range_holds_its_ends():
    assert ranges(rule_of(Boin(target=0.3)), treated=9)[E] == Range(fewest=0, most=2)
