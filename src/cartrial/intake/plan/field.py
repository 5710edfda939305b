"""How a column fills a field, drafted from its cells: order of dates, decimal mark, words, units.

What the cells do not decide is asked. A date of birth or free text never stands in a question.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from cartrial import schema as s
from cartrial.intake.plan.amount import is_open, marks_of, read_amount, read_limit
from cartrial.intake.plan.date import (
    ORDERS,
    Order,
    has_zone,
    leads_with_year,
    orders_of,
    read_date,
)
from cartrial.intake.plan.guess import FEW, LEVEL, Columns, Match
from cartrial.intake.plan.model import EMPTY, Fill, ask
from cartrial.intake.plan.subject import ANY, pattern_of
from cartrial.intake.plan.unit import draft_unit
from cartrial.intake.plan.words import REASON_WORDS, answer_of, is_empty, plain
from cartrial.intake.source import SourceColumn

ROMAN = {"I": "1", "II": "2", "III": "3", "IV": "4", "V": "5"}
ONGOING = ("ongoing", "continuing", "continues", "andauernd", "present", "persistent")
YES_NO = ("yes", "no")
READ_AS_FLAG = ("yes", "no", "y", "n", "true", "false", "1", "0")
FIGURES = re.compile(r"[-−]?\d+")
SHOWN = 24  # characters of a cell that a question shows


def draft_fill(
    field: s.Column, match: Match, columns: Columns, *, rivals: Sequence[str] = ()
) -> Fill:
    """How the matched column fills the field; which column it is, where others fit as well."""
    fill = _fill(field, match, columns)
    if not rivals:
        return fill
    both = " or ".join((match.column, *rivals))
    return replace(fill, column=ask(f"which column is {field.label}: {both}?"))


def _fill(field: s.Column, match: Match, columns: Columns) -> Fill:
    cells = columns.cells[match.column]
    described = columns.described(match.column)
    fill = Fill(column=match.column, sure=match.sure, why=match.why)
    match field.kind:
        case "number" | "count":
            return _number(fill, field, cells, columns)
        case "date" | "moment" | "partial":
            return _date(fill, field, cells, described)
        case "flag":
            return _answers(fill, field, cells, described, YES_NO)
        case "code":
            return _answers(fill, field, cells, described, field.codes)
    if field.name == "subject":
        return _subject(fill, cells)
    words = {code: label for code, label in described.choices.items() if code != label}
    return replace(fill, words=words | dict.fromkeys(described.missing, EMPTY))


def decimal_of(cells: Sequence[str], columns: Columns, name: str) -> str:
    """The decimal mark of a column; that of the rest of its table where its cells leave it open.

    Numbers that the source holds as numbers have a point.
    """
    if columns.described(name).kind in ("number", "count"):
        return ""
    marks = marks_of(cells)
    if len(marks) == 1:
        return marks[0] if marks == (",",) else ""
    if not is_open(cells):
        return ""
    decided = {m for listed in columns.cells.values() if len(m := marks_of(listed)) == 1}
    if len(decided) == 1:
        return next(iter(decided))[0]
    example = next(cell for cell in cells if is_open([cell]))
    return ask(f"{example}: which mark stands before decimals, . or ,?")


def empties(cells: Sequence[str]) -> tuple[str, ...]:
    """The words among the cells that say nothing."""
    return tuple(cell for cell in cells if is_empty(cell))


def reasons(cells: Sequence[str], described: SourceColumn) -> dict[str, str]:
    """The words among the cells that say why there is no value, with the reason."""
    known = described.missing.items()
    told = {code: REASON_WORDS.get(plain(label), "unknown") for code, label in known}
    said = {cell: REASON_WORDS[plain(cell)] for cell in cells if plain(cell) in REASON_WORDS}
    return told | {cell: reason for cell, reason in said.items() if not is_empty(cell)}


# ---------------------------------------------------------------- numbers
def _number(fill: Fill, field: s.Column, cells: Sequence[str], columns: Columns) -> Fill:
    described = columns.described(fill.column)
    said = [cell for cell in cells if cell not in described.missing]
    decimal = decimal_of(said, columns, fill.column)
    comma = "its cells have" if marks_of(said) == (",",) else "the rest of its table has"
    mark = decimal if decimal in (".", ",") else "."
    limits = [cell for cell in cells if read_limit(cell, mark) is not None]
    amounts = [float(n) for cell in said if (n := read_amount(cell.rstrip("% "), mark)) is not None]
    unit, told = draft_unit(field, described, amounts, columns.table.name)
    words = _numbers_in_words(field, cells, described, mark)
    silent = dict.fromkeys(reasons(cells, described), EMPTY)
    why = [fill.why, f"{comma} a decimal comma" if decimal == "," else "", told]
    return replace(
        fill,
        decimal="" if decimal == "." and not is_open(cells) else decimal,
        below=_below(limits),
        unit=unit,
        empty=empties(cells),
        words=words | silent,
        why="; ".join(part for part in why if part),
    )


def _below(limits: Sequence[str]) -> str:
    if not limits:
        return ""
    return ask(f"what counts for a result such as {limits[0]}: limit, half, zero, or hold the row?")


def _numbers_in_words(
    field: s.Column, cells: Sequence[str], described: SourceColumn, mark: str
) -> dict[str, str]:
    """The number behind a code or its label, a grade in words or in Roman figures.

    A word that is no number is asked where the field counts; a measurement with it is held.
    """
    words: dict[str, str] = {}
    for code, label in described.choices.items():
        number = _number_of(code, label)
        asked = {code: _ask_number(label, field)}
        words |= {text: number for text in (code, label) if text != number} if number else asked
    others = [cell for cell in cells if cell not in words and read_amount(cell, mark) is None]
    levels = {cell: found[1] for cell in others if (found := LEVEL.fullmatch(cell))}
    words |= {cell: ROMAN.get(level.upper(), level) for cell, level in levels.items()}
    unknown = [cell for cell in others if cell not in words and not _says_why(cell, described)]
    if field.kind == "count" and len(unknown) <= FEW:
        words |= {cell: _ask_number(cell, field) for cell in unknown if not read_limit(cell, mark)}
    return words


def _number_of(code: str, label: str) -> str:
    """The number that a choice means: its label's, else its code; empty where they may differ."""
    if read_amount(label) is not None:
        return label
    level = LEVEL.fullmatch(label)
    if level:
        return ROMAN.get(level[1].upper(), level[1])
    figures = FIGURES.findall(label)
    alike = not figures or figures[0] == code
    return code if alike and read_amount(code) is not None else ""


