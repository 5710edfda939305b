"""What holds a simulated trial up: products below the range, open events, the committee."""

from dataclasses import replace

import numpy as np
import pytest

from cartrial.dosing.conduct import next_dose
from cartrial.dosing.simulation.compiled import late_sums
from cartrial.dosing.simulation.frame import room_of
from cartrial.dosing.simulation.kernel import draw
from cartrial.dosing.simulation.setting import Setting, Simulation
from cartrial.dosing.simulation.simulate import simulate
from cartrial.dosing.state import Patient, State
from cartrial.errors import RuleError
from cartrial.protocol.design import BfBoin, Boin, RollingSix, ThreePlusThree, TiteBoin
from cartrial.protocol.model_design import Crm, TiteCrm
from cartrial.protocol.rules import Rules
from cartrial.protocol.study import Dlt
from tests.unit.dosing.simulation.course import course_of

WINDOW = 84
TRUTH = (0.15, 0.3, 0.5)
SKELETON = (0.2, 0.3, 0.4)
SETTING = Setting(window=WINDOW, accrual=2)
TITE_CRM = TiteCrm(target=0.3, skeleton=SKELETON, cohort=1)
LATE = (TiteBoin(target=0.3), TITE_CRM, TITE_CRM.model_copy(update={"cohort": 3}), RollingSix())
ALL = (
    *LATE,
    Boin(target=0.3),
    BfBoin(target=0.3),
    ThreePlusThree(),
    Crm(target=0.3, skeleton=SKELETON),
)
late = pytest.mark.parametrize("design", LATE, ids=["boin", "crm", "crm in threes", "six"])
every = pytest.mark.parametrize("design", ALL, ids=lambda design: design.kind)


def simulation_of(design, *, truth=TRUTH, rules=None, **setting):
    changed = replace(SETTING, **setting)
    rules = rules or Rules()
    return Simulation(design, truth, changed, subjects=18, target=0.3, rules=rules, seed=11)


def mean(design, trials=2_000, **setting):
    return simulate(simulation_of(design, **setting), trials=trials).mean


# ---------------------------------------------------------------- streams of their own
@every
def test_what_never_happens_leaves_every_trial_as_it_was(design):
    never = simulate(simulation_of(design, low=1e-300), trials=500)
    assert repr(never) == repr(simulate(simulation_of(design), trials=500))


@late
def test_the_patients_stay_the_same_with_their_events_settled_later(design):
    flat = (0.4, 0.4, 0.4)
    plain, later = (
        course_of(simulation_of(design, truth=flat, **more), 3)
        for more in ({}, {"matures": (5.0, 20.0)})
    )
    both = min(len(plain.dlt), len(later.dlt))
    assert plain.dlt[:both] == later.dlt[:both]


# ---------------------------------------------------------------- what the conduct would do
@pytest.mark.parametrize(
    "trouble",
    [
        {"low": 0.25},
        {"matures": (15.0, 15.0)},
        {"low": 0.2, "matures": (10.0, 10.0), "lost": 0.1, "committee": 7.0},
    ],
    ids=["low", "maturing", "all of it"],
)
@pytest.mark.parametrize("rules", [Rules(), Rules(sentinel=14, maturing="no follow-up")])
@late
def test_each_patient_is_given_what_the_conduct_of_a_trial_recommends(design, rules, trouble):
    simulation = simulation_of(design, rules=rules, whole_cohorts=False, **trouble)
    dlt, seen = Dlt(definition="", window=WINDOW), set()
    for number in range(40):
        course, barred = course_of(simulation, number), frozenset()
        low = _low(simulation, number)
        for i in range(1, len(course.level)):
            patients = tuple(_patient(simulation, course, k, low[k], i) for k in range(i))
            found = next_dose.recommend(design, dlt, State(3, patients, barred), rules)
            barred = found.eliminated
            seen.add(found.level)
            assert found.level == course.level[i], (number, i, found.reason)
    assert len(seen) >= 2


def _low(simulation, number):
    drawn = draw.uniforms(simulation.seed, number, 1, draw.PRODUCT, room_of(simulation))[0]
    return drawn < simulation.setting.low


def _patient(simulation, course, k, low, i):
    """What is known of the k-th patient when the i-th is infused."""
    time, end, toxic = course.entry[i], course.end[k], course.dlt[k]
    onset = end - simulation.setting.matures[0] if toxic else end
    if end <= time:
        status = "DLT" if toxic else "not evaluable" if course.lost[k] else "complete"
    elif low:
        status = "not evaluable"
    else:
        status = "maturing" if onset <= time and toxic else "pending"
    followed = min(time, end) - course.entry[k] + 1e-9
    return Patient(f"{k}", course.level[k], status, followed)


