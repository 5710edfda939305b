"""Rolling six: the published decision table (see README.md)."""

import csv
from pathlib import Path

import pytest

from cartrial.dosing.counts import Counts
from cartrial.dosing.design.rolling_six import advise
from cartrial.protocol.design import RollingSix

TABLE = Path(__file__).parent / "frankel_2020.csv"


def span(cell):
    first, _, last = cell.partition("-")
    return range(int(first), int(last or first) + 1)


def cases():
    with TABLE.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            for enrolled in span(row["enrolled"]):
                for settled in span(row["settled"]):
                    dlts = int(row["dlts"])
                    if dlts <= settled <= enrolled:
                        name = f"row {row['row']}: {dlts} DLT, {settled} of {enrolled} settled"
                        yield pytest.param(enrolled, settled, dlts, row["next"], id=name)


@pytest.mark.parametrize(("enrolled", "settled", "dlts", "told"), list(cases()))
def test_the_level_of_the_next_patient(enrolled, settled, dlts, told):
    counts = Counts((3, settled, 0), (0, dlts, 0), current=2, barred=4)
    found = advise(RollingSix(), counts, pending=enrolled - settled)
    level = {"same dose level": 2, "escalate": 3, "deescalate": 1, "hold accrual": None}[told]
    assert (found.level, found.wait) == (level, told == "hold accrual")


def test_every_state_up_to_six_patients_is_in_the_table_or_is_more_toxic_than_it():
    told = {case.values[:3] for case in cases()}
    missing = {
        (enrolled, settled, dlts)
        for enrolled in range(7)
        for settled in range(enrolled + 1)
        for dlts in range(min(settled, 3) + 1)
    } - told
    assert missing == {(6, 6, 0)}
