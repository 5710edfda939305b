"""Dates, study days, flags, tests and results."""

from collections.abc import Iterator

import polars as pl

from cartrial.cdisc.rule import Breach
from cartrial.sdtm.conformance.tabulation import Tabulation, number
from cartrial.sdtm.mapping import NOT_DONE
from cartrial.sdtm.study_day import calendar_day, study_day

ISO = (
    r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01])"
    r"(T([01]\d|2[0-3])(:[0-5]\d(:[0-5]\d(\.\d+)?)?)?([+-]\d\d:\d\d|Z)?)?)?)?$"
)
TESTCD = r"^[A-Z_][A-Z0-9_]{0,7}$"
YES_NO = ("OCCUR", "PRESP", "SER", "CONTRT", "SDTH", "SHOSP", "SLIFE", "SDISAB", "SCONG", "SMIE")
YES = ("FL", "FAST")
SERIOUS = ("AESDTH", "AESHOSP", "AESLIFE", "AESDISAB", "AESCONG", "AESMIE")
LONGEST_NAME = 40  # characters of the name of a test
DAY = 10  # characters of a complete date


def iso_dates(data: Tabulation) -> Iterator[Breach]:
    """Dates that are no ISO 8601, or no day of the calendar."""
    for name, frame in data.frames.items():
        for column in frame.columns:
            if not column.endswith("DTC") or frame[column].dtype != pl.String:
                continue
            date = pl.col(column)
            no_day = (date.str.len_chars() >= DAY) & calendar_day(date).is_null()
            yield Breach(name, column, frame.filter(~date.str.contains(ISO) | no_day))


def order_of_dates(data: Tabulation) -> Iterator[Breach]:
    """Reference dates of DM that are not in their order, and ends of records before their start."""
    dm = data.frames.get("DM", pl.DataFrame())
    for first, last in (
        ("RFICDTC", "RFSTDTC"),
        ("RFSTDTC", "RFENDTC"),
        ("RFXSTDTC", "RFXENDTC"),
        ("RFSTDTC", "RFPENDTC"),
    ):
        if {first, last} <= set(dm.columns):
            late = calendar_day(pl.col(first)) > calendar_day(pl.col(last))
            yield Breach("DM", last, dm.filter(late), got=f"a date before {first}")
    for name, frame, (first, last) in data.having("STDTC", "ENDTC"):
        late = calendar_day(pl.col(first)) > calendar_day(pl.col(last))
        yield Breach(name, last, frame.filter(late), got=f"a date before {first}")


def no_day_zero(data: Tabulation) -> Iterator[Breach]:
    """Study days that are 0."""
    for name, frame in data.domains.items():
        for column in frame.columns:
            if column.endswith("DY") and column.startswith(name):
                yield Breach(name, column, frame.filter(number(column) == 0))


def study_days(data: Tabulation) -> Iterator[Breach]:
    """Study days that do not come from their dates and the reference start."""
    dm = data.frames.get("DM", pl.DataFrame())
    if not {"USUBJID", "RFSTDTC"} <= set(dm.columns):
        return
    starts = dm.select("USUBJID", start=calendar_day(pl.col("RFSTDTC"))).unique("USUBJID")
    for name, frame in data.domains.items():
        pairs = [
            (column, f"{column[:-2]}DTC")
            for column in frame.columns
            if column.endswith("DY") and f"{column[:-2]}DTC" in frame.columns
        ]
        if not pairs or "USUBJID" not in frame.columns:
            continue
        start = frame.select("USUBJID").join(
            starts, on="USUBJID", how="left", maintain_order="left"
        )
        placed = frame.with_columns(start["start"].alias("\x00start"))
        for column, date in pairs:
            told = study_day(calendar_day(pl.col(date)), pl.col("\x00start"))
            rows = placed.filter(number(column).ne_missing(told.cast(pl.Float64)))
            yield Breach(name, column, rows.drop("\x00start"))