def _says_why(cell: str, described: SourceColumn) -> bool:
    return is_empty(cell) or cell in described.missing or plain(cell) in REASON_WORDS


def _ask_number(word: str, field: s.Column) -> str:
    return ask(f'{field.label}: which number is "{word[:SHOWN]}"; or {EMPTY}?')


# ---------------------------------------------------------------- dates
def _date(fill: Fill, field: s.Column, cells: Sequence[str], described: SourceColumn) -> Fill:
    said = [cell for cell in cells if not is_empty(cell) and cell not in described.missing]
    order, why = _order(field, said, described)
    zoned = [cell for cell in said if has_zone(cell)]
    clock = ask("the times name a zone: which is the centre's own, such as Europe/Berlin?")
    told = "its clock time is not kept" if _loses_time(field, said) else ""
    return replace(
        fill,
        dates=order,
        clock=clock if zoned else "",
        empty=(*empties(cells), *described.missing),
        words={cell: EMPTY for cell in said if plain(cell) in ONGOING},
        why="; ".join(part for part in (fill.why, why, told) if part),
    )


def _order(field: s.Column, cells: Sequence[str], described: SourceColumn) -> tuple[str, str]:
    """The order of day and month, and what decides it; a question where nothing does."""
    open_ = [cell for cell in cells if read_date(cell) is None]
    orders = orders_of(cells)
    only = [cell for cell in open_ if read_date(cell, orders[0]) is not None]
    number = f"{len(open_)} date{'s'[: len(open_) != 1]}"
    example = "" if field.private or not open_ else f", such as {(only or open_)[0][:SHOWN]}"
    if not field.private and leads_with_year(open_):
        begin = f"{number}{example}, may begin with their year"
        return ask(f"{' or '.join(('year/month/day', *orders))}? {begin}"), ""
    if not only:
        return "", ""
    if len(only) < len(cells) and described.kind in ("date", "moment"):
        real = len(cells) - len(only)
        return ask(
            f"text that is a date: {len(open_)}{example}; real dates: {real}, whose day and month "
            "a spreadsheet may have swapped. Check them: day/month/year or month/day/year?"
        ), ""
    if len(orders) == 1:
        return _decided(orders[0], open_, number)
    fit = "fits" if len(open_) == 1 else "fit"
    return ask(f"day/month/year or month/day/year? {number} {fit} both{example}"), ""


