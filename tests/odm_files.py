"""Forms as an ODM 1.3.2 file: metadata, and a snapshot of the data, typed or untyped."""

from pathlib import Path
from xml.etree import ElementTree as ET

from cartrial import schema as s
from cartrial.forms.catalogue import FORMS, Forms

NAMESPACE = "http://www.cdisc.org/ns/odm/v1.3"
TYPES = {
    "number": ("float", "Float"),
    "count": ("integer", "Integer"),
    "flag": ("boolean", "Boolean"),
    "date": ("date", "Date"),
    "moment": ("datetime", "Datetime"),
    "partial": ("partialDatetime", "PartialDatetime"),
}
COMMITTEE = "committee"  # the subject of what is not of a subject


def write_odm(forms: Forms, path: Path, *, typed: bool) -> Path:
    """Write the forms; a form with several rows of a subject is a group that repeats."""
    about = {
        "ODMVersion": "1.3.2",
        "FileType": "Snapshot",
        "FileOID": "trial",
        "CreationDateTime": "2025-01-01T00:00:00",
    }
    root = ET.Element(f"{{{NAMESPACE}}}ODM", about)
    study = _sub(root, "Study", OID="S.TRIAL")
    variables = _sub(study, "GlobalVariables")
    for name in ("StudyName", "StudyDescription", "ProtocolName"):
        _sub(variables, name).text = "Trial"
    _units(_sub(study, "BasicDefinitions"), forms)
    version = _sub(study, "MetaDataVersion", OID="V.1", Name="First")
    _define(version, forms)
    clinical = _sub(root, "ClinicalData", StudyOID="S.TRIAL", MetaDataVersionOID="V.1")
    _subjects(clinical, forms, typed=typed)
    ET.register_namespace("", NAMESPACE)
    ET.ElementTree(root).write(path, encoding="UTF-8", xml_declaration=True)
    return path


def _sub(above: ET.Element, tag: str, **attributes: str) -> ET.Element:
    return ET.SubElement(above, f"{{{NAMESPACE}}}{tag}", attributes)


def _text(above: ET.Element, tag: str, text: str) -> None:
    _sub(_sub(above, tag), "TranslatedText").text = text


def _columns(name: str) -> list[s.Column]:
    return [column for column in s.columns(FORMS[name]) if column.name != "subject"]


def _unit(column: s.Column) -> str | None:
    unit = column.unit if column.kind == "number" else None
    return None if unit is None or unit.startswith("as ") else unit


def _units(basic: ET.Element, forms: Forms) -> None:
    units = {unit for name, _ in forms for column in _columns(name) if (unit := _unit(column))}
    for unit in sorted(units):
        _text(_sub(basic, "MeasurementUnit", OID=f"U.{unit}", Name=unit), "Symbol", unit)


def _define(version: ET.Element, forms: Forms) -> None:
    names = [name for name, _ in forms]
    _sub(_sub(version, "Protocol"), "StudyEventRef", StudyEventOID="E.ALL", Mandatory="No")
    event = _sub(version, "StudyEventDef", OID="E.ALL", Name="All", Repeating="No", Type="Common")
    for name in names:
        _sub(event, "FormRef", FormOID=f"F.{name}", Mandatory="No")
    for name in names:
        form = _sub(version, "FormDef", OID=f"F.{name}", Name=name, Repeating="No")
        _sub(form, "ItemGroupRef", ItemGroupOID=f"G.{name}", Mandatory="No")
    for name in names:
        group = _sub(version, "ItemGroupDef", OID=f"G.{name}", Name=name, Repeating="Yes")
        for column in _columns(name):
            _sub(group, "ItemRef", ItemOID=f"I.{name}.{column.name}", Mandatory="No")
    for name in names:
        for column in _columns(name):
            _item(version, f"I.{name}.{column.name}", column)
    for name in names:
        for column in _columns(name):
            if column.codes:
                oid = f"C.{name}.{column.name}"
                listed = _sub(version, "CodeList", OID=oid, Name=oid, DataType="text")
                for code, words in enumerate(column.codes, start=1):
                    _text(_sub(listed, "CodeListItem", CodedValue=str(code)), "Decode", words)


def _item(version: ET.Element, oid: str, column: s.Column) -> None:
    kind = TYPES.get(column.kind, ("text", ""))[0]
    length = {} if kind not in ("text", "integer", "float") else {"Length": "200"}
    digits = {"SignificantDigits": "10"} if kind == "float" else {}
    item = _sub(version, "ItemDef", OID=oid, Name=column.name, DataType=kind, **length, **digits)
    _text(item, "Question", column.label)
    unit = _unit(column)
    if unit:
        _sub(item, "MeasurementUnitRef", MeasurementUnitOID=f"U.{unit}")
    if column.codes:
        _sub(item, "CodeListRef", CodeListOID=oid.replace("I.", "C.", 1))


def _subjects(clinical: ET.Element, forms: Forms, *, typed: bool) -> None:
    rows: dict[str, list[tuple[str, dict[str, str | None]]]] = {}
    for name, frame in forms:
        for row in s.to_text(FORMS[name], frame).to_dicts():
            rows.setdefault(row.pop("subject", COMMITTEE), []).append((name, row))
    for subject, filled in rows.items():
        about = _sub(clinical, "SubjectData", SubjectKey=subject)
        event = _sub(about, "StudyEventData", StudyEventOID="E.ALL")
        for name in dict.fromkeys(name for name, _ in filled):
            form = _sub(event, "FormData", FormOID=f"F.{name}")
            mine = [row for other, row in filled if other == name]
            for number, row in enumerate(mine, start=1):
                key = {"ItemGroupOID": f"G.{name}", "ItemGroupRepeatKey": str(number)}
                group = _sub(form, "ItemGroupData", **key)
                for column in _columns(name):
                    _value(group, f"I.{name}.{column.name}", column, row[column.name], typed=typed)


def _value(
    group: ET.Element, oid: str, column: s.Column, value: str | None, *, typed: bool
) -> None:
    if value is None:
        if not typed:
            _sub(group, "ItemData", ItemOID=oid, IsNull="Yes")
        return
    if column.codes:
        value = str(column.codes.index(value) + 1)
    if column.kind == "flag":
        value = {"yes": "true", "no": "false"}[value]
    if column.kind == "moment" and len(value) == len("2025-01-01T10:00"):
        value += ":00"
    unit = _unit(column)
    if typed:
        kind = TYPES.get(column.kind, ("", "String"))[1]
        named = {"MeasurementUnitOID": f"U.{unit}"} if unit else {}
        _sub(group, f"ItemData{kind}", ItemOID=oid, **named).text = value
        return
    item = _sub(group, "ItemData", ItemOID=oid, Value=value)
    if unit:
        _sub(item, "MeasurementUnitRef", MeasurementUnitOID=f"U.{unit}")
