"""How a column fills a field, drafted from its cells: order of dates, decimal mark, words, units.

What the cells do not decide is asked. A date of birth or free text never stands in a question.
"""

from collections.abc import Sequence
from dataclasses import replace

from cartrial import schema as s
from cartrial.intake.plan.amount import is_open, marks_of, read_amount, read_limit
from cartrial.intake.plan.analyte import named_unit
from cartrial.intake.plan.cell import factor
from cartrial.intake.plan.date import has_zone, orders_of, read_date
from cartrial.intake.plan.guess import LEVEL, Columns, Match
from cartrial.intake.plan.model import EMPTY, Fill, ask
from cartrial.intake.plan.subject import pattern_of
from cartrial.intake.plan.words import REASON_WORDS, answer_of, is_empty, plain
from cartrial.intake.source import SourceColumn

ROMAN = {"I": "1", "II": "2", "III": "3", "IV": "4", "V": "5"}
ONGOING = ("ongoing", "continuing", "continues", "andauernd", "present", "persistent")
YES_NO = ("yes", "no")
READ_AS_FLAG = ("yes", "no", "y", "n", "true", "false", "1", "0")
SHOWN = 24  # characters of a cell that a question shows


def draft_fill(field: s.Column, match: Match, columns: Columns) -> Fill:
    """How the matched column fills the field."""
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


def decimal_of(cells: Sequence[str], columns: Columns) -> str:
    """The decimal mark of a column; that of the rest of its table where its cells leave it open."""
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
    decimal = decimal_of([cell for cell in cells if cell not in described.missing], columns)
    why = [fill.why, "its cells have a decimal comma" if decimal == "," else ""]
    mark = decimal if decimal in (".", ",") else "."
    limits = [cell for cell in cells if read_limit(cell, mark) is not None]
    unit, told = _unit(field, described)
    words = _numbers_in_words(cells, described, mark)
    silent = dict.fromkeys(reasons(cells, described), EMPTY)
    return replace(
        fill,
        decimal="" if decimal == "." and not is_open(cells) else decimal,
        below=_below(limits),
        unit=unit,
        empty=empties(cells),
        words=words | silent,
        why="; ".join(part for part in (*why, told) if part),
    )


def _below(limits: Sequence[str]) -> str:
    if not limits:
        return ""
    return ask(f"what counts for a result such as {limits[0]}: limit, half, zero, or hold the row?")


def _unit(field: s.Column, described: SourceColumn) -> tuple[str, str]:
    """The unit of the source where it is not the field's, and a word on where it is not known."""
    ours = field.unit or ""
    if not ours or ours.startswith("as ") or field.kind == "count":
        return "", ""
    theirs = described.unit or named_unit(described.name)[1] or named_unit(described.label)[1]
    if not theirs:
        return "", f"taken to be in {ours}"
    told = factor(theirs, ours)
    if told is None:
        return ask(f"{theirs} cannot be converted into {ours}: which unit are the cells in?"), ""
    return ("", "") if told[0] == 1 and not told[1] else (theirs, f"converted into {ours}")


def _numbers_in_words(cells: Sequence[str], described: SourceColumn, mark: str) -> dict[str, str]:
    """The number behind a code or its label, a grade in words or in Roman figures."""
    words: dict[str, str] = {}
    for code, label in described.choices.items():
        for text, other in ((code, label), (label, code)):
            if read_amount(text) is None and read_amount(other) is not None:
                words[text] = other
    for cell in cells:
        found = LEVEL.fullmatch(cell)
        if found and cell not in words and read_amount(cell, mark) is None:
            words[cell] = ROMAN.get(found[1].upper(), found[1])
    return words


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
    if not only:
        return "", ""
    number = f"{len(open_)} date{'s'[: len(open_) != 1]}"
    mixed = len(only) < len(cells) and described.kind in ("date", "moment")
    if len(orders) == 1 and not mixed:
        turned = "month/day/year" if orders[0] == "day/month/year" else "day/month/year"
        deciding = sum(read_date(cell, turned) is None for cell in only)
        return orders[0], f"{deciding} of {number} fit{'s'[: deciding == 1]} nothing else"
    example = "" if field.private else f", such as {only[0][:SHOWN]}"
    if mixed:
        real = len(cells) - len(only)
        return ask(
            f"text that is a date: {len(open_)}{example}; real dates: {real}, whose day and month "
            "a spreadsheet may have swapped. Check them: day/month/year or month/day/year?"
        ), ""
    fit = "fits" if len(open_) == 1 else "fit"
    return ask(f"day/month/year or month/day/year? {number} {fit} both{example}"), ""


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
        words |= {text: meant or _ask_word(label, field, codes) for text in (code, label)}
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
    if not pattern:
        return fill
    if not others:
        return replace(fill, like=pattern, why=f"{fill.why}; all {len(cells)} look like {pattern}")
    told = f"ids not like {pattern}: {len(others)} of {len(cells)}, such as {others[0]}"
    question = ask(f"{told}: write {pattern} to hold them, or any to take them as they are")
    return replace(fill, like=question)
