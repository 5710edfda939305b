"""Rows of text in columns, for a person."""

from collections.abc import Iterator, Sequence


def in_columns(
    head: Sequence[str], rows: Sequence[Sequence[str]], *, right: int = 0, plain: int = 1
) -> Iterator[str]:
    """Columns as wide as they need; `right` of them after the first `plain` end at the right."""
    widths = [max(len(line[i]) for line in (head, *rows)) for i in range(len(head))]
    for line in (head, *rows):
        cells = [
            cell.rjust(width) if plain <= i < plain + right else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        yield "  ".join(cells).rstrip()
