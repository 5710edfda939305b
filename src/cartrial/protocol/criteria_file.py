"""The criteria of response of a study: the version it names, with what it changes."""

from collections.abc import Mapping
from importlib.resources import files as resources
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from cartrial.errors import StudyError
from cartrial.protocol.breach import breach
from cartrial.protocol.endpoints import ResponsePlan
from cartrial.protocol.marked import file_text, marked_value, yaml_node
from cartrial.protocol.response_criteria import ResponseCriteria
from cartrial.protocol.study import Study

PACKAGED = {"IMWG-2016": "imwg-2016.yaml"}
NONE = "other"  # a disease that cartrial has no criteria for
KIND = "a criteria file"


def criteria_of(study: Study, folder: Path | None, place: str) -> ResponseCriteria | None:
    """The criteria of the study of the file `place` in `folder`; null where it has none."""
    named, changes = study.standards.response, study.response.changes
    if named == NONE:
        _nothing_asks_for_criteria(study.response, place)
        return None
    path = None if folder is None else folder / f"{named}.yaml"
    if named in PACKAGED:
        values, where = _packaged(named), PACKAGED[named]
    elif path is not None and path.is_file():
        values, where = _values(file_text(path, KIND, ""), str(path)), str(path)
    else:
        known = ", ".join((*PACKAGED, NONE))
        raise StudyError(
            f"{place}: standards.response: must be one of {known}, or the name of a criteria file "
            f"beside the study file, got {named}"
        )
    criteria = _checked(values, where)
    if not changes:
        return criteria
    return _checked(_merged(values, changes), f"{place}: response.changes")


def _nothing_asks_for_criteria(plan: ResponsePlan, place: str) -> None:
    if plan.changes:
        listed = ", ".join(plan.changes)
        raise StudyError(f"{place}: response.changes: must be empty without criteria, got {listed}")
    if plan.primary == "derived":
        raise StudyError(
            f"{place}: response.primary: must be investigator without criteria, got derived"
        )


def packaged_criteria(name: str = "IMWG-2016") -> ResponseCriteria:
    """Criteria that come with cartrial."""
    return _checked(_packaged(name), PACKAGED[name])


def _packaged(named: str) -> dict[str, Any]:
    file = PACKAGED[named]
    text = (resources("cartrial.protocol") / "criteria" / file).read_text("utf-8")
    return _values(text, file)


def _values(content: str, place: str) -> dict[str, Any]:
    node = yaml_node(content, place)
    if not isinstance(node, yaml.MappingNode):
        raise StudyError(f"{place}: must be a mapping of names to values, got something else")
    values: dict[str, Any] = marked_value(node, "", {}, place)
    return values


def _checked(values: Mapping[str, Any], place: str) -> ResponseCriteria:
    try:
        return ResponseCriteria(**values)
    except ValidationError as fault:
        raise StudyError(f"{place}: {breach(fault, values, file=KIND)}") from None


def _merged(values: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """The values with the changes laid over them, part by part."""
    merged = dict(values)
    for name, change in changes.items():
        below = merged.get(name)
        if isinstance(below, Mapping) and isinstance(change, Mapping):
            change = _merged(below, change)
        merged[name] = change
    return merged
