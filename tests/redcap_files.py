"""A REDCap project's other faces, made from its raw files: the export with labels, and its ODM."""

import csv
from pathlib import Path
from xml.etree import ElementTree as ET

ODM, REDCAP = "http://www.cdisc.org/ns/odm/v1.3", "https://projectredcap.org"
OWN = {
    "redcap_event_name": "Event Name",
    "redcap_repeat_instrument": "Repeat Instrument",
    "redcap_repeat_instance": "Repeat Instance",
}
STATUS = {"0": "Incomplete", "1": "Unverified", "2": "Complete"}
YES_NO = {"1": "Yes", "0": "No"}
NAME, FORM, TYPE, LABEL = "Variable / Field Name", "Form Name", "Field Type", "Field Label"
CHOICES = "Choices, Calculations, OR Slider Labels"
VALIDATION = "Text Validation Type OR Show Slider Number"


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def choices_of(field: dict[str, str]) -> dict[str, str]:
    if field[TYPE] == "yesno":
        return YES_NO
    if field[TYPE] != "dropdown":
        return {}
    parts = (part.split(",", 1) for part in field[CHOICES].split("|"))
    return {code.strip(): words.strip() for code, words in parts}


def labelled(folder: Path) -> Path:
    """The export with labels, beside the raw one."""
    fields = {field[NAME]: field for field in rows_of(folder / "data_dictionary.csv")}
    with (folder / "data.csv").open(newline="", encoding="utf-8") as file:
        names, *rows = csv.reader(file)
    words = [choices_of(fields[n]) if n in fields else {} for n in names]
    words = [STATUS if n.endswith("_complete") else w for n, w in zip(names, words, strict=True)]
    path = folder / "data_labels.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(
            OWN.get(n) or (fields[n][LABEL] if n in fields else "Complete?") for n in names
        )
        for row in rows:
            said = [w.get(cell, cell) for w, cell in zip(words, row, strict=True)]
            if "redcap_repeat_instrument" in names:
                at = names.index("redcap_repeat_instrument")
                said[at] = said[at].replace("_", " ").title()
            writer.writerow(said)
    return path


def as_odm(folder: Path) -> Path:
    """The project as REDCap's own ODM, metadata and records."""
    fields = rows_of(folder / "data_dictionary.csv")
    forms = list(dict.fromkeys(field[FORM] for field in fields))
    root = ET.Element(f"{{{ODM}}}ODM", {"ODMVersion": "1.3.1", "FileType": "Snapshot"})
    study = _sub(root, "Study", OID="Project.Trial")
    _project(_sub(study, "GlobalVariables"), folder)
    version = _sub(study, "MetaDataVersion", OID="Metadata.Trial", Name="Trial")
    version.set(f"{{{REDCAP}}}RecordIdField", "record_id")
    _events(version, folder)
    for form in forms:
        _form(version, form, [field[NAME] for field in fields if field[FORM] == form])
    for field in fields:
        _item(version, field)
    for form in forms:
        status = {NAME: f"{form}_complete", TYPE: "dropdown", LABEL: "Complete?", VALIDATION: ""}
        _item(version, status | {CHOICES: " | ".join(f"{c}, {w}" for c, w in STATUS.items())})
    _records(root, folder, fields)
    path = folder / "project.xml"
    ET.register_namespace("", ODM)
    ET.register_namespace("redcap", REDCAP)
    ET.ElementTree(root).write(path, encoding="UTF-8", xml_declaration=True)
    return path


def _sub(above: ET.Element, tag: str, **attributes: str) -> ET.Element:
    return ET.SubElement(above, f"{{{ODM}}}{tag}", attributes)


def _own(element: ET.Element, **attributes: str) -> None:
    for name, value in attributes.items():
        element.set(f"{{{REDCAP}}}{name}", value)


def _text(above: ET.Element, tag: str, text: str) -> None:
    _sub(_sub(above, tag), "TranslatedText").text = text


