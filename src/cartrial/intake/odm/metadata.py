"""ODM metadata: events, forms, groups of items and items, as one version of a study defines them.

Reading: a version that includes another has its definitions too. Of texts in several languages the
    first counts. An item's label is its question, else its description, else its name. A group
    repeats where its definition says so. Items stand in the order of their numbers, where all of a
    group have one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from xml.etree.ElementTree import Element

from cartrial.errors import DataError
from cartrial.intake.odm.document import LINE
from cartrial.intake.source import Kind

KINDS: Mapping[str, Kind] = {
    "integer": "count",
    **dict.fromkeys(("float", "double"), "number"),
    "boolean": "flag",
    "date": "date",
    "datetime": "moment",
}
Versions = dict[tuple[str, str], "Metadata"]


@dataclass(frozen=True)
class Item:
    """An item: its column."""

    oid: str
    name: str
    label: str
    kind: Kind
    choices: Mapping[str, str]
    units: tuple[str, ...]  # symbols
    about: Mapping[str, str]  # REDCap's own


@dataclass(frozen=True)
class Group:
    """A group of items, in their order."""

    oid: str
    name: str
    repeats: bool
    items: tuple[str, ...]


@dataclass(frozen=True)
class Form:
    """A form: its groups, in their order."""

    oid: str
    name: str
    groups: tuple[str, ...]


@dataclass(frozen=True)
class Metadata:
    """One version of the metadata of a study."""

    name: str = ""
    record: str = ""  # REDCap's record id
    events: Mapping[str, str] = field(default_factory=dict)  # name by OID
    forms: Mapping[str, Form] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    items: Mapping[str, Item] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)  # symbol by OID
    repeating: frozenset[tuple[str, str]] = frozenset()  # REDCap's event and instrument
    missing: str = ""  # REDCap's codes for missing data


def read_study(study: Element, versions: Versions, *, place: str) -> Versions:
    """The versions of a study's metadata, with those that were read before."""
    units = {
        unit.get("OID", ""): _text(unit, "Symbol") or unit.get("Name", "")
        for unit in study.iter("MeasurementUnit")
    }
    for version in study.findall("MetaDataVersion"):
        key = (study.get("OID", ""), version.get("OID", ""))
        included = version.find("Include")
        before = Metadata()
        if included is not None:
            named = (included.get("StudyOID", ""), included.get("MetaDataVersionOID", ""))
            if named not in versions:
                raise DataError(
                    f"{place}: line {included.get(LINE)}: Include must name a version of the "
                    f"metadata above it, got {named[1]}"
                )
            before = versions[named]
        own = replace(_version(version, before, {**before.units, **units}, place), **_redcap(study))
        versions = {**versions, key: own}
    return versions


def _redcap(study: Element) -> dict[str, Any]:
    """What a REDCap project says of itself; a repeating event has no instrument."""
    repeating = {
        (one.get("redcap:UniqueEventName", ""), one.get("redcap:RepeatInstrument", ""))
        for tag in ("redcap:RepeatingInstrument", "redcap:RepeatingEvent")
        for one in study.iter(tag)
    }
    codes = next(study.iter("redcap:MissingDataCodes"), None)
    said = "" if codes is None else codes.text or ""
    return {"repeating": frozenset(repeating), "missing": said}


def _version(version: Element, before: Metadata, units: Mapping[str, str], place: str) -> Metadata:
    lists = {one.get("OID", ""): _choices(one) for one in version.findall("CodeList")}
    boxes = {
        one.get("redcap:Variable", ""): one.get("redcap:CheckboxChoices", "")
        for one in version.findall("CodeList")
    }
    items = [_item(one, lists, boxes, units, place) for one in version.findall("ItemDef")]
    return Metadata(
        name=version.get("Name", ""),
        record=version.get("redcap:RecordIdField", before.record),
        events={
            **before.events,
            **{
                one.get("OID", ""): one.get("redcap:UniqueEventName", one.get("Name", ""))
                for one in version.findall("StudyEventDef")
            },
        },
        forms={**before.forms, **{one.oid: one for one in map(_form, version.findall("FormDef"))}},
        groups={
            **before.groups,
            **{one.oid: one for one in map(_group, version.findall("ItemGroupDef"))},
        },
        items={**before.items, **{one.oid: one for one in items}},
        units=units,
    )


