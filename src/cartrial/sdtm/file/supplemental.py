"""Supplemental qualifiers (SUPP--): columns of their parent here, a dataset of their own in files.

Source: SDTM Implementation Guide 3.4, section 8.4.
Reading: a qualifier belongs to the parent's records whose variable IDVAR has the value IDVARVAL;
    without IDVAR, to all records of the subject. One that no column here stands for is kept aside.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from cartrial import schema as s
from cartrial.cdisc.dataset import Dataset, Variable
from cartrial.sdtm.guide import supplemental_label
from cartrial.sdtm.mapping import code_of

COLUMNS = {
    "STUDYID": "Study Identifier",
    "RDOMAIN": "Related Domain Abbreviation",
    "USUBJID": "Unique Subject Identifier",
    "IDVAR": "Identifying Variable",
    "IDVARVAL": "Identifying Variable Value",
    "QNAM": "Qualifier Variable Name",
    "QLABEL": "Qualifier Variable Label",
    "QVAL": "Data Value",
    "QORIG": "Origin",
    "QEVAL": "Evaluator",
}
KEY = ("STUDYID", "RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "QNAM")
NEEDED = ("USUBJID", "IDVAR", "IDVARVAL", "QNAM", "QVAL")
NTH, ROW = "\x00nth", "\x00row"  # of the parent, of the supplemental dataset


@dataclass
class Merged:
    """The parent with its qualifiers as columns, and the qualifiers kept aside."""

    parent: pl.DataFrame
    aside: pl.DataFrame
    findings: list[s.Finding] = field(default_factory=list)


def merged(
    domain: type[s.Table],
    parent: pl.DataFrame,
    raw: pl.DataFrame,
    place: str,
    *,
    also: Collection[str] = (),
) -> Merged:
    """The parent's text with the qualifiers that are declared for it, and those named `also`."""
    lacking = [name for name in NEEDED if name not in raw.columns]
    if lacking or "USUBJID" not in parent.columns:
        got = f"no {', '.join(lacking)}" if lacking else "a parent without USUBJID"
        must = "have the variables of a supplemental dataset"
        fault = s.Finding(place, "", "", must, got, "It is kept aside")
        return Merged(parent, raw, [fault])
    declared = {column.name for column in s.columns(domain) if column.supp}
    known = pl.col("QNAM").is_in([*declared, *also]).fill_null(False)
    given = raw.filter(known, pl.col("QVAL").is_not_null()).with_row_index(ROW)
    aside = raw.filter(~known)
    placed = _placed(parent.with_row_index(NTH), given)
    whole, again = _with_columns(parent, placed, given["QVAL"])
    lost = _at(given, [part[ROW] for part in placed.values()], there=False)
    repeated = _at(given, again, there=True)
    findings = [
        *_unknown(aside, place),
        *_unplaced(lost, f"belong to a record of {code_of(domain)}", "no such record", place),
        *_unplaced(repeated, "stand once for a record", "one more, left out", place),
    ]
    return Merged(whole, aside, findings)


def split(domain: type[s.Table], frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The parent's own variables, and its supplemental dataset."""
    own = [column.name for column in s.columns(domain) if not column.supp]
    text = s.to_text(domain, frame)
    parts = [
        of_variable(domain, text, column.name, column.label)
        for column in s.columns(domain)
        if column.supp
    ]
    empty = pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String))
    return frame.select(own), pl.concat([empty, *parts])


def of_variable(domain: type[s.Table], text: pl.DataFrame, name: str, label: str) -> pl.DataFrame:
    """What a variable of the domain says, as qualifiers."""
    code = code_of(domain)
    idvar = next((name for name in (f"{code}SEQ", "VISITNUM") if name in s.key(domain)), None)
    return text.filter(pl.col(name).is_not_null()).select(
        "STUDYID",
        pl.lit(code).alias("RDOMAIN"),
        "USUBJID",
        pl.lit(idvar, dtype=pl.String).alias("IDVAR"),
        (pl.col(idvar) if idvar else pl.lit(None, dtype=pl.String)).alias("IDVARVAL"),
        pl.lit(name).alias("QNAM"),
        pl.lit(label).alias("QLABEL"),
        pl.col(name).alias("QVAL"),
        pl.lit("CRF").alias("QORIG"),
        pl.lit(None, dtype=pl.String).alias("QEVAL"),
    )


def supplemental(code: str, qualifiers: pl.DataFrame) -> Dataset:
    """The qualifiers of a domain as the dataset that travels."""
    return Dataset(f"SUPP{code}", supplemental_label(code), keyed(COLUMNS, KEY), qualifiers)


def keyed(labels: Mapping[str, str], key: Sequence[str]) -> tuple[Variable, ...]:
    """The variables of a dataset of relationships, by their labels."""
    return tuple(
        Variable(name, label, key=key.index(name) + 1 if name in key else None)
        for name, label in labels.items()
    )


