"""A reviewer's guide before it is paper: chapters of sentences, tables and blanks.

A guide is filled from the study and the data. What only people can say is a blank that says what is
asked; no sentence is made up for it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cartrial.report.typeset import set_length, typeset

PADDING = 3  # characters
NARROWEST, WIDEST, LONGEST = 6, 46, 56  # characters that the width of a column answers to


@dataclass(frozen=True)
class Blank:
    """What is to be completed by a person."""

    asked: str


@dataclass(frozen=True)
class Rows:
    """A table; without rows it has the one line that says so."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str = "None."


Part = str | Blank | Rows


@dataclass(frozen=True)
class Chapter:
    """A chapter, or a section of one."""

    title: str
    parts: tuple[Part, ...] = ()
    below: tuple["Chapter", ...] = ()


@dataclass(frozen=True)
class Guide:
    """A guide: what it is called, whose data it is about, and its chapters."""

    name: str
    study: str
    title: str
    cut: str
    chapters: tuple[Chapter, ...]


def guide_pdf(guide: Guide) -> bytes:
    """The guide as PDF."""
    data = {
        "name": guide.name,
        "study": guide.study,
        "title": guide.title,
        "cut": guide.cut,
        "blocks": [block for one in guide.chapters for block in _blocks(one, 1)],
    }
    return typeset("submission/guide.typ", data)


def blanks(guide: Guide) -> tuple[str, ...]:
    """What is to be completed, in the order of the guide."""
    every = [one for chapter in guide.chapters for one in _all_parts(chapter)]
    return tuple(part.asked for part in every if isinstance(part, Blank))


def _all_parts(chapter: Chapter) -> Iterator[Part]:
    yield from chapter.parts
    for one in chapter.below:
        yield from _all_parts(one)


def _blocks(chapter: Chapter, level: int) -> Iterator[dict[str, Any]]:
    yield {"kind": "heading", "level": level, "text": chapter.title}
    for part in chapter.parts:
        yield _block(part)
    for one in chapter.below:
        yield from _blocks(one, level + 1)


def _block(part: Part) -> dict[str, Any]:
    match part:
        case Blank():
            return {"kind": "blank", "text": part.asked}
        case Rows() if part.rows:
            widths = [_width(column) for column in zip(part.header, *part.rows, strict=True)]
            return {"kind": "table", "header": part.header, "rows": part.rows, "widths": widths}
        case Rows():
            return {"kind": "text", "text": part.empty}
        case str():
            return {"kind": "text", "text": part}


def _width(texts: tuple[str, ...]) -> int:
    """The share of a column: its longest text within limits, and never less than a word."""
    word = max((set_length(word) for text in texts for word in text.split()), default=0)
    longest = max(map(set_length, texts))
    return PADDING + max(NARROWEST, word, min(WIDEST, longest), min(LONGEST, longest // 4))
