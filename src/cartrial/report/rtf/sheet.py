"""What stands on a sheet of paper: the columns of a table in characters, its lines in points.

Type is Courier New of one size throughout: each letter is as wide as any other, so where a text
wraps, and how many rows a page holds, is known without a word processor.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean
from textwrap import wrap

from cartrial.report.table import ReportTable, ShownCell, ShownRow

FONT = 9  # Courier New in the font table of rtflite
SIZE = 8  # points
LETTER = 0.6 * SIZE  # points wide
LINE = 1.133 * SIZE  # points high
BETWEEN = 1.5  # points between two rows
POINTS = 72  # an inch
GAP = 1.5  # letters between two columns
INDENT = 2  # letters
LONGEST_HEADER = 16  # letters of a header on one line, unless a word is longer
COMFORT = 26  # letters: a column that wants more can wrap
LONGEST_WORD = 24  # letters: a longer word may be broken


@dataclass(frozen=True)
class Paper:
    """A sheet: its sides and margins in inches."""

    width: float
    height: float
    margins: tuple[float, ...] = (0.75, 0.75, 0.95, 0.8, 0.5, 0.45)  # l, r, t, b, header, footer

    @property
    def wide(self) -> bool:
        """Whether it lies on its side."""
        return self.width > self.height

    @property
    def room(self) -> float:
        """Inches from margin to margin."""
        return self.width - self.margins[0] - self.margins[1]

    @property
    def letters(self) -> int:
        """Letters of a line from margin to margin."""
        return int(self.room * POINTS / LETTER)

    @property
    def points(self) -> float:
        """Points from top to bottom, less a line that stays free."""
        return (self.height - self.margins[2] - self.margins[3]) * POINTS - LINE


UPRIGHT, ON_ITS_SIDE = Paper(8.27, 11.69), Paper(11.69, 8.27)  # A4


@dataclass(frozen=True)
class Columns:
    """The paper of a table, and the letters of each of its columns; the first is the stub."""

    paper: Paper
    letters: tuple[int, ...]


@dataclass(frozen=True)
class Need:
    """What a column needs, in letters: at least, at best, and what its texts usually take."""

    least: int
    best: int
    usual: float


def columns(table: ReportTable) -> Columns:
    """The columns of a table, on paper that lies on its side where they need it."""
    needs = [_need(table, number) for number in range(1 + len(table.header))]
    comfort = sum(max(need.least, min(need.best, COMFORT)) for need in needs)
    paper = UPRIGHT if comfort + GAP * len(needs) <= UPRIGHT.letters else ON_ITS_SIDE
    return Columns(paper, _fitted(needs, int(paper.letters - GAP * len(needs))))


def _need(table: ReportTable, number: int) -> Need:
    """What a column needs; a word of the header is never broken."""
    header, texts = header_texts(table)[number], _body_texts(table, number)
    head = max((len(word) for line in header for word in line.split()), default=1)
    words = max((len(word) for text in texts for word in text.split()), default=1)
    least = max(head, min(LONGEST_WORD, words))
    line = max(min(LONGEST_HEADER, len(line)) for line in header)
    sizes = [len(text) for text in texts] or [1]
    return Need(least, max(least, line, *sizes), max(1.0, fmean(sizes)))


def _fitted(needs: Sequence[Need], room: int) -> tuple[int, ...]:
    """The widths wanted, or less of those with most to spare, so that they fill the room."""
    widths = [need.best for need in needs]
    while sum(widths) > room:
        able = _wider(widths, needs, COMFORT) or _wider(widths, needs, 0) or range(len(widths))
        spared = max(able, key=lambda n: widths[n] / needs[n].usual)
        widths[spared] -= 1
    spare, left = divmod(room - sum(widths), len(widths))
    return tuple(width + spare + (n < left) for n, width in enumerate(widths))


def _wider(widths: Sequence[int], needs: Sequence[Need], low: int) -> list[int]:
    """The columns that are wider than they need to be, and than `low`."""
    return [n for n, width in enumerate(widths) if width > max(low, needs[n].least)]


def header_texts(table: ReportTable) -> list[list[str]]:
    """The lines of the header of each column, the stub first."""
    named = [
        [line for line in (*label.split("\n"), size) if line] or [""]
        for label, size in zip(table.header, table.sizes, strict=True)
    ]
    return [[table.stub], *named]


def cell_lines(cell: ShownCell, *, stacked: bool) -> list[str]:
    """The lines of a cell as it is shown, its mark at the end."""
    parts = [part for part in (cell.text, cell.interval) if part]
    lines = ("\n" if stacked else " ").join(parts).split("\n")
    return [*lines[:-1], lines[-1] + cell.mark]


def _body_texts(table: ReportTable, number: int) -> list[str]:
    if number == 0:
        return [" " * INDENT * row.indent + row.label for row in table.rows]
    cells = (row.cells[number - 1] for row in table.rows if row.cells)
    return [line for cell in cells for line in cell_lines(cell, stacked=table.stacked)]


def lines_of(texts: Iterable[str], letters: int) -> int:
    """How many lines some texts take in so many letters."""
    return len(broken(texts, letters))


def broken(texts: Iterable[str], letters: int) -> list[str]:
    """The lines of some texts, none longer than so many letters."""
    return [line for text in texts for line in _wrapped(text, letters)]


def _wrapped(text: str, letters: int) -> list[str]:
    if len(text) <= letters:
        return [text]
    return wrap(text, max(letters, 1), break_on_hyphens=False) or [""]


def row_height(row: ShownRow, at: Columns, *, stacked: bool) -> float:
    """The height of a row in points."""
    heights = [lines_of([row.label], at.letters[0] - INDENT * row.indent)]
    for cell, letters in zip(row.cells, at.letters[1:], strict=False):
        heights.append(lines_of(cell_lines(cell, stacked=stacked), letters))
    return max(heights) * LINE + BETWEEN


def header_height(table: ReportTable, at: Columns) -> float:
    """The height of the header in points."""
    pairs = zip(header_texts(table), at.letters, strict=True)
    return max(lines_of(texts, letters) for texts, letters in pairs) * LINE + BETWEEN
