"""Findings of one rule over many rows, summed up as one: how many rows, and the first."""

import polars as pl

from cartrial import schema as s

SHOWN = 40  # characters of a value that a message repeats


def row_finding(
    domain: type[s.Table],
    bad: pl.DataFrame,
    column: str,
    must: str,
    *,
    place: str,
    got: str | None = None,
    remedy: str = "",
    severity: s.Severity = "error",
    line: int | None = None,
) -> s.Finding:
    """One finding for the rows `bad`; it shows the first row's value, unless that is private."""
    first = bad.row(0, named=True)
    where = s.row_key(domain, first)
    first_line = f"line {line}, " if line is not None else ""
    rows = where if bad.height == 1 else f"{bad.height} rows; first, {first_line}{where}"
    said = shown(domain, column, first.get(column)) if got is None else got
    at = line if bad.height == 1 else None
    return s.Finding(place, rows, column, must, said, remedy, severity, at)


def shown(domain: type[s.Table], column: str, value: object) -> str:
    """A value as a message may show it."""
    if value is None:
        return "nothing"
    declared = next((c for c in s.columns(domain) if c.name == column), None)
    if declared is not None and declared.private:
        return "a value that is not shown here"
    text = str(value)
    return text if len(text) <= SHOWN else text[:SHOWN] + "..."
