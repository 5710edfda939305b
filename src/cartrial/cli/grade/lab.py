"""`cartrial grade lab`: the CTCAE grade of one laboratory value, or of every row of a file."""

import json
from math import isfinite
from pathlib import Path
from typing import Annotated, Any, cast, get_args

import polars as pl
import typer

from cartrial import units
from cartrial.cli.grade.case import as_dict, show, shown_words
from cartrial.cli.grade.lab_file import DIRECTIONS, grade_file
from cartrial.cli.trial import AsJson
from cartrial.errors import DataError
from cartrial.grading.ctcae.calcium import corrected_calcium
from cartrial.grading.ctcae.criteria import Criteria, laboratory_criteria
from cartrial.grading.ctcae.laboratory import INDICATORS, Unknown, grade_laboratory
from cartrial.grading.grade import Grade

PLACES = {"unit": "--unit", "direction": "--direction"}  # what a reason is about
NUMBERS = ("value", "low", "high", "baseline")

Given = str | None


def _option(help_: str, metavar: str) -> Any:
    return typer.Option(help=help_, metavar=metavar, show_default=False)


def lab(
    test: Annotated[
        Given,
        typer.Argument(help="CTCAE term, or code of an analyte, such as NEUT.", metavar="TEST"),
    ] = None,
    value: Annotated[Given, _option("Its value.", "NUMBER")] = None,
    unit: Annotated[Given, _option("Unit of the value, limits and baseline.", "UNIT")] = None,
    low: Annotated[Given, _option("Lower limit of normal.", "NUMBER")] = None,
    high: Annotated[Given, _option("Upper limit of normal.", "NUMBER")] = None,
    baseline: Annotated[Given, _option("Baseline value.", "NUMBER")] = None,
    baseline_indicator: Annotated[
        Given, _option("Whether the baseline was LOW, NORMAL or HIGH.", "WORD")
    ] = None,
    direction: Annotated[
        Given, _option("L (low) or H (high); without it, each that has a term.", "L|H")
    ] = None,
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
    bnrind and ablfl (Y: the baseline record); NA and . are missing, as an empty cell is.
    """
    chosen, policy = laboratory_criteria(criteria), _policy(unknown)
    if (csv is None) == (test is None) or (csv is None) != (out is None):
        raise typer.BadParameter("must be given: TEST with --value, or --csv FILE with --out FILE")
    if csv is not None and out is not None:
        grade_file(csv, out, chosen, policy, as_json=as_json)
        return
    case = {
        "test": test,
        "value": value,
        "unit": unit,
        "low": low,
        "high": high,
        "baseline": baseline,
        "baseline_indicator": baseline_indicator,
        "albumin": albumin,
    }
    way = direction and DIRECTIONS.get(direction.upper(), direction)
    _grade_case(case, way, chosen, policy, as_json=as_json)


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
    ready, inputs = _ready(case)
    test = ready["test"] or ""
    told = [
        _told(ready, inputs, way, criteria, unknown)
        for way in ([direction] if direction else criteria.terms_of(test) or [None])
    ]
    told.sort(key=lambda one: -one[0].highest)
    for refusal in () if direction else criteria.refusals_of(test):
        typer.echo(f"{refusal.term} is not graded: {refusal.reason}", err=True)
    if as_json:
        plain = [as_dict(grade) | {"clinical": list(findings)} for grade, findings in told]
        typer.echo(json.dumps(plain[0] if len(plain) == 1 else plain, indent=2, ensure_ascii=False))
        return
    for number, (grade, findings) in enumerate(told):
        if number:
            typer.echo()
        if number and grade.highest == 0:
            typer.echo(f"{shown_words(grade)}  ({grade.scale})")
            continue
        show(grade, as_json=False)
        if findings:
            typer.echo("not read from the value, but recorded as an adverse event:")
        for finding in findings:
            typer.echo(f"{'':8}{finding}")


def _told(
    ready: dict[str, Any],
    inputs: tuple[tuple[str, str], ...],
    direction: Given,
    criteria: Criteria,
    unknown: Unknown,
) -> tuple[Grade, tuple[str, ...]]:
    """The grade of a value in one direction, and the clinical findings with a higher one."""
    row = pl.DataFrame([ready | {"direction": direction}], strict=False)
    found = grade_laboratory(row, criteria, unknown=unknown).to_dicts()[0]
    if found["lowest"] is None:
        raise DataError(_refused(ready["test"], found["why"]))
    ends = (found["lowest"], found["highest"]) if found["grade"] is None else (found["grade"],) * 2
    grade = Grade(
        scale=f"{criteria.scale}, {found['term']}",
        lowest=ends[0],
        highest=ends[1],
        rule=found["rule"],
        inputs=inputs,
        missing=_parts((found["why"] or "").removeprefix("missing: "), ", "),
        questions=_parts(found["question"] or "", "; "),
    )
    return grade, _parts(found["clinical"] or "", "; ")


def _refused(test: Given, why: str) -> str:
    """Why there is no grade, with the option that it is about."""
    place = PLACES.get(why.partition(" ")[0])
    remedy = ". Give --albumin, in g/L" if _is_calcium(test) else ""
    return f"{place}: {why}{remedy}" if place else f"{why}{remedy}"


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


# ---------------------------------------------------------------- making ready
def _ready(case: dict[str, Given]) -> tuple[dict[str, Any], tuple[tuple[str, str], ...]]:
    """The case as it is graded, its calcium corrected for an albumin; and the inputs as shown."""
    if case["value"] is None:
        raise DataError("--value: must be given, got none")
    indicator = _indicator(case["baseline_indicator"])
    ready: dict[str, Any] = {name: _number(f"--{name}", case[name]) for name in NUMBERS}
    ready |= {"test": case["test"], "unit": case["unit"], "baseline_indicator": indicator}
    unit = f" {case['unit']}" if case["unit"] else ""
    inputs = [(name, f"{case[name]}{unit}") for name in NUMBERS if case[name] is not None]
    if indicator:
        inputs.append(("baseline was", indicator))
    if case["albumin"] is not None:
        ready |= {"test": "CACR", "value": _corrected(case, ready["value"])}
        inputs.append(("albumin", f"{case['albumin']} g/L"))
        inputs.append(("corrected value", f"{ready['value']:.4g}{unit}"))
    return ready, tuple(inputs)


def _corrected(case: dict[str, Given], value: float) -> float:
    """The calcium corrected for the albumin, in the unit of the calcium."""
    if not _is_calcium(case["test"]):
        raise DataError(f"--albumin: must be given with the test CA, got {case['test']}")
    try:
        factor = float(units.factor("CA", case["unit"] or ""))
    except DataError as fault:
        raise DataError(f"--unit: {fault}") from None
    row = pl.DataFrame({"ca": [value * factor], "albumin": [_number("--albumin", case["albumin"])]})
    in_mmol = row.select(corrected_calcium(pl.col("ca"), pl.col("albumin"))).item()
    return float(f"{in_mmol / factor:.6g}")


def _is_calcium(test: Given) -> bool:
    return (test or "").strip().upper() == "CA"
