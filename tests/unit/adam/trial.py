"""Small trials for the analysis datasets, written as forms in text tables."""

import datetime as dt
from typing import Any

from cartrial.adam.dataset import Adam
from cartrial.adam.derive import derive_adam
from cartrial.protocol.read import packaged_study
from cartrial.sdtm.tabulate import tabulate
from tests.unit.forms.tables import filled

STUDY = packaged_study()

INFUSED = """
    subject  number  at          level  planned  given
    001      1       2024-01-10  1      1        1
"""


def adam(*, cutoff: dt.date | None = None, study: Any = STUDY, **forms: str) -> Adam:
    """The analysis datasets of the trial; the one subject 001 consented on 1 December 2023."""
    given = {"demographics": "subject  consented   level\n001      2023-12-01  1"} | forms
    return derive_adam(study, tabulate(study, filled(**given)), cutoff)


def records(found: Adam, dataset: str, *columns: str) -> list[Any]:
    """The records of a dataset: the one column's values, or tuples of several."""
    rows = found.tables[dataset].select(columns).rows()
    return [row[0] for row in rows] if len(columns) == 1 else rows


def only(found: Adam, dataset: str, *columns: str) -> Any:
    """The values of the only record of a dataset."""
    (row,) = records(found, dataset, *columns)
    return row
