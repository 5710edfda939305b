"""One domain from the text of a file, of whatever system: what breaks the guide is a finding.

A cell that cannot be read is left empty and reported; the record stays. A record whose key is
missing, unreadable or taken is held back and reported. Findings of one rule are summed up.

Reading: a sequence number that was not collected is counted in the order of the file. A clock time
    that cannot be read is left out, its date stays.
"""

from dataclasses import dataclass, field

import polars as pl

from cartrial import schema as s
from cartrial.sdtm.mapping import in_key_order
from cartrial.sdtm.summed import row_finding

LINE = "\x00line"
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
    """The domain in a frame of text, in the order of its key."""
    header = _header(domain, raw, place)
    absent = frozenset(c.name for c in s.columns(domain) if c.name not in raw.columns)
    keyless = [c for c in s.columns(domain) if c.key and c.name in absent]
    if any(column.kind not in ("number", "count") for column in keyless):
        return ReadDomain(None, header, absent)
    text = _cells(domain, raw).with_row_index(LINE, offset=2)
    for column in keyless:
        text = _counted(text, column.name)
    typed = s.typed(domain, text).with_columns(text[LINE])
    typed, findings = _held_cells(domain, text, typed, place)
    kept, held = _held_records(domain, text, typed, place)
    frame = domain.cast(in_key_order(domain, kept.drop(LINE)))
    return ReadDomain(frame, header + findings + held, absent)


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


def _cells(domain: type[s.Table], raw: pl.DataFrame) -> pl.DataFrame:
    """The declared variables as text without blanks around it; an empty cell is null."""
    names = [c.name for c in s.columns(domain) if c.name in raw.columns]
    stripped = raw.select(pl.col(name).cast(pl.String).str.strip_chars() for name in names)
    return stripped.with_columns(pl.col(name).replace("", None) for name in names)


def _counted(text: pl.DataFrame, name: str) -> pl.DataFrame:
    within = [pl.col("USUBJID")] if "USUBJID" in text.columns else [pl.lit(1)]
    number = pl.int_range(1, pl.len() + 1).over(within).cast(pl.String)
    return text.with_columns(number.alias(name))


def _held_cells(
    domain: type[s.Table], text: pl.DataFrame, typed: pl.DataFrame, place: str
) -> tuple[pl.DataFrame, list[s.Finding]]:
    """The typed table with what can be saved of unreadable cells, and a finding by variable."""
    findings: list[s.Finding] = []
    for column in s.columns(domain):
        if column.kind not in MUST or column.name not in text.columns:
            continue
        cell = typed[column.name]
        if column.kind == "number":
            cell = cell.set(cell.is_infinite() | cell.is_nan(), None)
        bad = text[column.name].is_not_null() & cell.is_null()
        remedy = "The cell is left empty"
        if column.kind == "partial" and bad.any():
            days = s.typed(domain, text.select(pl.col(column.name).str.slice(0, 10)))[column.name]
            timed = text[column.name].str.slice(10, 1) == "T"
            cell = cell.zip_with(~(bad & timed), days)
            remedy = "The cell is left empty, or only its date kept"
        typed = typed.with_columns(cell.alias(column.name))
        if bad.any():
            findings.append(
                _found(domain, text.filter(bad), column.name, MUST[column.kind], place, remedy)
            )
    return typed, findings


def _held_records(
    domain: type[s.Table], text: pl.DataFrame, typed: pl.DataFrame, place: str
) -> tuple[pl.DataFrame, list[s.Finding]]:
    """The records that can be told apart, and findings for those held back."""
    key = s.key(domain)
    least = [pl.col(c.name) < c.least for c in s.columns(domain) if c.key and c.least is not None]
    unkeyed = typed.select(
        pl.any_horizontal(*(pl.col(name).is_null() for name in key), *least).fill_null(True)
    ).to_series()
    findings: list[s.Finding] = []
    remedy = "The record is held back"
    if unkeyed.any():
        must = f"have a key of {', '.join(key)}"
        findings.append(_found(domain, text.filter(unkeyed), "", must, place, remedy, "none"))
    whole = typed.filter(~unkeyed)
    again = ~whole.select(pl.struct(key).is_first_distinct()).to_series()
    if again.any():
        must = f"be the only row with its {', '.join(key)}"
        rows = whole.filter(again)
        got = "the same key more than once"
        findings.append(_found(domain, rows, "", must, place, remedy, got))
    return whole.filter(~again), findings


def _found(
    domain: type[s.Table],
    bad: pl.DataFrame,
    column: str,
    must: str,
    place: str,
    remedy: str,
    got: str | None = None,
) -> s.Finding:
    return row_finding(
        domain, bad, column, must, place=place, got=got, remedy=remedy, line=bad[LINE][0]
    )
