"""The parameters of several subjects side by side, and under them why some are missing."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import floor, log10

from cartrial.kinetics.nca.parameter import Parameter

WIDTH = 80  # columns of the terminal
DIGITS = 3  # significant
LARGE = 1e7  # written with a power of ten from here on
SIGNS = {
    "concentration": "c",
    "time": "day",
    "time x concentration": "day*c",
    "time2 x concentration": "day*day*c",
    "1/time": "/day",
    "%": "%",
    "half-lives": "",
    "points": "",
    "none": "",
}


@dataclass(frozen=True)
class Sheet:
    """The subjects of one analyte, each with a value or a reason under each code."""

    title: str
    unit: str | None
    subjects: Mapping[str, Mapping[str, tuple[float | None, str | None]]]


def lines_of(sheet: Sheet, parameters: Sequence[Parameter]) -> Iterator[str]:
    """The sheet in lines: as many subjects beside each other as there is room for."""
    code = max(len(one.code) for one in parameters)
    label = max(len(one.label) for one in parameters)
    sign = max(len(SIGNS[one.unit]) for one in parameters)
    head = code + label + sign + 4
    names = list(sheet.subjects)
    column = max(10, *(len(name) + 2 for name in names))
    beside = max(1, (WIDTH - head) // column)
    yield ""
    if sheet.title:
        yield sheet.title
    yield f"c is the concentration in {sheet.unit}" if sheet.unit else "c is the concentration"
    for first in range(0, len(names), beside):
        shown = names[first : first + beside]
        yield ""
        yield f"{'':{head}}" + "".join(f"{name:>{column}}" for name in shown)
        for one in parameters:
            cells = [sheet.subjects[name][one.code][0] for name in shown]
            digits = 0 if one.unit == "points" else DIGITS
            values = "".join(f"{in_words(value, digits):>{column}}" for value in cells)
            yield f"{one.code:{code}}  {one.label:{label}}  {SIGNS[one.unit]:{sign}}{values}"
    yield from _reasons(sheet, parameters)


def _reasons(sheet: Sheet, parameters: Sequence[Parameter]) -> Iterator[str]:
    """Who lacks what for which reason; what shares both stands on one line."""
    groups: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for one in parameters:
        missing = tuple(
            (name, why)
            for name, cells in sheet.subjects.items()
            if (why := cells[one.code][1]) is not None
        )
        if missing:
            groups.setdefault(missing, []).append(one.code)
    if groups:
        yield ""
        yield "Missing"
    for missing, codes in groups.items():
        whys: dict[str, list[str]] = {}
        for name, why in missing:
            whys.setdefault(why, []).append(name)
        told = "; ".join(f"{', '.join(who)}: {why}" for why, who in whys.items())
        yield from textwrap.wrap(f"{', '.join(codes)}  {told}", WIDTH, subsequent_indent=" " * 4)


def in_words(value: float | None, digits: int = DIGITS) -> str:
    """A number to significant digits, 0 for a whole one; a dash where there is none."""
    if value is None:
        return "-"
    if value == 0 or digits == 0:
        return f"{value:.0f}"
    if abs(value) >= LARGE:
        return f"{value:.{digits - 1}e}".replace("e+", "e")
    places = digits - 1 - floor(log10(abs(value)))
    rounded = round(value, places)
    return f"{rounded:,.{max(places, 0)}f}"
