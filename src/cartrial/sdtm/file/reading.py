"""One domain from the cells of a file, of whatever system: what breaks the guide is a finding.

A cell that cannot be read is left empty and reported; the record stays. A record whose key is
missing, unreadable or taken is held back and reported. Findings of one rule are summed up.

Reading: a sequence number that was not collected is counted in the order of the file. A clock time
    that cannot be read is left out, its date stays.
"""

from collections.abc import Collection
from dataclasses import dataclass, field

import polars as pl

from cartrial import schema as s
from cartrial.sdtm.domains.status import plain_number
from cartrial.sdtm.mapping import are_keys_ascending, in_key_order
from cartrial.sdtm.summed import row_finding

FIRST_LINE = 2  # of the records of a file, below its header
MUST = {
    "number": "be a number",
    "count": "be a whole number",
    "partial": "be a date as far as known, YYYY[-MM[-DD[THH:MM]]]",
}


@dataclass
class ReadDomain:
    """A domain as read; `frame` is null where it cannot be used at all."""

    frame: pl.DataFrame | None
    findings: list[s.Finding] = field(default_factory=list)
    absent: frozenset[str] = frozenset()


def read_domain(domain: type[s.Table], raw: pl.DataFrame, *, place: str) -> ReadDomain:
    """The domain in a frame of text or numbers, in the order of its key."""
    header = _header(domain, raw, place)
    absent = frozenset(c.name for c in s.columns(domain) if c.name not in raw.columns)
    keyless = [c for c in s.columns(domain) if c.key and c.name in absent]
    if any(column.kind not in ("number", "count") for column in keyless):
        return ReadDomain(None, header, absent)
    for column in keyless:
        raw = _counted(raw, column.name)
    typed = s.typed(domain, raw)
    typed, findings = _held_cells(domain, raw, typed, place)
    frame, held = _held_records(domain, raw, typed, place)
    whole = domain.cast(frame).rechunk()  # each variable in one piece, as all that comes wants it
    return ReadDomain(whole, header + findings + held, absent)


def as_text(frame: pl.DataFrame, *, but: Collection[str] = ()) -> pl.DataFrame:
    """Typed cells as text, except those of the columns `but`; an empty cell is null.

    Whole numbers have no decimals, dates are ISO 8601.
    """
    cells = frame.select(
        name if name in but else _cell(name, dtype) for name, dtype in frame.schema.items()
    )
    empty = cells.select((pl.col(pl.String).str.len_bytes() == 0).any())
    return cells.with_columns(
        pl.col(name).replace("", None) for name in empty.columns if empty[name].item()
    )


def _cell(name: str, dtype: pl.DataType) -> pl.Expr:
    cell = pl.col(name)
    if dtype.is_float():
        return plain_number(name)
    if dtype == pl.Boolean:
        return pl.when(cell).then(pl.lit("Y")).when(~cell).then(pl.lit("N")).alias(name)
    if dtype == pl.Datetime:
        return cell.dt.strftime("%Y-%m-%dT%H:%M:%S")
    return cell.cast(pl.String)


def _header(domain: type[s.Table], raw: pl.DataFrame, place: str) -> list[s.Finding]:
    declared = s.columns(domain)
    lacking = {core: [c.name for c in declared if _lacks(c, core, raw)] for core in ("Req", "Exp")}
    must = "be there, as the guide requires it"
    findings = [
        s.Finding(place, "", name, must, "no such column", _without(domain, name))
        for name in lacking["Req"]
    ]
    if lacking["Exp"]:
        names = ", ".join(lacking["Exp"])
        must = "have the variables that the guide expects"
        findings.append(s.Finding(place, "", "", must, f"no {names}", severity="warning"))
    extra = [name for name in raw.columns if name not in {c.name for c in declared}]
    if extra:
        must = "have variables that cartrial uses"
        got = f"also {', '.join(extra)}"
        findings.append(s.Finding(place, "", "", must, got, "They are left out", "warning"))
    return findings


def _without(domain: type[s.Table], name: str) -> str:
    """What is done where a required variable is not there."""
    column = next(column for column in s.columns(domain) if column.name == name)
    if not column.key:
        return ""
    counted = column.kind in ("number", "count")
    return "It is counted in the order of the file" if counted else "The file is left out"


def _lacks(column: s.Column, core: str, raw: pl.DataFrame) -> bool:
    return column.core == core and not column.supp and column.name not in raw.columns


def _counted(raw: pl.DataFrame, name: str) -> pl.DataFrame:
    within = [pl.col("USUBJID")] if "USUBJID" in raw.columns else [pl.lit(1)]
    return raw.with_columns(pl.int_range(1, pl.len() + 1).over(within).alias(name))


def _held_cells(
    domain: type[s.Table], raw: pl.DataFrame, typed: pl.DataFrame, place: str
) -> tuple[pl.DataFrame, list[s.Finding]]:
    """The typed table with what can be saved of unreadable cells, and a finding by variable."""
    findings: list[s.Finding] = []
    for column in s.columns(domain):
        name = column.name
        if column.kind not in MUST or name not in raw.columns:
            continue
        if typed[name].null_count() == raw[name].null_count():
            continue
        text = as_text(raw.select(name)).to_series().str.strip_chars().replace("", None)
        bad = text.is_not_null() & typed[name].is_null()
        remedy = "The cell is left empty"
        if column.kind == "partial" and bad.any():
            days = s.typed(domain, text.str.slice(0, 10).to_frame())[name]
            timed = text.str.slice(10, 1) == "T"
            typed = typed.with_columns(typed[name].zip_with(~(bad & timed), days))
            remedy = "The cell is left empty, or only its date kept"
        if bad.any():
            findings.append(_found(domain, raw, bad, name, MUST[column.kind], place, remedy))
    return typed, findings


def _held_records(
    domain: type[s.Table], raw: pl.DataFrame, typed: pl.DataFrame, place: str
) -> tuple[pl.DataFrame, list[s.Finding]]:
    """The records that can be told apart, in the order of the key; findings for the others."""
    key = s.key(domain)
    ordered = in_key_order(domain, typed)
    least = [pl.col(c.name) < c.least for c in s.columns(domain) if c.key and c.least is not None]
    missing = [pl.col(name).is_null() for name in key]
    unkeyed = typed.select(pl.any_horizontal(*missing, *least).fill_null(True)).to_series()
    ascending = ordered is typed or are_keys_ascending(domain, ordered)
    if ascending and not unkeyed.any():
        return ordered, []
    findings: list[s.Finding] = []
    remedy = "The record is held back"
    if unkeyed.any():
        must = f"have a key of {', '.join(key)}"
        findings.append(_found(domain, raw, unkeyed, "", must, place, remedy, "none"))
    again = ~typed.select(pl.struct(key).is_first_distinct()).to_series() & ~unkeyed
    if again.any():
        must = f"be the only row with its {', '.join(key)}"
        got = "the same key more than once"
        findings.append(_found(domain, raw, again, "", must, place, remedy, got))
    return in_key_order(domain, typed.filter(~unkeyed & ~again)), findings


def _found(
    domain: type[s.Table],
    raw: pl.DataFrame,
    bad: pl.Series,
    column: str,
    must: str,
    place: str,
    remedy: str,
    got: str | None = None,
) -> s.Finding:
    rows = as_text(raw.filter(bad)).with_columns(pl.all().str.strip_chars().replace("", None))
    line = FIRST_LINE + (bad.arg_max() or 0)
    return row_finding(domain, rows, column, must, place=place, got=got, remedy=remedy, line=line)