# ---------------------------------------------------------------- products below the range
@pytest.mark.parametrize("counting", [True, False])
@every
def test_who_has_a_product_below_the_range_is_replaced(design, counting):
    none = (0.0, 0.0, 0.0)
    found = mean(design, truth=none, low=0.25, rules=Rules(replacements_count=counting))
    infused = found.characteristics.subjects
    assert found.not_evaluable / infused == pytest.approx(0.25, abs=0.02)
    if design.kind in ("boin", "crm", "tite-boin", "tite-crm"):
        whole = infused if counting else infused - found.not_evaluable
        assert whole == pytest.approx(18, abs=0.01)


@every
def test_a_dlt_counts_whatever_was_given(design):
    found = mean(design, truth=(1.0, 1.0, 1.0), low=0.5)
    found_none = [0, 1, 0, 0] if "crm" in design.kind else [1, 0, 0, 0]  # it has no end of its own
    assert found.characteristics.selection.tolist() == found_none
    toxic, infused = found.characteristics.dlts.sum(), found.characteristics.subjects
    lowest = 0.9 if design.kind in ("3+3", "rolling-6") else 1 - 1e-9  # more count among six
    assert lowest * infused <= toxic <= infused


@pytest.mark.parametrize("design", [d for d in ALL if "6" not in d.kind and d.kind != "3+3"])
def test_fewer_count_where_more_products_are_below_the_range(design):
    apart = Rules(replacements_count=False)
    plenty, few = (mean(design, low=low, rules=apart) for low in (0.0, 0.4))
    assert plenty.not_evaluable == 0 < few.not_evaluable
    assert few.duration_days > plenty.duration_days
    safe, unsafe = (one.characteristics for one in (plenty, few))
    assert unsafe.dlts.sum() / unsafe.subjects > 0.5 * safe.dlts.sum() / safe.subjects


# ---------------------------------------------------------------- events that are not settled
@pytest.mark.parametrize("design", [Boin(target=0.3), ThreePlusThree()])
def test_a_design_that_counts_takes_longer_and_selects_the_same(design):
    plain, later = (mean(design, matures=days) for days in ((0.0, 0.0), (10.0, 40.0)))
    same = plain.characteristics.selection == later.characteristics.selection
    assert np.all(same)
    assert later.duration_days > plain.duration_days


def test_an_event_that_matures_holds_a_late_design_up():
    plain, later = (mean(LATE[0], matures=days) for days in ((0.0, 0.0), (20.0, 20.0)))
    assert later.suspended_days > plain.suspended_days


# ---------------------------------------------------------------- the committee and the sentinel
def test_each_cohort_but_the_first_waits_for_the_committee():
    none, crowd = (0.0, 0.0, 0.0), {"accrual": 3000.0, "process": "fixed"}
    plain, held = (mean(Boin(target=0.3), truth=none, committee=d, **crowd) for d in (0.0, 10.0))
    assert held.duration_days - plain.duration_days == pytest.approx(5 * 10, abs=0.1)
    assert np.all(held.characteristics.selection == plain.characteristics.selection)


def test_a_late_design_waits_for_the_committee_too():
    for design in (*LATE, BfBoin(target=0.3)):
        plain, held = (mean(design, committee=days, accrual=6.0) for days in (0.0, 14.0))
        assert held.duration_days > plain.duration_days + 14


def test_no_cohort_of_a_late_design_opens_before_the_committee_has_met():
    simulation = simulation_of(LATE[0], committee=14.0, accrual=12.0)
    for number in range(40):
        entry = course_of(simulation, number).entry
        for first in range(3, len(entry), 3):
            assert entry[first] - entry[first - 1] >= 14 - 1e-6


def test_the_first_at_a_level_of_a_rolling_six_is_followed_before_the_next():
    simulation = simulation_of(RollingSix(), accrual=20.0, rules=Rules(sentinel=14))
    for number in range(40):
        course = course_of(simulation, number)
        for i in range(1, len(course.level)):
            if i == 1 or course.level[i - 1] != course.level[i - 2]:
                again = course.level[i] == course.level[i - 1]
                due = min(course.entry[i - 1] + 14, course.end[i - 1])
                assert not again or course.entry[i] >= due - 1e-6


def test_backfilling_keeps_to_the_sentinel():
    plain, held = (
        mean(BfBoin(target=0.3), accrual=8.0, rules=rules)
        for rules in (Rules(), Rules(sentinel=60))
    )
    assert held.duration_days > plain.duration_days + 60


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"low": 1.0}, "simulation: low must be 0 or more and below 1, got 1.0"),
        ({"matures": (9, 3)}, "simulation: matures must rise from 0 or more, got (9, 3)"),
        ({"committee": -1}, "simulation: committee must be 0 or more, got -1"),
    ],
)
def test_a_setting_that_cannot_be_is_one_clear_line(change, told):
    with pytest.raises(RuleError) as error:
        replace(SETTING, **change)
    assert str(error.value) == told


def test_many_products_below_the_range_never_leave_the_tables():
    rules = Rules(replacements_count=False)
    for design in LATE:
        simulation = simulation_of(design, truth=(0.9, 0.9, 0.9), low=0.9, rules=rules)
        sums, _ = late_sums(simulation, 0, 2_000)
        assert np.isfinite(sums).all()
