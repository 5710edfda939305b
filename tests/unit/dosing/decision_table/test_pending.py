import pytest

from cartrial.dosing.decision_table.pending import pending_rows
from cartrial.dosing.design import rolling_six, tite_boin
from cartrial.dosing.design.tite_boin import Pending
from cartrial.protocol.design import Boin, RollingSix, TiteBoin

TITE = TiteBoin(target=0.3)


def words(design, most):
    return {
        (row.treated, row.dlts, row.pending): row.words for row in pending_rows(design, most=most)
    }


def test_the_follow_up_at_which_a_decision_gives_way_to_the_next():
    found = words(TITE, 6)
    assert found[3, 0, 2] == "wait"
    assert found[6, 0, 1] == "escalate"
    assert found[6, 1, 2] == "stay; escalate from 0.60 windows on"
    assert found[6, 3, 1] == "de-escalate"


@pytest.mark.parametrize("variant", ["imputation", "effective sample size"])
def test_the_table_says_what_the_design_decides(variant):
    design = TiteBoin(target=0.3, variant=variant)
    for row in pending_rows(design, most=9):
        ends = [since for since, _ in row.decisions[1:]] + [float(row.pending)]
        for (since, decision), end in zip(row.decisions, ends, strict=True):
            for followed in (since + 1e-6, (since + end) / 2):
                pending = Pending(row.pending, min(followed, row.pending))
                asked = {"treated": row.treated, "dlts": row.dlts, "pending": pending}
                assert tite_boin.decide(design, **asked) == decision


def test_rows_with_the_same_decision_are_one():
    rows = [row for row in pending_rows(TITE, most=6) if (row.treated, row.dlts) == (6, 3)]
    assert [(row.pending, row.most, row.words) for row in rows] == [(1, 3, "de-escalate")]


def test_the_rolling_six_waits_with_six_and_else_goes_on():
    found = words(RollingSix(), 18)
    assert max(treated for treated, _, _ in found) == 6
    assert found[6, 0, 2] == "wait"
    assert found[5, 0, 1] == "stay"
    assert found[6, 0, 1] == "escalate"
    assert found[4, 2, 1] == "bar"
    assert rolling_six.decide(settled=5, dlts=0, pending=1) == 1


def test_a_design_that_waits_for_all_has_no_such_table():
    assert pending_rows(Boin(target=0.3), most=18) == ()
