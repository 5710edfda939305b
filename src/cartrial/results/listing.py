"""Listings: deaths, serious adverse events, CRS and ICANS episodes, findings of the data checks."""

import datetime as dt

import polars as pl

from cartrial.adam.adverse.adae import Adae
from cartrial.adam.adverse.adce import Adce
from cartrial.results.flow import has_follow_up
from cartrial.results.population import Trial, plain_case
from cartrial.results.table import Filled, counted, listing, nothing

NOT_GRADED = "grade missing"
NOT_DERIVED = "no assessment"
IN_PART = "date known in part"

ANSWER = {"Y": "yes", "N": "no", None: "not collected"}


def listings(trial: Trial) -> tuple[Filled, ...]:
    """Every listing that is not part of another section."""
    return _deaths(trial), _serious(trial), _episodes(trial), *_findings(trial)


def _deaths(trial: Trial) -> Filled:
    title, population = "Deaths", "All subjects"
    dead = trial.adsl.filter(pl.col("DTHFL") == "Y").sort("subject")
    if dead.is_empty() and not has_follow_up(trial):
        why = "Not collected: deaths (no dates of follow-up)."
        return nothing("deaths", "listing", title, population, why)
    return listing(
        "deaths",
        "listing",
        title,
        population=population,
        columns=(
            "Dose level",
            "Date of death",
            "Day",
            "Cause",
            "Cause adjudicated",
            "Related to the product",
        ),
        lines=[(row["subject"], _death(trial, row)) for row in dead.iter_rows(named=True)],
        none="No death.",
        footnotes=(
            "Day 0 is the infusion.",
            "A death that nobody has adjudicated awaits adjudication: it leaves the grade of an "
            "event as it was.",
        ),
        source="ADSL where DTHFL = Y",
    )


def _death(trial: Trial, row: dict[str, object]) -> tuple[str | None, ...]:
    died, infused = row["DTHDT"], row["TRTSDT"]
    day = None
    if isinstance(died, dt.date) and isinstance(infused, dt.date):
        day = f"{(died - infused).days}"
    adjudicated = row["DTHADJFL"] == "Y"
    return (
        trial.group_of(str(row["subject"])),
        str(died) if died is not None else None,
        day,
        _text(row["DTHCAUS"]),
        "yes" if adjudicated else "awaits adjudication",
        "yes" if row["DTHCARFL"] == "Y" else ("no" if adjudicated else "not known"),
    )


def _serious(trial: Trial) -> Filled:
    title, population = "Serious adverse events", "All subjects"
    if not trial.adam.has(Adae):
        why = "Not collected: adverse events (no AE data)."
        return nothing("serious_events", "listing", title, population, why)
    rows = trial.frame(Adae).filter(pl.col("AESER") == "Y")
    ordered = rows.sort("subject", "ASTDT", "ASEQ", nulls_last=True)
    terms = pl.Series("AEDECOD", plain_case(ordered["AEDECOD"]), dtype=pl.String)
    ordered = ordered.with_columns(terms)
    return listing(
        "serious_events",
        "listing",
        title,
        population=population,
        columns=("Dose level", "Event", "Onset day", "End day", "Grade", "Causality", "Outcome"),
        lines=[
            (
                row["subject"],
                (
                    trial.group_of(row["subject"]),
                    row["AEDECOD"] or "not coded",
                    _number(row["ASTDAY"]),
                    IN_PART if row["AENDTF"] else _number(row["AENDAY"]) or "not ended",
                    _number(row["ATOXGRN"]) or _text(row["AESEV"]) or NOT_GRADED,
                    _text(row["AEREL"]) or "missing, counted as related",
                    _text(row["AEOUT"]),
                ),
            )
            for row in ordered.iter_rows(named=True)
        ],
        none="No serious adverse event.",
        footnotes=("Days count from the infusion, which is day 0.",),
        source="ADAE where AESER = Y",
    )


def _episodes(trial: Trial) -> Filled:
    title, population = "CRS and ICANS episodes", "All subjects"
    if not trial.adam.has(Adce):
        why = "Not collected by subject: CRS and ICANS."
        return nothing("episodes", "listing", title, population, why)
    rows = trial.frame(Adce).sort("subject", "ASTDT", "AENO", "ASEQ", nulls_last=True)
    return listing(
        "episodes",
        "listing",
        title,
        population=population,
        columns=(
            "Dose level",
            "Syndrome",
            "Worst grade",
            "Derived",
            "Onset day",
            "Day of worst grade",
            "Resolution day",
            "Days",
            "Tocilizumab",
            "Steroid",
        ),
        lines=[
            (
                row["subject"],
                (
                    trial.group_of(row["subject"]),
                    row["ACAT"],
                    _number(row["ATOXGRN"]) or NOT_GRADED,
                    row["DTOXGR"] or NOT_DERIVED,
                    IN_PART if row["ASTDTF"] else _number(row["ASTDAY"]),
                    _number(row["PKDAY"]),
                    IN_PART if row["AENDTF"] else _end(row, "AENDAY"),
                    _end(row, "ADURN") or row["WHYDUR"],
                    _given(row["TOCIFL"], row["TOCIDAYS"]),
                    _given(row["STERFL"], row["STERDAYS"]),
                ),
            )
            for row in rows.iter_rows(named=True)
        ],
        none="No CRS or ICANS.",
        footnotes=(
            "Days count from the infusion, which is day 0.",
            "Worst grade: the investigator's, which is the one counted. Derived: from the "
            "assessments of the signs.",
        ),
        source="ADCE",
    )


def _findings(trial: Trial) -> tuple[Filled, ...]:
    """What the checks of the data found; nothing where they found nothing."""
    found = trial.adam.findings
    if not found:
        return ()
    return (
        listing(
            "findings",
            "listing",
            "Findings of the data checks",
            population="All data read",
            columns=("Severity", "Row", "Column", "Must", "Got", "Remedy"),
            lines=[
                (
                    finding.table,
                    (
                        finding.severity,
                        _row(finding.rows, finding.line),
                        finding.column or "-",
                        finding.must,
                        finding.got or "-",
                        finding.remedy or "-",
                    ),
                )
                for finding in found
            ],
            none="No finding.",
            footnotes=("The first column is the table in which the finding was made.",),
            of_subjects=False,
        ),
    )


def _given(answer: str | None, days: int | None) -> str:
    """Whether a drug was given, with the number of days where it is known."""
    return f"yes, {counted(days, 'day')}" if answer == "Y" and days else ANSWER[answer]


def _row(rows: str, line: int | None) -> str:
    parts = [f"line {line}" if line is not None else "", rows]
    return ", ".join(part for part in parts if part) or "-"


def _end(row: dict[str, object], name: str) -> str | None:
    """A day or a number of days that is known once an episode has ended."""
    return "ongoing" if row["ONGOFL"] == "Y" else _number(row[name])


def _number(value: object) -> str | None:
    return None if value is None else f"{value}"


def _text(value: object) -> str | None:
    return str(value).strip().lower() if value else None
