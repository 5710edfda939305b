"""`cartrial grade lab`: the CTCAE grade of one laboratory value, or of every row of a file."""

import json
from math import isfinite
from pathlib import Path
from typing import Annotated, Any, cast, get_args

import polars as pl
import typer

from cartrial import files, units
from cartrial.cli.grade.case import as_dict, show
from cartrial.cli.trial import AsJson
from cartrial.errors import DataError
from cartrial.grading.ctcae.calcium import corrected_calcium
from cartrial.grading.ctcae.criteria import Criteria, laboratory_criteria
from cartrial.grading.ctcae.laboratory import INDICATORS, Unknown, grade_laboratory
from cartrial.grading.grade import Grade

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
NUMBERS = ("aval", "base", "anrlo", "anrhi")
ADDED = ("grade", "lowest", "highest", "rule", "question", "clinical", "why")
FIRST_LINE = 2  # below the header

Given = str | None


def _option(help_: str, metavar: str) -> Any:
    return typer.Option(help=help_, metavar=metavar, show_default=False)


def lab(
    test: Annotated[
        Given, typer.Argument(help="CTCAE term, or LBTESTCD of the analyte.", metavar="TEST")
    ] = None,
    value: Annotated[Given, _option("Its value.", "NUMBER")] = None,
    unit: Annotated[Given, _option("Unit of the value, limits and baseline.", "UNIT")] = None,
    low: Annotated[Given, _option("Lower limit of normal.", "NUMBER")] = None,
    high: Annotated[Given, _option("Upper limit of normal.", "NUMBER")] = None,
    baseline: Annotated[Given, _option("Baseline value.", "NUMBER")] = None,
    baseline_indicator: Annotated[
        Given, _option("Whether the baseline was LOW, NORMAL or HIGH.", "WORD")
    ] = None,
    direction: Annotated[Given, _option("L or H; without it, each that has a term.", "L|H")] = None,
    albumin: Annotated[
        Given, _option("Albumin in g/L: calcium (CA) is then corrected for it.", "NUMBER")
    ] = None,
    csv: Annotated[Path | None, _option("CSV with a value in each row.", "FILE")] = None,
    out: Annotated[Path | None, _option("CSV to write: the rows with grades.", "FILE")] = None,
    unknown: Annotated[
        str,
        typer.Option(help="ask: a range and its question; worst: the worst the value allows."),
    ] = "ask",
    criteria: Annotated[str, typer.Option(help="Version of CTCAE: 5.0 or 6.0.")] = "5.0",
    as_json: AsJson = False,
) -> None:
    """Grade one laboratory value, or a file of them, by CTCAE.

    A grade that the value does not settle is shown as far as it is proven, with what to ask. What
    only a clinical finding is graded is told apart: it is recorded as an adverse event. In a file
    the columns are param, aval, unit, anrlo and anrhi, and where known direction, base,
    bnrind and ablfl (Y: the baseline record).
    """
    chosen, policy = laboratory_criteria(criteria), _policy(unknown)
    if (csv is None) == (test is None) or (csv is None) != (out is None):
        raise typer.BadParameter("must be given: TEST with --value, or --csv FILE with --out FILE")
    if csv is not None and out is not None:
        _grade_file(csv, out, chosen, policy)
        return
    case = {
        "test": test,
        "value": value,
        "unit": unit,
        "low": low,
        "high": high,
        "baseline": baseline,
        "baseline_indicator": baseline_indicator,
    }
    _grade_case(_corrected(case, albumin), direction, chosen, policy, as_json=as_json)


def _policy(unknown: str) -> Unknown:
    if unknown not in get_args(Unknown):
        raise DataError(f"--unknown: must be one of {', '.join(get_args(Unknown))}, got {unknown}")
    return cast(Unknown, unknown)


# ---------------------------------------------------------------- one case
def _grade_case(
    case: dict[str, Given],
    direction: Given,
    criteria: Criteria,
    unknown: Unknown,
    *,
    as_json: bool,
) -> None:
    """Grade a value in each direction that its test has a term for, and show it."""
    told = [
        _told(case, way, criteria, unknown)
        for way in ([direction] if direction else criteria.terms_of(case["test"] or "") or [None])
    ]
    told.sort(key=lambda one: -one[0].highest)
    for refusal in criteria.refusals_of(case["test"] or ""):
        typer.echo(f"{refusal.term} is not graded: {refusal.reason}", err=True)
    if as_json:
        plain = [as_dict(grade) | {"clinical": list(findings)} for grade, findings in told]
        typer.echo(json.dumps(plain[0] if len(plain) == 1 else plain, indent=2, ensure_ascii=False))
        return
    for number, (grade, findings) in enumerate(told):
        if number:
            typer.echo()
        if number and grade.highest == 0:
            typer.echo(f"{grade.words}  ({grade.scale})")
            continue
        show(grade, as_json=False)
        if findings:
            typer.echo("not read from the value, but recorded as an adverse event:")
        for finding in findings:
            typer.echo(f"{'':8}{finding}")


