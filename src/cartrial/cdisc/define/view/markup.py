"""Pieces of the page: a table, a link, a cell of a kind."""

from collections.abc import Iterable, Sequence
from html import escape

NOTHING = '<span class="none">–</span>'


class Cell(str):
    """A cell whose markup is final; `kind` is its class in the style sheet."""

    kind: str


def cell(kind: str, markup: str) -> Cell:
    """A cell of a kind, which decides its width."""
    made = Cell(markup)
    made.kind = kind
    return made


def link(target: str, text: str) -> str:
    """A link to a place on the page or a file beside it."""
    return f'<a href="{escape(target, quote=True)}">{escape(text)}</a>'


def table(head: Iterable[str], rows: Iterable[Sequence[str]], *, ids: Sequence[str] = ()) -> str:
    """A table; the first cell of a row heads it. Cells are markup, `ids` are the rows' anchors."""
    columns = "".join(f"<th scope=col>{escape(name)}</th>" for name in head)
    body = "\n".join(
        f"<tr{_id(ids[number]) if ids else ''}>{_row(row)}</tr>" for number, row in enumerate(rows)
    )
    return (
        '<div class="scroll"><table><thead><tr>'
        f"{columns}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def placed(head: Iterable[str], rows: Iterable[tuple[Sequence[str], str]]) -> str:
    """A table whose rows have an anchor each."""
    kept = list(rows)
    return table(head, (row for row, _ in kept), ids=[oid for _, oid in kept])


def _id(name: str) -> str:
    return f' id="{escape(name, quote=True)}"'


def _row(row: Sequence[str]) -> str:
    first, *rest = row
    others = "".join(
        f'<td class="{one.kind}">{one}</td>' if isinstance(one, Cell) else f"<td>{one}</td>"
        for one in rest
    )
    kind = f' class="{first.kind}"' if isinstance(first, Cell) else ""
    return f"<th scope=row{kind}>{first}</th>{others}"
