"""What is always true of exact operating characteristics; runs over all designs that have them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartrial.dosing.design import boin, i3_3, keyboard, mtpi2, three_plus_three
from cartrial.dosing.exact.enumeration import enumerate_ends, evaluate
from cartrial.dosing.exact.policy import policy_of
from cartrial.protocol.design import (
    Boin,
    DecisionTable,
    IThreePlusThree,
    Keyboard,
    Mtpi2,
    ThreePlusThree,
)
from cartrial.protocol.model_design import Blrm, Crm
from tests.trials import ends as followed

LEVELS, SUBJECTS = 3, 12
ROWS = {3: "ESDU", 6: "EESDUUU", 9: "EEESDDUUUU", 12: "EEESSDDUUUUUU"}

COUNTED = {
    "3+3": (three_plus_three, ThreePlusThree()),
    "3+3 expand": (three_plus_three, ThreePlusThree(variant="expand", six_at_top=True)),
    "i3+3": (i3_3, IThreePlusThree(target=0.3)),
    "mTPI-2": (mtpi2, Mtpi2(target=0.25)),
    "keyboard": (keyboard, Keyboard(target=0.3, cohort=2)),
    "BOIN": (boin, Boin(target=0.3)),
    "BOIN, single patients first": (boin, Boin(target=0.3, titration=True, extra_safe=True)),
}
DESIGNS = {name: design for name, (_, design) in COUNTED.items()} | {
    "table": DecisionTable(rows=ROWS, target=0.3),
    "CRM": Crm(target=0.3, skeleton=(0.15, 0.3, 0.45)),
    "BLRM": Blrm(doses=(1, 2, 4), reference=2, mean=(-2, 0), sd=(2, 1)),
}
ENDS = {
    name: enumerate_ends(policy_of(design, subjects=SUBJECTS), levels=LEVELS, subjects=SUBJECTS)
    for name, design in DESIGNS.items()
}
every = pytest.mark.parametrize("name", DESIGNS)
rate = st.floats(0, 1)
truths = st.tuples(*[rate] * LEVELS)


@every
@given(truths)
def test_probabilities_sum_to_1_and_patients_to_the_subjects(name, truth):
    found = evaluate(ENDS[name], truth, target=0.3)
    assert found.selection.sum() == pytest.approx(1, abs=1e-12)
    assert found.selection.min() >= 0
    assert float(found.subjects) <= SUBJECTS + 1e-9
    assert float(found.subjects) >= SUBJECTS * (1 - float(found.stopped)) - 1e-9
    assert 0 <= float(found.over_target) <= 1


@every
@given(truths)
def test_the_mean_dlts_are_those_of_the_ends(name, truth):
    ends = ENDS[name]
    mean = ends.probabilities(truth) @ ends.dlts
    assert evaluate(ends, truth, target=0.3).dlts == pytest.approx(mean, abs=1e-11)


@pytest.mark.parametrize("name", [name for name in DESIGNS if "single" not in name])
@given(truths, truths)
def test_higher_true_rates_never_make_it_likelier_that_a_level_is_selected_at_all(name, one, two):
    low, high = np.minimum(one, two), np.maximum(one, two)
    none = evaluate(ENDS[name], np.stack([low, high]), target=0.3).selection[:, 0]
    assert none[0] <= none[1] + 1e-12


@given(truths, truths)
def test_higher_true_rates_never_raise_the_dose_that_a_3_plus_3_selects(one, two):
    low, high = np.minimum(one, two), np.maximum(one, two)
    selection = evaluate(ENDS["3+3"], np.stack([low, high]), target=0.3).selection
    at_most = selection.cumsum(axis=1)
    assert np.all(at_most[0] <= at_most[1] + 1e-12)


@pytest.mark.parametrize("name", COUNTED)
@given(truths)
def test_the_enumeration_is_every_trial_followed_step_by_step(name, truth):
    module, design = COUNTED[name]
    selection, patients = np.zeros(LEVELS + 1), np.zeros(LEVELS)
    for counts, chance in followed(module.advise, design, truth, subjects=SUBJECTS).items():
        selection[module.select_mtd(design, counts) or 0] += chance
        patients += chance * np.array(counts.treated)
    found = evaluate(ENDS[name], truth, target=0.3)
    assert found.selection == pytest.approx(selection, abs=1e-12)
    assert found.patients == pytest.approx(patients, abs=1e-11)
