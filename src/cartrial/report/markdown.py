"""A text of the report as Markdown, with its tables: to be copied into another document."""

from collections.abc import Iterator

from cartrial.report.document import ReportProse
from cartrial.report.table import ReportTable, ShownRow

SPECIAL = str.maketrans({letter: f"\\{letter}" for letter in "\\`*_<>|#"})


def to_markdown(prose: ReportProse) -> str:
    """The paragraphs, then the tables, then the references."""
    return "\n\n".join(_blocks(prose)) + "\n"


def _blocks(prose: ReportProse) -> Iterator[str]:
    yield f"# {_plain(prose.title)}"
    yield from map(_plain, prose.paragraphs)
    for table in prose.tables:
        yield f"## {_plain(table.title)}"
        yield from _table(table)
    if prose.references:
        yield "## References"
        yield "\n".join(f"{n}. {_plain(one)}" for n, one in enumerate(prose.references, start=1))


def _table(table: ReportTable) -> Iterator[str]:
    if table.empty:
        yield _plain(table.empty)
        return
    if table.shown:
        yield _plain(table.shown)
    header = _line([table.stub, *table.header])
    rule = _line(["---", *("---:" for _ in table.header)])
    yield "\n".join([header, rule, *(_row(table, row) for row in table.rows)])
    for note in (*table.footnotes, *table.method):
        yield _plain(note)


def _row(table: ReportTable, row: ShownRow) -> str:
    if not row.cells:
        return _line([f"**{_plain(row.label)}**", *("" for _ in table.header)])
    return _line([_plain(row.label), *(_plain(str(cell)) for cell in row.cells)])


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _plain(text: str) -> str:
    """Text in which nothing is markup; brackets alone are none, so that `[1]` stays."""
    return text.translate(SPECIAL).replace("](", "]\\(")