def flags(data: Tabulation) -> Iterator[Breach]:
    """Flags that are not Y, or not Y or N."""
    for name, frame in data.domains.items():
        for column in frame.columns:
            if frame[column].dtype != pl.String or not column.startswith(name):
                continue
            suffix = column.removeprefix(name)
            if suffix in YES_NO:
                allowed = ["Y", "N", "U"] if suffix == "OCCUR" else ["Y", "N"]
                yield Breach(name, column, frame.filter(~pl.col(column).is_in(allowed)))
            elif suffix.endswith(YES):
                yield Breach(name, column, frame.filter(pl.col(column) != "Y"))


def test_codes(data: Tabulation) -> Iterator[Breach]:
    """Short names of tests that are no names."""
    for name, frame, (code,) in data.having("TESTCD"):
        yield Breach(name, code, frame.filter(~pl.col(code).str.contains(TESTCD)))


def test_names(data: Tabulation) -> Iterator[Breach]:
    """Names of tests that are too long; those of criteria may be longer."""
    for name, frame, (test,) in data.having("TEST"):
        if name != "IE":
            yield Breach(name, test, frame.filter(pl.col(test).str.len_chars() > LONGEST_NAME))


def one_name_per_test(data: Tabulation) -> Iterator[Breach]:
    """Codes with several names, and names with several codes."""
    for one, other in (("TESTCD", "TEST"), ("PARMCD", "PARM")):
        for name, frame, (code, test) in data.having(one, other):
            pairs = frame.select(code, test).unique(maintain_order=True)
            several = pairs.filter(pl.col(code).is_duplicated() | pl.col(test).is_duplicated())
            if several.height:
                yield Breach(name, test, frame.join(several, on=[code, test], how="semi"))


def numbers_as_text(data: Tabulation) -> Iterator[Breach]:
    """Standard results whose text and number differ."""
    for name, frame, (text, value) in data.having("STRESC", "STRESN"):
        differ = (number(text) - number(value)).abs() > 1e-9 * number(value).abs()
        absent = pl.col(text).is_null() & number(value).is_not_null()
        yield Breach(name, value, frame.filter(differ.fill_null(False) | absent))


def one_unit_per_test(data: Tabulation) -> Iterator[Breach]:
    """Tests of one specimen whose standard results are in several units."""
    for name, frame, (code, unit) in data.having("TESTCD", "STRESU"):
        by = [
            code,
            *(
                c
                for c in (f"{name}SPEC", f"{name}METHOD", f"{name}CAT", f"{name}SCAT")
                if c in frame.columns
            ),
        ]
        pairs = frame.filter(pl.col(unit).is_not_null()).select(*by, unit).unique()
        several = pairs.filter(pl.struct(by).is_duplicated()).select(by).unique()
        if several.height:
            rows = frame.join(several, on=by, how="semi", nulls_equal=True)
            yield Breach(name, unit, rows, got="several units of one test")


def not_done(data: Tabulation) -> Iterator[Breach]:
    """Tests that were not done and have a result."""
    for name, frame, (status, result) in data.having("STAT", "ORRES"):
        both = (pl.col(status) == NOT_DONE) & pl.col(result).is_not_null()
        yield Breach(name, result, frame.filter(both), got="a result")


def some_result(data: Tabulation) -> Iterator[Breach]:
    """Tests with neither a result nor the word that they were not done."""
    for name, frame, (status, result, standard) in data.having("STAT", "ORRES", "STRESC"):
        nothing = [pl.col(column).is_null() for column in (status, result, standard)]
        derived = (
            pl.col(f"{name}DRVFL") == "Y" if f"{name}DRVFL" in frame.columns else pl.lit(False)
        )
        empty = pl.all_horizontal(*nothing) & ~derived.fill_null(False)
        yield Breach(name, status, frame.filter(empty))


def serious_events(data: Tabulation) -> Iterator[Breach]:
    """Adverse events whose seriousness and its reasons contradict each other."""
    ae = data.frames.get("AE", pl.DataFrame())
    reasons = [name for name in SERIOUS if name in ae.columns]
    if reasons and "AESER" in ae.columns:
        any_reason = pl.any_horizontal(pl.col(name) == "Y" for name in reasons).fill_null(False)
        rows = ae.filter(any_reason & (pl.col("AESER").ne_missing("Y")))
        yield Breach("AE", "AESER", rows)
