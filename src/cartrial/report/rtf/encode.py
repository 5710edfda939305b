"""Pages as RTF by rtflite, which writes each; here they are put together into files.

The bytes hold no date, and rtflite's own page breaks are not used: a page is given as it is. Should
a word processor break it once more, rows stay whole and the header is repeated.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl
import rtflite

from cartrial.report.rtf.pages import Page, Paged
from cartrial.report.rtf.sheet import (
    FONT,
    GAP,
    INDENT,
    LETTER,
    POINTS,
    SIZE,
    Columns,
    Paper,
    broken,
    cell_lines,
    header_texts,
)
from cartrial.report.rtf.text import raised, to_rtf
from cartrial.report.table import ReportTable, ShownRow

TYPE = f"\\f{FONT - 1}\\fs{2 * SIZE}"
PAGES = f"{{\\field{{\\*\\fldinst {{{TYPE} NUMPAGES }}}}{{\\fldrslt {{{TYPE} 1}}}}}}"
TWIPS = 20  # a point
NO_BREAK_OF_ITS_OWN = 10**6  # rows of a page
PADDING = 0.06  # inches: what rtflite halves for the space beside a cell
PLAIN = {"text_font": FONT, "text_font_size": SIZE, "text_convert": False}
AFTER_TITLE = 120  # twips
STUB, CELL = "l", "c"
PAGE_SETTINGS = re.compile(r"\\paperw.*?\\footery\d+\n?", re.DOTALL)
FIRST_PARAGRAPH, ROW = "{\\pard", "\\trowd"


@dataclass(frozen=True)
class Running:
    """What stands at the head and at the foot of every page."""

    study: str
    foot: str


def encoded(paged: Paged, running: Running) -> tuple[str, ...]:
    """Each page of a table as an RTF file."""
    return tuple(_encoded(paged, page, running) for page in paged.pages)


def to_file(pages: Sequence[str]) -> str:
    """The pages of one table as a file of its own."""
    return _head(pages[0]) + _joined(map(_body, pages)) + "\n}\n"


def to_book(tables: Iterable[tuple[Paper, Sequence[str]]]) -> str:
    """The pages of several tables as one file, each table a section with its own paper."""
    sections, start = [], ""
    for paper, pages in tables:
        start, header, footer = PAGE_SETTINGS.split(pages[0])[0].partition("{\\header")
        first, *others = map(_body, pages)
        body = _joined((_with(first, "\\outlinelevel0"), *others))
        sections.append(f"\\sectd{_section(paper)}\n{header}{footer}{body}")
    return start + "\n\\sect\n".join(sections) + "\n}\n"


def _joined(bodies: Iterable[str]) -> str:
    """The pages one after the other, each from the second on a new page."""
    first, *others = bodies
    return "\n".join((first, *(_with(body, "\\pagebb") for body in others)))


def _with(body: str, word: str) -> str:
    """A page whose first paragraph, its title, carries a control word."""
    return body.replace(FIRST_PARAGRAPH, f"{FIRST_PARAGRAPH}{word}", 1)


def _head(encoded: str) -> str:
    """What stands before the first page: fonts, header, footer, paper."""
    return encoded[: _settings(encoded).end()]


def _body(encoded: str) -> str:
    """What stands on the page."""
    return encoded[_settings(encoded).end() :].rstrip().removesuffix("}").strip()


def _settings(encoded: str) -> re.Match[str]:
    found = PAGE_SETTINGS.search(encoded)
    assert found is not None, "rtflite writes the page settings before the page"
    return found


def _section(paper: Paper) -> str:
    """The paper of a section, as RTF says it for sections."""
    names = ("pgwsxn", "pghsxn", "marglsxn", "margrsxn", "margtsxn", "margbsxn", "headery")
    sides = (paper.width, paper.height, *paper.margins)
    said = (
        f"\\{name}{round(inches * TWIPS * POINTS)}"
        for name, inches in zip((*names, "footery"), sides, strict=True)
    )
    return "\\sbkpage" + ("\\lndscpsxn" if paper.wide else "") + "".join(said)


def _encoded(paged: Paged, page: Page, running: Running) -> str:
    document = rtflite.RTFDocument(
        df=_frame(paged.table, page),
        rtf_page=sheet(paged.columns.paper),
        rtf_page_header=header(running),
        rtf_page_footer=footer(running),
        rtf_title=titles(page.titles),
        rtf_column_header=_header(paged),
        rtf_body=_rows(paged, page),
        rtf_footnote=footnote(page.notes),
    )
    kept = str(document.rtf_encode()).replace(ROW, f"{ROW}\\trkeep")
    return kept if paged.table.empty else kept.replace(ROW, f"{ROW}\\trhdr", 1)


# ---------------------------------------------------------------- around a table or a figure
def sheet(paper: Paper) -> rtflite.RTFPage:
    """The page."""
    return rtflite.RTFPage(
        orientation="landscape" if paper.wide else "portrait",
        width=paper.width,
        height=paper.height,
        margin=list(paper.margins),
        col_width=paper.room,
        nrow=NO_BREAK_OF_ITS_OWN,
        border_first="",
        border_last="",
    )


def header(running: Running) -> rtflite.RTFPageHeader:
    """The head of the page: the study, and which page of how many."""
    text = f"{to_rtf(running.study)}   Page \\chpgn  of {PAGES}"
    return rtflite.RTFPageHeader(text=text, text_justification="r", **PLAIN)


def footer(running: Running) -> rtflite.RTFPageFooter:
    """The foot of the page."""
    return rtflite.RTFPageFooter(text=to_rtf(running.foot), text_justification="l", **PLAIN)


def titles(lines: Sequence[str]) -> rtflite.RTFTitle:
    """The lines above, the first two of them bold."""
    bold = min(2, len(lines))
    return rtflite.RTFTitle(
        text=[to_rtf(line) for line in lines],
        text_format=["b"] * bold + [""] * (len(lines) - bold),
        text_space_before=[0],
        text_space_after=[AFTER_TITLE],
        **{name: [value] for name, value in PLAIN.items()},
    )


def footnote(notes: Sequence[tuple[str, str]]) -> rtflite.RTFFootnote | None:
    """The notes below, each with its mark."""
    if not notes:
        return None
    lines = [" ".join((*([raised(mark)] if mark else []), to_rtf(text))) for mark, text in notes]
    return rtflite.RTFFootnote(
        text=lines, as_table=False, **{name: [[value]] for name, value in PLAIN.items()}
    )


# ---------------------------------------------------------------- a table
def _header(paged: Paged) -> list[rtflite.RTFColumnHeader]:
    table = paged.table
    if table.empty:
        return []
    pairs = zip(header_texts(table), paged.columns.letters, strict=True)
    texts = ["\\line ".join(map(to_rtf, broken(lines, letters))) for lines, letters in pairs]
    return [
        rtflite.RTFColumnHeader(
            text=texts,
            col_rel_width=_shares(paged.columns),
            text_justification=[STUB, *(_side(table) for _ in table.header)],
            cell_vertical_justification=["bottom"],
            cell_height=[PADDING],
            **_borders(top="single", bottom="single"),
            **{name: [value] for name, value in PLAIN.items()},
        )
    ]


def _rows(paged: Paged, page: Page) -> rtflite.RTFBody:
    table, rows = paged.table, page.rows
    width = 1 if table.empty else 1 + len(table.header)
    last = max(len(rows), 1) - 1
    empty = [""] * width
    return rtflite.RTFBody(
        col_rel_width=[1] if table.empty else _shares(paged.columns),
        text_justification=[[CELL if table.empty else STUB, *([_side(table)] * (width - 1))]],
        text_indent_left=[[_indent(row), *([0] * (width - 1))] for row in rows] or [[0]],
        text_format=[["" if row.cells else "b", *empty[1:]] for row in rows] or [[""]],
        cell_height=[[PADDING]],
        cell_vertical_justification=[["top"]],
        border_top=[["single" if table.empty else ""] * width],
        border_bottom=[["single" if n == last else ""] * width for n in range(last + 1)],
        border_left=[[""]],
        border_right=[[""]],
        border_first=[[""]],
        border_last=[[""]],
        **{name: [[value]] for name, value in PLAIN.items()},
    )


def _frame(table: ReportTable, page: Page) -> pl.DataFrame:
    """The cells of a page, as RTF."""
    if table.empty:
        return pl.DataFrame({"0": [to_rtf(table.empty)]})
    rows = [_cells(table, row) for row in page.rows]
    names = [str(n) for n in range(1 + len(table.header))]
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")


def _cells(table: ReportTable, row: ShownRow) -> list[str]:
    shown = [""] * len(table.header)
    for number, cell in enumerate(row.cells):
        lines = cell_lines(cell, stacked=table.stacked)
        last = lines[-1].removesuffix(cell.mark)
        mark = raised(cell.mark) if cell.mark else ""
        shown[number] = "\\line ".join([*map(to_rtf, lines[:-1]), to_rtf(last) + mark])
    return [to_rtf(row.label), *shown]


def _borders(*, top: str = "", bottom: str = "") -> dict[str, list[str]]:
    return {
        "border_top": [top],
        "border_bottom": [bottom],
        "border_left": [""],
        "border_right": [""],
    }


def _shares(at: Columns) -> list[float]:
    return [letters + GAP for letters in at.letters]


def _side(table: ReportTable) -> str:
    return STUB if table.listing else CELL


def _indent(row: ShownRow) -> int:
    return round(INDENT * row.indent * LETTER * TWIPS)
