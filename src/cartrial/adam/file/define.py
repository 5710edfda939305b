"""define.xml of ADaM, read from the declarations, the data and the words in methods.yaml.

    taken over    Predecessor, with the variable that it is from
    all else      Derived, with its method (adam.source)

Source: CDISC Define-XML 2.1; ADaM Implementation Guide 1.3; ADaM OCCDS Implementation Guide 1.1.
Reading: a dataset with PARAMCD has the basic data structure; one that keeps the sequence number of
    the domain it is named after is of occurrences. Values are described by parameter.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from importlib.metadata import version

import polars as pl

from cartrial import schema as s
from cartrial.adam.dataset import DATASETS, Adam
from cartrial.adam.file.folder import adam_datasets
from cartrial.adam.file.source import Source, source_of
from cartrial.cdisc.dataset import Dataset
from cartrial.cdisc.define.model import (
    AnalysisDataset,
    AnalysisResult,
    CodeListDefinition,
    Condition,
    DatasetDefinition,
    Define,
    Document,
    Method,
    Origin,
    ResultDisplay,
    Standard,
    ValueLevel,
    ValueType,
    VariableDefinition,
)
from cartrial.cdisc.define.reading import reading_of
from cartrial.cdisc.define.value_type import number_type, result_type, value_type
from cartrial.cdisc.form import Form
from cartrial.cdisc.terminology import Terminology, packaged
from cartrial.cdisc.xpt.layout import EPOCH
from cartrial.cdisc.xpt.write import usual_format
from cartrial.protocol.study import Study
from cartrial.sdtm.define.codelist import (
    ADAM_CT,
    CT,
    dataset_codelist,
    own_codelist,
    published_codelist,
)
from cartrial.sdtm.terms.sponsor import sponsor_terms

GUIDE = Standard("ADaMIG", "ADaMIG", "1.3")
SUBJECT_LEVEL, BASIC = "SUBJECT LEVEL ANALYSIS DATASET", "BASIC DATA STRUCTURE"
KINDS = {"ADAE": "ADVERSE EVENT", "ADTTE": "TIME-TO-EVENT"}  # subclasses
YES_NO, DATE_FLAG = "C66742", "C81223"
FEW = 12  # values of a parameter: more are not listed
BY_PARAMETER = ("AVAL", "AVALC")


def define_adam(
    study: Study,
    adam: Adam,
    terminology: Terminology,
    *,
    form: Form,
    displays: tuple[ResultDisplay, ...] = (),
    documents: tuple[Document, ...] = (),
) -> Define:
    """What the files of a form that hold the trial's ADaM say of themselves."""
    typed: Form = "parquet" if form == "csv" else form
    datasets = tuple(_dataset(one, terminology, form) for one in adam_datasets(adam, typed))
    made = Define(
        study=study.id,
        description=study.title,
        protocol=study.registry or study.id,
        title=f"{study.id}, ADaM data definitions",
        standards=(
            GUIDE,
            Standard(CT, "CDISC/NCI", terminology.version, "CT", "SDTM"),
            Standard(ADAM_CT, "CDISC/NCI", packaged().version, "CT", "ADaM"),
        ),
        datasets=datasets,
        documents=documents,
        displays=tuple(_analysed(displays, datasets)),
        system=("cartrial", version("cartrial")),
    )
    if adam.cutoff is None:
        return made
    return replace(made, created=dt.datetime.combine(adam.cutoff, dt.time()))


def _analysed(
    displays: tuple[ResultDisplay, ...], datasets: tuple[DatasetDefinition, ...]
) -> Iterator[ResultDisplay]:
    """The displays with what the datasets have of them."""
    known = {one.name: {variable.name for variable in one.variables} for one in datasets}
    for display in displays:
        results = [
            replace(result, datasets=kept)
            for result in display.results
            if (kept := tuple(_kept(result, known)))
        ]
        if results:
            yield replace(display, results=tuple(results))


def _kept(result: AnalysisResult, known: Mapping[str, set[str]]) -> Iterator[AnalysisDataset]:
    for one in result.datasets:
        if one.dataset in known:
            has = known[one.dataset]
            where = one.where if all(each.variable in has for each in one.where) else ()
            variables = tuple(name for name in one.variables if name in has)
            yield AnalysisDataset(one.dataset, where, variables)


# ---------------------------------------------------------------- datasets
def _dataset(dataset: Dataset, terminology: Terminology, form: Form) -> DatasetDefinition:
    kind = _kind(dataset)
    return DatasetDefinition(
        name=dataset.name,
        label=dataset.label,
        file=f"{dataset.name.lower()}.{form}",
        structure=_structure(dataset, kind),
        kind=kind,
        purpose="Analysis",
        variables=tuple(_variables(dataset, terminology, form)),
        records=dataset.frame.height,
        subclass=KINDS.get(dataset.name, ""),
        repeating=kind != SUBJECT_LEVEL,
        standard=GUIDE.id,
        comment=reading_of(DATASETS[dataset.name]),
    )