def _told(
    case: dict[str, Given], direction: Given, criteria: Criteria, unknown: Unknown
) -> tuple[Grade, tuple[str, ...]]:
    """The grade of a value in one direction, and the clinical findings with a higher one."""
    if case["value"] is None:
        raise DataError("--value: must be given, got none")
    numbers = ("value", "low", "high", "baseline")
    read = {name: _number(f"--{name}", case[name]) for name in numbers}
    read_words = {"baseline_indicator": _indicator(case["baseline_indicator"])}
    row = pl.DataFrame([case | read | read_words | {"direction": direction}], strict=False)
    found = grade_laboratory(row, criteria, unknown=unknown).to_dicts()[0]
    if found["lowest"] is None:
        raise DataError(found["why"])
    ends = (found["lowest"], found["highest"]) if found["grade"] is None else (found["grade"],) * 2
    unit = f" {case['unit']}" if case["unit"] else ""
    inputs = [(name, f"{case[name]}{unit}") for name in numbers if case[name] is not None]
    if case["baseline_indicator"]:
        inputs.append(("baseline was", read_words["baseline_indicator"] or ""))
    grade = Grade(
        scale=f"{criteria.scale}, {found['term']}",
        lowest=ends[0],
        highest=ends[1],
        rule=found["rule"],
        inputs=tuple(inputs),
        missing=_parts((found["why"] or "").removeprefix("missing: "), ", "),
        questions=_parts(found["question"] or "", "; "),
    )
    return grade, _parts(found["clinical"] or "", "; ")


def _parts(text: str, mark: str) -> tuple[str, ...]:
    return tuple(text.split(mark)) if text else ()


def _number(place: str, text: Given) -> float | None:
    if text is None:
        return None
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not (isfinite(number) and number >= 0):
        raise DataError(f"{place}: must be a number, 0 or more, got {text}")
    return number


def _indicator(word: Given) -> Given:
    if word is not None and word.upper() not in INDICATORS:
        raise DataError(f"--baseline-indicator: must be LOW, NORMAL or HIGH, got {word}")
    return word and word.upper()


def _corrected(case: dict[str, Given], albumin: Given) -> dict[str, Given]:
    """The case with its calcium corrected, where an albumin is given."""
    if albumin is None:
        return case
    if (case["test"] or "").upper() != "CA":
        raise DataError(f"--albumin: must be given with the test CA, got {case['test']}")
    factor = float(units.factor("CA", case["unit"] or ""))
    protein = _number("--albumin", albumin)
    in_mmol = {
        name: None if number is None else number * factor
        for name in ("value", "low", "high", "baseline")
        for number in [_number(f"--{name}", case[name])]
    }
    row = pl.DataFrame({"calcium": [in_mmol["value"]], "albumin": [protein]}, strict=False)
    value = row.select(corrected_calcium(pl.col("calcium"), pl.col("albumin"))).item()
    told = {name: None if x is None else f"{x:.6g}" for name, x in in_mmol.items()}
    return case | told | {"test": "CACR", "unit": "mmol/L", "value": f"{value:.6g}"}


# ---------------------------------------------------------------- a file
def _grade_file(csv: Path, out: Path, criteria: Criteria, unknown: Unknown) -> None:
    """Write the rows of a file with their grades; tell of those that have none."""
    raw = files.read_csv(csv)
    place = csv.name
    rows = _rows(raw, place)
    graded = grade_laboratory(rows, criteria, unknown=unknown).select(ADDED)
    kept = raw.rename({name: _recorded(name, raw.columns) for name in ADDED if name in raw.columns})
    files.write_csv(out, pl.concat([kept, graded], how="horizontal"))
    _tell(rows, graded, raw, place)
    grades, ranges = graded["grade"].count(), graded["lowest"].count()
    said = f"{grades} with a grade, {ranges - grades} with a range, {raw.height - ranges} without"
    typer.echo(f"{raw.height} rows, {said}  {out}")


def _rows(raw: pl.DataFrame, place: str) -> pl.DataFrame:
    """The rows as the grading takes them; a number in words stops."""
    for name in REQUIRED:
        if name not in raw.columns:
            raise DataError(f"{place}: column {name} must be there, got no such column")
    named = REQUIRED | {name: to for name, to in OPTIONAL.items() if name in raw.columns}
    cells = raw.select(pl.col(name).str.strip_chars().alias(to) for name, to in named.items())
    read = cells.with_columns(
        _numbers(cells[to], name, place) for name, to in named.items() if name in NUMBERS
    )
    for name in ("direction", "baseline_indicator"):
        if name in read.columns:
            read = read.with_columns(pl.col(name).str.to_uppercase())
    if "is_baseline" in read.columns:
        return read.with_columns(is_baseline=pl.col("is_baseline").str.to_uppercase() == "Y")
    if "baseline" in read.columns:
        return read.with_columns(is_baseline=pl.col("value") == pl.col("baseline"))
    return read


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


def _tell(rows: pl.DataFrame, graded: pl.DataFrame, raw: pl.DataFrame, place: str) -> None:
    """One remark for each kind of trouble, with the first line that has it."""
    remarks = [
        f"without column {name} it is unknown"
        for name in ("base", "bnrind")
        if name not in raw.columns
    ]
    if "baseline_indicator" in rows.columns:
        odd = ~rows["baseline_indicator"].is_in(list(INDICATORS))
        for line in odd.fill_null(False).arg_true().to_list()[:1]:
            got = f"line {line + FIRST_LINE}: {raw['bnrind'][line]}"
            remarks.append(f"bnrind must be LOW, NORMAL or HIGH, else it is unknown; first, {got}")
    refused = graded.with_row_index("line", FIRST_LINE).filter(pl.col("lowest").is_null())
    kinds = pl.col("why").str.extract_groups(r"^(\w+).*? must (\w+)")
    for _, kind in refused.group_by(kinds, maintain_order=True):
        first = kind.row(0, named=True)
        count = "1 row is" if kind.height == 1 else f"{kind.height} rows are"
        remarks.append(f"{count} not graded; first, line {first['line']}: {first['why']}")
    for remark in remarks:
        typer.echo(f"{place}: {remark}", err=True)
