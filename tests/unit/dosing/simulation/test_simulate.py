"""Simulated trials: what is decided in them is what the designs, and the conduct, decide."""

import sys
from dataclasses import replace
from subprocess import run

import numpy as np
import pytest

from cartrial.dosing.conduct import next_dose
from cartrial.dosing.counts import Counts
from cartrial.dosing.design import tite_boin
from cartrial.dosing.design.tite_boin import Pending
from cartrial.dosing.exact.enumeration import enumerate_ends, evaluate
from cartrial.dosing.exact.policy import policy_of
from cartrial.dosing.model import tite_crm
from cartrial.dosing.model.tite_crm import Followed
from cartrial.dosing.simulation.compiled import is_plain, late_sums, plan_of
from cartrial.dosing.simulation.frame import frame_of, world_of
from cartrial.dosing.simulation.kernel import draw, late
from cartrial.dosing.simulation.setting import Setting, Simulation
from cartrial.dosing.simulation.simulate import simulate, simulate_each
from cartrial.dosing.state import Patient, State
from cartrial.errors import RuleError
from cartrial.protocol.design import BfBoin, Boin, Keyboard, RollingSix, ThreePlusThree, TiteBoin
from cartrial.protocol.model_design import Blrm, Crm, TiteCrm
from cartrial.protocol.rules import Rules, TooToxic
from cartrial.protocol.study import Dlt
from tests.unit.dosing.simulation.course import course_of

WINDOW = 84
TRUTH = (0.15, 0.3, 0.5)
SKELETON = (0.2, 0.3, 0.4)
SETTING = Setting(window=WINDOW, accrual=2)
CRM = TiteCrm(target=0.3, skeleton=SKELETON, cohort=1)
BLRM = Blrm(doses=(1, 2, 4), reference=2, mean=(-1, 0), sd=(2, 1))
COUNTING = (
    Boin(target=0.3),
    Boin(target=0.3, titration=True),
    Boin(target=0.3, extra_safe=True, final="next dose"),
    Keyboard(target=0.3),
    ThreePlusThree(),
    Crm(target=0.3, skeleton=SKELETON),
    BLRM,
)
LATE = (
    TiteBoin(target=0.3),
    TiteBoin(target=0.3, variant="effective sample size", wakes="arrival", bar_by="settled"),
    TiteBoin(target=0.3, cohort=1, complete=0, final="next dose"),
    CRM,
    CRM.model_copy(update={"cohort": 3, "weights": "adaptive"}),
    CRM.model_copy(update={"coherence": "current dose", "final": "tried", "skip": True}),
    CRM.model_copy(update={"model": "logistic", "rates": "mean", "coherence": "none"}),
    RollingSix(),
    CRM.model_copy(update={"method": "mle"}),
    CRM.model_copy(update={"method": "mle", "model": "logistic", "weights": "adaptive"}),
)
CRMS = (*LATE[3:7], *LATE[8:])


def simulation_of(design, **more):
    return replace(Simulation(design, TRUTH, SETTING, subjects=18, target=0.3, seed=11), **more)


def known(course, i):
    """What is known of the first i patients when the next is infused."""
    time = course.entry[i] if i < len(course.entry) else np.inf
    ended = [end <= time for end in course.end[:i]]
    return time, ended


@pytest.mark.parametrize("design", LATE[:2], ids=["imputation", "effective sample size"])
def test_each_cohort_is_given_what_tite_boin_advises(design):
    simulation = simulation_of(design)
    for number in range(60):
        course, barred = course_of(simulation, number), 4
        for i in range(3, len(course.level), 3):
            time, ended = known(course, i)
            levels = np.array(course.level[:i])
            dlts = np.array(course.dlt[:i]) & ended
            parts = [(time - entry) / WINDOW for entry in course.entry[:i]]
            settled, toxic, pending = [], [], []
            for level in (1, 2, 3):
                at = levels == level
                waiting = at & ~np.array(ended)
                settled.append(int((at & ended).sum()))
                toxic.append(int(dlts[at].sum()))
                pending.append(Pending(int(waiting.sum()), float(np.sum(parts, where=waiting))))
            counts = Counts(tuple(settled), tuple(toxic), course.level[i - 1], barred)
            advice = tite_boin.advise(design, counts, pending)
            barred = advice.barred
            assert advice.level == course.level[i], (number, i)


