"""What is being typed, as far as it can be read: a cell that its declaration refuses is unknown."""

from collections.abc import Mapping

from cartrial import schema as s
from cartrial.capture.ledger.row import CAPTURED, Row, read_row

Cells = Mapping[str, str]


def readable(form: str, cells: Cells) -> tuple[Row | None, tuple[str, ...]]:
    """The row without the cells that cannot be read, and their labels; null where none is left."""
    labels = {column.name: column.label for column in s.columns(CAPTURED[form])}
    left, refused = dict(cells), dict[str, str]()
    for _ in range(len(labels) + 1):
        row, findings = read_row(form, left)
        named = [f.column for f in s.errors(findings) if left.get(f.column)]
        if row is not None or not named:
            return row, tuple(refused.values())
        for name in named:
            refused[name] = labels[name]
            del left[name]
    return None, tuple(refused.values())
