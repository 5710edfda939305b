"""Where each field of each form stands in SDTM, read from the mapping tables of the domains.

define.xml (origins) and the annotated forms read this; nothing here is typed that a mapping says.
Two fields that a domain's own code places are listed in `PLACED`.

Source: CDISC SDTM Metadata Submission Guidelines 2.0, section 3.1 (annotating a form).
Reading: a field is annotated with the variables that hold it. A field that no variable holds as it
    is (the status of a CAR measurement) is annotated with the variables derived from it, standard
    result and unit left out. Records of a category or test say so (`where`).

To add a domain: add its mappings to `MAPPINGS`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from cartrial import schema as s
from cartrial.forms.catalogue import FORMS
from cartrial.forms.conduct import DoseDecision, PublishedMargin
from cartrial.forms.enrolment import Demographics
from cartrial.sdtm.domains import (
    ae,
    be,
    bs,
    ce,
    cm,
    cp,
    dm,
    ds,
    dv,
    ec,
    ex,
    fa,
    ho,
    ie,
    lb,
    mh,
    pc,
    pr,
    rs,
    sc,
    ss,
    sv,
    tr,
    ts,
    tu,
    vs,
)
from cartrial.sdtm.mapping import Coded, Findings, Record, code_of
from cartrial.sdtm.mapping import Target as FieldTarget

MAPPINGS: tuple[Record | Findings, ...] = (
    dm.SUBJECT,
    dm.ADJUDICATION,
    *ds.MAPPINGS,
    ds.CONSENTED,
    ec.PLANNED,
    ec.GIVEN,
    ec.LYMPHODEPLETED,
    ex.LYMPHODEPLETED,
    ex.INFUSED,
    *pr.MAPPINGS,
    be.MANUFACTURED,
    *bs.MAPPINGS,
    *cm.MAPPINGS,
    mh.DIAGNOSED,
    ae.EVENT,
    ae.SERIOUS,
    *ce.MAPPINGS,
    *lb.MAPPINGS,
    *vs.MAPPINGS,
    *pc.MAPPINGS,
    *cp.MAPPINGS,
    rs.OVERALL,
    rs.BEST,
    rs.MRD,
    tu.MAPPING,
    *tr.MAPPINGS,
    *fa.MAPPINGS,
    sv.VISIT,
    *ss.MAPPINGS,
    *sc.MAPPINGS,
    ie.EXCEPTION,
    *dv.MAPPINGS,
    *ho.MAPPINGS,
)
NOT_COLLECTED = ("STRESC", "STRESN", "STRESU", "ORRESU")  # made from the result, or printed
NOT_SUBMITTED: Mapping[type[s.Table], str] = {
    PublishedMargin: "A publication's counts have no subjects, which SDTM needs."
}


@dataclass(frozen=True)
class Annotation:
    """A field of a form and a variable that holds it; `where` picks the records, if not all do."""

    form: type[s.Table]
    field: str
    domain: str
    variable: str
    where: str
    supp: bool


PLACED = (
    Annotation(Demographics, "level", "DM", "ARMCD", "", False),
    Annotation(DoseDecision, "number", "TS", "TSSEQ", "", False),
)


@cache
def annotations() -> tuple[Annotation, ...]:
    """Every field that is submitted, in the order of the forms and of their fields."""
    found = dict.fromkeys((*PLACED, *_subjects(), *_decisions()))
    for mapping in MAPPINGS:
        made = _of_record(mapping) if isinstance(mapping, Record) else _of_findings(mapping)
        found |= dict.fromkeys(made)
    place = {
        (form, column.name): (n, m)
        for n, form in enumerate(FORMS.values())
        for m, column in enumerate(s.columns(form))
    }
    return tuple(sorted(found, key=lambda one: place[one.form, one.field]))


@cache
def assigned(form: type[s.Table]) -> tuple[tuple[str, str, str], ...]:
    """What all records of a form in a domain say without being asked: domain, variable, value."""
    mine: dict[str, list[Mapping[str, str]]] = {}
    for mapping in MAPPINGS:
        if mapping.form is form:
            mine.setdefault(code_of(mapping.domain), []).append(mapping.constants)
    return tuple(
        (code, variable, value)
        for code, constants in mine.items()
        for variable, value in constants[0].items()
        if all(others.get(variable) == value for others in constants)
    )


def _subjects() -> Iterator[Annotation]:
    """The subject in the head of each form is the subject of DM."""
    for form in FORMS.values():
        if form not in NOT_SUBMITTED and "subject" in form.columns():
            yield Annotation(form, "subject", "DM", "SUBJID", "", False)


def _decisions() -> Iterator[Annotation]:
    """A decision on the dose is of the trial: parameters of TS."""
    for field, (code, _) in ts.DECISION.items():
        yield Annotation(DoseDecision, field, "TS", "TSVAL", condition("TSPARMCD", code), False)


def _of_record(mapping: Record) -> Iterator[Annotation]:
    known = [name for name in mapping.known_by if name in mapping.constants]
    where = " and ".join(condition(name, mapping.constants[name]) for name in known)
    for column in s.columns(mapping.form):
        for variable in _variables(mapping, column.name):
            yield _annotated(mapping, column.name, variable, where)


def _variables(mapping: Record, field: str) -> list[str]:
    """The variables that hold a field or, where none does, those made from it."""
    if field in mapping.fields:
        return [_variable(mapping.fields[field])]
    return [
        variable
        for variable, made in mapping.derived.items()
        if field in made.meta.root_names() and not variable.endswith(NOT_COLLECTED)
    ]


def _of_findings(mapping: Findings) -> Iterator[Annotation]:
    code = code_of(mapping.domain)
    for field, target in {**mapping.keys, **mapping.also}.items():
        yield _annotated(mapping, field, _variable(target), "")
    for field in mapping.where:
        for variable in _telling_apart(mapping):
            yield _annotated(mapping, field, variable, "")
    for item in mapping.items:
        test = condition(f"{code}TESTCD", item.code)
        yield _annotated(mapping, item.field, f"{code}ORRES", test)
        if item.unit_from:
            yield _annotated(mapping, item.unit_from, f"{code}ORRESU", test)
    if mapping.why:
        yield _annotated(mapping, mapping.why, f"{code}REASND", "")


def _telling_apart(mapping: Findings) -> list[str]:
    """The constants by which the mappings of one form differ."""
    others = [one for one in MAPPINGS if one.form is mapping.form]
    return [
        name
        for name in mapping.known_by
        if len({one.constants.get(name) for one in others}) == len(others)
    ]


def _annotated(mapping: Record | Findings, field: str, variable: str, where: str) -> Annotation:
    declared = next(c for c in s.columns(mapping.domain) if c.name == variable)
    domain = code_of(mapping.domain)
    return Annotation(mapping.form, field, domain, variable, where, declared.supp)


def _variable(target: FieldTarget) -> str:
    return target.variable if isinstance(target, Coded) else target


def condition(variable: str, value: str) -> str:
    """That a variable has a value, as `where` says it."""
    return f'{variable} = "{value}"'
