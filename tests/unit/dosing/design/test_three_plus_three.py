"""3+3: what the peers' cases do not show (see tests/oracle/escalation for those)."""

import pytest

from cartrial.dosing.counts import Counts
from cartrial.dosing.design.three_plus_three import advise, select_mtd
from cartrial.errors import RuleError
from cartrial.protocol.design import ThreePlusThree
from tests.trials import counts_of, follow

PREVIOUS = ThreePlusThree()
EXPAND = ThreePlusThree(variant="expand")


def next_dose(line, design=PREVIOUS, *, levels=3):
    found = advise(design, counts_of(line, levels=levels))
    return found.level, found.places, found.reason


@pytest.mark.parametrize(
    ("line", "level", "places", "reason"),
    [
        ("", 1, 3, "nobody treated: start at dose level 1"),
        ("1N", 1, 2, "0 DLT in 1 at dose level 1, 2 more: stay"),
        ("1NNN", 2, 3, "0 DLT in 3 at dose level 1: escalate"),
        ("1NNT", 1, 3, "1 DLT in 3 at dose level 1, 3 more: stay"),
        ("1NNT 1N", 1, 2, "1 DLT in 4 at dose level 1, 2 more: stay"),
        ("1NNT 1NNN", 2, 3, "1 DLT in 6 at dose level 1: escalate"),
        ("1TT", None, 0, "2 DLT in 2 at dose level 1: barred; no dose level is left: stop"),
        ("1NNN 2NTT", None, 0, "2 DLT in 3 at dose level 2: barred: stop, the MTD is dose level 1"),
        (
            "1NNN 2NNN 3NNN",
            None,
            0,
            "0 DLT in 3 at dose level 3: stop, the MTD is dose level 3",
        ),
    ],
)
def test_the_next_dose(line, level, places, reason):
    assert next_dose(line) == (level, places, reason)


def test_the_dose_below_a_barred_one_may_need_six():
    assert next_dose("1NNN 2NTT", EXPAND) == (
        1,
        3,
        "2 DLT in 3 at dose level 2: barred: 3 more at dose level 1",
    )
    assert next_dose("1NNT 1NNN 2NTT", EXPAND)[0] is None
    assert next_dose("1NNN 2NNN 3TTN 2NNT", EXPAND)[0] is None
    assert next_dose("1NNN 2NNN 3TTN 2NTT", EXPAND)[:2] == (1, 3)


def test_the_highest_dose_may_need_six():
    six = ThreePlusThree(six_at_top=True)
    assert next_dose("1NNN 2NNN", six, levels=2)[:2] == (2, 3)
    assert next_dose("1NNN 2NNN 2NNT", six, levels=2)[0] is None


def test_a_dose_below_the_start_is_tried_before_it_is_the_mtd():
    start_at_2 = ThreePlusThree(start=2)
    assert next_dose("", start_at_2)[:2] == (2, 3)
    assert next_dose("2NTT", start_at_2)[:2] == (1, 3)
    assert next_dose("2NTT 1NNN", start_at_2)[0] is None


@pytest.mark.parametrize(
    ("line", "mtd"),
    [("1NNN 2NTT", 1), ("1NNN 2NNT 2NNN", 2), ("1NNN 2NNT", 1), ("1NTT", None), ("", None)],
)
def test_the_mtd_is_the_highest_dose_that_has_passed(line, mtd):
    assert select_mtd(PREVIOUS, counts_of(line, levels=3)) == mtd


def test_a_barred_dose_stays_barred():
    counts = follow(advise, EXPAND, "1NNN 2NTT 1NNN", levels=3)
    assert counts.barred == 2
    again = Counts((6, 0, 0), (0, 0, 0), current=1, barred=2)
    assert advise(EXPAND, again).level is None


def test_more_patients_than_the_design_can_decide_on_are_refused():
    with pytest.raises(RuleError) as fault:
        next_dose("1NNN 1NNN 1N")
    assert str(fault.value) == "dose level 1: patients must be at most 6 in a 3+3, got 7"


def test_more_dlts_than_patients_are_refused():
    with pytest.raises(RuleError) as fault:
        Counts((3, 0), (4, 0), current=1, barred=3)
    assert str(fault.value) == "dose level 1: DLTs must be 0 to 3 patients, got 4"
