"""The study file: YAML, each value or section tagged `!registered` or `!assumed`.

A tag holds for everything below it. A value without a tag above it is an error, so that nobody
takes an assumption for a registered fact; `cartrial` and `id` describe the file and need none.
"""

from importlib.resources import files as resources
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from cartrial.errors import StudyError
from cartrial.protocol.breach import breach
from cartrial.protocol.criteria_file import criteria_of
from cartrial.protocol.marked import file_text, marked_value, yaml_node
from cartrial.protocol.sentences import read_sentences
from cartrial.protocol.study import Mark, Study, ToxicityScenario

UNMARKED = {"cartrial", "id"}
FILE = "study.yaml"
SCENARIO = "Write each as {name: ..., rates: [...]}"


def read_study(path: Path) -> Study:
    """The study in a file or a folder (its `study.yaml`), with what stands beside it."""
    place = path / FILE if path.is_dir() else path
    content = file_text(place, "a study file", "`cartrial new NAME` writes one")
    study = parse_study(content, place=str(place), folder=place.parent)
    return study.model_copy(update={"sentences": read_sentences(place.parent)})


def packaged_study(name: str = "bcma-cd19-mm") -> Study:
    """A study that comes with cartrial."""
    return parse_study(packaged_text(name), place=f"{name}.yaml")


def packaged_text(name: str = "bcma-cd19-mm") -> str:
    """The text of a packaged study file, comments and all."""
    return (resources("cartrial.protocol") / "studies" / f"{name}.yaml").read_text("utf-8")


def parse_study(content: str, *, place: str, folder: Path | None = None) -> Study:
    """The study in the text of a study file; `place` stands first in every message.

    In `folder` stand the criteria of response, where they are the study's own.
    """
    node = yaml_node(content, place)
    if not isinstance(node, yaml.MappingNode):
        raise StudyError(f"{place}: must be a mapping of names to values, got something else")
    marks: dict[str, Mark] = {}
    values = marked_value(node, "", marks, place)
    _all_marked(values, marks, place)
    try:
        study = Study(**values, marks=marks)
    except ValidationError as fault:
        raise StudyError(f"{place}: {breach(fault, values)}") from None
    return study.model_copy(update={"criteria": criteria_of(study, folder, place)})


def read_scenarios(path: Path) -> tuple[ToxicityScenario, ...]:
    """The scenarios in a file: those of a study file, or their list alone, marked or not."""
    content = file_text(path, "a file of scenarios", SCENARIO)
    node = yaml_node(content, str(path))
    found = marked_value(node, "", {}, str(path)) if node else None
    listed = found.get("scenarios") if isinstance(found, dict) else found
    if not isinstance(listed, list) or not listed:
        raise StudyError(f"{path}: scenarios: must be a list, got none. {SCENARIO}")
    try:
        return TypeAdapter(tuple[ToxicityScenario, ...]).validate_python(listed)
    except ValidationError as fault:
        raise StudyError(f"{path}: scenarios.{breach(fault)}") from None


def _all_marked(values: dict[str, Any], marks: dict[str, Mark], place: str) -> None:
    for name, value in values.items():
        if name in UNMARKED or name in marks:
            continue
        if isinstance(value, dict | list) and _every_part_marked(name, value, marks):
            continue
        raise StudyError(
            f"{place}: {name}: must be marked !registered or !assumed, got no mark. "
            f"Write `{name}: !assumed ...`"
        )


def _every_part_marked(path: str, value: Any, marks: dict[str, Mark]) -> bool:
    if path in marks:
        return True
    if isinstance(value, dict):
        return bool(value) and all(
            _every_part_marked(f"{path}.{k}", v, marks) for k, v in value.items()
        )
    if isinstance(value, list):
        return bool(value) and all(
            _every_part_marked(f"{path}.{i}", v, marks) for i, v in enumerate(value)
        )
    return False
