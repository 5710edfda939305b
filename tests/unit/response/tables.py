"""Tables of the response rooms written as text: two spaces part the columns, `-` is not known."""

import re
from typing import TypeVar

import polars as pl

from cartrial import schema as s

T = TypeVar("T", bound=s.Table)


def table(kind: type[T], text: str, *, subject: str = "001") -> s.DataFrame[T]:
    """The table in a text; columns that it does not name are null, the subject is the one."""
    header, *lines = (re.split(r"\s{2,}", line.strip()) for line in text.strip().splitlines())
    cells = [[None if cell == "-" else cell for cell in line] for line in lines]
    raw = pl.DataFrame(cells, schema=dict.fromkeys(header, pl.String), orient="row")
    if "subject" not in raw.columns:
        raw = raw.with_columns(subject=pl.lit(subject))
    return kind.cast(s.typed(kind, raw).sort(s.key(kind)))
