"""i3+3: the R package PhIdesign's boundaries and decisions (see README.md)."""

import json
from functools import partial
from pathlib import Path

import pytest

from cartrial.dosing.decision import Decision
from cartrial.dosing.decision_table.rule import limits, ranges
from cartrial.dosing.design import i3_3
from cartrial.protocol.design import IThreePlusThree

CASES = json.loads((Path(__file__).parent / "cases.json").read_text("utf-8"))
LETTERS = {"E": Decision.ESCALATE, "S": Decision.STAY, "D": Decision.DEESCALATE}
NEVER = 1000  # patients: the package's table has no elimination


def named(kind):
    return pytest.mark.parametrize("case", CASES[kind], ids=[c["id"] for c in CASES[kind]])


def design_of(given):
    return IThreePlusThree(
        target=given["target"],
        below=given["target"] - given["ei_lower"],
        above=given["ei_upper"] - given["target"],
        fewest_to_eliminate=NEVER,
    )


@named("boundary")
def test_every_row_of_the_boundary_table(case):
    rule = partial(i3_3.decide, design_of(case["inputs"]))
    sizes = range(1, case["inputs"]["n_max"] + 1)
    found = [limits(ranges(rule, treated=n)) for n in sizes]
    assert [row.escalate for row in found] == case["expected"]["escalate_if_le"]
    assert [row.deescalate for row in found] == case["expected"]["deescalate_if_ge"]


@named("decision")
def test_decisions(case):
    given = case["inputs"]
    found = i3_3.decide(design_of(given), treated=given["n"], dlts=given["y"])
    assert found == LETTERS[case["expected"]["decision"]]
