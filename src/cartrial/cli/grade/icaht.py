"""`cartrial grade icaht`: early and late haematotoxicity from blood counts by day."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import polars as pl
import typer

from cartrial import files
from cartrial import schema as s
from cartrial.cli.grade.case import as_dict, show, shown_words
from cartrial.cli.trial import AsJson
from cartrial.errors import DataError
from cartrial.grading.daily_count import STOPS
from cartrial.grading.grade import Grade
from cartrial.grading.icaht import derive_icaht, icaht_results
from cartrial.grading.t_icaht import derive_t_icaht, t_icaht_results
from cartrial.units import factor

STANDARD = "10^9/L"
FIRST_LINE = 2  # below the header
WORDS_WIDE = len("at least grade 1, at most 4")
MOST_ANC = 100  # 10^9/L; a count above it is of another unit
CASE = "case"
CASE_PAIR = re.compile(r"[+-]?\d+:.+", re.ASCII)

CountsFile = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="CSV with subject, day and anc; where known platelets, followed_to and stop.",
        show_default=False,
    ),
]
OneCase = Annotated[
    str, typer.Option(metavar="DAY:COUNT", help="ANC of one case.", show_default=False)
]
OneCasePlatelets = Annotated[
    str,
    typer.Option(metavar="DAY:COUNT", help="Its platelets, 10^9/L.", show_default=False),
]
FollowedTo = Annotated[
    str,
    typer.Option(
        metavar="DAY",
        help="Its last day of follow-up; without it, the last day with a count.",
        show_default=False,
    ),
]
StopWord = Annotated[
    str,
    typer.Option(
        metavar="WORD",
        help=f"What ended its follow-up: {', '.join(STOPS)}. Without it, ongoing.",
        show_default=False,
    ),
]
AncUnit = Annotated[str, typer.Option(help="Unit of the ANC, such as 10^9/L or /uL.")]
GradesFile = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="CSV to write, a row per subject.", show_default=False),
]


class BloodCount(s.Table):
    """Blood counts: one record per sample."""

    subject = s.text("Subject", private=False)
    day = s.count("Day from infusion, infusion is day 0", "day", min=None)
    anc = s.number("Neutrophils (ANC)", STANDARD, min=0, nullable=True)
    platelets = s.number("Platelets", "10^9/L", min=0, max=5000, nullable=True)
    followed_to = s.count("Last day of follow-up", "day", nullable=True)
    stop = s.code("What ended follow-up", STOPS, nullable=True)


def icaht(
    csv: CountsFile = None,
    anc: OneCase = "",
    platelets: OneCasePlatelets = "",
    followed_to: FollowedTo = "",
    stop: StopWord = "",
    unit: AncUnit = STANDARD,
    out: GradesFile = None,
    as_json: AsJson = False,
) -> None:
    """Grade haematotoxicity (ICAHT) from a file of blood counts.

    Early (day 0-30) and late (day 31-100), by the ANC and, where there are any, by the platelets
    (T-ICAHT). Or one case: `--anc "0:1.2 3:0.4 9:0.6" --followed-to 40`.
    """
    one_case = (anc, platelets, followed_to, stop)
    if (csv is None) == (not any(one_case)):
        raise typer.BadParameter("must be given: --csv FILE, or one case with --anc")
    raw = _case(*one_case) if csv is None else files.read_csv(csv)
    counts = _counts(raw, unit, place=csv.name if csv else "")
    followed = _followed(counts)
    if out is not None:
        files.write_csv(out, _table(counts, followed))
        typer.echo(f"{followed.height} subject{'s'[: followed.height != 1]}  {out}")
        return
    _print(_grades(counts, followed), alone=csv is None, as_json=as_json)


# ---------------------------------------------------------------- reading
def _case(anc: str, platelets: str, followed_to: str, stop: str) -> pl.DataFrame:
    """One case as the rows of a file."""
    rows = [
        {"subject": CASE, "day": day, name: count, "followed_to": followed_to, "stop": stop}
        for name, given in (("anc", anc), ("platelets", platelets))
        for day, count in _pairs(name, given)
    ]
    return pl.DataFrame(rows, schema=dict.fromkeys(BloodCount.columns(), pl.String))


def _pairs(name: str, given: str) -> list[tuple[str, str]]:
    pairs = given.replace(",", " ").split()
    odd = next((pair for pair in pairs if not CASE_PAIR.fullmatch(pair)), None)
    if odd is not None:
        raise DataError(
            f"--{name}: must be pairs DAY:COUNT with whole days, as in 0:1.2 3:0.4, got {odd}"
        )
    return [(day, count) for day, _, count in (pair.partition(":") for pair in pairs)]


def _counts(raw: pl.DataFrame, unit: str, *, place: str) -> pl.DataFrame:
    """The counts, the ANC in 10^9/L; the first fault stops. Other columns are not read."""
    other = [name for name in raw.columns if name not in BloodCount.columns()]
    parsed = s.parse(BloodCount, raw.drop(other), place=place)
    faults = s.errors(parsed.findings)
    if "anc" not in raw.columns and "platelets" not in raw.columns:
        raise DataError(f"{place}: anc: must be there, got no such column. Add the column anc")
    if faults:
        told = list(dict.fromkeys(str(_placed(fault, unit)) for fault in faults))
        more = f" (and {len(told) - 1} more)" if len(told) > 1 else ""
        raise DataError(f"{told[0]}{more}")
    if other:
        typer.echo(f"{place}: not read: column{'s'[: len(other) > 1]} {', '.join(other)}", err=True)
    return parsed.frame.with_columns(anc=_anc(parsed.frame["anc"], unit, place=place))


def _anc(given: pl.Series, unit: str, *, place: str) -> pl.Series:
    """The ANC in 10^9/L; a count that no patient has is of another unit."""
    try:
        times = factor("NEUT", unit)
    except DataError as fault:
        raise DataError(f"--unit: {fault}") from None
    converted = [None if n is None else float(Decimal(str(n)) * times) for n in given]
    for line, count in enumerate(converted, start=FIRST_LINE):
        if count is not None and count > MOST_ANC:
            at = f"{place}: line {line}: anc" if place else "--anc"
            got = f"{given[line - FIRST_LINE]:g} {unit}"
            remedy = ". Counts per microlitre need --unit /uL" if times == 1 else ""
            raise DataError(f"{at}: must be at most {MOST_ANC} x {STANDARD}, got {got}{remedy}")
    return pl.Series(converted, dtype=pl.Float64)


def _placed(fault: s.Finding, unit: str) -> s.Finding:
    """A fault in the unit that was given; in one case it names the option."""
    told = (
        replace(fault, must=fault.must.replace(STANDARD, unit)) if fault.column == "anc" else fault
    )
    if told.table:
        return told
    return replace(told, rows="", line=None, column=f"--{told.column.replace('_', '-')}")


def _followed(counts: pl.DataFrame) -> pl.DataFrame:
    """How far each subject was followed; without a day, to its last count, and still going on."""
    rows = counts.group_by("subject").agg(
        pl.col("followed_to", "stop").drop_nulls().unique(),
        last=pl.col("day").max(),
    )
    for subject, days, stops, _ in rows.sort("subject").iter_rows():
        for name, given in (("followed_to", days), ("stop", stops)):
            if len(given) > 1:
                several = ", ".join(map(str, sorted(given)))
                raise DataError(
                    f"{subject}: {name}: must be the same in all rows of a subject, got {several}"
                )
    first = {name: pl.col(name).list.first() for name in ("followed_to", "stop")}
    return rows.with_columns(**first).select(
        "subject",
        pl.col("followed_to").fill_null(pl.col("last")),
        pl.col("stop").fill_null("ongoing"),
    )


# ---------------------------------------------------------------- grading and showing
def _values(counts: pl.DataFrame, name: str) -> pl.DataFrame:
    return counts.select("subject", "day", value=name)


def _has(counts: pl.DataFrame, name: str) -> bool:
    return counts[name].count() > 0


def _table(counts: pl.DataFrame, followed: pl.DataFrame) -> pl.DataFrame:
    """A row per subject, the columns by platelets named so."""
    table = derive_icaht(_values(counts, "anc"), followed)
    if not _has(counts, "platelets"):
        return table
    other = derive_t_icaht(_values(counts, "platelets"), followed)
    named = other.rename({name: f"platelets_{name}" for name in other.columns[1:]})
    return table.join(named, on="subject", maintain_order="left")


def _grades(counts: pl.DataFrame, followed: pl.DataFrame) -> dict[str, dict[str, Grade]]:
    """The grades of each subject by their names."""
    found: dict[str, dict[str, Grade]] = {}
    for name, column, grade_all in (
        ("ICAHT", "anc", icaht_results),
        ("T-ICAHT", "platelets", t_icaht_results),
    ):
        if not _has(counts, column):
            continue
        for subject, result in grade_all(_values(counts, column), followed).items():
            grades = {f"{name} early": result.early, f"{name} late": result.late}
            found.setdefault(subject, {}).update(grades)
    return found


def _print(found: Mapping[str, Mapping[str, Grade]], *, alone: bool, as_json: bool) -> None:
    if not found and not as_json:
        typer.echo("0 subjects with a count")
    if as_json:
        told: dict[str, Any] = {
            subject: {name: as_dict(grade) for name, grade in grades.items()}
            for subject, grades in found.items()
        }
        shown = told[CASE] if alone else told
        typer.echo(json.dumps(shown, ensure_ascii=False, indent=2))
        return
    wide = max(map(len, found), default=0)
    for subject, grades in found.items():
        for number, (name, grade) in enumerate(grades.items()):
            if alone:
                typer.echo(("\n" if number else "") + name)
                show(grade, as_json=False)
            else:
                typer.echo(
                    f"{subject:{wide}}  {name:13}  {shown_words(grade):{WORDS_WIDE}}  {grade.rule}"
                )
