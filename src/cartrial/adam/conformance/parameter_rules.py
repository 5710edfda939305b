"""Parameters, their values, baselines and changes."""

from collections.abc import Iterator

import polars as pl

from cartrial.adam.conformance.analysis import AnalysisData, pairs_with_several, series
from cartrial.cdisc.rule import Breach

CODE = r"^[A-Z_][A-Z0-9_]{0,7}$"
CLOSE = 1e-9  # of a value: what is lost in a file


def codes(data: AnalysisData) -> Iterator[Breach]:
    """Codes of parameters that are no names."""
    for name, frame in data.having("PARAMCD"):
        yield Breach(name, "PARAMCD", frame.filter(~pl.col("PARAMCD").str.contains(CODE)))


def one_name(data: AnalysisData) -> Iterator[Breach]:
    """Codes with several names, and names with several codes."""
    for name, frame in data.having("PARAMCD", "PARAM"):
        yield Breach(name, "PARAM", pairs_with_several(frame, "PARAMCD", "PARAM"))


def one_value(data: AnalysisData) -> Iterator[Breach]:
    """Values in words that do not stand for one number each, and the other way round."""
    for name, frame in data.having("PARAMCD", "AVAL", "AVALC"):
        both = frame.filter(pl.col("AVAL").is_not_null(), pl.col("AVALC").is_not_null())
        yield Breach(name, "AVALC", pairs_with_several(both, "AVAL", "AVALC", "PARAMCD"))


def one_unit(data: AnalysisData) -> Iterator[Breach]:
    """Parameters of one category in several units."""
    for name, frame in data.having("PARAM", "AVALU"):
        by = ["PARAM", *(c for c in ("PARCAT1", "PPCAT", "METHOD") if c in frame.columns)]
        pairs = frame.filter(pl.col("AVALU").is_not_null()).select(*by, "AVALU").unique()
        several = pairs.filter(pl.struct(by).is_duplicated()).select(by).unique()
        if several.height:
            rows = frame.join(several, on=by, how="semi", nulls_equal=True)
            yield Breach(name, "AVALU", rows, got="several units of one parameter")


def reasons(data: AnalysisData) -> Iterator[Breach]:
    """Records with neither a value nor the reason why there is none."""
    for name, frame in data.having("PARAMCD", "AVAL", "WHYMISS"):
        words = [pl.col("AVALC").is_null()] if "AVALC" in frame.columns else []
        nothing = (pl.col("AVAL").is_null(), pl.col("WHYMISS").is_null(), *words)
        yield Breach(name, "WHYMISS", frame.filter(pl.all_horizontal(nothing)))


def one_baseline(data: AnalysisData) -> Iterator[Breach]:
    """Several baseline records of one subject and parameter."""
    for name, frame in data.having("PARAMCD", "ABLFL"):
        flagged = frame.filter(pl.col("ABLFL") == "Y")
        yield Breach(name, "ABLFL", flagged.filter(pl.struct(series(frame)).is_duplicated()))


def baseline_values(data: AnalysisData) -> Iterator[Breach]:
    """Baselines that are not the value of the record that is flagged as such."""
    for name, frame in data.having("PARAMCD", "AVAL", "BASE", "ABLFL"):
        by = series(frame)
        flagged = frame.filter(pl.col("ABLFL") == "Y").unique(by, keep="first")
        known = frame.join(
            flagged.select(*by, pl.col("AVAL").alias("\x00base")),
            on=by,
            how="left",
            maintain_order="left",
            nulls_equal=True,
        )
        differs = _differs("BASE", pl.col("\x00base"))
        yield Breach(name, "BASE", known.filter(differs).drop("\x00base"))


def baseline_categories(data: AnalysisData) -> Iterator[Breach]:
    """Baseline indicators that are not the indicator of the baseline record."""
    for name, frame in data.having("PARAMCD", "ANRIND", "BNRIND", "ABLFL"):
        flagged = frame.filter(pl.col("ABLFL") == "Y")
        yield Breach(name, "BNRIND", flagged.filter(pl.col("BNRIND").ne_missing(pl.col("ANRIND"))))


def changes(data: AnalysisData) -> Iterator[Breach]:
    """Changes that are not the value less the baseline."""
    for name, frame in data.having("AVAL", "BASE", "CHG"):
        given = frame.filter(pl.col("CHG").is_not_null())
        yield Breach(name, "CHG", given.filter(_differs("CHG", pl.col("AVAL") - pl.col("BASE"))))


def percent_changes(data: AnalysisData) -> Iterator[Breach]:
    """Changes in percent that are not those of value and baseline."""
    for name, frame in data.having("AVAL", "BASE", "PCHG"):
        given = frame.filter(pl.col("PCHG").is_not_null())
        told = 100 * (pl.col("AVAL") - pl.col("BASE")) / pl.col("BASE")
        yield Breach(name, "PCHG", given.filter(_differs("PCHG", told, close=1e-6)))


def early_baselines(data: AnalysisData) -> Iterator[Breach]:
    """Baseline records from after the first treatment."""
    for name, frame in data.beside_subjects("TRTSDT"):
        if {"ABLFL", "ADT"} <= set(frame.columns):
            late = (pl.col("ABLFL") == "Y") & (pl.col("ADT") > pl.col("TRTSDT"))
            yield Breach(name, "ABLFL", frame.filter(late), got="a record after it")


def _differs(column: str, told: pl.Expr, close: float = CLOSE) -> pl.Expr:
    """Whether a number is another one, or only one of the two is there."""
    apart = (pl.col(column) - told).abs() > close * pl.max_horizontal(1.0, told.abs())
    return apart.fill_null(False) | (pl.col(column).is_null() != told.is_null())
