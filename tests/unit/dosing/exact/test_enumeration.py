from fractions import Fraction

import numpy as np
import pytest

from cartrial.dosing.counts import Advice
from cartrial.dosing.decision import Decision
from cartrial.dosing.exact.enumeration import enumerate_ends, evaluate
from cartrial.dosing.exact.layer import distinct, one_by_one
from cartrial.dosing.exact.policy import policy_of
from cartrial.errors import RuleError
from cartrial.protocol.design import Boin, DecisionTable, RollingSix, ThreePlusThree
from cartrial.protocol.model_design import Blrm, Crm

FIVE = (0.05, 0.15, 0.30, 0.45, 0.60)


def ends_of(design, *, levels, subjects=18, **more):
    policy = policy_of(design, subjects=subjects)
    return enumerate_ends(policy, levels=levels, subjects=subjects, **more)


def found(design, truth, *, subjects=18, target=0.3):
    ends = ends_of(design, levels=len(truth), subjects=subjects)
    return evaluate(ends, truth, target=target)


def closed_form(truth):
    """A level passes with 0 of 3, or 1 of 3 and 0 of 3 more; the MTD is below the first other."""
    passed = [q**3 + 3 * (1 - q) * q**5 for q in (1 - np.array(truth))]
    reached = np.cumprod([1, *passed])
    return reached * (1 - np.array([*passed, 0]))


@pytest.mark.parametrize("truth", [(0.17,), (0.1, 0.25, 0.45), FIVE, (0.4, 0.1, 0.9, 0.2)])
def test_a_3_plus_3_agrees_with_its_closed_form_to_the_twelfth_decimal(truth):
    assert found(ThreePlusThree(), truth, subjects=60).selection == pytest.approx(
        closed_form(truth), abs=1e-12
    )


def test_two_cohorts_by_hand():
    """After 3: 0 DLTs up, 1 or 2 stay, 3 bars. After 6: stay up to 5. Both true rates are 1/2."""
    design = DecisionTable(rows={3: "ESSU", 6: "SSSSSSU"})
    seen = found(design, (0.5, 0.5), subjects=6)
    zero, three = Fraction(1, 8), Fraction(1, 8)  # of 3
    stays = 1 - zero - three
    first = stays + zero * three  # level 2 is barred after 3 of 3, and level 1 is next
    expected = [three, first, zero * (1 - three)]
    assert seen.selection == pytest.approx([float(x) for x in expected], abs=1e-14)
    assert seen.patients == pytest.approx([float(3 + 3 * stays), float(3 * zero)], abs=1e-14)
    assert seen.dlts == pytest.approx(seen.patients / 2, abs=1e-14)
    assert float(seen.stopped) == pytest.approx(float(three), abs=1e-14)
    assert float(seen.subjects) == pytest.approx(float(6 - 3 * three), abs=1e-14)


def test_the_reference_trial_of_five_doses_has_346_ends():
    assert len(ends_of(Boin(target=0.3), levels=5).ways) == 346


def test_the_ways_to_all_ends_are_all_courses_of_a_trial_that_never_stops():
    """Each of 18 subjects has a DLT or none."""
    design = DecisionTable(rows={3 * k: "E" + "S" * k + "D" * 2 * k for k in range(1, 7)})
    assert ends_of(design, levels=3).ways.sum() == 2**18


def test_a_grid_is_each_of_its_scenarios():
    ends = ends_of(Boin(target=0.3), levels=3)
    grid = np.linspace(0, 1, 2 * 40 * 3).reshape(2, 40, 3)
    together = evaluate(ends, grid, target=0.3)
    assert together.selection.shape == (2, 40, 4)
    assert together.over_target.shape == together.stopped.shape == (2, 40)
    for i, j in ((0, 0), (1, 7), (1, 39)):
        alone = evaluate(ends, grid[i, j], target=0.3)
        assert together.selection[i, j] == pytest.approx(alone.selection, abs=1e-14)
        assert together.patients[i, j] == pytest.approx(alone.patients, abs=1e-13)


