"""Units, grades and days as they are read on a page."""

import re

from cartrial.grading.grade import in_words

MICRO = re.compile(r"\bu(?=(mol|g|L|kat|M)\b)")
POWER = re.compile(r"10\^(\d+)")
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def unit(text: str) -> str:
    """A unit as it is printed: 10⁹/L, µmol/L."""
    raised = POWER.sub(lambda found: "10" + found[1].translate(RAISED), text)
    return MICRO.sub("µ", raised)


def grade(lowest: int | None, highest: int | None) -> str:
    """An interval of grades; empty where nothing is graded."""
    return "" if lowest is None or highest is None else in_words(lowest, highest)


def short_grade(lowest: int, highest: int) -> str:
    """An interval of grades in letters that stand in a drawing."""
    if lowest == highest:
        return str(lowest)
    return f"≥{lowest}" if lowest else "?"


def date(text: str) -> str:
    """A date and its time with a blank between."""
    return text.replace("T", " ")


def on_day(day: float | None) -> str:
    """The day of an axis in words; empty where it has none."""
    return "" if day is None else f"day {round(day)}"


def cell_day(day: float | None) -> str:
    """The day of an axis in a table."""
    return "–" if day is None else str(round(day))


def counted(n: int, one: str, many: str = "") -> str:
    """A number of things."""
    return f"{n} {one if n == 1 else many or one + 's'}"
