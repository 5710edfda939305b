"""YAML with marks: values tagged `!registered` or `!assumed`, and faults told with their line."""

import datetime as dt
from pathlib import Path
from typing import Any

import yaml

from cartrial.errors import StudyError
from cartrial.protocol.study import Mark

TAGS: dict[str, Mark] = {"!registered": "registered", "!assumed": "assumed"}


def file_text(place: Path, what: str, remedy: str) -> str:
    """The text of a file that must be there."""
    try:
        return place.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise StudyError(f"{place}: must be {what}, got no such file. {remedy}") from None
    except (OSError, UnicodeDecodeError) as fault:
        raise StudyError(f"{place}: must be readable text, got {fault}") from None


def yaml_node(content: str, place: str) -> yaml.Node | None:
    """The YAML of a file; None where it is empty."""
    try:
        return yaml.compose(content, Loader=yaml.SafeLoader)
    except yaml.YAMLError as fault:
        where = getattr(fault, "problem_mark", None)
        line = f", line {where.line + 1}" if where else ""
        problem = getattr(fault, "problem", None) or "unreadable text"
        raise StudyError(f"{place}{line}: must be YAML, got {problem}") from None


def marked_value(node: yaml.Node, path: str, marks: dict[str, Mark], place: str) -> Any:
    """The value of a node; its marks are added to `marks`, by the path of what they mark."""
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
                below = f"{path}.{name.value}".lstrip(".")
                found[name.value] = marked_value(child, below, marks, place)
            return found
        case yaml.SequenceNode():
            return [marked_value(c, f"{path}.{i}", marks, place) for i, c in enumerate(node.value)]
        case _:
            return _scalar(node)


def _scalar(node: yaml.Node) -> Any:
    """The plain value of a scalar, with or without a mark before it."""
    quoted = getattr(node, "style", None) in ("'", '"', "|", ">")
    if quoted:
        return node.value
    value = yaml.safe_load(node.value) if node.value else None
    return value if isinstance(value, int | float | bool | dt.date | type(None)) else node.value
