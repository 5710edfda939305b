"""Worksheets as PDF: a form on paper, from its declaration, with lines for who wrote and when.

Source: ICH E6(R3) 4.3.6: the ward goes on when the system is down. What is written is the source,
    and is entered later; the entry is late, which a review of the trail shows.
Reading: a form of which a subject has many records stands on a page as often as there is room.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from cartrial import schema as s
from cartrial.capture.entry.form.layout import LAYOUT
from cartrial.capture.entry.form.listed import offers
from cartrial.capture.ledger.row import CAPTURED, SUBJECT
from cartrial.capture.state.shown.titles import TITLES
from cartrial.capture.worksheet.sheet import Sheet
from cartrial.forms.catalogue import Forms
from cartrial.protocol.study import Study
from cartrial.report.paper.field import paper_field
from cartrial.report.typeset import typeset

TEMPLATE, ROOM = "worksheet.typ", "cartrial.capture.worksheet"
FEW = 8  # choices of the study that are ticked; more are written
NOT_KNOWN = "not known"


@dataclass(frozen=True)
class Printed:
    """What the foot of each page says of the print."""

    study_sha256: str
    at: str = ""  # when it was printed; empty where no clock is asked
    head: str = ""  # of the chain; empty without a database
    demo: bool = False


def worksheets(study: Study, sheets: Iterable[Sheet], printed: Printed) -> bytes:
    """Every worksheet, each on a page of its own, with a bookmark."""
    foot = [
        f"cartrial {version('cartrial')}",
        f"study file {printed.study_sha256[:12]}",
        *([f"chain head {printed.head}"] if printed.head else []),
        *([f"printed {printed.at}"] if printed.at else []),
    ]
    data = {
        "id": f"{study.id} · demonstration" if printed.demo else study.id,
        "foot": " · ".join(foot),
        "sheets": [_sheet(study, sheet) for sheet in sheets],
    }
    return typeset(TEMPLATE, data, ROOM, tagged=False)


def _sheet(study: Study, sheet: Sheet) -> dict[str, Any]:
    form = CAPTURED[sheet.form]
    columns = {column.name: column for column in s.columns(form) if column.name != SUBJECT}
    listed: Sequence[tuple[str, Sequence[str]]] = LAYOUT.get(sheet.form, (("", tuple(columns)),))
    offered = offers(sheet.form, study, Forms({}))
    return {
        "form": sheet.form,
        "title": TITLES[sheet.form],
        "of_subject": SUBJECT in form.columns(),
        "subject": sheet.subject,
        "visit": sheet.visit,
        "when": sheet.when,
        "many": s.key(form) != [SUBJECT] and sheet.form != "visit",
        "groups": [
            {
                "heading": heading,
                "fields": [
                    _field(study, columns[name], offered.get(name, ()), sheet)
                    for name in names
                    if name in columns
                ],
            }
            for heading, names in listed
        ],
    }


def _field(
    study: Study, column: s.Column, offered: Sequence[tuple[str, str]], sheet: Sheet
) -> dict[str, Any]:
    words = [f"{value} ({said})" if said else value for value, said in offered]
    ticked = words if len(words) <= FEW else []
    drawn = paper_field(study, column, ticked)
    if column.kind == "flag" and column.nullable:
        drawn["choices"] = [*drawn["choices"], NOT_KNOWN]
    is_open = column.kind == "text" and bool(ticked)  # what is offered is not all that there is
    return {**drawn, "given": sheet.given.get(column.name, ""), "open": is_open}
