"""BLRM with EWOC: posteriors and next doses of the R package crmPack (see README.md)."""

import json
from pathlib import Path

import pytest

from cartrial.dosing.counts import Counts
from cartrial.dosing.model import blrm
from cartrial.protocol.model_design import Blrm

CASES = json.loads((Path(__file__).parent / "cases.json").read_text("utf-8"))
EXACT = 1e-5  # of the sum that the exact numbers come from

posterior = pytest.mark.parametrize(
    "case", CASES["posterior"], ids=[c["id"] for c in CASES["posterior"]]
)


def design_of(given):
    (first, both), (_, second) = given["cov"]
    sd = (first**0.5, second**0.5)
    return Blrm(
        doses=given["dose_grid"],
        reference=given["ref_dose"],
        mean=given["mean"],
        sd=sd,
        correlation=both / sd[0] / sd[1],
        low=given["target_interval"][0],
        high=given["target_interval"][1],
        overdose=given["max_overdose_prob"],
        skip=True,
    )


def counts_of(given):
    doses = given["dose_grid"]
    seen = list(zip(given["dose"], given["tox"], strict=True))
    treated = tuple(given["dose"].count(dose) for dose in doses)
    dlts = tuple(sum(tox for at, tox in seen if at == dose) for dose in doses)
    return Counts(treated, dlts, doses.index(given["dose"][-1]) + 1, len(doses) + 1)


@posterior
def test_the_posterior(case):
    told, counts = case["expected"], counts_of(case["inputs"])
    found = blrm.fit(design_of(case["inputs"]), [counts.treated], [counts.dlts])
    assert found.rates[0] == pytest.approx(told["mean_ptox"], abs=case["tol"])
    assert found.under[0] == pytest.approx(told["p_under"], abs=case["tol"])
    assert found.target[0] == pytest.approx(told["p_target"], abs=case["tol"])
    assert found.over[0] == pytest.approx(told["p_over"], abs=case["tol"])
    assert found.rates[0] == pytest.approx(told["exact_mean_ptox"], abs=EXACT)
    assert found.under[0] == pytest.approx(told["exact_p_under"], abs=EXACT)
    assert found.over[0] == pytest.approx(told["exact_p_over"], abs=EXACT)


@posterior
def test_the_next_dose(case):
    given = case["inputs"]
    dose = given["dose_grid"][blrm.advise(design_of(given), counts_of(given)).level - 1]
    assert dose == case["expected"]["next_dose_value"] == case["expected"]["exact_next_dose_value"]