def test_no_scenarios_have_no_characteristics():
    ends = ends_of(Boin(target=0.3), levels=3)
    assert evaluate(ends, np.empty((0, 3)), target=0.3).selection.shape == (0, 4)


def test_rates_of_0_and_1_are_certain():
    seen = found(Boin(target=0.3), (0.0, 1.0, 1.0))
    assert seen.selection.tolist() == pytest.approx([0, 1, 0, 0], abs=1e-15)
    assert seen.dlts.tolist() == pytest.approx([0, 3, 0], abs=1e-12)
    assert found(Boin(target=0.3), (1.0, 1.0)).selection[0] == pytest.approx(1)


def test_the_last_cohort_is_cut_short_where_subjects_run_out():
    seen = found(Boin(target=0.3), (0.1, 0.25), subjects=5)
    assert float(seen.subjects) == pytest.approx(5 - 2 * seen.stopped)


def test_a_trial_may_be_of_18_single_patients():
    seen = found(Boin(target=0.3, cohort=1), FIVE)
    assert seen.selection.sum() == pytest.approx(1, abs=1e-12)


def test_rows_that_one_number_cannot_tell_apart_are_told_apart():
    rows = np.array([[0, 0, 2], [2**40, 2**40, 2], [0, 0, 2], [2**40, 1, 2]])
    first, kind = distinct(rows)
    assert sorted(first.tolist()) == [0, 1, 3]
    assert kind.tolist() == [kind[0], kind[1], kind[0], kind[3]]


@pytest.mark.parametrize(
    ("truth", "said"),
    [
        ((0.1, 0.2), "true rates: must be 3, one for each dose level, got 2"),
        (0.1, "true rates: must be 3, one for each dose level, got 1"),
        ((0.1, 0.2, 1.2), "true rates: must be 0 to 1, got 1.2"),
        ((0.1, -0.2, 0.2), "true rates: must be 0 to 1, got -0.2"),
        ((0.1, float("nan"), 0.2), "true rates: must be 0 to 1, got nan"),
    ],
)
def test_true_rates_that_are_none_are_refused(truth, said):
    ends = ends_of(Boin(target=0.3), levels=3, subjects=6)
    with pytest.raises(RuleError) as refused:
        evaluate(ends, truth, target=0.3)
    assert str(refused.value) == said


def test_too_many_states_are_refused_with_their_number():
    with pytest.raises(RuleError) as refused:
        ends_of(Boin(target=0.3, cohort=1), levels=5, subjects=18, most=1000)
    assert str(refused.value) == (
        "exact enumeration: states must be at most 1,000, got 1,512 with 14 of 18 subjects "
        "treated. Take larger cohorts, fewer subjects or levels, or simulate"
    )


def test_a_design_that_needs_a_time_course_is_refused():
    with pytest.raises(RuleError) as refused:
        policy_of(RollingSix(), subjects=18)
    assert str(refused.value) == (
        "exact enumeration: the design must decide on counts alone, got rolling-6. Simulate"
    )


def test_a_design_that_waits_for_nobody_is_refused():
    policy = one_by_one(
        lambda counts: Advice(None, Decision.STAY, "wait", counts.barred, wait=True),
        lambda counts: None,
    )
    with pytest.raises(RuleError, match="must not wait where nobody is pending, got wait"):
        enumerate_ends(policy, levels=2, subjects=6)


@pytest.mark.parametrize(
    "design",
    [
        Crm(target=0.3, skeleton=(0.2, 0.3)),
        Blrm(doses=(1, 2), reference=1, mean=(0, 0), sd=(1, 1)),
    ],
)
def test_a_model_of_other_dose_levels_is_refused(design):
    with pytest.raises(RuleError, match="for each of the 3 dose levels, got 2"):
        ends_of(design, levels=3)
