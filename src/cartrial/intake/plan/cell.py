"""One cell of a source as one field of a form: its text in the form's own way, or why it is not.

Reading: of a result below a limit, such as `<5`, a number is made only as the plan says (`below`);
    where it does not say, the cell is held.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cartrial import schema as s
from cartrial import units
from cartrial.errors import DataError
from cartrial.intake.plan.amount import read_amount, read_limit
from cartrial.intake.plan.date import ORDERS, ZONE, has_zone, read_date, read_time
from cartrial.intake.plan.model import AS_WRITTEN, EMPTY, LEAVE_OUT, Fill
from cartrial.intake.plan.words import plain

MARKS = (".", ",")
BELOW = {"limit": Decimal(1), "half": Decimal("0.5"), "zero": Decimal(0)}
OTHER_UNITS = {  # what is multiplied, then added, for units that no analyte has
    ("lb", "kg"): ("0.45359237", "0"),
    ("lbs", "kg"): ("0.45359237", "0"),
    ("g", "kg"): ("0.001", "0"),
    ("cm", "mm"): ("10", "0"),
    ("kpa", "mmhg"): ("7.50061683", "0"),
    ("ml", "l"): ("0.001", "0"),
    ("copiesngdna", "copiesugdna"): ("1000", "0"),
    ("copiesl", "copiesml"): ("0.001", "0"),
    ("copiesul", "copiesml"): ("1000", "0"),
}
FAHRENHEIT = (Decimal(5) / 9, Decimal(-160) / 9)
DATE_LENGTH = len("2024-04-03")


@dataclass(frozen=True)
class Refused:
    """Why a cell cannot fill its field: what it must be."""

    must: str


@dataclass(frozen=True)
class LeftOut:
    """The plan says that a row with this word is left out."""


Read = str | Refused | LeftOut | None


def read_cell(cell: str | None, fill: Fill, column: s.Column) -> Read:
    """What the field holds for a cell; null where it holds nothing."""
    if cell is None or cell in fill.empty:
        return None
    meant = fill.words.get(cell, fill.otherwise or None)
    if meant is not None:
        return {EMPTY: None, LEAVE_OUT: LeftOut()}.get(meant, meant)
    match fill.take:
        case "result":
            return _result(cell)
        case "limit":
            limit = read_limit(cell, fill.decimal or ".")
            return None if limit is None else _in_unit(limit, fill, column)
        case "reason":
            return None
    match column.kind:
        case "number" | "count":
            return _number(cell, fill, column)
        case "date" | "moment" | "partial":
            return _moment(cell, fill, column)
    return cell


def factor(unit: str, other: str) -> tuple[Decimal, Decimal] | None:
    """What a value in `unit` is multiplied by, then added, to stand in `other`; null: it cannot."""
    if _same(unit) == _same(other):
        return Decimal(1), Decimal(0)
    if _same(unit) == "°f" and _same(other) == "°c":
        return FAHRENHEIT
    told = OTHER_UNITS.get((plain(unit), plain(other)))
    if told is not None:
        return Decimal(told[0]), Decimal(told[1])
    size = units.ratio(unit, other)
    return None if size is None else (size, Decimal(0))


def check_zone(name: str) -> None:
    """Refuse a time zone that does not exist."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        must = f"must be a time zone such as Europe/Berlin, or `{AS_WRITTEN}`"
        raise DataError(f"clock: {must}, got {name}") from None


def _same(unit: str) -> str:
    bare = unit.casefold().replace("µ", "u").replace("μ", "u").replace(" ", "")
    return {"f": "°f", "c": "°c", "degc": "°c", "degf": "°f", "bpm": "beats/min"}.get(bare, bare)


def _result(cell: str) -> Read:
    """What a measurement says of itself: a value, or below its limit."""
    if any(read_amount(cell, mark) is not None for mark in MARKS):
        return "value"
    if any(read_limit(cell, mark) is not None for mark in MARKS):
        return "below quantification"
    return Refused("be a number, a limit such as <50, or a word of the plan")


def _number(cell: str, fill: Fill, column: s.Column) -> Read:
    decimal = fill.decimal or "."
    bare = cell.removesuffix("%").strip() if column.unit == "%" else cell
    amount = read_amount(bare, decimal)
    if amount is not None:
        return _in_unit(amount, fill, column)
    limit = read_limit(cell, decimal)
    if limit is not None and fill.below == "empty":
        return None
    if limit is not None and fill.below in BELOW:
        return _in_unit(_shown(Decimal(limit) * BELOW[fill.below]), fill, column)
    kind = "a whole number" if column.kind == "count" else "a number"
    mark = " with a decimal comma" if decimal == "," else ""
    ways = " (the plan can say what `below` counts as)" if limit is not None else ""
    return Refused(f"be {kind}{mark}{ways}")


def _in_unit(amount: str, fill: Fill, column: s.Column) -> Read:
    """A number in the unit of the form; as it is written where that is its unit."""
    if not fill.unit or column.unit is None:
        return amount
    told = factor(fill.unit, column.unit)
    if told is None:
        return Refused(f"be in a unit that can be converted into {column.unit}, not {fill.unit}")
    if told == (Decimal(1), Decimal(0)):
        return amount
    return _shown(Decimal(amount) * told[0] + told[1])


def _shown(value: Decimal) -> str:
    return f"{float(value):.12g}"


def _moment(cell: str, fill: Fill, column: s.Column) -> Read:
    date, _, clock = cell.partition("\x00")
    read = read_date(date, fill.dates, century=not column.private)
    if read is None:
        return Refused(_date_must(date, fill))
    if has_zone(date):
        local = _local(date, read, fill)
        if local is None:
            return Refused("have its time zone settled in the plan (`clock`)")
        read = local
    if clock:
        time = read_time(clock)
        if time is None:
            return Refused("be a clock time as HH:MM")
        read = f"{read[:DATE_LENGTH]}T{time}"
    match column.kind:
        case "date":
            whole = len(read) >= DATE_LENGTH
            return read[:DATE_LENGTH] if whole else Refused("be a complete date")
        case "moment":
            return read if "T" in read else Refused("be a date with its clock time")
    return read


def _local(cell: str, read: str, fill: Fill) -> str | None:
    """A moment with a zone in the centre's own time."""
    if fill.clock == AS_WRITTEN:
        return read
    zone = ZONE.search(cell)
    if not fill.clock or zone is None:
        return None
    name = zone[1].replace("UTC", "Z").replace("Z", "+00:00")
    there = dt.datetime.fromisoformat(read + name).astimezone(ZoneInfo(fill.clock))
    return there.strftime("%Y-%m-%dT%H:%M" + (":%S" if there.second else ""))


def _date_must(cell: str, fill: Fill) -> str:
    if fill.dates:
        return f"be a date as {fill.dates}"
    if any(read_date(cell, order) is not None for order in ORDERS):
        return "be a date whose order the plan says (`dates`)"
    return "be a date, such as 2024-04-03"