def in_full(frame: pl.DataFrame, names: Iterable[str]) -> pl.DataFrame:
    """All these variables of a dataset of relationships, as text; those that it lacks are empty."""
    return frame.select(
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(pl.String).alias(name)
        for name in names
    )


def _placed(parent: pl.DataFrame, given: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """By the name of the qualifier, its rows with the parent's rows that they belong to."""
    found: dict[str, pl.DataFrame] = {}
    for name in given["QNAM"].unique().sort().to_list():
        mine = given.filter(pl.col("QNAM") == name)
        parts = [pl.DataFrame(schema={NTH: pl.UInt32, ROW: pl.UInt32})]
        for idvar in mine["IDVAR"].unique().sort().to_list():
            if idvar is None or idvar in parent.columns:
                of_idvar = mine.filter(pl.col("IDVAR").eq_missing(idvar))
                parts.append(_placed_by(idvar, parent, of_idvar))
        found[name] = pl.concat(parts)
    return {name: mine for name, mine in found.items() if mine.height}


def _placed_by(idvar: str | None, parent: pl.DataFrame, mine: pl.DataFrame) -> pl.DataFrame:
    """The rows of a qualifier with those of the parent that have its value of a variable."""
    if idvar is None:
        rows, valued = parent.select(NTH, "USUBJID"), mine.select(ROW, "USUBJID")
    else:
        compared = as_number if parent[idvar].dtype.is_numeric() else as_compared
        rows = parent.select(NTH, "USUBJID", value=compared(pl.col(idvar)))
        valued = mine.select(ROW, "USUBJID", value=compared(pl.col("IDVARVAL")))
        if rows.drop(NTH).equals(valued.drop(ROW), null_equal=False):  # one for each, in order
            return rows.select(NTH).hstack(valued.select(ROW))
    joined = valued.join(rows, on=rows.columns[1:], maintain_order="left")
    return joined.select(NTH, ROW)


def _at(given: pl.DataFrame, rows: Sequence[pl.Series], *, there: bool) -> pl.DataFrame:
    """The qualifiers that stand in one of the lists of rows, or in none."""
    stands = np.zeros(given.height, dtype=bool)
    for some in rows:
        stands[some.to_numpy()] = True
    return given.filter(stands == there)


def as_compared(value: pl.Expr) -> pl.Expr:
    """A value as IDVARVAL names it: 3, 3.0 and 03 are the same number."""
    text = value.cast(pl.String).str.strip_chars()
    number = text.cast(pl.Float64, strict=False).cast(pl.String)
    return pl.coalesce(number, text)


def as_number(value: pl.Expr) -> pl.Expr:
    """A value as IDVARVAL names it, of a variable of numbers."""
    return value.cast(pl.Float64, strict=False)


def _with_columns(
    parent: pl.DataFrame, placed: Mapping[str, pl.DataFrame], values: pl.Series
) -> tuple[pl.DataFrame, list[pl.Series]]:
    """The parent with a column for each qualifier, and the rows of further ones for a record."""
    again: list[pl.Series] = []
    for name, mine in placed.items():
        records, rows = mine[NTH].to_numpy(), mine[ROW].to_numpy()
        first = np.full(parent.height, -1)
        first[records[::-1]] = rows[::-1]
        again.append(mine[ROW].filter(pl.Series(first[records] != rows)))
        value = values.gather(pl.Series(first).set(pl.Series(first < 0), None))
        own = [pl.col(name)] if name in parent.columns else []
        parent = parent.with_columns(pl.coalesce(*own, value).alias(name))
    return parent, again


def _unknown(aside: pl.DataFrame, place: str) -> list[s.Finding]:
    if not aside.height:
        return []
    names = ", ".join(aside["QNAM"].drop_nulls().unique().sort().to_list()) or "no name"
    must, got = "have qualifiers that cartrial uses", f"also {names}"
    remedy = f"They are kept aside, {aside.height} in all"
    rows = "1 row" if aside.height == 1 else f"{aside.height} rows"
    return [s.Finding(place, rows, "QNAM", must, got, remedy, "warning")]


def _unplaced(bad: pl.DataFrame, must: str, got: str, place: str) -> list[s.Finding]:
    if not bad.height:
        return []
    first = bad.row(0, named=True)
    record = f"{first['IDVAR']} {first['IDVARVAL']}" if first["IDVAR"] else "no IDVAR"
    where = f"USUBJID {first['USUBJID']}, {record}, QNAM {first['QNAM']}"
    rows = where if bad.height == 1 else f"{bad.height} rows; first, {where}"
    return [s.Finding(place, rows, "", must, got)]
