"""What the exposure to CAR is held against: toxicity, response, B cells, markers of inflammation.

    graded     worst CRS grade, worst ICANS grade (none is 0); response, complete response
    duration   days until B cells are back; who is still without them is censored at the last count
    number     highest ferritin and interleukin-6, lowest soluble BCMA relative to baseline

Reading: B cells are back at the first count of 20 per microlitre or more from day 21 on; before it
they are low by lymphodepletion. Ferritin and interleukin-6 are of the first 28 days, soluble BCMA
of the first 90. Results from a retreatment on are left out. Who has no grade, no response yet, or
no result, has no outcome, and the reason stands beside it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Literal

import polars as pl

from cartrial.adam.adverse.adce import Adce
from cartrial.adam.laboratory.adlb import Adlb
from cartrial.adam.response.adrs import Adrs
from cartrial.results.population import Trial
from cartrial.results.responders import AT_LEAST, in_use, is_judged
from cartrial.results.severity import FATAL
from cartrial.results.syndrome import Syndrome, worst_grades

APLASIA = 20  # B cells per microlitre: below it, there are none to speak of
APLASIA_FROM = 21  # day
B_CELLS = ("BLYCE", "BCELL")  # CDISC's code, and one that others use
ACUTE = 28  # days
CLEARANCE = 90  # days
SOLUBLE_BCMA = ("SBCMA", "TNFRSF17")

Kind = Literal["graded", "duration", "number"]


@dataclass(frozen=True)
class Outcome:
    """One outcome: its value in each subject, or why there is none; `words` name its values."""

    name: str
    kind: Kind
    values: Mapping[str, float] = field(default_factory=dict)
    censored: Collection[str] = ()
    unknown: Mapping[str, str] = field(default_factory=dict)
    unit: str = ""
    words: tuple[str, ...] = ()
    absent: str = ""  # why nobody has it


def outcomes(trial: Trial) -> tuple[Outcome, ...]:
    """Every outcome of the infused subjects, in the order shown."""
    return (
        _grade(trial, "CRS"),
        _grade(trial, "ICANS"),
        *_responses(trial),
        _aplasia(trial),
        _marker(trial, "Ferritin, highest to day 28", ("FERRITIN",), ACUTE, pl.col("AVAL").max()),
        _marker(
            trial, "Interleukin-6, highest to day 28", ("INTLK6",), ACUTE, pl.col("AVAL").max()
        ),
        _marker(
            trial,
            "Soluble BCMA, lowest to day 90, relative to baseline",
            SOLUBLE_BCMA,
            CLEARANCE,
            (pl.col("AVAL") / pl.col("BASE")).min(),
        ),
    )


def _grade(trial: Trial, syndrome: Syndrome) -> Outcome:
    name = f"{syndrome}, worst grade"
    if not trial.adam.has(Adce):
        return Outcome(name, "graded", absent=f"not collected by subject: {syndrome}")
    found = worst_grades(trial, syndrome)
    grade = {subject: level for level, who in found.at.items() for subject in who}
    known = trial.infused.everyone - found.missing
    return Outcome(
        name,
        "graded",
        values={subject: float(grade.get(subject, 0)) for subject in known},
        unknown=dict.fromkeys(found.missing, "grade missing"),
        words=("none", *(f"grade {level}" for level in range(1, FATAL + 1))),
    )


def _responses(trial: Trial) -> tuple[Outcome, ...]:
    label, best = AT_LEAST[0]
    if not trial.adam.has(Adrs) or not is_judged(trial):
        why = "not collected: response"
        names = ("Response", label)
        return tuple(Outcome(name, "graded", absent=why) for name in names)
    word, found = in_use(trial)
    known = trial.infused.everyone - set(found.unknown)
    deep = {subject for subject, response in found.best.items() if response in best}
    return tuple(
        Outcome(
            f"{name} ({word})",
            "graded",
            values={subject: float(subject in yes) for subject in known},
            unknown=found.unknown,
            words=("no", "yes"),
        )
        for name, yes in (("Response", found.yes), (label, deep))
    )


def _aplasia(trial: Trial) -> Outcome:
    name = f"B-cell aplasia (below {APLASIA} cells/µL), days"
    rows = _results(trial, B_CELLS).filter(pl.col("ADAY") >= APLASIA_FROM)
    if rows.is_empty():
        return Outcome(name, "duration", absent="not collected: B cells")
    back = rows.filter(pl.col("AVAL") >= APLASIA).group_by("subject").agg(pl.col("ADAY").min())
    last = rows.group_by("subject").agg(pl.col("ADAY").max())
    returned, followed = dict(back.iter_rows()), dict(last.iter_rows())
    return Outcome(
        name,
        "duration",
        values={subject: float(day) for subject, day in (followed | returned).items()},
        censored=frozenset(followed) - set(returned),
        unknown=_without(trial, followed, f"no count from day {APLASIA_FROM} on"),
        unit="day",
    )


def _marker(trial: Trial, name: str, codes: tuple[str, ...], until: int, value: pl.Expr) -> Outcome:
    rows = _results(trial, codes).filter(pl.col("ADAY").is_between(0, until))
    if rows.is_empty():
        what = name.split(",")[0]
        return Outcome(name, "number", absent=f"not collected: {what[0].lower()}{what[1:]}")
    found = dict(rows.group_by("subject").agg(value.alias("value")).drop_nulls().iter_rows())
    units = rows["AVALU"].drop_nulls().unique().sort().to_list()
    relative = "relative" in name
    return Outcome(
        name,
        "number",
        values=found,
        unknown=_without(trial, found, f"no result to day {until}"),
        unit="" if relative or not units else units[0],
    )


def _results(trial: Trial, codes: tuple[str, ...]) -> pl.DataFrame:
    """The numbers of a laboratory test in infused subjects, up to a retreatment."""
    again = trial.adsl.select("subject", "RETRTDT")
    rows = trial.frame(Adlb).join(again, on="subject", how="left", maintain_order="left")
    return rows.filter(
        pl.col("PARAMCD").is_in(codes),
        pl.col("AVAL").is_not_null() & pl.col("ADAY").is_not_null(),
        pl.col("subject").is_in(list(trial.infused.everyone)),
        (pl.col("ADT") < pl.col("RETRTDT")).fill_null(True),
    )


def _without(trial: Trial, known: Collection[str], why: str) -> Mapping[str, str]:
    return dict.fromkeys(sorted(trial.infused.everyone - set(known)), why)