def _kind(dataset: Dataset) -> str:
    if dataset.name == "ADSL":
        return SUBJECT_LEVEL
    if "PARAMCD" in dataset.frame.columns:
        return BASIC
    occurs = f"{dataset.name.removeprefix('AD')}SEQ" in dataset.frame.columns
    return "OCCURRENCE DATA STRUCTURE" if occurs else "ADAM OTHER"


def _structure(dataset: Dataset, kind: str) -> str:
    """What one record is, as the declaration says or as the class has it."""
    said = s.title(DATASETS[dataset.name]).partition(": ")[2]
    if said.startswith("one record"):
        return said[:1].upper() + said[1:]
    return "One record per subject, parameter and date" if kind == BASIC else "One record per event"


# ---------------------------------------------------------------- variables
def _variables(
    dataset: Dataset, terminology: Terminology, form: Form
) -> Iterator[VariableDefinition]:
    for variable in dataset.variables:
        name, values = variable.name, dataset.frame[variable.name]
        column = _declared(dataset.name, name)
        source = source_of(dataset.name, column.name)
        yield VariableDefinition(
            name,
            variable.label,
            _type(values, form),
            _origin(source),
            mandatory=column.core == "Req" or column.key,
            key=variable.key,
            format=usual_format(values.dtype) if form == "xpt" else "",
            codelist=_codelist(dataset, name, column, source, terminology),
            method=Method(source.method) if source.method else None,
            has_data=values.count() > 0,
            levels=tuple(_levels(dataset, name, source)) if name in BY_PARAMETER else (),
        )


@cache
def _declared(dataset: str, variable: str) -> s.Column:
    """The declaration of a variable; one that carries long text on has that of the first."""
    columns = {column.name: column for column in s.columns(DATASETS[dataset])}
    if variable in columns:
        return columns[variable]
    stem = variable.rstrip("0123456789")
    return next(column for name, column in columns.items() if name.startswith(stem))


def _type(values: pl.Series, form: Form) -> ValueType:
    """The type of the values; a transport file holds dates as numbers."""
    if form != "xpt" or not values.dtype.is_temporal():
        return value_type(values)
    since = values - pl.Series([EPOCH]).cast(values.dtype)[0]
    return number_type(
        since.dt.total_days() if values.dtype == pl.Date else since.dt.total_seconds()
    )


def _origin(source: Source) -> Origin:
    if source.predecessor:
        return Origin("Predecessor", said=source.predecessor)
    return Origin("Derived", "Sponsor")


def _codelist(
    dataset: Dataset, name: str, column: s.Column, source: Source, terminology: Terminology
) -> CodeListDefinition | None:
    """The code list of a variable: of its flag, of what it was taken from, or its own."""
    values = dataset.frame[name]
    if column.kind == "code" and set(column.codes) <= {"Y", "N"}:
        list_id = "_".join(column.codes)
        return published_codelist(terminology, (YES_NO,), list_id, list(column.codes), closed=True)
    if name.endswith("DTF"):
        used = values.drop_nulls().unique().sort().to_list()
        return published_codelist(terminology, (DATE_FLAG,), name, used) if used else None
    if name == "PARAMCD":
        named = dataset.frame.select(name, "PARAM").drop_nulls().unique().sort(pl.all())
        meanings = dict(named.iter_rows())
        return own_codelist(
            f"{dataset.name}.{name}", f"{dataset.name} parameters", meanings, meanings
        )
    before = source.predecessor.partition(" ")[0].rpartition(".")[2] or name
    records = dataset.frame.select(pl.col(name).alias(before))
    domain = source.predecessor.partition(".")[0]
    return dataset_codelist(domain, before, records, terminology, sponsor_terms(before))


def _levels(dataset: Dataset, name: str, source: Source) -> Iterator[ValueLevel]:
    """What the analysis value is for each parameter that has one."""
    if "PARAMCD" not in dataset.frame.columns:
        return
    known = dataset.frame.filter(pl.col(name).is_not_null()).sort("PARAMCD", maintain_order=True)
    for (code,), records in known.group_by("PARAMCD", maintain_order=True):
        values, label = records[name], str(records["PARAM"][0])
        text = values.dtype == pl.String
        value = result_type(values) if text else value_type(values)
        listed = None
        if text and value.type == "text" and values.n_unique() <= FEW:
            used = values.unique().sort().to_list()
            listed = own_codelist(f"{dataset.name}.{name}.{code}", label, used)
        yield ValueLevel(
            (Condition("PARAMCD", (str(code),)),),
            label,
            value,
            _origin(source),
            listed,
            Method(source.method) if source.method else None,
        )
