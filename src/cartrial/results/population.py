"""Who is counted: the subjects of a population, divided into the groups of a table.

A group is a dose level, several levels shown together, or All. A subject whose level is not known
has a group of its own, so that the levels always add up to All.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import polars as pl

from cartrial import schema as s
from cartrial.adam.dataset import Adam
from cartrial.adam.retrace import Step
from cartrial.adam.subject.adsl import Adsl
from cartrial.protocol.study import Study
from cartrial.results.result import Group

T = TypeVar("T", bound=s.Table)

ALL = "All"
NO_LEVEL = "No dose level"
OTHERS = "Not infused"


@dataclass(frozen=True)
class Column:
    """A group of a table and the subjects in it."""

    name: str
    label: str
    subjects: frozenset[str]

    def group(self) -> Group:
        """The column as the results know it."""
        return Group(self.name, self.label, len(self.subjects))


@dataclass(frozen=True)
class Population:
    """A population in words, and its groups; the last of them that is named All has everybody."""

    label: str
    columns: tuple[Column, ...]

    @property
    def everyone(self) -> frozenset[str]:
        """All subjects of the population."""
        return self.column(ALL).subjects

    def column(self, name: str) -> Column:
        """The group of this name."""
        return next(column for column in self.columns if column.name == name)

    def only(self, *names: str) -> "Population":
        """The same population with these groups only."""
        return Population(self.label, tuple(c for c in self.columns if c.name in names))

    def among(self, subjects: Collection[str], label: str) -> "Population":
        """Those of the population who are among `subjects`, in the same groups."""
        kept = frozenset(subjects)
        return Population(
            label, tuple(Column(c.name, c.label, c.subjects & kept) for c in self.columns)
        )

    def beside(self, name: str, subjects: Collection[str]) -> "Population":
        """The same population with one more group, which is not part of All."""
        return Population(self.label, (*self.columns, Column(name, name, frozenset(subjects))))


def divide(study: Study, label: str, levels: Mapping[str, int | None]) -> Population:
    """The subjects by their dose level, each pool of levels, and All."""
    known = range(1, len(study.doses.levels) + 1)

    def given(*wanted: int | None) -> frozenset[str]:
        return frozenset(subject for subject, level in levels.items() if level in wanted)

    columns = [Column(study.level_label(n), study.level_label(n), given(n)) for n in known]
    if len(columns) == 1 and columns[0].subjects == set(levels):
        columns = []
    columns += [Column(p.label, p.label, given(*p.levels)) for p in study.doses.pooled]
    astray = frozenset(subject for subject, level in levels.items() if level not in known)
    if astray:
        columns.append(Column(NO_LEVEL, NO_LEVEL, astray))
    return Population(label, (*columns, Column(ALL, ALL, frozenset(levels))))


@dataclass(frozen=True)
class Trial:
    """What every output is made from: the study, its data, and its subjects by their short key."""

    study: Study
    adam: Adam
    steps: tuple[Step, ...] = ()  # of the dose, as they happened

    @cached_property
    def adsl(self) -> pl.DataFrame:
        """ADSL with the column `subject`, in the order of the subjects."""
        return self.frame(Adsl).sort("subject")

    @cached_property
    def keys(self) -> Mapping[str, str]:
        """The short key of each USUBJID: SUBJID where it is given and tells subjects apart."""
        adsl = self.adam.of(Adsl)
        ids, short = adsl["USUBJID"].to_list(), adsl["SUBJID"].to_list()
        whole = None in short or len(set(short)) < len(short)
        return {i: (i if whole else k).replace(" ", "_") for i, k in zip(ids, short, strict=True)}

    @cached_property
    def infused(self) -> Population:
        """The infused subjects, by the dose level assigned at the infusion."""
        return self.population("SAFFL", "Infused subjects")

    @cached_property
    def order(self) -> Mapping[str, int]:
        """The place of each group among the groups of the infused, from 1."""
        return {column.name: n for n, column in enumerate(self.infused.columns, start=1)}

    def frame(self, dataset: type[T]) -> pl.DataFrame:
        """The records of a dataset of subjects in ADSL, with their short key as `subject`."""
        keyed = pl.col("USUBJID").replace_strict(self.keys, default=None, return_dtype=pl.String)
        frame = self.adam.of(dataset).with_columns(subject=keyed)
        return pl.DataFrame(frame).filter(pl.col("subject").is_not_null())

    def flagged(self, flag: str) -> frozenset[str]:
        """The subjects with Y in a flag of ADSL."""
        return frozenset(self.adsl.filter(pl.col(flag) == "Y")["subject"])

    def known(self, column: str) -> frozenset[str]:
        """The subjects with a value in a column of ADSL."""
        return frozenset(self.adsl.filter(pl.col(column).is_not_null())["subject"])

    @cached_property
    def levels(self) -> Mapping[str, int | None]:
        """The dose level of each subject: as given, else as planned."""
        level = self.adsl.select("subject", level=pl.coalesce("TRT01AN", "TRT01PN"))
        return dict(level.iter_rows())

    def population(self, flag: str, label: str) -> Population:
        """The subjects with Y in a flag of ADSL, by dose level."""
        wanted = self.flagged(flag)
        return divide(self.study, label, {s: n for s, n in self.levels.items() if s in wanted})

    def group_of(self, subject: str) -> str:
        """The name of the dose level of a subject, as shown."""
        level = self.levels.get(subject)
        known = level is not None and 1 <= level <= len(self.study.doses.levels)
        return self.study.level_label(level) if level is not None and known else NO_LEVEL

    def group_order(self, subject: str) -> int:
        """The place of the dose level of a subject among the levels; 0 where it is not known."""
        level = self.levels.get(subject)
        return level if level is not None and level > 0 else 0


def listed(subjects: Iterable[str]) -> str:
    """The subjects in their order, as a result keeps them."""
    return " ".join(sorted(set(subjects)))


def plain_case(terms: pl.Series) -> Sequence[str | None]:
    """The terms as they are written; where all are in capitals, as sentences."""
    written = [term.strip() or None if term else None for term in terms]
    shouted = all(term.isupper() for term in written if term)
    return [term.capitalize() if term and shouted else term for term in written]