@pytest.mark.parametrize("design", CRMS)
def test_each_patient_is_given_what_tite_crm_advises(design):
    simulation = simulation_of(design)
    for number in range(25):
        course = course_of(simulation, number)
        for i in range(design.cohort, len(course.level), design.cohort):
            time, ended = known(course, i)
            ends = zip(course.entry[:i], course.end[:i], strict=True)
            days = [min(time, end) - entry for entry, end in ends]
            dlts = tuple(bool(a and b) for a, b in zip(course.dlt[:i], ended, strict=True))
            followed = Followed(
                course.level[:i], dlts, tuple(days), levels=3, current=course.level[i - 1], barred=4
            )
            advice = tite_crm.advise(design, followed, window=WINDOW)
            assert advice.level == course.level[i], (number, i)


@pytest.mark.parametrize("design", CRMS)
def test_what_tite_crm_selects_is_selected(design):
    simulation = simulation_of(design)
    for number in range(25):
        course = course_of(simulation, number)
        days = [end - entry for entry, end in zip(course.entry, course.end, strict=True)]
        followed = Followed(
            course.level, course.dlt, tuple(days), levels=3, current=course.level[-1], barred=4
        )
        assert tite_crm.select_mtd(design, followed, window=WINDOW) == course.selected


@pytest.mark.parametrize(
    "rules",
    [Rules(), Rules(while_short="wait", sentinel=14, too_toxic=TooToxic(rate=0.3))],
    ids=["as it is", "with rules"],
)
@pytest.mark.parametrize("design", [LATE[0], LATE[3], LATE[4], LATE[7], LATE[8]])
def test_each_patient_is_given_what_the_conduct_of_a_trial_recommends(design, rules):
    setting = replace(
        SETTING, whole_cohorts=False, lost=0.1, escalate_after=28.0, escalate_complete=2
    )
    dlt = Dlt(definition="", window=WINDOW, escalate_after=28, escalate_complete=2)
    simulation = simulation_of(design, setting=setting, rules=rules)
    seen = set()
    for number in range(60):
        course = course_of(simulation, number)
        barred = frozenset()
        for i in range(1, len(course.level)):
            time, ended = known(course, i)
            patients = tuple(_patient(course, k, time, ended[k]) for k in range(i))
            found = next_dose.recommend(design, dlt, State(3, patients, barred), rules)
            barred = found.eliminated
            seen.add((found.wait, found.level))
            assert found.level == course.level[i], (number, i, found.reason)
    assert len(seen) >= 2


def _patient(course, k, time, ended):
    status = "pending"
    if ended:
        status = "DLT" if course.dlt[k] else "not evaluable" if course.lost[k] else "complete"
    end = min(time, course.end[k]) - course.entry[k]
    return Patient(f"{k}", course.level[k], status, end + 1e-9)


@pytest.mark.parametrize("design", COUNTING)
def test_a_design_that_counts_has_the_characteristics_that_enumeration_finds(design):
    found = simulate(simulation_of(design), trials=20_000)
    policy = policy_of(design, subjects=18)
    exact = evaluate(enumerate_ends(policy, levels=3, subjects=18), TRUTH, target=0.3)
    for name in ("selection", "patients", "dlts", "over_target", "stopped"):
        ours, error = (
            getattr(found.mean.characteristics, name),
            getattr(found.mcse.characteristics, name),
        )
        assert np.all(np.abs(ours - getattr(exact, name)) <= 4 * np.maximum(error, 1e-4)), name


@pytest.mark.parametrize("design", [Boin(target=0.3), TiteBoin(target=0.3), BfBoin(target=0.3)])
def test_the_numbers_do_not_depend_on_who_simulates(design, tmp_path):
    simulation = simulation_of(design)
    alone = simulate(simulation, trials=25_000)
    assert simulate(simulation, trials=25_000, workers=2) == Same(alone)
    assert simulate(simulation, trials=25_000, kept=tmp_path) == Same(alone)
    assert simulate(simulation, trials=25_000, kept=tmp_path) == Same(alone)
    assert simulate(replace(simulation, seed=12), trials=25_000) != Same(alone)


