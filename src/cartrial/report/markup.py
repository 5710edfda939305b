"""Pieces of the page: a table, and the list of subjects that a count opens. All text is escaped."""

import re
from collections.abc import Iterable
from html import escape as _escape

from cartrial.report.subjects import SubjectEntry, SubjectLists
from cartrial.report.table import ReportTable, ShownCell, ShownRow, in_population

TALL = 80  # rows: a longer table scrolls inside its own box
MANY = 5  # columns: with more the table is set closer
SHORT = 14  # characters of a column's label, or of a cell of a listing: on one line
WORDS, PROSE = 20, 60  # characters: a cell with more is set wider
DEEPEST = 3  # levels of indent


def escape(text: str) -> str:
    """Text that is safe in an element and in a quoted attribute."""
    return _escape(text, quote=True)


def title(text: str) -> str:
    """A title, in which a line does not break at the hyphen of a short end (CAR-T)."""
    return re.sub(r"\S+-\w{1,2}\b", r'<span class="v">\g<0></span>', escape(text))


def paragraphs(texts: Iterable[str]) -> str:
    """Each text that is not empty as a paragraph."""
    return "".join(f"<p>{escape(text)}</p>" for text in texts if text)


def who(words: str, subjects: tuple[str, ...], lists: SubjectLists, *, count: bool = True) -> str:
    """Words that open the list of their subjects; a count is underlined, so that one sees it."""
    kind = "who" if count else "who plain"
    target = f"list-{lists.number(subjects)}"
    return f'<button type="button" class="{kind}" popovertarget="{target}">{escape(words)}</button>'


def table_block(table: ReportTable, lists: SubjectLists) -> str:
    """A table with its title above and its notes below."""
    head = f'<div class="block" id="table-{escape(table.id)}"><h3>{title(table.title)}</h3>'
    if table.empty:
        return f'{head}<p class="empty">{escape(table.empty)}</p></div>'
    shown = f'<p class="shown">{escape(table.shown)}</p>' if table.shown else ""
    tall = " tall" if len(table.rows) > TALL else ""
    box = (
        f'<div class="scroll{tall}" tabindex="0" role="region" aria-label="{escape(table.title)}">'
    )
    kind = "listing" if table.listing else "stacked" if table.stacked else "plain"
    kind += " many" if len(table.header) > MANY else ""
    body = "\n".join(_row(table, row, lists) for row in table.rows)
    return (
        f'{head}{shown}{box}<table class="{kind}">{_header(table)}'
        f"<tbody>{body}</tbody></table></div>"
        f'<div class="notes">{_notes(table)}</div></div>'
    )


def _header(table: ReportTable) -> str:
    columns = "".join(
        f"<th scope=col>{_short(label)}{f'<small>{escape(size)}</small>' if size else ''}</th>"
        for label, size in zip(table.header, table.sizes, strict=True)
    )
    stub = escape(table.stub) if table.stub else '<span aria-hidden="true"></span>'
    return f"<thead><tr><th scope=col>{stub}</th>{columns}</tr></thead>"


def _short(label: str) -> str:
    """The label of a column; a short one stays on one line."""
    return f'<span class="v">{escape(label)}</span>' if len(label) <= SHORT else escape(label)


def _row(table: ReportTable, row: ShownRow, lists: SubjectLists) -> str:
    indent = f' class="in{min(row.indent, DEEPEST)}"' if row.indent else ""
    if not row.cells:
        span = f"scope=rowgroup colspan={len(table.header) + 1}{indent}"
        return f'<tr class="heading"><th {span}>{escape(row.label)}</th></tr>'
    about = f' data-subjects="{escape(" ".join(row.subjects))}"' if table.listing else ""
    cells = "".join(_cell(cell, lists, opens=not table.listing) for cell in row.cells)
    return f"<tr{about}><th scope=row{indent}>{escape(row.label)}</th>{cells}</tr>"


def _cell(cell: ShownCell, lists: SubjectLists, *, opens: bool) -> str:
    size = len(cell.text)
    width = "prose" if size > PROSE else "words" if size > WORDS else ""
    named = " ".join(kind for kind in ("nothing" if cell.nothing else "", width) if kind)
    kind = f' class="{named}"' if named else ""
    mark = f"<sup>{escape(cell.mark)}</sup>" if cell.mark else ""
    interval = f' <span class="i">{escape(cell.interval)}{mark}</span>' if cell.interval else mark
    text = escape(cell.text)
    if opens and cell.subjects:
        text = who(cell.text, cell.subjects, lists, count=cell.count)
    if cell.count or cell.interval or (not opens and size <= SHORT):
        text = f'<span class="v">{text}</span>'
    return f"<td{kind}>{text}{interval}</td>"


def _notes(table: ReportTable) -> str:
    reasons = "".join(
        f"<p><sup>{escape(mark)}</sup> {escape(why)}</p>" for mark, why in table.reasons
    )
    return reasons + paragraphs((in_population(table.population), *table.footnotes, *table.method))


def lists_of_subjects(lists: SubjectLists, entries: Iterable[SubjectEntry]) -> str:
    """Every list asked for, each closed until its count is pressed."""
    numbers = {entry.key: entry.number for entry in entries}
    return "\n".join(
        f'<div popover class="list" id="list-{number}"><p>{_how_many(subjects)}</p><ul>'
        + "".join(f"<li>{_link(key, numbers[key])}</li>" for key in subjects)
        + "</ul></div>"
        for subjects, number in lists.numbers.items()
    )


def _how_many(subjects: tuple[str, ...]) -> str:
    return "1 subject" if len(subjects) == 1 else f"{len(subjects)} subjects"


def _link(key: str, number: int) -> str:
    return (
        f'<a class="subject" href="#subject-{number}" data-subject="{escape(key)}">'
        f"{escape(key)}</a>"
    )
