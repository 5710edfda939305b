"""The reporting event against the classes of CDISC's ARS 1.0, as `model.txt` has them."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from cartrial.results.ars.event import reporting_event
from tests.unit.report.sample import make_results

MODEL = Path(__file__).with_name("model.txt")
PROPERTY = re.compile(r"(?P<name>\w+)(?P<required>!)?(?::(?P<type>\S+))?")
PLAIN = {"text": "string", "integer": "integer", "boolean": "boolean"}


def schema() -> dict[str, Any]:
    lines = [line for line in MODEL.read_text().splitlines() if line and line[0] != "#"]
    classes = [line.split(": ") for line in lines if line[0] != "="]
    enumerations = [line[2:].split(": ") for line in lines if line[0] == "="]
    definitions = {name: declared(properties) for name, properties in classes}
    definitions |= {name: {"enum": values.split(", ")} for name, values in enumerations}
    return {"$ref": "#/$defs/ReportingEvent", "$defs": definitions}


def declared(properties: str) -> dict[str, Any]:
    found = [PROPERTY.fullmatch(one) for one in properties.split()]
    assert all(found), properties
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {one["name"]: typed(one["type"] or "text") for one in found},
        "required": [one["name"] for one in found if one["required"]],
    }


def typed(name: str) -> dict[str, Any]:
    if name.startswith("["):
        return {"type": "array", "items": typed(name[1:-1])}
    if "|" in name:
        return {"anyOf": [typed(one) for one in name.split("|")]}
    return {"type": PLAIN[name]} if name in PLAIN else {"$ref": f"#/$defs/{name}"}


@pytest.fixture(scope="module")
def event() -> dict[str, Any]:
    return json.loads(json.dumps(reporting_event(make_results())))


def test_the_event_keeps_to_the_model(event: dict[str, Any]):
    Draft7Validator.check_schema(schema())
    faults = [error.json_path for error in Draft7Validator(schema()).iter_errors(event)]
    assert faults == []


@pytest.mark.parametrize(
    ("part", "name", "value"),
    [
        ("analyses", "methodId", None),
        ("analyses", "reason", {"controlledTerm": "ROUTINE"}),
        ("outputs", "title", "not a name of the model"),
        ("methods", "operations", [{"id": "x", "name": "n", "order": "first"}]),
    ],
)
def test_the_model_refuses_what_is_not_in_it(event: dict[str, Any], part, name, value):
    broken = {**event, part: [{**event[part][0], name: value}]}
    assert [*Draft7Validator(schema()).iter_errors(broken)]


def test_identifiers_are_unique_and_every_reference_leads_to_one(event: dict[str, Any]):
    given = [value for name, value in parts(event) if name == "id"]
    assert len(given) == len(set(given))
    referenced = {value for name, value in parts(event) if name.endswith(("Id", "Ids"))}
    assert referenced <= set(given)
    assert {one["id"] for one in event["analyses"]} <= referenced


def parts(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Every named text of a JSON value."""
    match value:
        case dict():
            for key, inner in value.items():
                yield from parts(inner, key)
        case list():
            for inner in value:
                yield from parts(inner, name)
        case str():
            yield name, value
