"""What is wrong in a study file, in the words of one who writes it.

    design.target: must be less than 1, got 1.3
    dlt.clauses.crs-4.grade: must be a whole number, got four

A part of a list that has an id is named by it, any other by its number from 0.
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from cartrial.protocol.clause import ID
from cartrial.protocol.design import Design
from cartrial.protocol.part import Part
from cartrial.protocol.study import Study

UNWRITTEN = {"marks", "drafted_from", "sentences", "criteria"}  # of a study, never in its file
KINDS = tuple(one.model_fields["kind"].default for one in get_args(Design))
QUOTED = re.compile("'([^']*)'")
RULES = (  # by the beginning of pydantic's name of the fault
    ("string_type", "be text"),
    ("string_too_short", "be given"),
    ("string_too_long", "be at most {max_length} characters long"),
    ("int", "be a whole number"),
    ("float", "be a number"),
    ("finite_number", "be a finite number"),
    ("bool", "be true or false"),
    ("date", "be a date as YYYY-MM-DD"),
    ("greater_than_equal", "be at least {ge:g}"),
    ("greater_than", "be more than {gt:g}"),
    ("less_than_equal", "be at most {le:g}"),
    ("less_than", "be less than {lt:g}"),
    ("too_short", "have at least {min_length}, got {actual_length}"),
    ("tuple_type", "be a list"),
    ("list_type", "be a list"),
    ("model", "be keys with values"),
    ("mapping", "be keys with values"),
    ("dict", "be keys with values"),
)


def breach(
    fault: ValidationError, values: Mapping[str, Any] | None = None, *, file: str = "a study file"
) -> str:
    """The first fault as `place: must ..., got ...`, and how many there are; unknown keys first.

    `values` are those of the file, by which parts of lists are named; `file` is what it is.
    """
    faults = sorted(fault.errors(), key=lambda one: one["type"] != "extra_forbidden")
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    return f"{_told(faults[0], values or {}, file)}{more}"


def _told(first: ErrorDetails, values: Mapping[str, Any], file: str) -> str:
    where, value = _place(first["loc"], values), first["input"]
    match first["type"]:
        case "extra_forbidden":
            got = _got(value) if _is_plain(value) else ""
            near = _nearest(str(first["loc"][-1]))
            return f"{where}: must be a key that {file} knows{got}{near}"
        case "missing":
            return f"{where}: must be given, got nothing"
        case "union_tag_not_found":
            return f"{where}.kind: must be given, one of {', '.join(KINDS)}, got nothing"
        case "union_tag_invalid":
            return f"{where}.kind: {_one_of(first['ctx']['tag'], KINDS)}"
        case "literal_error":
            known = QUOTED.findall(first["ctx"]["expected"]) or [first["ctx"]["expected"]]
            return f"{where}: {_one_of(value, known)}"
        case "value_error":
            said = first["msg"].removeprefix("Value error, ")
            return f"{where}: {said}{_got(value) if _is_plain(value) else ''}"
        case "too_short":
            return f"{where}: must {_rule(first)}"
    return f"{where}: must {_rule(first)}{_got(value)}"


def _rule(fault: ErrorDetails) -> str:
    """What must hold, in plain words; pydantic's own where there are none for it."""
    told = next((words for name, words in RULES if fault["type"].startswith(name)), None)
    if told is None:
        return fault["msg"].removeprefix("Input should ").removeprefix("input should ")
    return told.format(**fault.get("ctx", {}))


def _one_of(got: object, known: Sequence[str]) -> str:
    listed = ", ".join(known)
    must = f"be one of {listed}" if len(known) > 1 else f"be {listed}"
    return f"must {must}{_got(got)}{_near(str(got), known)}"


def _is_plain(value: object) -> bool:
    return isinstance(value, str | int | float | dt.date | None)


def _got(value: object) -> str:
    match value:
        case None | "":
            return ", got nothing"
        case bool():
            return f", got {str(value).lower()}"
        case list() | tuple():
            return ", got a list"
        case _ if not _is_plain(value):
            return ", got keys with values"
    return f", got {str(value)[:60]}"


def _place(path: Sequence[int | str], values: Mapping[str, Any]) -> str:
    """The path of a value as it is in the file, where the kind of the design is no part of it."""
    if path[:1] == ("design",) and path[1:2] and path[1] in KINDS:
        path = ("design", *path[2:])
    told, here = [], values
    for part in path:
        here = _below(here, part)
        name = here.get("id") if isinstance(here, dict) and isinstance(part, int) else None
        named = isinstance(name, str) and re.fullmatch(ID, name)
        told.append(str(name if named else part))
    return ".".join(told) or Study.__name__.lower()


def _below(values: Any, part: int | str) -> Any:
    try:
        return values[part]
    except (KeyError, IndexError, TypeError):
        return None


def _nearest(name: str) -> str:
    known = {key for part in _parts(Part) for key in part.model_fields} - UNWRITTEN
    return _near(name, sorted(known))


def _near(name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name, known, n=1, cutoff=0.7)
    return f". Did you mean {near[0]}?" if near else ""


def _parts(part: type[Part]) -> list[type[Part]]:
    """The kinds of parts there are."""
    return [one for kind in part.__subclasses__() for one in (kind, *_parts(kind))]
