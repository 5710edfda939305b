"""define.xml of SDTM, read from the declarations, the mapping tables and the data.

    form's field fills it     Collected, from the investigator, with the form in the annotated PDF
    rule of ours              Derived, with its method (sdtm.derivation)
    trial design              Protocol
    all else                  Assigned by the sponsor: identifiers, categories, test codes

Source: CDISC Define-XML 2.1; CDISC SDTM Metadata Submission Guidelines 2.0.
Reading: results and supplemental values have a level for each test and unit, and for each
    qualifier. A list of values stands only where a form lets one choose: free text is not repeated.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import polars as pl

from cartrial import schema as s
from cartrial.cdisc.dataset import Dataset, Variable
from cartrial.cdisc.define.model import (
    CodeListDefinition,
    Condition,
    DatasetDefinition,
    Define,
    Document,
    Method,
    Origin,
    Standard,
    ValueLevel,
    VariableDefinition,
)
from cartrial.cdisc.define.reading import reading_of
from cartrial.cdisc.define.value_type import date_type, result_type, text_type, value_type
from cartrial.cdisc.form import Form
from cartrial.cdisc.terminology import Terminology
from cartrial.protocol.study import Study
from cartrial.sdtm.annotation import condition
from cartrial.sdtm.define.codelist import CT, chosen_codelist, dataset_codelist, value_codelist
from cartrial.sdtm.define.derivation import method_of
from cartrial.sdtm.define.foreign import of_another_system
from cartrial.sdtm.define.origin import (
    ASSIGNED,
    DERIVED,
    PROTOCOL,
    declared,
    fields_behind,
    from_forms,
    is_chosen,
)
from cartrial.sdtm.define.role import role_of
from cartrial.sdtm.domain import DOMAINS, Sdtm
from cartrial.sdtm.file.folder import sdtm_datasets
from cartrial.sdtm.guide import CLASSES, STRUCTURES
from cartrial.sdtm.terms.sponsor import sponsor_terms

GUIDE = Standard("SDTMIG", "SDTMIG", "3.4")
ONE_RECORD = ("DM",)  # datasets that have one record for each subject
SUPPLEMENTAL = "One record per supplemental qualifier per related parent record"
DATES = ("partial", "date", "moment")


def define_sdtm(
    study: Study,
    sdtm: Sdtm,
    terminology: Terminology,
    *,
    form: Form,
    documents: tuple[Document, ...] = (),
    collected: bool = True,
) -> Define:
    """What the files of a form that hold the trial's SDTM say of themselves.

    SDTM that was not `collected` on our forms is another system's, of which less is known.
    """
    typed: Form = "parquet" if form == "csv" else form
    described = (_dataset(one, terminology, form) for one in sdtm_datasets(sdtm, typed))
    return Define(
        study=study.id,
        description=study.title,
        protocol=study.registry or study.id,
        title=f"{study.id}, SDTM data definitions",
        standards=(GUIDE, Standard(CT, "CDISC/NCI", terminology.version, "CT", "SDTM")),
        datasets=tuple(one if collected else of_another_system(one) for one in described),
        documents=documents,
        system=("cartrial", version("cartrial")),
    )


# ---------------------------------------------------------------- datasets
def _dataset(dataset: Dataset, terminology: Terminology, form: Form) -> DatasetDefinition:
    parent = dataset.name.removeprefix("SUPP")
    supplemental = parent != dataset.name
    kind = "RELATIONSHIP" if supplemental else CLASSES.get(dataset.name, "")
    make = _qualifiers if supplemental else _variables
    return DatasetDefinition(
        name=dataset.name,
        label=dataset.label,
        file=f"{dataset.name.lower()}.{form}",
        structure=SUPPLEMENTAL if supplemental else STRUCTURES.get(dataset.name, ""),
        kind=kind,
        purpose="Tabulation",
        variables=tuple(make(dataset, terminology)),
        records=dataset.frame.height,
        domain=parent,
        repeating=dataset.name not in ONE_RECORD,
        reference=kind == "TRIAL DESIGN",
        standard=GUIDE.id,
        comment=reading_of(DOMAINS[dataset.name]) if dataset.name in DOMAINS else "",
    )


def _variables(dataset: Dataset, terminology: Terminology) -> Iterator[VariableDefinition]:
    """The variables of a domain."""
    about = _About(dataset, terminology)
    for variable in dataset.variables:
        values = dataset.frame[variable.name]
        method = method_of(dataset.name, variable.name)
        origin = about.origin(variable.name)
        levels = tuple(about.levels(variable.name))
        yield VariableDefinition(
            variable.name,
            variable.label,
            value_type(values, dates=about.kind(variable.name) in DATES),
            origin,
            mandatory=about.is_required(variable.name),
            key=variable.key,
            role=role_of(dataset.name, variable.name),
            codelist=None if levels else about.codelist(variable.name),
            method=Method(method) if method and origin == DERIVED else None,
            has_data=values.count() > 0,
            levels=levels,
        )


# ---------------------------------------------------------------- one domain
@dataclass(frozen=True)
class _About:
    """A domain with its declaration and where its variables come from."""

    dataset: Dataset
    terminology: Terminology

    @property
    def name(self) -> str:
        """The code of the domain."""
        return self.dataset.name

    def column(self, variable: str) -> s.Column | None:
        """How the variable is declared."""
        return declared(self.name).get(variable)

    def kind(self, variable: str) -> str:
        """The kind of the variable: text, number, partial date."""
        column = self.column(variable)
        return column.kind if column else "text"

    def is_required(self, variable: str) -> bool:
        """Whether a record must have the variable."""
        column = self.column(variable)
        return bool(column and (column.core == "Req" or column.key))

    def origin(self, variable: str) -> Origin:
        """Where the values of the variable come from."""
        if CLASSES.get(self.name) == "TRIAL DESIGN":
            return PROTOCOL
        if asked := fields_behind(self.name).get((variable, "")):
            return from_forms(asked)
        return DERIVED if method_of(self.name, variable) else ASSIGNED

    def codelist(self, variable: str) -> CodeListDefinition | None:
        """The code list of the variable."""
        terms, frame = sponsor_terms(variable), self.dataset.frame
        return dataset_codelist(self.name, variable, frame, self.terminology, terms)

    def levels(self, variable: str) -> Iterator[ValueLevel]:
        """What a result is for each test, in each unit that it has."""
        unit = {"ORRES": "ORRESU", "STRESC": "STRESU", "STRESN": "STRESU"}
        suffix = variable.removeprefix(self.name)
        if suffix in unit and f"{self.name}TESTCD" in self.dataset.frame.columns:
            yield from self._tests(variable, f"{self.name}{unit[suffix]}")
        elif variable == "TSVAL":
            yield from self._parameters()
        elif variable == "DSDECOD":
            yield from self._categories()

    def _tests(self, variable: str, unit: str) -> Iterator[ValueLevel]:
        code, test = f"{self.name}TESTCD", f"{self.name}TEST"
        known = self.dataset.frame.filter(pl.col(variable).is_not_null())
        by = [name for name in (code, test, unit) if name in known.columns]
        units = (
            dict(known.group_by(code).agg(pl.col(unit).n_unique()).iter_rows())
            if unit in by
            else {}
        )
        for names, records in known.sort(by, nulls_last=True).group_by(by, maintain_order=True):
            named: dict[str, Any] = dict(zip(by, names, strict=True))
            where = [Condition(code, (named[code],))]
            if units.get(named[code], 1) > 1:
                where.append(Condition(unit, (named[unit] or "",)))
            measured = f" ({named[unit]})" if named.get(unit) else ""
            label = f"{named.get(test) or named[code]}{measured}"
            yield self._test(variable, named[code], label, tuple(where), records[variable])

    def _test(
        self,
        variable: str,
        code: str,
        label: str,
        where: tuple[Condition, ...],
        values: pl.Series,
    ) -> ValueLevel:
        asked = fields_behind(self.name).get((variable, condition(f"{self.name}TESTCD", code)))
        origin = from_forms(asked) if asked else self.origin(variable)
        method = method_of(self.name, variable) if origin == DERIVED else ""
        value = result_type(values) if values.dtype == pl.String else value_type(values)
        codelist: CodeListDefinition | None = None
        if value.type == "text":
            terms = sponsor_terms(variable)
            codelist = value_codelist(variable, code, values, self.terminology, terms)
            if codelist is None and asked and is_chosen(asked):
                codelist = chosen_codelist(f"{self.name}.{code}", label, values)
        told = Method(method) if method else None
        return ValueLevel(where, label, value, origin, codelist, told)

    def _categories(self) -> Iterator[ValueLevel]:
        """The terms of DS, which are of another list in each category."""
        frame = self.dataset.frame.drop_nulls("DSCAT").sort("DSCAT", maintain_order=True)
        for (category,), records in frame.group_by("DSCAT", maintain_order=True):
            values, terms = records["DSDECOD"], sponsor_terms("DSDECOD")
            yield ValueLevel(
                (Condition("DSCAT", (str(category),)),),
                str(category).capitalize(),
                text_type(values),
                self.origin("DSDECOD"),
                value_codelist("DSDECOD", str(category), values, self.terminology, terms),
            )

    def _parameters(self) -> Iterator[ValueLevel]:
        """The parameters of TS; the committee's decisions are collected."""
        frame = self.dataset.frame.filter(pl.col("TSVAL").is_not_null()).sort("TSPARMCD")
        for (code, name), records in frame.group_by("TSPARMCD", "TSPARM", maintain_order=True):
            asked = fields_behind("TS").get(("TSVAL", condition("TSPARMCD", str(code))))
            values = records["TSVAL"]
            yield ValueLevel(
                (Condition("TSPARMCD", (str(code),)),),
                str(name),
                text_type(values),
                from_forms(asked) if asked else PROTOCOL,
                value_codelist(
                    "TSVAL", str(code), values, self.terminology, sponsor_terms("TSVAL")
                ),
            )


