"""What the modules that make the data say of themselves: their sources and their readings.

A module's docstring says from which datasets it is made (`From:`) and how it reads what a protocol
or a standard leaves open (`Reading:`). A guide repeats these words, so that they stand once.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

BLOCK = re.compile(
    r"^(From|Reading):?\s+(.*?)(?=\n\s*\n|\n[A-Z][a-z]+: |\Z)", re.DOTALL | re.MULTILINE
)


@dataclass(frozen=True)
class Note:
    """A module: its name, what it is, what it is made from, and how it reads."""

    module: str
    title: str
    source: str
    reading: str


def note(module: ModuleType) -> Note:
    """What a module says of itself."""
    text = module.__doc__ or ""
    found = {word: _sentences(said) for word, said in BLOCK.findall(text)}
    title = _plain(text.split("\n\n")[0]).rstrip(".")
    name = module.__name__.rpartition(".")[2]
    return Note(name, title, found.get("From", "").rstrip("."), found.get("Reading", ""))


def notes(package: str, *, but: Iterable[str] = ()) -> tuple[Note, ...]:
    """The notes of all modules of a package that read anything, in alphabetical order."""
    room = import_module(package)
    left_out = set(but)
    every = [
        note(import_module(f"{package}.{one.name}"))
        for one in iter_modules(room.__path__)
        if one.name not in left_out
    ]
    return tuple(sorted((one for one in every if one.reading), key=lambda one: one.module))


def _plain(text: str) -> str:
    """Words on one line, without the marks of code."""
    return " ".join(text.replace("`", "").split())


def _sentences(text: str) -> str:
    """Words that begin a sentence; where more is written for programmers is left out."""
    plain = re.sub(r" ?\(docs/[^)]*\)", "", _plain(text))
    return plain[:1].upper() + plain[1:]
