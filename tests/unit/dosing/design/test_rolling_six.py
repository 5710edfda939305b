"""Rolling six: ends and edges (the decision table itself is tests/oracle/rolling_six)."""

import pytest

from cartrial.dosing.design.rolling_six import advise, select_mtd
from cartrial.errors import RuleError
from cartrial.protocol.design import RollingSix
from tests.trials import counts_of

DESIGN = RollingSix()


def next_dose(line, *, pending=0, levels=2):
    found = advise(DESIGN, counts_of(line, levels=levels), pending=pending)
    return found.level, found.wait, found.reason


@pytest.mark.parametrize(
    ("line", "pending", "level", "wait", "reason"),
    [
        ("", 0, 1, False, "nobody treated: start at dose level 1"),
        ("1NN", 1, 1, False, "0 DLT in 2 at dose level 1, 1 pending: stay"),
        ("1NNN", 0, 2, False, "0 DLT in 3 at dose level 1: escalate"),
        ("1NNNT", 2, None, True, "1 DLT in 4 at dose level 1, 2 pending: wait"),
        ("1NNN 2NNT", 0, 2, False, "1 DLT in 3 at dose level 2: stay"),
        ("1NNN 2NTT", 0, 1, False, "2 DLT in 3 at dose level 2: barred: de-escalate"),
        ("1TT", 1, None, False, "2 DLT in 2 at dose level 1, 1 pending: barred; "
                                "no dose level is left: stop"),
    ],
)  # fmt: skip
def test_the_next_patient(line, pending, level, wait, reason):
    assert next_dose(line, pending=pending) == (level, wait, reason)


@pytest.mark.parametrize(
    ("line", "pending", "level", "wait"),
    [
        ("1NNN 2NNN", 0, 2, False),
        ("1NNN 2NNNN", 0, 2, False),
        ("1NNN 2NNNNN", 0, None, False),
        ("1NNN 2NNNNN", 1, None, False),
        ("1NNN 2NNNNNT", 0, None, False),
        ("1NNN 2NNNT", 2, None, True),
    ],
)
def test_the_highest_dose_is_filled_before_it_is_the_mtd(line, pending, level, wait):
    assert next_dose(line, pending=pending)[:2] == (level, wait)


def test_the_dose_below_a_barred_one_is_filled_before_it_is_the_mtd():
    assert next_dose("1NNN 2TT 1N")[0] == 1
    ended = next_dose("1NNN 2TT 1NN")
    assert ended == (None, False, "0 DLT in 5 at dose level 1: stop, the MTD is dose level 1")
    assert next_dose("1NNN 1N 2TT 1T")[:2] == (1, False)


@pytest.mark.parametrize(
    ("line", "mtd"), [("1NNNNN 2TT", 1), ("1NNN 2NNNNNT", 2), ("1TT", None), ("1NN", None)]
)
def test_the_mtd_is_the_highest_dose_that_has_passed(line, mtd):
    assert select_mtd(DESIGN, counts_of(line, levels=2)) == mtd


@pytest.mark.parametrize(
    ("pending", "message"),
    [
        (4, "dose level 1: patients must be at most 6 in a rolling six, got 7"),
        (-1, "pending patients must be 0 or more, got -1"),
    ],
)
def test_numbers_that_cannot_be_are_refused(pending, message):
    with pytest.raises(RuleError) as fault:
        next_dose("1NNN", pending=pending)
    assert str(fault.value) == message
