"""The analysis datasets of a trial beside their SDTM, and how rules go through them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import polars as pl

from cartrial.cdisc.xpt.layout import EPOCH

SUBJECTS = "ADSL"
KEY = "USUBJID"
POPULATIONS = ("SAFFL", "ITTFL", "FASFL", "PPROTFL", "COMPLFL", "RANDFL", "ENRLFL")
Tables = Mapping[str, pl.DataFrame]

NUMBERS = ("AVAL", "BASE", "CHG", "PCHG", "CNSR", "ADY", "ASTDY", "AENDY")
DATES = ("ADT", "ASTDT", "AENDT", "STARTDT", "TRTSDT", "TRTEDT", "DTHDT")
WORDS = ("STUDYID", "USUBJID", "PARAMCD", "PARAM", "AVALC", "AVALU", "ANRIND", "BNRIND")


def typed(frame: pl.DataFrame) -> pl.DataFrame:
    """The variables that rules calculate with, as numbers, dates and text, however they came."""
    cells: list[pl.Expr] = []
    for name, dtype in frame.schema.items():
        if name in NUMBERS:
            cells.append(pl.col(name).cast(pl.Float64, strict=False))
        elif name in DATES and dtype == pl.String:
            cells.append(pl.col(name).str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False))
        elif name in DATES and dtype.is_numeric():
            cells.append((pl.lit(EPOCH) + pl.duration(days=pl.col(name))).alias(name))
        elif name in DATES:
            cells.append(pl.col(name).cast(pl.Date))
        elif name in WORDS or name.endswith("FL"):
            cells.append(pl.col(name).cast(pl.String))
    return frame.with_columns(cells) if cells else frame


@dataclass(frozen=True)
class AnalysisData:
    """Datasets by name; `labels` by dataset and variable; `sdtm` is empty where it is not known."""

    tables: Tables
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    sdtm: Tables = field(default_factory=dict)

    @property
    def subjects(self) -> pl.DataFrame:
        """ADSL; without columns where it is not there."""
        return self.tables.get(SUBJECTS, pl.DataFrame())

    def having(self, *columns: str) -> Iterator[tuple[str, pl.DataFrame]]:
        """The datasets that have all these variables."""
        for name, frame in self.tables.items():
            if set(columns) <= set(frame.columns):
                yield name, frame

    def beside_subjects(self, *columns: str) -> Iterator[tuple[str, pl.DataFrame]]:
        """The datasets below ADSL with a subject, each record with these variables of ADSL."""
        if not {KEY, *columns} <= set(self.subjects.columns):
            return
        about = self.subjects.select(KEY, *columns).unique(KEY)
        for name, frame in self.having(KEY):
            if name != SUBJECTS:
                own = frame.drop(column for column in columns if column in frame.columns)
                yield name, own.join(about, on=KEY, how="left", maintain_order="left")


def is_by_parameter(frame: pl.DataFrame) -> bool:
    """Whether a dataset is of the basic data structure (BDS)."""
    return "PARAMCD" in frame.columns


def is_by_occurrence(frame: pl.DataFrame) -> bool:
    """Whether a dataset is of occurrences (OCCDS): events or interventions with their words."""
    words = ("AETERM", "CMTRT", "MHTERM", "CETERM", "DVTERM")
    return not is_by_parameter(frame) and any(word in frame.columns for word in words)


def series(frame: pl.DataFrame) -> list[str]:
    """What a baseline belongs to: subject, parameter, and type of baseline where there are any."""
    return [name for name in (KEY, "PARAMCD", "BASETYPE") if name in frame.columns]


def pairs_with_several(frame: pl.DataFrame, one: str, other: str, *within: str) -> pl.DataFrame:
    """The records whose two values are not one to one, as far as both are given."""
    given = frame.filter(pl.col(one).is_not_null(), pl.col(other).is_not_null())
    pairs = given.select(*within, one, other).unique(maintain_order=True)
    twice = pl.struct(*within, one).is_duplicated() | pl.struct(*within, other).is_duplicated()
    several = pairs.filter(twice)
    if several.is_empty():
        return given.clear()
    return given.join(several, on=[*within, one, other], how="semi", nulls_equal=True)
