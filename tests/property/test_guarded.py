"""Enumerated within the rules of a study, a design does what the conduct of every trial does."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartrial.dosing.exact.enumeration import enumerate_ends, evaluate
from cartrial.dosing.exact.guarded import guarded_policy
from cartrial.protocol.design import (
    Boin,
    DecisionTable,
    IThreePlusThree,
    Keyboard,
    Mtpi2,
    ThreePlusThree,
)
from cartrial.protocol.model_design import Blrm, Crm
from cartrial.protocol.rules import Rules, TooToxic
from cartrial.protocol.study import Dlt
from tests.trials import conducted

LEVELS, SUBJECTS = 3, 9
ROWS = {n: "E" + "S" * (n - 2) + "DU" for n in range(2, 10)} | {1: "ED"}
SKELETON = (0.15, 0.3, 0.45)
DESIGNS = {
    "3+3": ThreePlusThree(),
    "3+3 expand": ThreePlusThree(variant="expand", six_at_top=True),
    "i3+3": IThreePlusThree(target=0.3),
    "mTPI-2": Mtpi2(target=0.25),
    "keyboard": Keyboard(target=0.3),
    "BOIN": Boin(target=0.3),
    "BOIN, start at 2": Boin(target=0.3, start=2),
    "BOIN, next dose": Boin(target=0.3, final="next dose"),
    "BOIN, single patients first": Boin(target=0.3, titration=True, extra_safe=True),
    "table": DecisionTable(rows=ROWS, target=0.3),
    "CRM": Crm(target=0.3, skeleton=SKELETON, coherence="none", skip=True),
    "CRM, coherent": Crm(target=0.3, skeleton=SKELETON),
    "BLRM": Blrm(doses=(1, 2, 4), reference=2, mean=(-2, 0), sd=(2, 1)),
}
RULES = st.builds(
    Rules,
    no_skipping=st.booleans(),
    too_toxic=st.sampled_from([None, TooToxic(rate=0.3, probability=0.8), TooToxic(rate=0.2)]),
    most_at_dose=st.sampled_from([None, 3, 4, 6]),
    while_short=st.sampled_from(["stay", "wait"]),
    parallel_cohorts=st.booleans(),
    stop_at_planned=st.booleans(),
)
truths = st.tuples(*[st.floats(0, 1)] * LEVELS)


@pytest.mark.parametrize("name", DESIGNS)
@settings(max_examples=10)
@given(RULES, st.sampled_from([0, 2, 3]), truths)
def test_the_enumeration_is_every_trial_conducted_cohort_by_cohort(name, rules, complete, truth):
    design = DESIGNS[name]
    dlt = Dlt(definition="any", window=84, escalate_after=28, escalate_complete=complete)
    selection, patients = conducted(design, dlt, rules, truth, subjects=SUBJECTS)
    policy = guarded_policy(design, rules, subjects=SUBJECTS, complete=complete)
    ends = enumerate_ends(policy, levels=LEVELS, subjects=SUBJECTS)
    found = evaluate(ends, truth, target=0.3)
    assert found.selection.tolist() == pytest.approx(selection, abs=1e-12)
    assert found.patients.tolist() == pytest.approx(patients, abs=1e-11)
