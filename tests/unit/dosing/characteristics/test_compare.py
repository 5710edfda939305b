"""Designs side by side, and the search for the values of their parameters."""

from dataclasses import replace

import numpy as np
import pytest

from cartrial.dosing.characteristics.calibrate import NO_TIME, calibrate, candidates_of
from cartrial.dosing.characteristics.compare import compare
from cartrial.dosing.characteristics.judge import Asked, Constraints, Runs, judge
from cartrial.dosing.characteristics.scenarios import Scenario, scenarios_of
from cartrial.dosing.exact.enumeration import enumerate_ends, evaluate
from cartrial.dosing.exact.policy import policy_of
from cartrial.dosing.simulation.setting import Setting
from cartrial.errors import RuleError, StudyError
from cartrial.protocol.design import Boin, RollingSix, ThreePlusThree, TiteBoin
from cartrial.protocol.model_design import TiteCrm
from cartrial.protocol.rules import Rules, TooToxic

BOIN = Boin(target=0.3)
TITE = TiteBoin(target=0.3)
CONSTRAINTS = Constraints(18, 0.3, Setting(window=84, accrual=2))
SCENARIOS = scenarios_of({}, 0.3, levels=3)
RULES = Rules(no_skipping=True, too_toxic=TooToxic(rate=0.3, probability=0.9), most_at_dose=9)
DESIGNS = {
    "BOIN": BOIN,
    "TITE-BOIN": TITE,
    "TITE-CRM": TiteCrm(target=0.3, skeleton=(0.2, 0.3, 0.4)),
    "3+3": ThreePlusThree(),
    "rolling six": RollingSix(),
}


RUNS = Runs(trials=4_000)


@pytest.fixture(scope="module")
def compared():
    return compare(DESIGNS, SCENARIOS, CONSTRAINTS, RUNS)


def test_every_design_stands_in_every_scenario(compared):
    assert list(compared) == list(DESIGNS)
    for judged in compared.values():
        assert tuple(one.scenario for one in judged) == SCENARIOS
        assert [one.trials for one in judged] == [4_000] * 4


def test_the_time_to_event_makes_the_trial_shorter(compared):
    days = {name: judged[0].time.duration_days for name, judged in compared.items()}
    assert days["TITE-CRM"] < days["TITE-BOIN"] < days["BOIN"]
    assert days["rolling six"] < days["3+3"] + 60


def test_a_design_that_counts_is_exact_and_a_late_one_has_an_error(compared):
    methods = {name: {one.method for one in judged} for name, judged in compared.items()}
    assert methods == {name: {"simulated"} for name in DESIGNS} | {
        "BOIN": {"exact"},
        "3+3": {"exact"},
    }
    ends = enumerate_ends(policy_of(BOIN, subjects=18), levels=3, subjects=18)
    for one in compared["BOIN"]:
        exact = evaluate(ends, one.scenario.truth, target=0.3)
        assert one.mean.selection.tolist() == exact.selection.tolist()
        assert 0.5 < one.time_error.duration_days < 5


def test_what_is_simulated_is_what_is_enumerated():
    asked = [Asked(BOIN, replace(CONSTRAINTS, rules=RULES))]
    ((exact, *_),) = judge(asked, SCENARIOS)
    ((simulated, *_),) = judge(asked, SCENARIOS, Runs(trials=20_000), means="simulated")
    for name in ("selection", "patients", "over_target", "stopped"):
        ours, error = getattr(simulated.mean, name), getattr(simulated.error, name)
        assert np.all(np.abs(ours - getattr(exact.mean, name)) <= 4 * np.maximum(error, 1e-4)), name


def test_what_has_too_many_states_is_simulated():
    asked = [Asked(Boin(target=0.3, cohort=1), CONSTRAINTS)]
    ((one, *_),) = judge(asked, SCENARIOS, Runs(trials=100), most=50)
    assert one.method == "simulated"


def test_where_patients_are_lost_nothing_is_exact():
    constraints = replace(CONSTRAINTS, setting=replace(CONSTRAINTS.setting, lost=0.1))
    ((one, *_),) = judge([Asked(BOIN, constraints)], SCENARIOS, Runs(trials=100))
    assert one.method == "simulated"


def test_without_a_window_counts_are_judged_and_time_is_refused():
    asked = Asked(BOIN, replace(CONSTRAINTS, setting=None))
    ((one, *_),) = judge([asked], SCENARIOS)
    assert (one.method, one.time) == ("exact", None)
    with pytest.raises(StudyError, match=r"must be given to simulate trials \(boin\)"):
        judge([asked], SCENARIOS, means="simulated")


def test_a_selection_is_right_too_high_or_too_low(compared):
    for judged in compared.values():
        assert all(one.correct + one.too_high <= 1 + 1e-9 for one in judged)
        assert judged[-1].correct == judged[-1].mean.selection[0]


def test_there_must_be_something_to_compare():
    with pytest.raises(RuleError) as error:
        compare({}, SCENARIOS, CONSTRAINTS)
    assert str(error.value) == (
        "operating characteristics: must have a design and a scenario, "
        "got 0 designs and 4 scenarios"
    )


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


def test_what_cannot_be_enumerated_is_simulated():
    candidates = candidates_of(TITE, {"safe": [0.5, 0.6]}, subjects=[18])
    found = calibrate(candidates, SCENARIOS, CONSTRAINTS, Runs(trials=1_000))
    assert set(found["method"]) == {"simulated"}
    assert found["correct_mcse"].is_between(0.001, 0.02).all()
    assert found["duration"].is_between(200, 900).all()
    assert found["why_missing"].null_count() == len(found)


def test_of_equal_candidates_the_one_given_first_stands_first():
    candidates = candidates_of(BOIN, {"eliminate_above": [0.95, 0.951, 0.949]}, subjects=[18])
    found = calibrate(candidates, SCENARIOS, CONSTRAINTS)
    assert found["candidate"].to_list() == [1, 2, 3]
    assert found["correct"].n_unique() == 1


def test_the_rules_of_the_study_act_on_every_candidate():
    free, ruled = (
        calibrate(candidates_of(BOIN, {}, subjects=[18]), SCENARIOS, constraints)
        for constraints in (CONSTRAINTS, replace(CONSTRAINTS, rules=Rules(most_at_dose=6)))
    )
    assert set(ruled["method"]) == {"exact"}
    assert ruled["patients"].item() < free["patients"].item()


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
