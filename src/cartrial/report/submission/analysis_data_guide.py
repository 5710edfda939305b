"""The analysis data reviewer's guide (ADRG): what goes with the ADaM.

Source: PHUSE, Analysis Data Reviewer's Guide: its order of chapters; the words are ours.
"""

from collections.abc import Iterator
from importlib import import_module
from types import ModuleType

import polars as pl

from cartrial import schema as s
from cartrial.adam.dataset import DATASETS, Adam
from cartrial.adam.subject.adsl import Adsl
from cartrial.cdisc.define.model import DatasetDefinition, Define
from cartrial.cdisc.define.reading import reading
from cartrial.report.submission.delivery import Delivery
from cartrial.report.submission.guide import Chapter, Guide, Part, Rows
from cartrial.report.submission.introduction import (
    NOT_GIVEN,
    conformance,
    datasets,
    introduction,
    protocol,
    rules,
    software,
)
from cartrial.report.submission.notes import Note, note, notes

NAME = "Analysis data reviewer's guide"
POPULATION = " Population"
ACROSS = {
    "cut": "Data cut",
    "time.imputation": "Imputation of dates",
    "time.visit_window": "Visit windows",
}  # modules that hold for all datasets
DESCRIPTIONS = ("file.define", "file.folder")  # modules that derive nothing


def analysis_data_guide(delivery: Delivery, define: Define) -> Guide:
    """The guide to the ADaM; `define` says what its datasets are."""
    study = delivery.study
    purpose = (
        f"This guide goes with the analysis data (ADaM) of {study.id}, {delivery.cut}, and with "
        "their define.xml. It is filled from the study file and the data."
    )
    source = (
        "The source is the SDTM of this package, made from the trial's forms."
        if delivery.collected
        else "The source is the SDTM of this package, as another system made it."
    )
    return Guide(
        NAME,
        study.id,
        study.title,
        delivery.cut,
        (
            introduction(study, define, purpose, Chapter("Source data", (source,))),
            protocol(study),
            Chapter("What holds for all datasets", (), tuple(_across(delivery, define))),
            _creation(delivery.adam),
            Chapter(
                "Datasets",
                (datasets(define),),
                tuple(_dataset(one, delivery.adam) for one in define.datasets),
            ),
            conformance(delivery, delivery.adam_findings, "The ADaM was checked"),
            software(delivery),
        ),
    )


# ---------------------------------------------------------------- across datasets
def _across(delivery: Delivery, define: Define) -> Iterator[Chapter]:
    yield Chapter("Core variables", (_core(delivery.adam),))
    yield Chapter("Treatment variables", (_treatments(delivery.adam),))
    yield Chapter("Populations", (_populations(delivery.adam, define),))
    yield rules(delivery.study)
    for module, title in ACROSS.items():
        said = reading(import_module(f"cartrial.adam.{module}").__doc__).split("\n")
        lines = (line.removeprefix("Reading: ") for line in said if not line.startswith("Source: "))
        sentences = (f"{line[:1].upper()}{line[1:].rstrip('.')}." for line in lines)
        yield Chapter(title, tuple(sentences))


def _core(adam: Adam) -> Rows:
    """The variables of ADSL that stand in other datasets, and in how many."""
    others = [table for name, table in adam.tables.items() if name != "ADSL"]
    counted = [
        (column.name, column.label, sum(column.name in table.columns for table in others))
        for column in s.columns(Adsl)
    ]
    rows = tuple((name, label, f"{n} of {len(others)}") for name, label, n in counted if n)
    return Rows(("Variable", "Label", "Other datasets that have it"), rows)


def _treatments(adam: Adam) -> Rows:
    named = ("TRT01PN", "TRT01P", "TRT01AN", "TRT01A")
    pairs = adam.of(Adsl).group_by(named).agg(pl.len().alias("subjects"))
    rows = tuple(
        tuple(NOT_GIVEN if cell is None else str(cell) for cell in row)
        for row in pairs.sort(named, nulls_last=True).iter_rows()
    )
    return Rows((*named, "Subjects"), rows)


def _populations(adam: Adam, define: Define) -> Rows:
    """The populations of ADSL: their flag, whom it means, how many they are."""
    subjects = adam.of(Adsl)
    methods = {
        one.name: one.method.text
        for dataset in define.datasets
        if dataset.name == "ADSL"
        for one in dataset.variables
        if one.method is not None
    }
    rows = tuple(
        (
            column.name,
            column.label.replace(POPULATION, "").removesuffix(" Flag"),
            methods.get(column.name, NOT_GIVEN),
            str((subjects[column.name] == "Y").sum()),
        )
        for column in s.columns(Adsl)
        if POPULATION in column.label and column.name.endswith("FL")
    )
    return Rows(("Flag", "Population", "Definition", "Subjects"), rows)


# ---------------------------------------------------------------- datasets
def _creation(adam: Adam) -> Chapter:
    """What each dataset is made from, and how the steps behind it read what is left open."""
    made = tuple((name, note(_module(name)).source or NOT_GIVEN) for name in adam.tables)
    own = [_module(name).__name__.removeprefix("cartrial.adam.") for name in DATASETS]
    steps = tuple(
        (one.title, one.reading)
        for one in notes("cartrial.adam", but=[*own, *ACROSS, *DESCRIPTIONS])
    )
    return Chapter(
        "How the datasets are made",
        (),
        (
            Chapter("Dependencies", (Rows(("Dataset", "From"), made),)),
            Chapter("Intermediate datasets", ("No intermediate dataset is written.",)),
            Chapter("Derivations and readings", (Rows(("Step", "Reading"), steps),)),
        ),
    )


def _dataset(one: DatasetDefinition, adam: Adam) -> Chapter:
    said: Note = note(_module(one.name))
    parts: list[Part] = [f"{one.structure}."] if one.structure else []
    parts += [said.reading] if said.reading else []
    table = adam.tables[one.name]
    if "PARAMCD" in table.columns:
        counted = table.group_by("PARAMCD", "PARAM").agg(pl.len().alias("records"))
        rows = tuple(
            (code or NOT_GIVEN, name or NOT_GIVEN, str(number))
            for code, name, number in counted.sort("PARAMCD", "PARAM").iter_rows()
        )
        parts.append(Rows(("PARAMCD", "PARAM", "Records"), rows))
    return Chapter(f"{one.name}: {one.label}", tuple(parts))


def _module(name: str) -> ModuleType:
    """The module that declares and derives a dataset."""
    return import_module(DATASETS[name].__module__)