class Same:
    """The very same numbers."""

    def __init__(self, told):
        self.told = told

    def __eq__(self, found):
        return repr(found) == repr(self.told)


def test_a_trial_is_the_same_in_whichever_share_it_is_simulated():
    simulation = simulation_of(TiteBoin(target=0.3))
    whole, _ = late_sums(simulation, 0, 10)
    parts = [late_sums(simulation, first, 5)[0] for first in (0, 5)]
    assert np.allclose(whole, np.sum(parts, axis=0), rtol=1e-14)


@pytest.mark.parametrize("share", [None, 0.5], ids=["even", "late"])
@pytest.mark.parametrize("design", [LATE[0], LATE[2]], ids=["threes", "next dose"])
def test_what_is_left_out_of_a_plain_trial_changes_nothing(design, share):
    setting = replace(SETTING, late=share, escalate_after=28.0, escalate_complete=1)
    simulation = simulation_of(design, setting=setting)
    world, frame = world_of(simulation.truth, setting), frame_of(simulation)
    plan = plan_of(design, most=18, whole=True)
    assert is_plain(world, frame, plan)
    plain = late.run_plain(11, 0, 300, world, frame, plan, 0.3)
    np.testing.assert_array_equal(plain, late.run(11, 0, 300, world, frame, plan, 0.3))


@pytest.mark.parametrize(
    "change",
    [
        {"setting": replace(SETTING, lag=(0.0, 7.0))},
        {"setting": replace(SETTING, made=0.9)},
        {"setting": replace(SETTING, lost=0.1)},
        {"setting": replace(SETTING, matures=(5.0, 5.0))},
        {"setting": replace(SETTING, committee=7.0)},
        {"setting": replace(SETTING, whole_cohorts=False)},
        {"rules": Rules(sentinel=14)},
        {"rules": Rules(most_at_dose=6)},
        {"rules": Rules(parallel_cohorts=False)},
        {"design": LATE[1]},  # wakes on arrival
        {"design": RollingSix()},
        {"design": CRM},
    ],
)
def test_no_trial_is_plain_in_which_something_else_may_happen(change):
    simulation = replace(simulation_of(TiteBoin(target=0.3)), **change)
    world, frame = world_of(simulation.truth, simulation.setting), frame_of(simulation)
    assert not is_plain(world, frame, plan_of(simulation.design, most=18))


def test_late_dlts_come_to_the_same_patients():
    even = simulation_of(LATE[0], truth=(0.4, 0.4, 0.4))
    later = replace(even, setting=replace(SETTING, late=0.8))
    for number in range(20):
        first, second = course_of(even, number), course_of(later, number)
        both = min(len(first.dlt), len(second.dlt))
        assert first.dlt[:both] == second.dlt[:both]


def test_two_designs_meet_the_same_patients():
    first, second = (
        course_of(simulation_of(design, truth=(0.4, 0.4, 0.4)), 3) for design in (LATE[0], CRM)
    )
    assert first.dlt == second.dlt


@pytest.mark.parametrize("design", [Boin(target=0.3), TiteBoin(target=0.3), RollingSix()])
def test_fewer_candidates_make_a_longer_trial(design):
    slow, fast = (
        simulation_of(design, setting=replace(SETTING, accrual=accrual)) for accrual in (1, 4)
    )
    slow, fast = simulate_each([slow, fast], trials=4_000)
    assert slow.mean.duration_days > fast.mean.duration_days + 100


@pytest.mark.parametrize("design", [Boin(target=0.3), TiteBoin(target=0.3), RollingSix()])
def test_the_lag_makes_the_trial_longer_more_than_once(design):
    late = replace(SETTING, lag=(30.0, 30.0))
    found = simulate_each(
        [simulation_of(design), simulation_of(design, setting=late)], trials=4_000
    )
    longer = found[1].mean.duration_days - found[0].mean.duration_days
    assert longer > 30


