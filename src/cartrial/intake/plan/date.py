"""Dates as people write them, and the order of day, month and year that a whole column decides.

    3.4.2024     day/month/year or month/day/year: the plan says which
    13.4.2024    only day/month/year fits
    2024-04-03   ISO 8601, a month in letters, or a year that comes first need no order
    UN/04/2024   a part that is not known is left out: 2024-04

Reading: a year of two digits is refused where its century is not sure, which is in a date of birth;
    elsewhere 00-68 is of this century and 69-99 of the last, as POSIX has it. Beside a month in
    letters a lone figure of two is no year: `25-Jan` may be a day. A clock time stands after the
    date, in 24 hours or with am/pm.
"""

import re
from collections.abc import Iterable
from datetime import date as calendar
from typing import Literal

Order = Literal["day/month/year", "month/day/year", "year/month/day", "year/day/month"]

ORDERS: tuple[Order, ...] = ("day/month/year", "month/day/year")
ISO = re.compile(r"\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}(:\d{2})?)?)?)?")
DATE = re.compile(
    r"(?P<date>[^\W_]+(?:[./\- ,]+[^\W_]+){0,2}?)[.,]?(?:[T ,]+(?P<time>\d{1,2}[:h]\d{2}.*))?"
)
TIME = re.compile(r"(\d{1,2})[:h.](\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(am|pm|uhr)?", re.IGNORECASE)
ZONE = re.compile(r"(?<=\d)\s*(Z|UTC|[+-]\d{2}:?\d{2})$")
NOT_KNOWN = {"un", "unk", "uk", "nk", "xx", "xxx", "xxxx", "unkn", "unknown"}
MONTHS = {
    word: number
    for number, words in enumerate(
        (
            "jan january januar janv",
            "feb february februar fev",
            "mar march marz maerz mrz",
            "apr april avr",
            "may mai",
            "jun june juni juin",
            "jul july juli juil",
            "aug august aout",
            "sep sept september",
            "oct october okt oktober",
            "nov november",
            "dec december dez dezember",
        ),
        start=1,
    )
    for word in words.split()
}
TWO_FIGURES = re.compile(r"(\d{2})[./-]\d{1,2}[./-](\d{1,2})(?!\d).*")
THIS_CENTURY, LAST_CENTURY, TURN = 2000, 1900, 69  # years of two digits from 69 on are of the last


def read_date(cell: str, order: str = "", *, century: bool = True) -> str | None:
    """The date in a cell as ISO 8601, as far as it is known; null where it is none.

    Without `order` only a date that needs none is read; without `century` the year has four digits.
    """
    if ISO.fullmatch(cell):
        return cell if _exists(*(int(part) for part in cell[:10].split("-"))) else None
    found = DATE.fullmatch(ZONE.sub("", cell.strip()))
    if found is None:
        return None
    parts = re.split(r"[./\- ,]+", found["date"])
    day = _date(parts, order, century)
    if day is None or found["time"] is None:
        return day
    time = read_time(found["time"])
    return f"{day}T{time}" if time and len(day) == len("2024-04-03") else None


def read_time(cell: str) -> str | None:
    """The clock time in a cell as HH:MM[:SS]; null where it is none."""
    found = TIME.fullmatch(cell.strip())
    if found is None:
        return None
    hour, minute, second = (int(part or 0) for part in found.groups()[:3])
    half = (found[4] or "").lower()
    if half in ("am", "pm"):
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    return f"{hour:02}:{minute:02}" + (f":{second:02}" if second else "")


def has_zone(cell: str) -> bool:
    """Whether a moment names its time zone."""
    return ":" in cell and ZONE.search(cell) is not None


def orders_of(cells: Iterable[str]) -> tuple[Order, ...]:
    """The orders in which every cell that needs one is a date; all of them where none needs one."""
    open_ = [cell for cell in cells if read_date(cell) is None]
    fit = {
        order: sum(read_date(cell, order, century=True) is not None for cell in open_)
        for order in ORDERS
    }
    most = max(fit.values())
    return tuple(order for order, count in fit.items() if count == most)


def leads_with_year(cells: Iterable[str]) -> bool:
    """Whether dates with a year of two figures vary less in their first part than in their last."""
    found = [parts.groups() for cell in cells if (parts := TWO_FIGURES.fullmatch(cell.strip()))]
    return len({first for first, _ in found}) < len({last for _, last in found})


def _date(parts: list[str], order: str, century: bool) -> str | None:
    """The parts of a date, separated, as ISO 8601."""
    if len(parts) == 1:
        return _single(parts[0])
    words = [MONTHS.get(_plain(part)) for part in parts]
    if any(words) and len(parts) <= 3:
        at = next(i for i, word in enumerate(words) if word)
        rest = [part for i, part in enumerate(parts) if i != at]
        if len(rest) == 2 and len(rest[0]) == 4:
            rest.reverse()
        if len(rest) == 1 and len(rest[0]) != 4:
            return None
        return _put([rest[0] if len(rest) == 2 else "", str(words[at]), rest[-1]], century)
    if len(parts) == 2:
        month, year = parts if len(parts[1]) == 4 else parts[::-1]
        return _put(["", month, year], century) if len(year) == 4 else None
    if parts[0].isdigit() and (len(parts[0]) == 4 or order.startswith("year")):
        turned = order == "year/day/month"
        return _put([parts[1 + (not turned)], parts[1 + turned], parts[0]], century)
    if order == "day/month/year" or _plain(parts[0]) in NOT_KNOWN:
        return _put(parts, century)
    return _put([parts[1], parts[0], parts[2]], century) if order == "month/day/year" else None


def _single(part: str) -> str | None:
    """A date without marks between its parts: 20240403, 03APR2024, 2024."""
    if re.fullmatch(r"\d{8}", part):
        return _put([part[6:], part[4:6], part[:4]], True)
    named = re.fullmatch(r"(\d{1,2}|[A-Za-z]{2})?([A-Za-z]{3})(\d{4})", part)
    if named and (month := MONTHS.get(_plain(named[2])) or _plain(named[2]) in NOT_KNOWN):
        return _put([named[1] or "", "xx" if month is True else str(month), named[3]], True)
    return part if re.fullmatch(r"\d{4}", part) else None


def _put(parts: list[str], century: bool) -> str | None:
    """Day, month and year in this order as ISO 8601; what is not known ends it."""
    day, month, year = ("" if _plain(part) in NOT_KNOWN else part for part in parts)
    if not re.fullmatch(r"\d{4}" if not century else r"\d{4}|\d{2}", year):
        return None
    if not all(re.fullmatch(r"\d{0,2}", part) for part in (day, month)) or (day and not month):
        return None
    whole = int(year)
    if len(year) == 2:
        whole += LAST_CENTURY if whole >= TURN else THIS_CENTURY
    known = [int(part) for part in (month, day) if part]
    if not _exists(whole, *known):
        return None
    return "-".join([f"{whole:04}", *(f"{part:02}" for part in known)])


def _exists(year: int, month: int = 1, day: int = 1) -> bool:
    try:
        calendar(year, month, day)
    except ValueError:
        return False
    return True


def _plain(part: str) -> str:
    return part.casefold().replace("ä", "a").replace("é", "e").replace("û", "u").rstrip(".")
