"""What the modules that make the data say of themselves: their sources and their readings.

A module's docstring says from which datasets it is made (`From:`) and how it reads what a protocol
or a standard leaves open (`Reading:`). A guide repeats these words, so that they stand once.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType

BLOCK = re.compile(
    r"^(From|Reading):?\s+(.*?)(?=\n\s*\n|\n[A-Z][a-z]+: |\Z)", re.DOTALL | re.MULTILINE
)


@dataclass(frozen=True)
class Note:
    """A module: what it is, what it is made from, and how it reads."""

    title: str
    source: str
    reading: str


def note(module: ModuleType) -> Note:
    """What a module says of itself."""
    text = module.__doc__ or ""
    found = {word: _sentences(said) for word, said in BLOCK.findall(text)}
    title = _plain(text.split("\n\n")[0]).rstrip(".")
    return Note(title, found.get("From", "").rstrip("."), found.get("Reading", ""))


def notes(package: str, *, but: Iterable[str] = ()) -> tuple[Note, ...]:
    """The notes of all modules of a package that read anything, in alphabetical order.

    `but` names modules that are left out.
    """
    room = import_module(package)
    left_out = set(but)
    every = [
        note(import_module(one.name))
        for one in walk_packages(room.__path__, f"{package}.")
        if one.name.removeprefix(f"{package}.") not in left_out
    ]
    return tuple(sorted((one for one in every if one.reading), key=lambda one: one.title))


def _plain(text: str) -> str:
    """Words on one line, without the marks of code."""
    return " ".join(text.replace("`", "").split())


def _sentences(text: str) -> str:
    """Words that begin a sentence; where more is written for programmers is left out."""
    plain = re.sub(r" ?\(docs/[^)]*\)", "", _plain(text))
    return plain[:1].upper() + plain[1:]
