"""Designs side by side, and the search for the values of their parameters."""

import pytest

from cartrial.dosing.characteristics.calibrate import NO_TIME, calibrate, candidates_of
from cartrial.dosing.characteristics.compare import Constraints, compare
from cartrial.dosing.characteristics.scenarios import Scenario, scenarios_of
from cartrial.dosing.exact.enumeration import enumerate_ends, evaluate
from cartrial.dosing.exact.policy import policy_of
from cartrial.dosing.simulation.setting import Setting
from cartrial.errors import RuleError
from cartrial.protocol.design import Boin, RollingSix, ThreePlusThree, TiteBoin
from cartrial.protocol.model_design import TiteCrm
from cartrial.protocol.rules import Rules

BOIN = Boin(target=0.3)
TITE = TiteBoin(target=0.3)
CONSTRAINTS = Constraints(18, 0.3, Setting(window=84, accrual=2))
SCENARIOS = scenarios_of((), BOIN, levels=3)
DESIGNS = {
    "BOIN": BOIN,
    "TITE-BOIN": TITE,
    "TITE-CRM": TiteCrm(target=0.3, skeleton=(0.2, 0.3, 0.4)),
    "3+3": ThreePlusThree(),
    "rolling six": RollingSix(),
}


@pytest.fixture(scope="module")
def compared():
    return compare(DESIGNS, SCENARIOS, CONSTRAINTS, trials=4_000)


def test_every_design_stands_in_every_scenario(compared):
    pairs = [(name, one.name) for name in DESIGNS for one in SCENARIOS]
    assert list(compared.select("design", "scenario").iter_rows()) == pairs


def test_the_time_to_event_makes_the_trial_shorter(compared):
    days = {
        design: duration
        for design, scenario, duration in compared.select(
            "design", "scenario", "duration"
        ).iter_rows()
        if scenario == SCENARIOS[0].name
    }
    assert days["TITE-CRM"] < days["TITE-BOIN"] < days["BOIN"]
    assert days["rolling six"] < days["3+3"] + 60


def test_the_selection_is_that_of_the_enumeration(compared):
    ends = enumerate_ends(policy_of(BOIN, subjects=18), levels=3, subjects=18)
    rows = compared.filter(design="BOIN").iter_rows(named=True)
    for scenario, row in zip(SCENARIOS, rows, strict=True):
        exact = evaluate(ends, scenario.truth, target=0.3)
        assert abs(row["correct"] - exact.selection[scenario.correct]) <= 4 * row["correct_mcse"]
        assert abs(row["over_target"] - exact.over_target) <= 4 * row["over_target_mcse"]


def test_a_selection_is_right_too_high_or_too_low(compared):
    assert ((compared["correct"] + compared["too_high"]) <= 1 + 1e-9).all()
    none_right = compared.filter(scenario=SCENARIOS[-1].name)
    assert none_right["correct"].to_list() == none_right["none"].to_list()


def test_there_must_be_something_to_compare():
    with pytest.raises(RuleError) as error:
        compare({}, SCENARIOS, CONSTRAINTS, trials=100)
    told = "comparison: must have a design and a scenario, got 0 designs and 4 scenarios"
    assert str(error.value) == told


def test_candidates_are_every_combination():
    found = candidates_of(BOIN, {"safe": [0.5, 0.6], "cohort": [1, 3]}, subjects=[12, 18])
    assert [(one.parameters, one.subjects) for one in found][:3] == [
        ("safe 0.5, cohort 1", 12),
        ("safe 0.5, cohort 1", 18),
        ("safe 0.5, cohort 3", 12),
    ]
    assert len(found) == 8
    assert found[-1].design == Boin(target=0.3, safe=0.6, cohort=3)
    assert candidates_of(BOIN, {}, subjects=[18])[0].parameters == "as given"


def test_the_best_candidate_stands_first_and_is_exact_where_it_counts():
    found = calibrate(
        candidates_of(BOIN, {"toxic": [1.2, 1.4, 1.6]}, subjects=[12, 18, 24]),
        SCENARIOS,
        CONSTRAINTS,
        limit=0.3,
    )
    assert found["rank"].to_list() == list(range(1, 10))
    assert set(found["method"]) == {"exact"}
    assert set(found["why_missing"]) == {NO_TIME}
    keeping = found.filter("keeps")
    assert 0 < len(keeping) < len(found)
    assert found["keeps"].to_list() == sorted(found["keeps"], reverse=True)
    assert keeping["correct"].to_list() == sorted(keeping["correct"], reverse=True)
    assert (keeping["over_target"] <= 0.3).all()


def test_more_subjects_select_better():
    found = calibrate(candidates_of(BOIN, {}, subjects=[6, 30, 15]), SCENARIOS, CONSTRAINTS)
    assert found["subjects"].to_list() == [30, 15, 6]


def test_the_numbers_are_those_of_the_enumeration():
    (row,) = calibrate(candidates_of(BOIN, {}, subjects=[18]), SCENARIOS, CONSTRAINTS).iter_rows(
        named=True
    )
    ends = enumerate_ends(policy_of(BOIN, subjects=18), levels=3, subjects=18)
    found = [evaluate(ends, one.truth, target=0.3) for one in SCENARIOS]
    correct = [c.selection[one.correct] for c, one in zip(found, SCENARIOS, strict=True)]
    assert row["correct"] == pytest.approx(sum(correct) / 4)
    assert row["lowest"] == pytest.approx(min(correct))
    assert row["over_target"] == pytest.approx(max(c.over_target for c in found[:3]))


@pytest.mark.parametrize(
    ("design", "rules"), [(TITE, Rules()), (BOIN, Rules(most_at_dose=9))], ids=["late", "rules"]
)
def test_what_cannot_be_enumerated_is_simulated(design, rules):
    constraints = Constraints(18, 0.3, CONSTRAINTS.setting, rules)
    candidates = candidates_of(design, {"safe": [0.5, 0.6]}, subjects=[18])
    found = calibrate(candidates, SCENARIOS, constraints, trials=1_000)
    assert set(found["method"]) == {"simulated"}
    assert found["correct_mcse"].is_between(0.001, 0.02).all()
    assert found["duration"].is_between(200, 900).all()
    assert found["why_missing"].null_count() == len(found)


def test_one_scenario_that_is_too_toxic_sets_no_limit():
    toxic = Scenario("toxic", (0.5, 0.6, 0.7), 0)
    (row,) = calibrate(
        candidates_of(BOIN, {}, subjects=[18]), [toxic], CONSTRAINTS, limit=0.0
    ).iter_rows(named=True)
    assert row["keeps"]


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"safe": [1.2]}, "calibration: safe: must be less than 1, got 1.2"),
        ({"toxic": [4.0]}, "calibration: toxic x target must be less than 1, got 1.2"),
        ({"safer": [0.5]}, "calibration: safer: must be a key that a study file knows, got 0.5"),
    ],
)
def test_a_parameter_that_cannot_be_is_one_clear_line(values, told):
    with pytest.raises(RuleError) as error:
        candidates_of(BOIN, values, subjects=[18])
    assert str(error.value).startswith(told)
