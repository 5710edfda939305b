"""Names, labels, lengths, keys and required variables of analysis datasets."""

import re
from collections.abc import Iterator

import polars as pl

from cartrial.adam.conformance.analysis import (
    KEY,
    POPULATIONS,
    SUBJECTS,
    AnalysisData,
    is_by_occurrence,
    is_by_parameter,
)
from cartrial.cdisc.rule import Breach, too_long
from cartrial.cdisc.xpt.write import LONGEST_LABEL

DATASET = re.compile(r"AD[A-Z0-9]{1,6}")
NAME = re.compile(r"[A-Z][A-Z0-9_]{0,7}")
OF_SUBJECTS = ("STUDYID", KEY, "SUBJID", "SITEID", "AGE", "AGEU", "SEX", "RACE", "ARM", "TRT01P")
TREATMENTS = ("TRTP", "TRTA", "TRTPN", "TRTAN", "TRTSEQP", "TRT01P", "TRT01A")


def dataset_names(data: AnalysisData) -> Iterator[Breach]:
    """Datasets whose name does not say that they are of ADaM."""
    for name in data.tables:
        if not DATASET.fullmatch(name):
            yield Breach(name, got="another name")


def subject_level(data: AnalysisData) -> Iterator[Breach]:
    """No dataset of subjects, or several records of one."""
    if SUBJECTS not in data.tables:
        yield Breach(SUBJECTS, got="no such dataset")
    elif KEY in data.subjects.columns:
        yield Breach(SUBJECTS, KEY, data.subjects.filter(pl.col(KEY).is_duplicated()))


def variable_names(data: AnalysisData) -> Iterator[Breach]:
    """Names that are no names of variables."""
    for name, frame in data.tables.items():
        for column in frame.columns:
            if not NAME.fullmatch(column):
                yield Breach(name, column, got="another name")


def labels(data: AnalysisData) -> Iterator[Breach]:
    """Labels that are absent or too long, where labels are known at all."""
    for name, known in data.labels.items():
        for column, label in known.items() if any(known.values()) else ():
            if not 0 < len(label) <= LONGEST_LABEL:
                yield Breach(name, column, got=f"{len(label)} characters")


def one_label(data: AnalysisData) -> Iterator[Breach]:
    """Variables that have another label in another dataset."""
    first: dict[str, tuple[str, str]] = {}
    for name, known in data.labels.items():
        for column, label in known.items():
            where, said = first.setdefault(column, (name, label))
            if label and said and label != said:
                yield Breach(name, column, got=f"{label}, and in {where} {said}")


def lengths(data: AnalysisData) -> Iterator[Breach]:
    """Text that does not fit."""
    for name, frame in data.tables.items():
        yield from too_long(name, frame)


def identifiers(data: AnalysisData) -> Iterator[Breach]:
    """Records that do not say of which study or subject they are."""
    for name, frame in data.tables.items():
        for column in ("STUDYID", KEY):
            if column not in frame.columns:
                yield Breach(name, column, got="no such variable")
            else:
                yield Breach(name, column, frame.filter(pl.col(column).is_null()))


def keys(data: AnalysisData) -> Iterator[Breach]:
    """Records that cannot be told apart by their sequence number."""
    for name, frame in data.having(KEY, "ASEQ"):
        twice = pl.struct(KEY, "ASEQ").is_duplicated() | pl.col("ASEQ").is_null()
        yield Breach(name, "ASEQ", frame.filter(twice))


def of_subjects(data: AnalysisData) -> Iterator[Breach]:
    """Required variables that ADSL lacks."""
    if SUBJECTS not in data.tables:
        return
    for column in OF_SUBJECTS:
        if column not in data.subjects.columns:
            yield Breach(SUBJECTS, column, got="no such variable")


def a_population(data: AnalysisData) -> Iterator[Breach]:
    """An ADSL without any population flag."""
    if SUBJECTS in data.tables and not set(POPULATIONS) & set(data.subjects.columns):
        yield Breach(SUBJECTS, "SAFFL", got="none of " + ", ".join(POPULATIONS))


def treatments(data: AnalysisData) -> Iterator[Breach]:
    """Datasets that do not say the treatment."""
    for name, frame in data.tables.items():
        wanted = is_by_parameter(frame) or is_by_occurrence(frame)
        if wanted and name != SUBJECTS and not set(TREATMENTS) & set(frame.columns):
            yield Breach(name, "TRTP", got="none of " + ", ".join(TREATMENTS))


def parameters(data: AnalysisData) -> Iterator[Breach]:
    """Datasets by parameter without its name or value, and records without a parameter."""
    for name, frame in data.having("PARAMCD"):
        for column in ("PARAMCD", "PARAM"):
            if column not in frame.columns:
                yield Breach(name, column, got="no such variable")
            else:
                yield Breach(name, column, frame.filter(pl.col(column).is_null()))
        graded = any(column.startswith("ATOXGR") for column in frame.columns)
        if not {"AVAL", "AVALC"} & set(frame.columns) and not graded:
            yield Breach(name, "AVAL", got="no AVAL and no AVALC")


def occurrences(data: AnalysisData) -> Iterator[Breach]:
    """Datasets of occurrences without a start, or events without their flag."""
    for name, frame in data.tables.items():
        if is_by_occurrence(frame) and "ASTDT" not in frame.columns:
            yield Breach(name, "ASTDT", got="no such variable")
        if "AETERM" in frame.columns and "TRTEMFL" not in frame.columns:
            yield Breach(name, "TRTEMFL", got="no such variable")
