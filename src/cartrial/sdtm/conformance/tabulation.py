"""The datasets of a trial as its files would hold them, and how rules go through them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from cartrial import schema as s
from cartrial.cdisc.dataset import Dataset
from cartrial.sdtm.domain import DOMAINS
from cartrial.sdtm.file.relrec import NAME as RELREC

SUPP = "SUPP"
WORDS = ("DTC", "ID", "CD", "TEST", "ORRES", "STRESC", "STAT", "LABEL", "VAL", "EPOCH", "FL")


@dataclass(frozen=True)
class Tabulation:
    """Datasets by name: domains, supplemental qualifiers (SUPP--), RELREC."""

    datasets: Mapping[str, Dataset]

    @cached_property
    def frames(self) -> Mapping[str, pl.DataFrame]:
        """The records of each dataset."""
        return {name: _worded(dataset.frame) for name, dataset in self.datasets.items()}

    @cached_property
    def domains(self) -> Mapping[str, pl.DataFrame]:
        """The records of each domain, without relationships and qualifiers."""
        return {name: frame for name, frame in self.frames.items() if is_domain(name)}

    def qualifiers(self) -> Iterator[tuple[str, str, pl.DataFrame]]:
        """The name, the domain and the records of each supplemental dataset."""
        for name, frame in self.frames.items():
            if name.startswith(SUPP) and set(frame.columns) >= {"USUBJID", "IDVAR", "IDVARVAL"}:
                yield name, name.removeprefix(SUPP), frame

    def having(self, *suffixes: str) -> Iterator[tuple[str, pl.DataFrame, list[str]]]:
        """The domains that have all these variables, written without their two letters."""
        for name, frame in self.domains.items():
            wanted = [f"{name}{suffix}" for suffix in suffixes]
            if all(column in frame.columns for column in wanted):
                yield name, frame, wanted


def is_domain(name: str) -> bool:
    """Whether a dataset is a domain."""
    return not name.startswith(SUPP) and name != RELREC


def declared(name: str) -> dict[str, s.Column]:
    """The variables of a domain that are declared here, but for qualifiers; none of others."""
    if name not in DOMAINS:
        return {}
    return {column.name: column for column in s.columns(DOMAINS[name]) if not column.supp}


def _worded(frame: pl.DataFrame) -> pl.DataFrame:
    """The variables that are text by the guide as text, where a file has typed them."""
    cells = [
        pl.col(name).cast(pl.String)
        for name, dtype in frame.schema.items()
        if dtype != pl.String and name.endswith(WORDS)
    ]
    return frame.with_columns(cells) if cells else frame


def number(column: str) -> pl.Expr:
    """A variable as a number, whether the file holds it as text or not."""
    return pl.col(column).cast(pl.Float64, strict=False)
