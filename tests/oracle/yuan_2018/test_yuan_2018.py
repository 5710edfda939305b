"""TITE-BOIN: the published decision tables (see README.md)."""

import json
from pathlib import Path

import pytest

from cartrial.dosing.decision import Decision
from cartrial.dosing.design.tite_boin import Pending, decide
from cartrial.protocol.design import TiteBoin

CASES = json.loads((Path(__file__).parent / "cases.json").read_text("utf-8"))
PRINTED = 0.011  # windows of follow-up: two decimals
LETTERS = {
    "E": Decision.ESCALATE,
    "S": Decision.STAY,
    "D": Decision.DEESCALATE,
    "DU": Decision.ELIMINATE,
    "SUS": None,
}


def design_of(given):
    return TiteBoin(
        target=given["target"],
        suspend_above=given["max_pending_ratio"],
        complete=given["min_completed"],
    )


def decided(given, followed):
    pending = Pending(given["n_pending"], followed)
    design = design_of(given)
    return decide(design, treated=given["n"], dlts=given["n_dlt"], pending=pending)


@pytest.mark.parametrize("case", CASES, ids=[c["id"] for c in CASES])
def test_every_state_of_the_published_tables(case):
    given, expected = case["inputs"], case["expected"]
    at_least, at_most = expected["stft_escalate"], expected["stft_deescalate"]
    if at_least is not None:
        assert decided(given, at_least + PRINTED) == Decision.ESCALATE
        assert decided(given, at_least - PRINTED) == Decision.STAY
    elif at_most is not None:
        assert decided(given, at_most - PRINTED) == Decision.DEESCALATE
        assert decided(given, at_most + PRINTED) == Decision.STAY
    else:
        followed = (0.0, given["n_pending"] / 2, float(given["n_pending"]))
        assert {decided(given, f) for f in followed} == {LETTERS[expected["decision"]]}
