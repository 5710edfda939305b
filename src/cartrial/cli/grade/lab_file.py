"""The file of `cartrial grade lab`: every row gets its CTCAE grade.

Reading: `NA` and `.`, as R and SAS write them, are missing like an empty cell; in `param` they are
    not, for there a word names the test.
"""

import json
from pathlib import Path

import polars as pl
import typer

from cartrial import files
from cartrial.errors import DataError
from cartrial.grading.ctcae.criteria import Criteria
from cartrial.grading.ctcae.laboratory import INDICATORS, Unknown, grade_laboratory
from cartrial.grading.ctcae.plausible import QUESTION

# The columns of a file, and what each is to the grading.
REQUIRED = {
    "param": "test",
    "aval": "value",
    "unit": "unit",
    "anrlo": "low",
    "anrhi": "high",
}
OPTIONAL = {
    "direction": "direction",
    "base": "baseline",
    "bnrind": "baseline_indicator",
    "ablfl": "is_baseline",
}
MISSING = ("", "NA", ".")
DIRECTIONS = {"LOW": "L", "HIGH": "H", "L": "L", "H": "H"}
NUMBERS = ("aval", "base", "anrlo", "anrhi")
ADDED = ("grade", "lowest", "highest", "rule", "question", "clinical", "why")
FIRST_LINE = 2  # below the header


def grade_file(
    csv: Path, out: Path, criteria: Criteria, unknown: Unknown, *, as_json: bool
) -> None:
    """Write the rows of a file with their grades; tell of those that have none."""
    raw = files.read_csv(csv)
    place = csv.name
    rows = _rows(raw, place)
    graded = grade_laboratory(rows, criteria, unknown=unknown).select(ADDED)
    kept = raw.rename({name: _recorded(name, raw.columns) for name in ADDED if name in raw.columns})
    files.write_csv(out, pl.concat([kept, graded], how="horizontal"))
    remarks = _remarks(rows, graded, raw)
    grades, ranges = graded["grade"].count(), graded["lowest"].count()
    counted = {"grade": grades, "range": ranges - grades, "without": raw.height - ranges}
    if as_json:
        told = {"rows": raw.height, **counted, "out": str(out), "remarks": remarks}
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    for remark in remarks:
        typer.echo(f"{place}: {remark}", err=True)
    said = "{grade} with a grade, {range} with a range, {without} without".format(**counted)
    typer.echo(f"{_rows_in_words(raw.height)}, {said}  {out}")


def _rows(raw: pl.DataFrame, place: str) -> pl.DataFrame:
    """The rows as the grading takes them; a number in words stops."""
    for name in REQUIRED:
        if name not in raw.columns:
            raise DataError(f"{place}: column {name} must be there, got no such column")
    named = REQUIRED | {name: to for name, to in OPTIONAL.items() if name in raw.columns}
    cells = raw.select(_cell(name).alias(to) for name, to in named.items())
    read = cells.with_columns(
        _numbers(cells[to], name, place) for name, to in named.items() if name in NUMBERS
    )
    for name in ("direction", "baseline_indicator"):
        if name in read.columns:
            read = read.with_columns(pl.col(name).str.to_uppercase())
    if "direction" in read.columns:
        read = read.with_columns(pl.col("direction").replace(DIRECTIONS))
    if "is_baseline" in read.columns:
        return read.with_columns(is_baseline=pl.col("is_baseline").str.to_uppercase() == "Y")
    if "baseline" in read.columns:
        return read.with_columns(is_baseline=pl.col("value") == pl.col("baseline"))
    return read


def _cell(name: str) -> pl.Expr:
    """The cells of a column, null where they say that nothing is there."""
    cell = pl.col(name).str.strip_chars()
    missing = MISSING if name != "param" else MISSING[:1]
    return pl.when(~cell.is_in(missing)).then(cell)


def _numbers(cells: pl.Series, column: str, place: str) -> pl.Series:
    numbers = cells.cast(pl.Float64, strict=False)
    odd = (cells.is_not_null() & ~numbers.is_finite().fill_null(False)).arg_true()
    if odd.len():
        line, got = odd[0] + FIRST_LINE, cells[odd[0]]
        raise DataError(f"{place}: line {line}: {column} must be a number, got {got}")
    return numbers


def _recorded(name: str, taken: list[str]) -> str:
    """The name under which a column of the file is kept whose own name is needed."""
    kept = f"{name}_recorded"
    return _recorded(kept, taken) if kept in taken else kept


def _remarks(rows: pl.DataFrame, graded: pl.DataFrame, raw: pl.DataFrame) -> list[str]:
    """One remark for each kind of trouble, with the first line that has it."""
    remarks = _absent(raw.columns)
    if "baseline_indicator" in rows.columns:
        odd = ~rows["baseline_indicator"].is_in(list(INDICATORS))
        for line in odd.fill_null(False).arg_true().to_list()[:1]:
            got = f"line {line + FIRST_LINE}: {raw['bnrind'][line]}"
            remarks.append(f"bnrind must be LOW, NORMAL or HIGH, else it is unknown; first, {got}")
    numbered = graded.with_row_index("line", FIRST_LINE)
    refused = numbered.filter(pl.col("lowest").is_null())
    kinds = pl.col("why").str.extract_groups(r"^(\w+).*? must (\w+)")
    for _, kind in refused.group_by(kinds, maintain_order=True):
        first = kind.row(0, named=True)
        are = "is" if kind.height == 1 else "are"
        said = f"{_rows_in_words(kind.height)} {are} not graded"
        remarks.append(f"{said}; first, line {first['line']}: {first['why']}")
    doubtful = numbered.filter(pl.col("question").str.ends_with(QUESTION))["line"]
    if doubtful.len():
        said = f"{_rows_in_words(doubtful.len())} with a value that is hardly possible"
        remarks.append(f"{said}; first, line {doubtful[0]}: {QUESTION}")
    return remarks


def _absent(columns: list[str]) -> list[str]:
    """What is unknown for want of a column."""
    if "base" in columns or "bnrind" in columns:
        return [
            f"without column {name} {what}"
            for name, what in (
                ("base", "the value at baseline is unknown"),
                ("bnrind", "base is held against anrlo and anrhi of its row"),
            )
            if name not in columns
        ]
    return ["without columns base and bnrind the baseline is unknown"]


def _rows_in_words(count: int) -> str:
    return "1 row" if count == 1 else f"{count} rows"
