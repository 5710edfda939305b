"""The study file: YAML, each value or section tagged `!registered` or `!assumed`.

A tag holds for everything below it. A value without a tag above it is an error, so that nobody
takes an assumption for a registered fact; `cartrial` and `id` describe the file and need none.
"""

import datetime as dt
from importlib.resources import files as resources
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from cartrial.errors import StudyError
from cartrial.protocol.breach import breach
from cartrial.protocol.sentences import read_sentences
from cartrial.protocol.study import Mark, Study, ToxicityScenario

TAGS: dict[str, Mark] = {"!registered": "registered", "!assumed": "assumed"}
UNMARKED = {"cartrial", "id"}
FILE = "study.yaml"
SCENARIO = "Write each as {name: ..., rates: [...]}"


def read_study(path: Path) -> Study:
    """The study in a file or a folder (its `study.yaml`), with the CTCAE sentences beside it."""
    place = path / FILE if path.is_dir() else path
    content = _text(place, "a study file", "`cartrial new NAME` writes one")
    study = parse_study(content, place=str(place))
    return study.model_copy(update={"sentences": read_sentences(place.parent)})


def packaged_study(name: str = "bcma-cd19-mm") -> Study:
    """A study that comes with cartrial."""
    return parse_study(packaged_text(name), place=f"{name}.yaml")


def packaged_text(name: str = "bcma-cd19-mm") -> str:
    """The text of a packaged study file, comments and all."""
    return (resources("cartrial.protocol") / "studies" / f"{name}.yaml").read_text("utf-8")


def parse_study(content: str, *, place: str) -> Study:
    """The study in the text of a study file; `place` stands first in every message."""
    node = _composed(content, place)
    if not isinstance(node, yaml.MappingNode):
        raise StudyError(f"{place}: must be a mapping of names to values, got something else")
    marks: dict[str, Mark] = {}
    values = _value(node, "", marks, place)
    _all_marked(values, marks, place)
    try:
        return Study(**values, marks=marks)
    except ValidationError as fault:
        raise StudyError(f"{place}: {breach(fault, values)}") from None


def read_scenarios(path: Path) -> tuple[ToxicityScenario, ...]:
    """The scenarios in a file: those of a study file, or their list alone, marked or not."""
    content = _text(path, "a file of scenarios", SCENARIO)
    node = _composed(content, str(path))
    found = _value(node, "", {}, str(path)) if node else None
    listed = found.get("scenarios") if isinstance(found, dict) else found
    if not isinstance(listed, list) or not listed:
        raise StudyError(f"{path}: scenarios: must be a list, got none. {SCENARIO}")
    try:
        return TypeAdapter(tuple[ToxicityScenario, ...]).validate_python(listed)
    except ValidationError as fault:
        raise StudyError(f"{path}: scenarios.{breach(fault)}") from None


def _text(place: Path, what: str, remedy: str) -> str:
    try:
        return place.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise StudyError(f"{place}: must be {what}, got no such file. {remedy}") from None
    except (OSError, UnicodeDecodeError) as fault:
        raise StudyError(f"{place}: must be readable text, got {fault}") from None


def _composed(content: str, place: str) -> yaml.Node | None:
    """The YAML of a file; None where it is empty."""
    try:
        return yaml.compose(content, Loader=yaml.SafeLoader)
    except yaml.YAMLError as fault:
        where = getattr(fault, "problem_mark", None)
        line = f", line {where.line + 1}" if where else ""
        problem = getattr(fault, "problem", None) or "unreadable text"
        raise StudyError(f"{place}{line}: must be YAML, got {problem}") from None


def _value(node: yaml.Node, path: str, marks: dict[str, Mark], place: str) -> Any:
    if node.tag in TAGS:
        marks[path] = TAGS[node.tag]
    elif node.tag.startswith("!"):
        line = node.start_mark.line + 1
        raise StudyError(
            f"{place}, line {line}: a mark must be !registered or !assumed, got {node.tag}"
        )
    match node:
        case yaml.MappingNode():
            found: dict[str, Any] = {}
            for name, child in node.value:
                if name.value in found:
                    line = name.start_mark.line + 1
                    raise StudyError(
                        f"{place}, line {line}: a key must stand once, got {name.value} again"
                    )
                found[name.value] = _value(child, f"{path}.{name.value}".lstrip("."), marks, place)
            return found
        case yaml.SequenceNode():
            return [_value(c, f"{path}.{i}", marks, place) for i, c in enumerate(node.value)]
        case _:
            return _scalar(node)


def _scalar(node: yaml.Node) -> Any:
    """The plain value of a scalar, with or without a mark before it."""
    quoted = getattr(node, "style", None) in ("'", '"', "|", ">")
    if quoted:
        return node.value
    value = yaml.safe_load(node.value) if node.value else None
    return value if isinstance(value, int | float | bool | dt.date | type(None)) else node.value


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
