"""ODM clinical data: the items of each group of each form, after all transactions.

    TransactionType    in a file of transactions
    Insert, Upsert     the values are set
    Update             the values that it holds are set, the others stay
    Remove             what it names, and all within, is taken away
    Context            nothing: it leads to what is within

Reading: the file's order is the order of time. In a snapshot every item stands once. A typed value
    (`ItemDataFloat`) is its text, an untyped one its attribute; a value that IsNull is empty. The
    unit of a value is kept beside it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from cartrial.errors import DataError
from cartrial.intake.odm.document import LINE

LEVELS = {
    "StudyEventData": ("StudyEventOID", "StudyEventRepeatKey"),
    "FormData": ("FormOID", "FormRepeatKey"),
    "ItemGroupData": ("ItemGroupOID", "ItemGroupRepeatKey"),
}
PLACES = {"SubjectData": 1, "StudyEventData": 3, "FormData": 5, "ItemGroupData": 7}
Key = tuple[str, ...]  # subject, then OID and repeat key of event, form and group


@dataclass
class Row:
    """The items of one group: the value of each, and its unit."""

    version: tuple[str, str]
    line: int
    place: str = ""  # the OID of the location
    values: dict[str, str | None] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)


@dataclass
class Clinical:
    """The rows that stand after what was read so far, and what happened to them."""

    place: str
    transactional: bool
    subjects: dict[str, dict[Key, Row]] = field(default_factory=dict)
    removed: int = 0
    changed: int = 0
    audited: int = 0
    annotated: int = 0


def add_subject(subject: Element, clinical: Clinical) -> None:
    """Apply what a file says of a subject."""
    key = subject.get("SubjectKey", "")
    if not key:
        line = subject.get(LINE)
        raise DataError(f"{clinical.place}: line {line}: SubjectKey must be given, got nothing")
    site = subject.find("SiteRef")
    row = Row(
        (subject.get("of StudyOID", ""), subject.get("of MetaDataVersionOID", "")),
        0,
        "" if site is None else site.get("LocationOID", ""),
    )
    clinical.audited += sum(1 for _ in subject.iter("AuditRecord"))
    clinical.annotated += sum(1 for _ in subject.iter("Annotation"))
    _walk(subject, (key, "", "", "", "", "", ""), clinical, row)


def _walk(element: Element, key: Key, clinical: Clinical, like: Row) -> None:
    """Apply what an element says, and then all within."""
    if clinical.transactional and element.get("TransactionType") == "Remove":
        _remove(key[: PLACES[element.tag]], clinical)
        return
    for child in element:
        if child.tag in LEVELS:
            depth = PLACES[child.tag]
            named = tuple(child.get(name, "") for name in LEVELS[child.tag])
            below = (*key[: depth - 2], *named, *("",) * (7 - depth))
            _walk(child, below, clinical, like)
    if element.tag == "ItemGroupData":
        _set_items(element, key, clinical, like)


def _remove(beginning: Key, clinical: Clinical) -> None:
    rows = clinical.subjects.get(beginning[0], {})
    gone = [key for key in rows if key[: len(beginning)] == beginning]
    for key in gone:
        del rows[key]
    clinical.removed += len(gone)


def _set_items(group: Element, key: Key, clinical: Clinical, like: Row) -> None:
    rows = clinical.subjects.setdefault(key[0], {})
    if key not in rows:
        rows[key] = Row(like.version, int(group.get(LINE, "0")), like.place)
    row = rows[key]
    for item in _items(group):
        oid = item.get("ItemOID", "")
        action = item.get("TransactionType", "") if clinical.transactional else ""
        if action == "Context":
            continue
        if action == "Remove":
            row.values.pop(oid, None)
            row.units.pop(oid, None)
            clinical.changed += 1
            continue
        if oid in row.values:
            _check_alone(item, key, clinical)
            clinical.changed += 1
        row.values[oid] = _value(item)
        unit = _unit(item)
        if unit:
            row.units[oid] = unit


def _check_alone(item: Element, key: Key, clinical: Clinical) -> None:
    if not clinical.transactional:
        raise DataError(
            f"{clinical.place}: line {item.get(LINE)}, subject {key[0]}: item "
            f"{item.get('ItemOID')} must stand once in its group, got it twice"
        )


def _items(group: Element) -> Iterator[Element]:
    return (child for child in group if child.tag.startswith("ItemData"))


def _value(item: Element) -> str | None:
    """The value of an item, typed or not; null where it is none."""
    given = item.get("Value") if item.tag == "ItemData" else item.text
    if item.get("IsNull") == "Yes" or given is None or not given.strip():
        return None
    return given.strip()


def _unit(item: Element) -> str:
    child = item.find("MeasurementUnitRef")
    named = item if child is None else child
    return named.get("MeasurementUnitOID", "")
