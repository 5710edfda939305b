import pytest

from cartrial.results.response.agreement import agreement, response_discrepancies
from cartrial.results.response.listing import response_listing
from tests.unit.results.made import cell, labels, output, trial, who

ADSL = """
SAFFL = Y
TRT01AN = 1
TRTSDT = 2025-01-01
subject
A
B
C
"""
# A: agree, differ, and one visit of the investigator alone; B: agree; C: never derived
ADRS = """
subject  PARAMCD  ADT         ADAY  SRCSEQ  AVALC  EXPLAIN                        CAPPED
A        OVR      2025-01-29  28    1       PR     -                              -
A        DOVR     2025-01-30  29    1       PR     Serum M-protein fell by 60 %.  -
A        OVR      2025-03-03  61    2       CR     -                              -
A        DOVR     2025-03-03  61    2       VGPR   Immunofixation was not done.   fixation of serum
A        OVR      2025-04-02  91    3       CR     -                              -
A        STAT     2025-03-03  61    2       VGPR   -                              -
A        UBOR     2025-03-03  61    -       CR     -                              -
A        DUBOR    2025-03-03  61    -       VGPR   -                              -
A        CBOR     2025-03-03  61    -       CR     -                              -
A        DCBOR    2025-03-03  61    -       VGPR   -                              -
B        OVR      2025-01-29  28    1       SD     -                              -
B        DOVR     2025-01-29  28    1       SD     Serum M-protein fell by 10 %.  -
B        UBOR     2025-01-29  28    -       SD     -                              -
B        DUBOR    2025-01-29  28    -       SD     -                              -
B        CBOR     2025-01-29  28    -       SD     -                              -
B        DCBOR    2025-01-29  28    -       SD     -                              -
C        OVR      2025-01-29  28    1       PR     -                              -
C        UBOR     2025-01-29  28    -       PR     -                              -
C        CBOR     2025-01-29  28    -       PR     -                              -
A        SPEP     2025-03-03  61    2       VGPR   -                              -
"""


def made(rows: str = ADRS):
    return trial(ADSL=ADSL, ADRS=rows)


def test_visits_are_crossed_and_those_not_judged_by_one_stand_apart():
    table = output(agreement(made()), "response_by_visit")
    assert cell(table, "Investigator: PR", "PR")["n"] == 1
    assert cell(table, "Investigator: CR", "VGPR")["n"] == 1
    assert who(table, "Investigator: CR", "Not judged") == "A"
    assert who(table, "Investigator: PR", "Not judged") == "C"
    assert sum(cell(table, label)["n"] for label in labels(table)) == 5


def test_the_share_that_agrees_is_of_the_visits_evaluated_by_both():
    table = output(agreement(made()), "response_agreement")
    found = cell(table, "The same response, of those evaluated by both", "By visit")
    assert (found["n"], found["of"]) == (2, 3)
    # observed 2/3; by chance PR 1/3 x 1/3 + SD 1/3 x 1/3 = 2/9; kappa (2/3 - 2/9) / (7/9) = 4/7
    assert cell(table, "Kappa", "By visit")["value"] == pytest.approx(4 / 7)


@pytest.mark.parametrize(
    ("investigator", "derived", "same", "not_evaluable"),
    [
        ("SD", "SD", (2, 3), 0),
        ("NE", "SD", (1, 2), 1),
        ("SD", "NE", (1, 2), 1),
        ("NE", "NE", (1, 2), 1),  # two who do not know do not agree
    ],
)
def test_a_visit_that_could_not_be_evaluated_neither_agrees_nor_differs(
    investigator, derived, same, not_evaluable
):
    first = "  2025-01-29  28    1       SD  "
    rows = ADRS.replace(f"B        OVR    {first}", f"B  OVR  {first.replace('SD', investigator)}")
    rows = rows.replace(f"B        DOVR   {first}", f"B  DOVR  {first.replace('SD', derived)}")
    table = output(agreement(made(rows)), "response_agreement")
    found = cell(table, "The same response, of those evaluated by both", "By visit")
    assert (found["n"], found["of"]) == same
    label = "NE (not evaluable) by one or both, of those judged by both"
    lacking = cell(table, label, "By visit")
    assert (lacking["n"], lacking["of"]) == (not_evaluable, 3)


def test_best_responses_are_crossed_by_subject():
    table = output(agreement(made()), "best_response_by_both")
    assert who(table, "Investigator: CR", "VGPR") == "A"
    assert who(table, "Investigator: SD", "SD") == "B"
    assert who(table, "Investigator: PR", "Not judged") == "C"
    shares = output(agreement(made()), "response_agreement")
    row = cell(shares, "The same response, of those evaluated by both", "Best response, by subject")
    assert (row["n"], row["of"]) == (1, 2)


def test_a_visit_at_which_they_differ_is_listed_with_the_reason():
    listed = output(response_discrepancies(made()), "response_discrepancies")
    assert labels(listed) == ["A"]
    shown = {c["group"]: c["text"] for c in listed.cells}
    assert (shown["Day"], shown["Investigator"], shown["Derived"]) == ("61", "CR", "VGPR")
    assert shown["Why by the criteria"] == "Immunofixation was not done."
    assert shown["Missing for a better response"] == "fixation of serum"


def test_nothing_is_compared_where_one_of_them_judged_nobody():
    alone = "\n".join(line for line in ADRS.splitlines() if " DOVR " not in line)
    assert agreement(made(alone)) == ()
    assert response_discrepancies(made(alone)) == ()


def test_every_visit_is_listed_and_who_has_no_raw_values_is_named():
    [listed] = response_listing(made())
    assert labels(listed) == ["A", "A", "A", "B", "C"]
    status = [c["text"] for c in listed.cells if c["group"] == "Confirmed status"]
    assert status == ["none yet", "VGPR", "none yet", "none yet", "none yet"]
    why = [c["text"] for c in listed.cells if c["group"] == "Why by the criteria"]
    assert why[2] == "no raw values at this visit"
    assert "Without raw values after the infusion, so not derived: C." in listed.output.footnotes


def test_a_visit_judged_as_the_one_before_is_marked_and_one_that_changed_is_not():
    again = (
        ADRS
        + "B  OVR   2025-03-03  61  2  SD  -  -\nB  DOVR  2025-03-03  61  2  SD  As before.  -\n"
    )
    [listed] = response_listing(made(again))
    repeated = [(row.label, row.repeats) for row in listed.output.rows if row.label in "AB"]
    assert repeated == [("A", False), ("A", False), ("A", False), ("B", False), ("B", True)]