def _form(form: Element) -> Form:
    oid = form.get("OID", "")
    name = form.get("redcap:FormName") or form.get("Name") or oid
    return Form(oid, name, _ordered(form, "ItemGroupRef", "ItemGroupOID"))


def _group(group: Element) -> Group:
    oid = group.get("OID", "")
    repeats = group.get("Repeating", "No") == "Yes"
    return Group(oid, group.get("Name") or oid, repeats, _ordered(group, "ItemRef", "ItemOID"))


def _ordered(element: Element, tag: str, attribute: str) -> tuple[str, ...]:
    """What an element refers to, in its order."""
    references = element.findall(tag)
    numbers = [one.get("OrderNumber", "") for one in references]
    if numbers and all(number.isdigit() for number in numbers):
        references.sort(key=lambda one: int(one.get("OrderNumber", "0")))
    return tuple(one.get(attribute, "") for one in references)


def _item(
    item: Element,
    lists: Mapping[str, Mapping[str, str]],
    boxes: Mapping[str, str],
    units: Mapping[str, str],
    place: str,
) -> Item:
    oid = item.get("OID", "")
    named = item.find("CodeListRef")
    choices: Mapping[str, str] = {}
    if named is not None:
        code_list = named.get("CodeListOID", "")
        if code_list not in lists:
            raise DataError(
                f"{place}: line {named.get(LINE)}: item {oid} must refer to a code list of its "
                f"version, got {code_list}"
            )
        choices = lists[code_list]
    kind = KINDS.get(item.get("DataType", ""), "text")
    about = {k: v for k, v in item.attrib.items() if k.startswith("redcap:")}
    return Item(
        oid=oid,
        name=item.get("Name") or oid,
        label=_text(item, "Question") or _text(item, "Description") or item.get("Name") or oid,
        kind="code" if choices and kind != "flag" else kind,
        choices=choices,
        units=tuple(
            units.get(one.get("MeasurementUnitOID", ""), one.get("MeasurementUnitOID", ""))
            for one in item.findall("MeasurementUnitRef")
        ),
        about={**about, "redcap:CheckboxChoices": boxes.get(about.get("redcap:Variable", ""), "")},
    )


def _choices(code_list: Element) -> dict[str, str]:
    """The words of each code; a list without words has the codes themselves."""
    coded = {
        one.get("CodedValue", ""): _text(one, "Decode") or one.get("CodedValue", "")
        for one in code_list.findall("CodeListItem")
    }
    plain = (one.get("CodedValue", "") for one in code_list.findall("EnumeratedItem"))
    return {**coded, **{code: code for code in plain}}


def _text(element: Element, tag: str) -> str:
    """The first text of a child, in whatever language."""
    child = element.find(tag)
    if child is None:
        return ""
    translated = child.find("TranslatedText")
    found = child.text if translated is None else translated.text
    return " ".join((found or "").split())


def merged(versions: Iterable[Metadata], *, place: str) -> Metadata:
    """All versions as one: the later words count, but a code must mean the same in all."""
    whole = Metadata()
    for one in versions:
        for oid, item in one.items.items():
            _check_same(whole.items.get(oid), item, place)
        whole = replace(
            one,
            events={**whole.events, **one.events},
            forms={
                **whole.forms,
                **{k: _joined(whole.forms.get(k), v) for k, v in one.forms.items()},
            },
            groups={
                **whole.groups,
                **{k: _combined(whole.groups.get(k), v) for k, v in one.groups.items()},
            },
            items={
                **whole.items,
                **{k: _grown(whole.items.get(k), v) for k, v in one.items.items()},
            },
            units={**whole.units, **one.units},
        )
    return whole


def _joined(before: Form | None, form: Form) -> Form:
    groups = () if before is None else before.groups
    return replace(form, groups=tuple(dict.fromkeys((*form.groups, *groups))))


def _combined(before: Group | None, group: Group) -> Group:
    items = () if before is None else before.items
    repeats = group.repeats or (before is not None and before.repeats)
    return replace(group, repeats=repeats, items=tuple(dict.fromkeys((*group.items, *items))))


def _grown(before: Item | None, item: Item) -> Item:
    return item if before is None else replace(item, choices={**before.choices, **item.choices})


def _check_same(before: Item | None, item: Item, place: str) -> None:
    if before is None:
        return
    for code, words in item.choices.items():
        if before.choices.get(code, words) != words:
            raise DataError(
                f"{place}: item {item.oid}: code {code} must mean the same in all versions of the "
                f"metadata, got {before.choices[code]} and {words}"
            )
