"""A decision table of the study's own."""

import pytest

from cartrial.dosing.design.table import advise, select_mtd
from cartrial.errors import RuleError
from cartrial.protocol.design import DecisionTable
from tests.trials import counts_of, follow

ROWS = {3: "ESDU", 6: "EESDUUU"}
TABLE = DecisionTable(rows=ROWS, target=0.3)


@pytest.mark.parametrize(
    ("line", "level", "reason"),
    [
        ("", 1, "nobody treated: start at dose level 1"),
        ("1NNN", 2, "0 DLT in 3 at dose level 1: escalate"),
        ("1NNT", 1, "1 DLT in 3 at dose level 1: stay"),
        ("1NNN 2TTN", 1, "2 DLT in 3 at dose level 2: de-escalate"),
        ("1NNN 2TTT", 1, "3 DLT in 3 at dose level 2: barred"),
        ("1NNT 1NNN", 2, "1 DLT in 6 at dose level 1: escalate"),
        ("1NNT 1TTT", None, "4 DLT in 6 at dose level 1: barred; no dose level is left: stop"),
    ],
)
def test_what_is_written_is_decided(line, level, reason):
    found = advise(TABLE, counts_of(line, levels=3))
    assert (found.level, found.reason) == (level, reason)


def test_a_barred_dose_stays_barred():
    assert follow(advise, TABLE, "1NNN 2TTT 1NNN", levels=3).barred == 2


def test_the_mtd_is_nearest_to_the_target_or_the_next_dose():
    counts = counts_of("1NNN 2NNN", levels=3)
    assert select_mtd(TABLE, counts) == 2
    assert select_mtd(DecisionTable(rows=ROWS), counts) == 3


def test_patients_without_a_row_are_told():
    with pytest.raises(RuleError) as fault:
        advise(TABLE, counts_of("1NNNN", levels=3))
    assert str(fault.value) == (
        "decision table: patients at a dose must be among its rows (3, 6), got 4"
    )