# ---------------------------------------------------------------- supplemental qualifiers
def _qualifiers(dataset: Dataset, terminology: Terminology) -> Iterator[VariableDefinition]:
    """The variables of a supplemental dataset; its values are told by qualifier."""
    parent = dataset.name.removeprefix("SUPP")
    for variable in dataset.variables:
        values = dataset.frame[variable.name]
        levels = tuple(_by_qualifier(dataset, parent)) if variable.name == "QVAL" else ()
        yield VariableDefinition(
            variable.name,
            variable.label,
            text_type(values),
            levels[0].origin if levels else _supplemental_origin(variable),
            mandatory=variable.key is not None and variable.name not in ("IDVAR", "IDVARVAL"),
            key=variable.key,
            role=role_of(dataset.name, variable.name),
            codelist=dataset_codelist(dataset.name, variable.name, dataset.frame, terminology, {}),
            method=Method(method_of(parent, "USUBJID")) if variable.name == "USUBJID" else None,
            has_data=values.count() > 0,
            levels=levels,
        )


def _supplemental_origin(variable: Variable) -> Origin:
    return DERIVED if variable.name == "USUBJID" else ASSIGNED


def _by_qualifier(dataset: Dataset, parent: str) -> Iterator[ValueLevel]:
    """What QVAL is for each qualifier."""
    ordered = dataset.frame.sort("QNAM", maintain_order=True)
    for (name,), records in ordered.group_by("QNAM", maintain_order=True):
        asked = fields_behind(parent).get((str(name), ""))
        column = declared(parent).get(str(name))
        values = records["QVAL"]
        dated = column is not None and column.kind in DATES
        method = method_of(parent, str(name))
        chosen: CodeListDefinition | None = None
        if asked and is_chosen(asked):
            chosen = chosen_codelist(f"{dataset.name}.{name}", records["QLABEL"][0], values)
        yield ValueLevel(
            (Condition("QNAM", (str(name),)),),
            str(records["QLABEL"][0] or name),
            date_type(values) if dated else result_type(values),
            from_forms(asked) if asked else DERIVED if method else ASSIGNED,
            chosen,
            Method(method) if method else None,
        )
