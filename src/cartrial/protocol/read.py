"""The study file: YAML, each value or section tagged `!registered` or `!assumed`.

A tag holds for everything below it. A value without a tag above it is an error, so that nobody
takes an assumption for a registered fact; `cartrial` and `id` describe the file and need none.
"""

import datetime as dt
from collections.abc import Sequence
from difflib import get_close_matches
from importlib.resources import files as resources
from pathlib import Path
from typing import Any, get_args

import yaml
from pydantic import ValidationError

from cartrial.errors import StudyError
from cartrial.protocol.design import Design
from cartrial.protocol.part import Part
from cartrial.protocol.sentences import read_sentences
from cartrial.protocol.study import Mark, Study

TAGS: dict[str, Mark] = {"!registered": "registered", "!assumed": "assumed"}
UNMARKED = {"cartrial", "id"}
UNWRITTEN = {"marks", "drafted_from", "sentences"}  # of a study, never in its file
FILE = "study.yaml"
KINDS = tuple(one.model_fields["kind"].default for one in get_args(Design))


def read_study(path: Path) -> Study:
    """The study in a file or a folder (its `study.yaml`), with the CTCAE sentences beside it."""
    place = path / FILE if path.is_dir() else path
    try:
        content = place.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise StudyError(
            f"{place}: must be a study file, got no such file. `cartrial new NAME` writes one"
        ) from None
    except (OSError, UnicodeDecodeError) as fault:
        raise StudyError(f"{place}: must be readable text, got {fault}") from None
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
    try:
        node = yaml.compose(content, Loader=yaml.SafeLoader)
    except yaml.YAMLError as fault:
        where = getattr(fault, "problem_mark", None)
        line = f", line {where.line + 1}" if where else ""
        problem = getattr(fault, "problem", None) or "unreadable text"
        raise StudyError(f"{place}{line}: must be YAML, got {problem}") from None
    if not isinstance(node, yaml.MappingNode):
        raise StudyError(f"{place}: must be a mapping of names to values, got something else")
    marks: dict[str, Mark] = {}
    values = _value(node, "", marks, place)
    _all_marked(values, marks, place)
    try:
        return Study(**values, marks=marks)
    except ValidationError as fault:
        raise StudyError(f"{place}: {breach(fault)}") from None


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


def breach(fault: ValidationError) -> str:
    """The first fault as `place: must ..., got ...`, and how many there are; unknown keys first."""
    faults = sorted(fault.errors(), key=lambda one: one["type"] != "extra_forbidden")
    first = faults[0]
    where = _place(first["loc"])
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    match first["type"]:
        case "extra_forbidden":
            must, got = "be a key that a study file knows", _shown(first["input"])
            return f"{where}: must {must}{got}{_nearest(str(first['loc'][-1]))}{more}"
        case "missing":
            return f"{where}: must be given, got nothing{more}"
        case "union_tag_not_found":
            return f"{where}.kind: must be given, one of {', '.join(KINDS)}, got nothing{more}"
        case "union_tag_invalid":
            got = first["ctx"]["tag"]
            known = ", ".join(KINDS)
            return f"{where}.kind: must be one of {known}, got {got}{_near(got, KINDS)}{more}"
    must = first["msg"].removeprefix("Value error, ")
    return f"{where}: must be as follows: {must[0].lower()}{must[1:]}{_shown(first['input'])}{more}"


def _shown(value: object) -> str:
    return "" if isinstance(value, dict | list) else f", got {str(value)[:60]}"


def _place(path: tuple[int | str, ...]) -> str:
    """The path of a value as it is in the file, where the kind of the design is no part of it."""
    if path[:1] == ("design",) and path[1:2] and path[1] in KINDS:
        path = ("design", *path[2:])
    return ".".join(str(part) for part in path) or "study"


def _nearest(name: str) -> str:
    known = {key for part in _below(Part) for key in part.model_fields} - UNWRITTEN
    return _near(name, sorted(known))


def _near(name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name, known, n=1, cutoff=0.7)
    return f". Did you mean {near[0]}?" if near else ""


def _below(part: type[Part]) -> list[type[Part]]:
    """The kinds of parts there are."""
    return [one for kind in part.__subclasses__() for one in (kind, *_below(kind))]
