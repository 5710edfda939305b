"""The investigator's proposal and that of the clauses, put together."""

import pytest

from cartrial.dosing.toxicity.clauses import Judged
from cartrial.dosing.toxicity.proposal import ToxicityEvent, with_clauses
from tests.unit.dosing.toxicity.courses import rows

TABLE = """
investigator  his_day  clauses           proposed  met  clause
no            -        -                 no        -    -
no            -        crs-4 yes 5       yes       5    crs-4
no            -        crs-3 open        open      -    crs-3
open          -        -                 open      -    -
open          -        crs-4 yes 5       yes       5    crs-4
yes           6        -                 yes       6    -
yes           6        crs-4 yes 5       yes       6    crs-4
yes           -        crs-4 yes 5       yes       5    crs-4
yes           6        crs-3 open        yes       6    -
no            -        a yes 9, b yes 5  yes       5    b
no            -        a open, b yes 5   yes       5    b
no            -        a yes -, b yes 5  yes       5    b
"""


def day(said):
    return int(said) if said and said != "-" else None


@pytest.mark.parametrize("row", rows(TABLE), ids=lambda row: " ".join(row.values()))
def test_either_proposes_and_the_investigators_day_stands_first(row):
    event = ToxicityEvent(1, 4, dlt=row["investigator"], met=day(row["his_day"]))
    held = []
    for said in filter(None, row["clauses"].split(", ")):
        clause, verdict, *met = said.split()
        held.append((clause, Judged(verdict, day(met[0]) if met else None, began=4)))
    found = with_clauses(event, held)
    assert (found.dlt, found.met, found.clause) == (row["proposed"], day(row["met"]), row["clause"])