@pytest.mark.parametrize("design", [Boin(target=0.3), TiteBoin(target=0.3), CRM])
def test_who_is_lost_is_replaced_within_the_subjects_or_beyond(design):
    setting = replace(SETTING, lost=0.2, made=0.8)
    within, beyond = (
        simulate(
            simulation_of(
                design,
                truth=(0.05, 0.1, 0.2),
                setting=setting,
                rules=Rules(replacements_count=counting),
            ),
            trials=4_000,
        ).mean
        for counting in (True, False)
    )
    assert within.characteristics.subjects == pytest.approx(18, abs=0.1)
    evaluable = beyond.characteristics.subjects - beyond.not_evaluable
    assert evaluable == pytest.approx(18, abs=0.1)
    assert within.not_evaluable > 2
    assert within.not_infused == pytest.approx(18 / 0.8 - 18, abs=0.3)


def test_without_product_and_loss_nobody_is_missing():
    found = simulate(simulation_of(TiteBoin(target=0.3)), trials=1_000).mean
    assert (found.not_infused, found.not_evaluable) == (0, 0)


def test_a_trial_without_toxicity_selects_the_highest_level():
    found = simulate(simulation_of(TiteBoin(target=0.3), truth=(0.0, 0.0, 0.0)), trials=1_000)
    assert found.mean.characteristics.selection.tolist() == [0, 0, 0, 1]
    assert found.mcse.characteristics.selection.tolist() == [0, 0, 0, 0]


def test_a_trial_with_nothing_but_toxicity_selects_no_level():
    found = simulate(simulation_of(TiteBoin(target=0.3), truth=(1.0, 1.0, 1.0)), trials=1_000)
    assert found.mean.characteristics.selection.tolist() == [1, 0, 0, 0]
    assert found.mean.characteristics.stopped > 0.99


@pytest.mark.parametrize("most", [6, 7])  # whole cohorts, and one that is cut short
@pytest.mark.parametrize("design", [Boin(target=0.3), TiteBoin(target=0.3)])
def test_enough_at_a_dose_end_the_escalation(design, most):
    rules = Rules(most_at_dose=most)
    found = simulate(simulation_of(design, rules=rules), trials=1_000).mean.characteristics
    assert np.all(found.patients <= most)
    assert found.stopped > 0.5


def test_the_waiting_times_are_exponential_beyond_the_edge_too():
    times = draw.exponentials(3, 0, 100_000, draw.ARRIVAL, 10)
    for at in (0.1, 1.0, 3.0, 7.5, 9.0):
        share, told = (times > at).mean(), np.exp(-at)
        assert abs(share - told) <= 5 * np.sqrt(told / times.size)


def test_streams_do_not_follow_each_other():
    drawn = [draw.uniforms(3, 0, 20_000, stream, 2) for stream in range(draw.SETTLING + 1)]
    apart = np.corrcoef(np.column_stack([*drawn, draw.uniforms(4, 0, 20_000, 0, 2)]).T)
    assert np.abs(apart - np.eye(len(apart))).max() < 0.03


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"truth": (0.1, 1.2, 0.3)}, "true rates: must be 0 to 1, got 1.2"),
        ({"truth": ()}, "true rates: must be at least 1, got none"),
        ({"subjects": 0}, "simulation: subjects must be 1 or more, got 0"),
        (
            {"design": CRM, "truth": (0.1, 0.2)},
            "true rates: must be 3, one for each dose level, got 2",
        ),
    ],
)
def test_what_cannot_be_simulated_is_one_clear_line(change, told):
    with pytest.raises(RuleError) as error:
        simulate(simulation_of(**({"design": TiteBoin(target=0.3)} | change)), trials=100)
    assert str(error.value) == told


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"accrual": 0}, "simulation: accrual must be above 0 a month, got 0"),
        ({"lag": (40, 20)}, "simulation: lag must rise from 0 or more, got (40, 20)"),
        ({"late": 1.0}, "simulation: late must be between 0 and 1, got 1.0"),
        ({"made": 0.0}, "simulation: made must be above 0 and at most 1, got 0.0"),
    ],
)
def test_a_setting_that_cannot_be_is_one_clear_line(change, told):
    with pytest.raises(RuleError) as error:
        replace(SETTING, **change)
    assert str(error.value) == told


def test_one_trial_has_no_error():
    with pytest.raises(RuleError, match="simulation: trials must be 2 or more, got 1"):
        simulate(simulation_of(Boin(target=0.3)), trials=1)


def test_help_loads_no_compiler_and_no_cluster():
    code = "import sys, cartrial.cli.main; print({'numba', 'distributed'} & set(sys.modules))"
    found = run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "set()"
