"""A reviewer's guide before it is paper: chapters of sentences, tables and blanks.

A guide is filled from the study and the data. What only people can say is a blank that says what is
asked; no sentence is made up for it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from cartrial.report.typeset import set_length, typeset

PADDING = 3  # characters
NARROWEST, WIDEST, LONGEST = 6, 46, 56  # characters that the width of a column answers to
ACROSS = 105  # characters on a line of the page


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
            return {
                "kind": "table",
                "header": part.header,
                "rows": part.rows,
                "widths": widths(part),
            }
        case Rows():
            return {"kind": "text", "text": part.empty}
        case str():
            return {"kind": "text", "text": part}


def widths(table: Rows) -> list[int]:
    """The width of each column in characters: no word is cut as long as the page holds one of each.

    A column has the room of its longest word, and of what is left a share by its longest text.
    """
    columns = list(zip(table.header, *table.rows, strict=True))
    least = [
        PADDING + _longest(word for text in column for word in text.split()) for column in columns
    ]
    wished = [max(few, _wish(column)) for few, column in zip(least, columns, strict=True)]
    more = sum(wished) - sum(least)
    if sum(wished) <= ACROSS or not more:
        return wished
    share = max(ACROSS - sum(least), 0) / more
    return [few + int(share * (many - few)) for few, many in zip(least, wished, strict=True)]


def _wish(texts: tuple[str, ...]) -> int:
    """The width of a column by its longest text, within limits."""
    longest = _longest(texts)
    return PADDING + max(NARROWEST, min(WIDEST, longest), min(LONGEST, longest // 4))


def _longest(texts: Iterable[str]) -> int:
    return max(map(set_length, texts), default=0)
