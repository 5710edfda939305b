"""Forms written as text tables, as they would stand in their CSV files."""

import re

import polars as pl

from cartrial import schema as s
from cartrial.forms.catalogue import FORMS, Forms


def filled(**tables: str) -> Forms:
    """The forms in text tables: two spaces part the columns, `-` is an empty cell."""
    return Forms({name: read_table(name, text) for name, text in tables.items()})


def read_table(form: str, text: str) -> pl.DataFrame:
    header, *lines = (re.split(r"\s{2,}", line.strip()) for line in text.strip().splitlines())
    rows = [[None if cell == "-" else cell for cell in line] for line in lines]
    raw = pl.DataFrame(rows, schema=dict.fromkeys(header, pl.String), orient="row")
    parsed = s.parse(FORMS[form], raw, place=f"{form}.csv")
    assert not s.errors(parsed.findings), parsed.findings
    return parsed.frame
