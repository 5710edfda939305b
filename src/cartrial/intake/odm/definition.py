"""Our forms as ODM metadata: one event, a form and a group of items for each, from declarations.

    OID           of
    E.ALL         the one event: the schedule binds no form to a visit
    F.visit       the form, G.visit its group of items, which repeats where a subject has many rows
    I.visit.on    a column; its codes are C.visit.on, its unit is U.<unit>

Source: CDISC Operational Data Model (ODM) 1.3.2, sections 3.1.1 to 3.1.4.
Reading: the codes of a form are its words. Limits are hard range checks; the rules of a form that
    look at several columns are in the software, whose version the file names.
"""

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement

from cartrial import schema as s
from cartrial.forms.catalogue import FORMS
from cartrial.forms.product import unit_in
from cartrial.protocol.study import Study

VERSION = "V.1"
EVENT = "E.ALL"
SUBJECT = "subject"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
UNSAID = ("number", "count")  # units that are none
TYPES = {
    "number": "float",
    "count": "integer",
    "flag": "boolean",
    "date": "date",
    "moment": "datetime",
    "partial": "partialDatetime",
}


def study_element(study: Study, forms: Sequence[str]) -> Element:
    """What the file says of the study, and the definition of these forms."""
    root = Element("Study", OID=study_oid(study))
    said = SubElement(root, "GlobalVariables")
    for tag, text in (
        ("StudyName", study.id),
        ("StudyDescription", study.title),
        ("ProtocolName", study.registry or study.id),
    ):
        SubElement(said, tag).text = text
    basic = SubElement(root, "BasicDefinitions")
    units = {unit_of(study, column) for name in forms for column in items(name)} - {""}
    for unit in sorted(units):
        defined = SubElement(basic, "MeasurementUnit", OID=unit_oid(unit), Name=unit)
        _text(defined, "Symbol", unit)
    version = SubElement(root, "MetaDataVersion", OID=VERSION, Name=study.title)
    SubElement(
        SubElement(version, "Protocol"), "StudyEventRef", StudyEventOID=EVENT, Mandatory="No"
    )
    _define(version, study, forms)
    return root


def study_oid(study: Study) -> str:
    """The OID of the study."""
    return f"S.{study.id}"


def unit_oid(unit: str) -> str:
    """The OID of a unit."""
    return f"U.{unit}"


def item_oid(form: str, column: s.Column) -> str:
    """The OID of a column."""
    return f"I.{form}.{column.name}"


def items(form: str) -> list[s.Column]:
    """The columns that are items: the subject is the key of what stands around them."""
    return [column for column in s.columns(FORMS[form]) if column.name != SUBJECT]


def repeats(form: str) -> bool:
    """Whether a subject may have more than one row."""
    return s.key(FORMS[form]) != [SUBJECT]


def unit_of(study: Study, column: s.Column) -> str:
    """The unit of a column's values; empty where it has none, or stands in another column."""
    unit = unit_in(study.doses.unit, column)
    return "" if unit in UNSAID or unit.startswith("as ") else unit


def _define(version: Element, study: Study, forms: Sequence[str]) -> None:
    """The definitions in the order that the standard asks: event, forms, groups, items, lists."""
    event = SubElement(
        version, "StudyEventDef", OID=EVENT, Name="All", Repeating="No", Type="Common"
    )
    for number, name in enumerate(forms, start=1):
        _refer(event, "Form", f"F.{name}", number)
    for name in forms:
        form = SubElement(version, "FormDef", OID=f"F.{name}", Name=name, Repeating="No")
        _text(form, "Description", s.title(FORMS[name]))
        _refer(form, "ItemGroup", f"G.{name}", 1)
    for name in forms:
        _group(version, name)
    for name in forms:
        for column in items(name):
            _item(version, study, name, column)
    for name in forms:
        for column in items(name):
            if column.codes:
                oid = f"C.{name}.{column.name}"
                listed = SubElement(version, "CodeList", OID=oid, Name=oid, DataType="text")
                for code in column.codes:
                    SubElement(listed, "EnumeratedItem", CodedValue=code)


def _refer(above: Element, what: str, oid: str, number: int) -> None:
    about = {f"{what}OID": oid, "OrderNumber": str(number), "Mandatory": "No"}
    SubElement(above, f"{what}Ref", about)


def _group(version: Element, name: str) -> None:
    again = "Yes" if repeats(name) else "No"
    group = SubElement(version, "ItemGroupDef", OID=f"G.{name}", Name=name, Repeating=again)
    keys = [key for key in s.key(FORMS[name]) if key != SUBJECT]
    for number, column in enumerate(items(name), start=1):
        about = {
            "ItemOID": item_oid(name, column),
            "OrderNumber": str(number),
            "Mandatory": "No" if column.nullable else "Yes",
        }
        if column.key:
            about["KeySequence"] = str(keys.index(column.name) + 1)
        SubElement(group, "ItemRef", about)


def _item(version: Element, study: Study, name: str, column: s.Column) -> None:
    about = {"OID": item_oid(name, column), "Name": column.name}
    about["DataType"] = TYPES.get(column.kind, "text")
    if column.codes:
        about["Length"] = str(max(map(len, column.codes)))
    elif column.kind == "text" and column.most is not None:
        about["Length"] = str(int(column.most))
    item = SubElement(version, "ItemDef", about)
    _text(item, "Question", column.label)
    unit = unit_of(study, column)
    if unit:
        SubElement(item, "MeasurementUnitRef", MeasurementUnitOID=unit_oid(unit))
    if column.limits:
        _limit(item, "GE", column.least)
        _limit(item, "LE", column.most)
    if column.codes:
        SubElement(item, "CodeListRef", CodeListOID=f"C.{name}.{column.name}")


def _limit(item: Element, comparator: str, limit: float | None) -> None:
    if limit is not None:
        check = SubElement(item, "RangeCheck", Comparator=comparator, SoftHard="Hard")
        SubElement(check, "CheckValue").text = f"{limit:g}"


def _text(above: Element, tag: str, text: str) -> None:
    SubElement(SubElement(above, tag), "TranslatedText", {LANGUAGE: "en"}).text = text
