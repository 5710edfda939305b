"""Cumulative incidence and its variance agree with lifelines 0.30.3 at every time."""

import json
from pathlib import Path

import pytest

from cartrial.estimate.competing import estimate_incidence

CASES = json.loads(Path(__file__).with_name("cases.json").read_text("utf-8"))
CLOSE = 1e-12  # absolute


def compared(case):
    """(ours, theirs) of every number that lifelines has."""
    curve = estimate_incidence(case["time"], case["cause"])
    for row, theirs in enumerate((case["cause 1"], case["cause 2"])):
        yield from zip(curve.incidence[row], theirs["incidence"], strict=True)
        pairs = zip(curve.std_err[row] ** 2, theirs["variance"], strict=True)
        yield from ((ours, variance) for ours, variance in pairs if variance is not None)


@pytest.mark.parametrize("case", CASES)
def test_two_competing_causes(case):
    assert estimate_incidence(case["time"], case["cause"]).times.tolist() == case["at"]
    for ours, theirs in compared(case):
        assert ours == pytest.approx(theirs, abs=CLOSE)


def test_every_number_of_theirs_is_compared():
    assert sum(len(list(compared(case))) for case in CASES) == 802
