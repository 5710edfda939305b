"""TITE-BOIN with the effective sample size: the R package TITEgBOIN's next dose (see README.md)."""

import json
from pathlib import Path

import pytest

from cartrial.dosing.counts import Counts
from cartrial.dosing.design.tite_boin import Pending, advise
from cartrial.protocol.design import TiteBoin

CASES = json.loads((Path(__file__).parent / "cases.json").read_text("utf-8"))


def advice(given):
    levels = len(given["n"])
    design = TiteBoin(
        target=given["target"],
        variant="effective sample size",
        suspend_above=given["max_pending_ratio"],
        complete=given["min_completed"],
    )
    settled = tuple(n - c for n, c in zip(given["n"], given["n_pending"], strict=True))
    pending = [
        Pending(c, days / given["window"])
        for c, days in zip(given["n_pending"], given["total_followup_pending"], strict=True)
    ]
    counts = Counts(settled, tuple(given["n_dlt"]), given["dose"], levels + 1)
    return advise(design, counts, pending)


@pytest.mark.parametrize("case", CASES, ids=[c["id"] for c in CASES])
def test_next_dose(case):
    given, expected = case["inputs"], case["expected"]
    found = advice(given)
    assert found.stop == expected["trial_stop"]
    assert found.wait == expected["suspend"]
    assert (given["dose"] if found.wait else found.level) == expected["next_dose"]
    eliminated = expected["eliminated"]
    assert found.barred == (eliminated.index(1) + 1 if 1 in eliminated else len(eliminated) + 1)
