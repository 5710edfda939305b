"""BOIN: the R package's boundaries, decisions and selected doses (see README.md)."""

import json
from pathlib import Path

import pytest

from cartrial.dosing.boin import boundaries, decide, isotonic_rates, select_mtd
from cartrial.dosing.decision import Decision
from cartrial.dosing.state import Patient, State
from cartrial.protocol.study import Boin

CASES = json.loads((Path(__file__).parent / "boin.json").read_text("utf-8"))
LETTERS = {
    "E": Decision.ESCALATE,
    "S": Decision.STAY,
    "D": Decision.DEESCALATE,
    "DU": Decision.ELIMINATE,
}


def named(kind):
    return pytest.mark.parametrize("case", CASES[kind], ids=[c["id"] for c in CASES[kind]])


def design_of(given):
    target = given["target"]
    return Boin(
        target=target,
        safe=given.get("p_saf", 0.6 * target) / target,
        toxic=given.get("p_tox", 1.4 * target) / target,
        eliminate_above=given.get("cutoff_eli", 0.95),
    )


def finished(given):
    patients = []
    for level, (n, y) in enumerate(zip(given["n"], given["y"], strict=True), start=1):
        patients += [Patient("", level, "DLT", 10)] * y
        patients += [Patient("", level, "complete", 84)] * (n - y)
    return State(levels=len(given["n"]), patients=tuple(patients))


def in_the_table(row, dlts):
    if row["eliminate"] is not None and dlts >= row["eliminate"]:
        return Decision.ELIMINATE
    if dlts <= row["escalate"]:
        return Decision.ESCALATE
    return Decision.DEESCALATE if dlts >= row["deescalate"] else Decision.STAY


@named("boundary")
def test_every_cell_of_the_boundary_table(case):
    design, told = design_of(case["inputs"]), case["expected"]
    assert boundaries(design) == pytest.approx((told["lambda_e"], told["lambda_d"]), abs=1e-9)
    for i, treated in enumerate(told["n"]):
        row = {
            "escalate": told["escalate_if_le"][i],
            "deescalate": told["deescalate_if_ge"][i],
            "eliminate": told["eliminate_if_ge"][i],
        }
        found = [decide(design, treated=treated, dlts=k) for k in range(treated + 1)]
        assert found == [in_the_table(row, k) for k in range(treated + 1)]


@named("decision")
def test_decisions(case):
    given = case["inputs"]
    found = decide(design_of(given), treated=given["n"], dlts=given["y"])
    assert found == LETTERS[case["expected"]["decision"]]


@named("select_mtd")
def test_the_selected_dose_and_the_isotonic_rates(case):
    state = finished(case["inputs"])
    assert (select_mtd(design_of(case["inputs"]), state) or 0) == case["expected"]["mtd"]
    told = [rate for rate in case["expected"]["phat_iso_treated"] if rate is not None]
    found = isotonic_rates([tally for tally in state.tallies() if tally.decided])
    assert found == pytest.approx(told, abs=1e-8)
