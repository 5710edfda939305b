"""The case report forms on paper, each field annotated with the variable that holds it (aCRF).

Source: CDISC SDTM Metadata Submission Guidelines 2.0, section 3.1 (annotating a form): a box for
    each domain of a form, `AE (Adverse Events)`, in the domain's colour; beside each field its
    variable, `LBORRES when LBTESTCD = "ALT"`, `AEDLT in SUPPAE`; [NOT SUBMITTED] where none is.
Reading: what all records of a form say, such as their category, stands once in its head and not
    beside each field. Forms are listed as the catalogue does, each once: the schedule does not bind
    a form to visits.
"""

from collections.abc import Sequence
from typing import Any

from cartrial import schema as s
from cartrial.forms.catalogue import FORMS
from cartrial.protocol.study import Study
from cartrial.report.paper.field import paper_field
from cartrial.report.typeset import typeset
from cartrial.sdtm.annotation import NOT_SUBMITTED, Annotation, annotations, assigned, condition
from cartrial.sdtm.guide import LABELS


def annotated_forms(study: Study) -> bytes:
    """Every form of the catalogue as PDF, with its annotations and a bookmark."""
    pages = [_form(study, name, form) for name, form in FORMS.items()]
    data = {"id": study.id, "title": study.title, "forms": pages}
    return typeset("submission/annotated_forms.typ", data)


def _form(study: Study, name: str, form: type[s.Table]) -> dict[str, Any]:
    mine = [one for one in annotations() if one.form is form]
    fields = [column for column in s.columns(form) if column.name != "subject"]
    about = [one for one in mine if one.field != "subject"]
    domains = list(dict.fromkeys(one.domain for one in about))
    said = assigned(form)
    heads = {condition(variable, value) for _, variable, value in said}
    subject = [_annotation(one, domains, heads) for one in mine if one.field == "subject"]
    return {
        "name": name,
        "title": form_title(form),
        "submitted": form not in NOT_SUBMITTED,
        "why": NOT_SUBMITTED.get(form, ""),
        "of_subject": "subject" in form.columns(),
        "subject": subject,
        "domains": [{"text": f"{code} ({LABELS[code]})"} for code in domains],
        "said": [
            {"text": condition(variable, value), "domain": domains.index(code)}
            for code, variable, value in said
        ],
        "fields": [
            paper_field(study, column)
            | {
                "annotations": [
                    _annotation(one, domains, heads) for one in about if one.field == column.name
                ]
            }
            for column in fields
        ],
    }


def form_title(form: type[s.Table]) -> str:
    """What a row of the form is: what its first line says before it explains."""
    return s.title(form).partition(";")[0]


def _annotation(one: Annotation, domains: Sequence[str], heads: set[str]) -> dict[str, Any]:
    conditions = [part for part in one.where.split(" and ") if part and part not in heads]
    when = f" when {' and '.join(conditions)}" if conditions else ""
    place = f" in SUPP{one.domain}" if one.supp else ""
    of_page = domains.index(one.domain) if one.domain in domains else -1
    return {"text": f"{one.variable}{place}{when}", "domain": of_page}
