"""The values of the study file in words, each with its mark: registered or assumed.

A list of named things is one line for each; a list of plain values is one line in all.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cartrial.protocol.study import Mark, Study

QUOTED = {"title", "purpose", "outcomes"}  # stand in the report in full
FILE = {"cartrial", "id"}  # say what the file is, and are nobody's decision
SHORT = {"dlt", "crs", "icans", "car", "lloq"}  # written in capitals
NAMES = ("name", "label", "drug", "version", "kind", "endpoint")  # what a thing in a list is called


@dataclass(frozen=True)
class StudyValue:
    """One value: where it stands in the study file, in words, and whether it was assumed."""

    place: str
    value: str
    mark: Mark


def study_values(study: Study) -> tuple[StudyValue, ...]:
    """Every value that the report does not quote elsewhere; defaults too: they are assumed."""
    full = study.model_dump(mode="json", exclude=QUOTED | FILE)
    given = study.model_dump(mode="json", exclude=QUOTED | FILE, exclude_unset=True)
    return tuple(_values(study, full, given, (), ""))


def _values(
    study: Study, value: Any, given: Any, words: tuple[str, ...], path: str
) -> Iterator[StudyValue]:
    match value:
        case Mapping():
            for name, part in value.items():
                inner = given.get(name, part) if isinstance(given, Mapping) else part
                place = f"{path}.{name}".lstrip(".")
                yield from _values(study, part, inner, (*words, _word(name)), place)
        case [Mapping(), *_]:
            for number, part in enumerate(given):
                name, rest = _named(part, number)
                yield StudyValue(" › ".join((*words, name)), rest, study.mark(f"{path}.{number}"))
        case None | "" | [] | ():
            return
        case _:
            yield StudyValue(" › ".join(words), _text(value), study.mark(path))


def _word(name: str) -> str:
    return " ".join(part.upper() if part in SHORT else part for part in name.split("_"))


def _named(part: Mapping[str, Any], number: int) -> tuple[str, str]:
    """What a thing in a list is called, and the rest of it in words."""
    key = next((name for name in NAMES if name in part), None)
    rest = [f"{_word(name)} {_text(value)}" for name, value in part.items() if name != key]
    return (str(part[key]) if key else str(number + 1)), ", ".join(rest) or "–"


def _text(value: Any) -> str:
    match value:
        case Mapping():
            return ", ".join(f"{_word(name)} {_text(part)}" for name, part in value.items())
        case bool():
            return "yes" if value else "no"
        case str():
            return value
        case [str(), *_]:
            return "; ".join(value)
        case Sequence():
            return ", ".join(_text(part) for part in value)
        case float() | int():
            return f"{value:g}".replace("-", "−") if abs(value) < 1e6 else str(value)
        case _:
            return str(value)
