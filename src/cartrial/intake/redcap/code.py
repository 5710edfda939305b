"""Codes and words: an export with labels brought to the codes of the dictionary.

Reading: whether the cells hold codes or words is settled once for a file, by which of the two
    explain more of its cells; a code may be another choice's word. Words that stand for two codes
    stay as they are, and are no choice.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

import polars as pl

from cartrial.intake.redcap.field import plain
from cartrial.intake.source import SourceColumn


def coded(cells: pl.DataFrame, columns: Sequence[SourceColumn]) -> tuple[pl.DataFrame, bool]:
    """The cells with codes in place of words, and whether there were words."""
    chosen = [column for column in columns if column.choices and column.name in cells.columns]
    if not chosen:
        return cells, False
    by_code = _explained(cells, {column.name: list(_codes(column)) for column in chosen})
    by_word = _explained(cells, {column.name: list(_words(column)) for column in chosen})
    if by_word <= by_code:
        return cells, False
    worded = [one for one in columns if _codes(one) and one.name in cells.columns]
    return cells.with_columns(pl.col(one.name).replace(_words(one)) for one in worded), True


def _codes(column: SourceColumn) -> Mapping[str, str]:
    return {**column.choices, **column.missing}


def _words(column: SourceColumn) -> dict[str, str]:
    """The code of each word that stands for one; a choice before a code for missing data."""
    told: dict[str, str] = {}
    for codes in (column.missing, column.choices):
        times = Counter(plain(words) for words in codes.values())
        told |= {plain(w): code for code, w in codes.items() if times[plain(w)] == 1}
    return told


def _explained(cells: pl.DataFrame, allowed: Mapping[str, Sequence[str]]) -> int:
    """How many cells hold one of the values that their column allows."""
    counts = cells.select(pl.col(name).is_in(values).sum() for name, values in allowed.items())
    return sum(counts.row(0)) if counts.width else 0
