"""The file of `cartrial kinetics nca` and `fit`: one row a sample, and what is odd about it.

    subject, time, value, lloq   needed; time in days from the infusion
    analyte, unit                optional

A value is a number, `BLQ` below the limit of quantification, or empty where it was not measured.

Reading: a value below its own lloq is below quantification, and so is 0: both are told. Times that
look like hours are told, and taken as the days that they are declared to be.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl
import typer

from cartrial import files
from cartrial import schema as s
from cartrial.adam.kinetics.adpc import SAID_BELOW
from cartrial.errors import DataError
from cartrial.trial import SHOWN

NEEDED = ("subject", "time", "value", "lloq")
IN_HOURS = ("time_h", "time_hours", "hours", "hour", "time (h)")
FIRST_LINE = 2  # below the header
HOURS = 24  # in a day
LATE_PEAK = 60  # days: a cohort whose middle peak is later was hardly timed in days
FOLLOWED = 15 * 365.25  # days: no subject is followed longer


def is_of_samples(place: Path, forms: Path | None, sdtm: Path | None) -> bool:
    """Whether a place is a file of samples, and not a study; it then goes without data of one."""
    if ".csv" not in place.suffixes:
        return False
    if forms is not None or sdtm is not None:
        raise typer.BadParameter("must go without --forms and --sdtm where a file is given")
    return True


def read_samples(path: Path) -> tuple[pl.DataFrame, tuple[s.Finding, ...]]:
    """The samples in the order of the file, and what was found odd; an error stops.

    Columns: line, subject, analyte, unit, time, value (null is below quantification where the
    sample was measured), lloq, measured.
    """
    raw, place = files.read_csv(path), path.name
    _check_time(raw.columns, place)
    check_columns(raw.columns, NEEDED, place=place)
    if raw.is_empty():
        raise DataError(f"{place}: must have at least one sample, got a header alone")
    rows = _typed(raw)
    faults = list(_errors(rows, place))
    if faults:
        told = [str(fault) for fault in faults[:SHOWN]]
        if len(faults) > SHOWN:
            told.append(f"and {len(faults) - SHOWN} more")
        raise DataError("\n  ".join(told))
    measured = rows.filter(pl.col("said").is_not_null())
    if measured.is_empty():
        raise DataError(f"{place}: value: must be given in some row, got none")
    below = pl.col("is_below") | (pl.col("value") < pl.col("lloq").fill_null(0))
    samples = rows.with_columns(
        value=pl.when(~(below | (pl.col("value") == 0))).then("value"),
        measured=pl.col("said").is_not_null(),
    )
    warnings = (
        *_of_rows(measured, place),
        *_of_one_time(measured, place),
        *_of_subjects(samples, place),
        *_of_time(samples, place),
    )
    kept = ("line", "subject", "analyte", "unit", "time", "value", "lloq", "measured")
    return _one_of_a_time(samples).select(kept), warnings


def _one_of_a_time(samples: pl.DataFrame) -> pl.DataFrame:
    """Of several samples of a subject at one time the highest; what is below counts as lowest."""
    highest = pl.col("value").fill_null(0.0).rank("ordinal", descending=True)
    alone = highest.over("subject", "analyte", "time", "measured") == 1
    return samples.filter(alone | ~pl.col("measured"))


def tell_each(findings: Sequence[s.Finding]) -> None:
    """Findings that did not stop the command, on standard error."""
    for finding in findings[:SHOWN]:
        typer.echo(f"cartrial: {finding}", err=True)
    if len(findings) > SHOWN:
        typer.echo(f"cartrial: and {len(findings) - SHOWN} more findings", err=True)


def _check_time(columns: Sequence[str], place: str) -> None:
    hours = next((name for name in columns if name.lower() in IN_HOURS), None)
    if "time" not in columns and hours is not None:
        raise DataError(
            f"{place}: column time must be in days, got {hours}. Divide it by {HOURS}, call it time"
        )


def check_columns(columns: Sequence[str], needed: Sequence[str], *, place: str) -> None:
    """Raise where a column is not there."""
    for name in needed:
        if name not in columns:
            raise DataError(f"{place}: column {name} must be there, got no such column")


def _typed(raw: pl.DataFrame) -> pl.DataFrame:
    """The rows with numbers beside the words; null where a cell is no number."""
    optional = [
        pl.col(name) if name in raw.columns else pl.lit(None, dtype=pl.String).alias(name)
        for name in ("analyte", "unit")
    ]
    cells = raw.select(*NEEDED, *optional).select(pl.all().str.strip_chars().replace("", None))
    return cells.with_row_index("line", FIRST_LINE).with_columns(
        *(
            pl.col(name).cast(pl.Float64, strict=False).alias(name)
            for name in ("time", "value", "lloq")
        ),
        said=pl.col("value"),
        said_time=pl.col("time"),
        said_lloq=pl.col("lloq"),
        is_below=pl.col("value").str.to_uppercase().is_in(SAID_BELOW).fill_null(False),
    )


def _errors(rows: pl.DataFrame, place: str) -> Iterator[s.Finding]:
    finite = {name: pl.col(name).is_finite().fill_null(False) for name in ("time", "value", "lloq")}
    given = {name: pl.col(name).is_not_null() for name in ("said", "said_lloq")}
    checks = (
        ("subject", "name who was sampled", pl.col("subject").is_null(), "subject"),
        ("time", "be a number of days", ~finite["time"], "said_time"),
        (
            "value",
            "be a number, BLQ, or empty where not measured",
            given["said"] & ~pl.col("is_below") & ~finite["value"],
            "said",
        ),
        ("value", "be 0 or more", (pl.col("value") < 0).fill_null(False), "said"),
        ("lloq", "be a number or empty", given["said_lloq"] & ~finite["lloq"], "said_lloq"),
        ("lloq", "be more than 0", (pl.col("lloq") <= 0).fill_null(False), "said_lloq"),
    )
    for column, must, fails, said in checks:
        for row in rows.filter(fails).iter_rows(named=True):
            got = "nothing" if row[said] is None else row[said]
            yield s.Finding(place, "", column, must, got, line=row["line"])


def _of_rows(rows: pl.DataFrame, place: str) -> Iterator[s.Finding]:
    """One warning for each kind of odd row, with the first line that has it."""
    number = pl.col("value")
    kinds = (
        (
            "value",
            "be written BLQ where nothing is found",
            number == 0,
            "Taken as below quantification",
        ),
        (
            "value",
            "be written BLQ below its lloq",
            (number > 0) & (number < pl.col("lloq")),
            "Taken as below quantification",
        ),
        (
            "time",
            "be 0 or more",
            pl.col("time") < 0,
            "Taken as before the infusion: no part of the curve",
        ),
        (
            "value",
            "be BLQ up to the infusion",
            (number > 0) & (pl.col("time") <= 0) & (number >= pl.col("lloq").fill_null(0)),
            "The curve starts at 0 on day 0",
        ),
    )
    for column, must, odd, remedy in kinds:
        found = rows.filter(odd.fill_null(False))
        if found.height:
            first = found.row(0, named=True)
            more = f" and {found.height - 1} more" if found.height > 1 else ""
            got = f"{first['said'] if column == 'value' else first['said_time']}{more}"
            yield s.Finding(place, "", column, must, got, remedy, "warning", first["line"])


def _of_one_time(rows: pl.DataFrame, place: str) -> Iterator[s.Finding]:
    """Samples of one subject and analyte at one time."""
    keys = ("subject", "analyte", "time")
    twice = rows.filter(pl.struct(keys).is_duplicated() & (pl.col("time") > 0))
    for key, same in twice.group_by(keys, maintain_order=True):
        got = f"day {key[2]:g} {same.height} times"
        yield s.Finding(
            place, f"subject {key[0]}", "time", "stand once", got, "The highest counts", "warning"
        )


def _of_subjects(samples: pl.DataFrame, place: str) -> Iterator[s.Finding]:
    """What a subject's samples cannot tell."""
    for key, mine in samples.group_by("subject", "analyte", maintain_order=True):
        who = f"subject {key[0]}" + (f", {key[1]}" if key[1] else "")
        later = mine.filter(pl.col("time") > 0, "measured")
        found = later["value"].count()
        if later.height > 1 and found == 0:
            got = f"{later.height} below quantification"
            yield s.Finding(place, who, "value", "be quantifiable once", got, "", "warning")
        if later.height <= 1:
            got = "1 sample after infusion" if later.height else "no sample after infusion"
            yield s.Finding(place, who, "", "have two or more", got, "", "warning")


def _of_time(samples: pl.DataFrame, place: str) -> Iterator[s.Finding]:
    """Whether the times look like hours."""
    times = samples.filter("measured", pl.col("time") > 0)["time"].unique().sort()
    by_peak = samples.filter(pl.col("time") > 0, pl.col("value").is_not_null())
    peaks = by_peak.sort("value", descending=True, maintain_order=True)
    peak = peaks.group_by("subject", "analyte").agg(pl.col("time").first())["time"].median()
    remedy = f"If these are hours, divide them by {HOURS}"
    got = None
    if times.len() >= 3 and (times % HOURS == 0).all():
        got = f"only multiples of {HOURS}"
    elif times.len() and times[-1] > FOLLOWED:
        got = f"{times[-1]:g}, later than 15 years"
    elif isinstance(peak, float) and peak > LATE_PEAK:
        got = f"a peak on day {peak:g} in the middle subject"
    if got is not None:
        yield s.Finding(place, "", "time", "be in days", got, remedy, "warning")
