"""Our forms written as CDISC ODM 1.3.2: their definition, and a snapshot of their rows.

    Study           the forms, from their declarations (`definition`)
    AdminData       who entered, and where, where that is known
    ClinicalData    subject by subject: each row a group of items, and who entered it last, when

Source: CDISC Operational Data Model (ODM) 1.3.2, section 3.1. Oracle: its XML schema, as odmlib
    brings it, and our own reader (tests/property/test_odm.py).
Reading: a snapshot holds what stands; a row that was withdrawn, and what a row said before, are
    those of the audit trail. What is of no subject stands under the subject `committee`, as in our
    REDCap files. Numbers are written without an exponent, moments to the second. A control
    character, which XML cannot hold, is written as U+FFFD. Subjects are written one by one, so that
    a trial need not fit into memory as XML.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO
from xml.etree.ElementTree import Element, SubElement, indent, tostring
from xml.sax.saxutils import quoteattr

from cartrial import files
from cartrial import schema as s
from cartrial.forms.catalogue import FORMS, Forms
from cartrial.intake.odm.definition import (
    EVENT,
    SUBJECT,
    VERSION,
    item_oid,
    items,
    repeats,
    study_element,
    study_oid,
    unit_of,
    unit_oid,
)
from cartrial.intake.redcap.project import COMMITTEE
from cartrial.protocol.study import Study

NAMESPACE = "http://www.cdisc.org/ns/odm/v1.3"
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
TO_THE_MINUTE = len("2026-05-03T08:00")


@dataclass(frozen=True)
class User:
    """Who entered: a login name, and what stands behind it."""

    login: str
    name: str
    organisation: str


@dataclass(frozen=True)
class Audit:
    """The last entry of a row: by whom, when (ISO 8601 with its zone), why, and its number."""

    user: User
    at: str
    reason: str
    source: str


@dataclass(frozen=True)
class Record:
    """A row of a form, its cells as text; what is empty is absent."""

    form: str
    cells: Mapping[str, str]
    audit: Audit | None = None


@dataclass(frozen=True)
class OdmFile:
    """What a file says of itself; no clock is read."""

    oid: str
    created: dt.datetime
    software: str
    version: str


def write_odm(
    about: OdmFile,
    study: Study,
    forms: Sequence[str],
    subjects: Iterable[tuple[str, Sequence[Record]]],
    path: Path,
    *,
    users: Sequence[User] = (),
) -> None:
    """Write these forms with the records of each subject; of `users` are those who entered."""
    with files.writing(path) as file:
        _open(file, about)
        _write(file, study_element(study, forms))
        if users:
            _write(file, _admin(study, users, about.created))
        where = {"StudyOID": study_oid(study), "MetaDataVersionOID": VERSION}
        file.write(f"<ClinicalData{_attributes(where)}>\n".encode())
        for subject, records in subjects:
            if records:
                _write(file, _subject(study, subject, records))
        file.write(b"</ClinicalData>\n</ODM>\n")


def by_subject(forms: Forms) -> Iterator[tuple[str, list[Record]]]:
    """The rows of each subject, in order; last those that are of none."""
    found: dict[str, list[Record]] = {}
    for name, frame in forms:
        for row in s.to_text(FORMS[name], frame).to_dicts():
            cells = {column: cell for column, cell in row.items() if cell is not None}
            found.setdefault(cells.get(SUBJECT, ""), []).append(Record(name, cells))
    for subject in sorted(found, key=lambda subject: (not subject, subject)):
        yield subject, found[subject]


def _open(file: BinaryIO, about: OdmFile) -> None:
    said = {
        "xmlns": NAMESPACE,
        "ODMVersion": "1.3.2",
        "FileType": "Snapshot",
        "Granularity": "AllClinicalData",
        "FileOID": about.oid,
        "CreationDateTime": about.created.isoformat(timespec="seconds"),
        "SourceSystem": about.software,
        "SourceSystemVersion": about.version,
    }
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<ODM{_attributes(said)}>\n'
    file.write(head.encode())


def _attributes(said: Mapping[str, str]) -> str:
    return "".join(f" {name}={quoteattr(value)}" for name, value in said.items())


def _write(file: BinaryIO, part: Element) -> None:
    """Write a part, each element on a line of its own: a reader names a row by its line."""
    indent(part, space=" ")
    file.write(tostring(part, encoding="unicode").encode() + b"\n")


def _admin(study: Study, users: Sequence[User], since: dt.datetime) -> Element:
    admin = Element("AdminData", StudyOID=study_oid(study))
    for user in users:
        about = SubElement(admin, "User", OID=f"USER.{user.login}")
        SubElement(about, "LoginName").text = user.login
        SubElement(about, "FullName").text = _held(user.name)
        SubElement(about, "Organization").text = _place(user)
    for place in sorted({_place(user) for user in users}):
        named = {"OID": f"L.{place}", "Name": place, "LocationType": "Other"}
        of = {"StudyOID": study_oid(study), "MetaDataVersionOID": VERSION}
        on = {**of, "EffectiveDate": since.date().isoformat()}
        SubElement(SubElement(admin, "Location", named), "MetaDataVersionRef", on)
    return admin


def _place(user: User) -> str:
    return _held(user.organisation) or "not stated"


def _subject(study: Study, subject: str, records: Sequence[Record]) -> Element:
    about = Element("SubjectData", SubjectKey=subject or COMMITTEE)
    event = SubElement(about, "StudyEventData", StudyEventOID=EVENT)
    for name in dict.fromkeys(record.form for record in records):
        form = SubElement(event, "FormData", FormOID=f"F.{name}")
        mine = [record for record in records if record.form == name]
        for number, record in enumerate(mine, start=1):
            key = {"ItemGroupRepeatKey": str(number)} if repeats(name) else {}
            group = SubElement(form, "ItemGroupData", {"ItemGroupOID": f"G.{name}", **key})
            if record.audit is not None:
                _audit(group, record.audit)
            for column in items(name):
                if column.name in record.cells:
                    _value(group, study, name, column, record.cells[column.name])
    return about


def _audit(group: Element, last: Audit) -> None:
    said = SubElement(group, "AuditRecord")
    SubElement(said, "UserRef", UserOID=f"USER.{last.user.login}")
    SubElement(said, "LocationRef", LocationOID=f"L.{_place(last.user)}")
    SubElement(said, "DateTimeStamp").text = last.at
    if last.reason:
        SubElement(said, "ReasonForChange").text = _held(last.reason)
    SubElement(said, "SourceID").text = last.source


def _value(group: Element, study: Study, form: str, column: s.Column, cell: str) -> None:
    about = {"ItemOID": item_oid(form, column), "Value": _spelled(column, cell)}
    item = SubElement(group, "ItemData", about)
    unit = unit_of(study, column)
    if unit:
        SubElement(item, "MeasurementUnitRef", MeasurementUnitOID=unit_oid(unit))


def _spelled(column: s.Column, cell: str) -> str:
    """A cell as its ODM data type spells it."""
    match column.kind:
        case "number":
            return f"{Decimal(cell):f}"
        case "flag":
            return "true" if cell == "yes" else "false"
        case "moment":
            return f"{cell}:00" if len(cell) == TO_THE_MINUTE else cell
    return _held(cell)


def _held(text: str) -> str:
    return NOT_XML.sub("\ufffd", text)
