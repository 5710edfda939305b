"""A CSV file of whatever separator and encoding, as a grid of cells."""

import csv
from collections import Counter
from io import StringIO
from itertools import islice
from pathlib import Path

from cartrial import files
from cartrial.errors import DataError
from cartrial.intake.grid import Grid, table_of
from cartrial.intake.source import Source

SEPARATORS = (",", ";", "\t", "|")
LOOKED_AT = 50  # rows from which the separator is known


def read_delimited(path: Path) -> Source:
    """The one table of a CSV file."""
    text = files.read_text(path)
    content = text.content
    if "\x00" in content:
        raise DataError(f"{path.name}: must be a text file, got binary data")
    first = content.partition("\n")[0].strip().casefold()
    stated = first.removeprefix("sep=") if first.startswith("sep=") else ""
    mark = stated or _separator(content)
    reader = csv.reader(StringIO(content, newline=""), delimiter=mark, strict=True)
    lines, at = [], 1
    try:
        for cells in reader:
            if not (stated and at == 1):
                lines.append((at, cells))
            at = reader.line_num + 1
    except csv.Error as error:
        fault = f"must be CSV, got {error}"
        raise DataError(f"{path.name}: line {reader.line_num}: {fault}") from None
    name = path.name.removesuffix(".gz").rpartition(".")[0]
    table, remarks = table_of(Grid(path.name, name, lines))
    separated = {";": "semicolons", "\t": "tabs", "|": "upright lines"}.get(mark)
    said = [f"read with {separated} between the cells"] if separated else []
    said += [text.remark] if text.remark else []
    return Source((table,), (*(f"{path.name}: {one}" for one in said), *remarks))


def _separator(content: str) -> str:
    """The mark that parts most rows into the same number of cells, more than one."""

    def alike(mark: str) -> tuple[int, int]:
        rows = islice(csv.reader(StringIO(content, newline=""), delimiter=mark), LOOKED_AT)
        widths = Counter(len(row) for row in rows if len(row) > 1)
        return max(((count, width) for width, count in widths.items()), default=(0, 0))

    return max(SEPARATORS, key=alike)