def _project(variables: ET.Element, folder: Path) -> None:
    _sub(variables, "StudyName").text = "Trial"
    ET.SubElement(variables, f"{{{REDCAP}}}MissingDataCodes")
    repeating = ET.SubElement(variables, f"{{{REDCAP}}}RepeatingInstrumentsAndEvents")
    for row in rows_of(folder / "repeating_instruments.csv"):
        one = ET.SubElement(repeating, f"{{{REDCAP}}}RepeatingInstrument")
        _own(one, UniqueEventName=row["event_name"], RepeatInstrument=row["form_name"])


def _events(version: ET.Element, folder: Path) -> None:
    for row in rows_of(folder / "events.csv"):
        unique = row["unique_event_name"]
        event = _sub(version, "StudyEventDef", OID=f"Event.{unique}", Name=row["event_name"])
        _own(event, UniqueEventName=unique, ArmNum=row["arm_num"])


def _form(version: ET.Element, form: str, names: list[str]) -> None:
    _own(_sub(version, "FormDef", OID=f"Form.{form}", Name=form.title()), FormName=form)
    for group, items in (("items", names), ("status", [f"{form}_complete"])):
        ref = version.find(f"{{{ODM}}}FormDef[@OID='Form.{form}']")
        _sub(ref, "ItemGroupRef", ItemGroupOID=f"{form}.{group}", Mandatory="No")
        defined = _sub(version, "ItemGroupDef", OID=f"{form}.{group}", Name=form, Repeating="No")
        for name in items:
            _own(_sub(defined, "ItemRef", ItemOID=name, Mandatory="No"), Variable=name)


def _item(version: ET.Element, field: dict[str, str]) -> None:
    name, kinds = field[NAME], {"dropdown": "select", "notes": "textarea"}
    item = _sub(version, "ItemDef", OID=name, Name=name, DataType="text")
    _own(item, Variable=name, FieldType=kinds.get(field[TYPE], field[TYPE]))
    _own(item, TextValidationType=field[VALIDATION], FieldNote=field.get("Field Note", ""))
    _text(item, "Question", field[LABEL])
    choices = choices_of(field)
    if choices:
        _sub(item, "CodeListRef", CodeListOID=f"{name}.choices")
        listed = _sub(version, "CodeList", OID=f"{name}.choices", Name=name, DataType="text")
        for code, words in choices.items():
            _text(_sub(listed, "CodeListItem", CodedValue=code), "Decode", words)


def _records(root: ET.Element, folder: Path, fields: list[dict[str, str]]) -> None:
    forms: dict[str, list[str]] = {}
    for field in fields[1:]:
        forms.setdefault(field[FORM], []).append(field[NAME])
    about = {"StudyOID": "Project.Trial", "MetaDataVersionOID": "Metadata.Trial"}
    clinical = _sub(root, "ClinicalData", **about)
    for row in rows_of(folder / "data.csv"):
        subject = _sub(clinical, "SubjectData", SubjectKey=row["record_id"])
        unique = f"Event.{row['redcap_event_name']}"
        event = _sub(subject, "StudyEventData", StudyEventOID=unique, StudyEventRepeatKey="1")
        for form, names in forms.items():
            if row[f"{form}_complete"]:
                key = row.get("redcap_repeat_instance") or "1"
                one = _sub(event, "FormData", FormOID=f"Form.{form}", FormRepeatKey=key)
                _group(one, f"{form}.items", {name: row[name] for name in names})
                complete = f"{form}_complete"
                _group(one, f"{form}.status", {complete: row[complete]})


def _group(above: ET.Element, oid: str, values: dict[str, str]) -> None:
    group = _sub(above, "ItemGroupData", ItemGroupOID=oid, ItemGroupRepeatKey="1")
    for name, value in values.items():
        if value:
            _sub(group, "ItemData", ItemOID=name, Value=value)