def _decided(order: Order, cells: Sequence[str], number: str) -> tuple[str, str]:
    """The order that most dates have, with its reason; a question where others have the other."""
    other = next(one for one in ORDERS if one != order)
    fit = {one: {cell for cell in cells if read_date(cell, one) is not None} for one in ORDERS}
    deciding, against = len(fit[order] - fit[other]), len(fit[other] - fit[order])
    if against:
        told = f"of {number} {deciding} fit only the first, {against} only the other"
        return ask(f"{order} or {other}? {told}"), ""
    return order, f"{deciding} of {number} fit{'s'[: deciding == 1]} nothing else"


def _loses_time(field: s.Column, cells: Sequence[str]) -> bool:
    return field.kind == "date" and any(":" in cell for cell in cells)


# ---------------------------------------------------------------- words
def _answers(
    fill: Fill,
    field: s.Column,
    cells: Sequence[str],
    described: SourceColumn,
    codes: tuple[str, ...],
) -> Fill:
    """The words of the source with the answers of the form; an unknown word is asked."""
    words: dict[str, str] = dict.fromkeys(described.missing, EMPTY)
    for code, label in described.choices.items():
        meant = answer_of(label, codes) or answer_of(code, codes)
        asked = {code: _ask_word(label, field, codes)}
        words |= dict.fromkeys((code, label), meant) if meant else asked
    for cell in cells:
        if cell not in words and cell not in codes:
            meant = _flag(cell) if field.kind == "flag" else None
            meant = meant or answer_of(cell, codes) or (EMPTY if _says_nothing(cell) else None)
            words[cell] = meant or _ask_word(cell, field, codes)
    told = {cell: meant for cell, meant in words.items() if cell != meant}
    if field.kind == "flag":
        told = {cell: meant for cell, meant in told.items() if not _plain_flag(cell, meant)}
    return replace(fill, words=told)


def _says_nothing(cell: str) -> bool:
    return is_empty(cell) or REASON_WORDS.get(plain(cell)) == "unknown"


def _flag(cell: str) -> str | None:
    if cell.casefold() not in READ_AS_FLAG:
        return None
    return "yes" if cell.casefold() in READ_AS_FLAG[::2] else "no"


def _plain_flag(cell: str, meant: str) -> bool:
    """Whether every reader of forms knows the word without the plan."""
    return cell.casefold() in READ_AS_FLAG and _flag(cell) == meant


def _ask_word(word: str, field: s.Column, codes: tuple[str, ...]) -> str:
    return ask(f'{field.label}: what is "{word[:SHOWN]}": {", ".join(codes)}; or {EMPTY}?')


def _subject(fill: Fill, cells: Sequence[str]) -> Fill:
    pattern, others = pattern_of(cells)
    if not cells:
        return fill
    if not others:
        return replace(fill, like=pattern, why=f"{fill.why}; all {len(cells)} look like {pattern}")
    if not pattern:
        told = f"ids look in several ways, such as {cells[0]} and {others[0]}"
        return replace(
            fill, like=ask(f"{told}: write one to hold the others, or {ANY} to take all")
        )
    told = f"ids not like {pattern}: {len(others)} of {len(cells)}, such as {others[0]}"
    question = ask(f"{told}: write {pattern} to hold them, or {ANY} to take them as they are")
    return replace(fill, like=question)
