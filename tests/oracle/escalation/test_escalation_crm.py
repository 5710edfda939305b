"""CRM: the R package escalation over all dose paths (see README.md)."""

import json
from pathlib import Path

import pytest

from cartrial.dosing.exact.enumeration import enumerate_ends, evaluate
from cartrial.dosing.exact.policy import policy_of
from cartrial.protocol.model_design import Crm

CASES = json.loads((Path(__file__).parent / "crm.json").read_text("utf-8"))["exact_oc"]


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_the_characteristics_are_those_over_all_dose_paths(case):
    given, told = case["inputs"], case["expected"]
    design = Crm(
        target=given["target"],
        skeleton=given["skeleton"],
        scale=given["scale"],
        coherence="none",
        final="next dose",
    )
    subjects = sum(given["cohort_sizes"])
    policy = policy_of(design, subjects=subjects)
    ends = enumerate_ends(policy, levels=len(given["true_tox"]), subjects=subjects)
    found = evaluate(ends, given["true_tox"], target=given["target"])
    selection = told["prob_recommend_none_then_doses"]
    assert found.selection == pytest.approx(selection, abs=case["tol"])
    assert found.patients / found.subjects == pytest.approx(told["prob_administer"], abs=1e-10)
