"""What a form says and SDTM cannot hold: each such row is named, none is lost in silence."""

import polars as pl

from cartrial import schema as s
from cartrial.forms.adverse import AdverseEvent, DltAdjudication, SeriousEvent
from cartrial.forms.catalogue import FORMS, NAMES, Forms
from cartrial.forms.enrolment import Demographics
from cartrial.sdtm.summed import row_finding

RULES = (
    (SeriousEvent, AdverseEvent, ("subject", "number"), "belong to an adverse event"),
    (DltAdjudication, Demographics, ("subject",), "belong to a subject of demographics"),
)


def lost_in_mapping(forms: Forms) -> list[s.Finding]:
    """Rows that belong to no record, and reasons for missing values that are not missing."""
    return [*_orphans(forms), *_needless_reasons(forms)]


def _orphans(forms: Forms) -> list[s.Finding]:
    findings: list[s.Finding] = []
    for form, parent, keys, must in RULES:
        lost = forms.of(form).join(forms.of(parent), on=keys, how="anti")
        if lost.height:
            name = NAMES[form]
            findings.append(row_finding(form, lost, "", must, place=name, got="no such row"))
    return findings


def _needless_reasons(forms: Forms) -> list[s.Finding]:
    findings: list[s.Finding] = []
    for name, form in FORMS.items():
        if not forms.has(form):
            continue
        for column in s.columns(form):
            given = [pl.col(of).is_not_null() for of in column.reason_of if of != "status"]
            if not given:
                continue
            needless = pl.col(column.name).is_not_null() & pl.all_horizontal(given)
            rows = forms.of(form).filter(needless)
            if rows.height:
                must = f"be empty where {' and '.join(column.reason_of)} is given"
                findings.append(
                    row_finding(form, rows, column.name, must, place=name, severity="warning")
                )
    return findings
