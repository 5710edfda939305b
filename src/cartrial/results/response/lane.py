"""The course of each infused subject in time: its response, and what happened to it.

Reading: a response status holds from its assessment until the next one; before the first
assessment, and after an assessment that could not be evaluated, the subject is just followed. The
responses are those of the primary evaluator, as assessed.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from cartrial.adam.response.adrs import LETTER, Adrs
from cartrial.adam.survival.adtte import Adtte
from cartrial.adam.survival.endpoint import PROGRESSION
from cartrial.protocol.study import DAYS_PER_MONTH
from cartrial.results.population import Trial
from cartrial.results.responders import in_use, primary
from cartrial.results.response.figures import STATUS

FOLLOWED = "follow-up"


@dataclass(frozen=True)
class Lane:
    """One subject; stretches are (from month, to month, status), marks are (month, what)."""

    subject: str
    group: str
    group_order: int
    end: float
    stretches: tuple[tuple[float, float, str], ...]
    marks: tuple[tuple[float, str], ...]


def lanes(trial: Trial) -> tuple[Lane, ...]:
    """The infused with a date last known alive: by dose level, then the longest followed first."""
    if not trial.adam.has(Adrs):
        return ()
    known = trial.adsl.filter(
        (pl.col("SAFFL") == "Y") & pl.col("TRTSDT").is_not_null() & pl.col("LSTALVDT").is_not_null()
    )
    _, responded = in_use(trial)
    dated = known.with_columns(RESPDT=_dates(responded.since), PDDT=_dates(progressions(trial)))
    timed = dated.with_columns(
        end=months("LSTALVDT"),
        responded=months("RESPDT"),
        worse=months("PDDT"),
        new=months("NACTDT"),
        died=months("DTHDT"),
    )
    assessed = _assessments(trial)
    found = [
        _lane(trial, row, assessed.get(row["subject"], ())) for row in timed.iter_rows(named=True)
    ]
    return tuple(sorted(found, key=place))


def place(lane: Lane) -> tuple[bool, int, float, str]:
    """What lanes are sorted by; those without a dose level are last."""
    return lane.group_order == 0, lane.group_order, -lane.end, lane.subject


def months(column: str) -> pl.Expr:
    """The months from the infusion to a date."""
    return (pl.col(column) - pl.col("TRTSDT")).dt.total_days() / DAYS_PER_MONTH


def progressions(trial: Trial) -> Mapping[str, dt.date]:
    """The date of each progression that is an event of progression-free survival."""
    events = trial.frame(Adtte).filter((pl.col("PARAMCD") == "PFS") & (pl.col("CNSR") == 0))
    rows = events.filter(pl.col("EVNTDESC") == PROGRESSION.description, pl.col("ADT").is_not_null())
    return dict(rows.select("subject", "ADT").iter_rows())


def _dates(found: Mapping[str, dt.date]) -> pl.Expr:
    """The date of each subject that has one."""
    return pl.col("subject").replace_strict(found, default=None, return_dtype=pl.Date)


def _assessments(trial: Trial) -> Mapping[str, Sequence[tuple[float, str]]]:
    """(month, status) of each assessment of a subject, in the order of time."""
    start = trial.adsl.select("subject", "TRTSDT")
    code = f"{LETTER[primary(trial)]}OVR"
    rows = trial.frame(Adrs).filter((pl.col("PARAMCD") == code) & pl.col("AVALC").is_not_null())
    dated = rows.join(start, on="subject", how="left").with_columns(month=months("ADT"))
    timed = dated.filter(pl.col("month").is_not_null()).sort("subject", "month", "ASEQ")
    found: dict[str, list[tuple[float, str]]] = {}
    for subject, month, status in timed.select("subject", "month", "AVALC").iter_rows():
        found.setdefault(subject, []).append((month, status))
    return found


def _lane(trial: Trial, row: Mapping[str, Any], assessed: Sequence[tuple[float, str]]) -> Lane:
    subject, end = row["subject"], row["end"]
    seen = [one for one in assessed if 0 < one[0] <= end]
    return Lane(
        subject,
        trial.group_of(subject),
        trial.group_order(subject),
        end,
        tuple(_stretches(seen, end)),
        tuple(_marks(row)),
    )


def _stretches(seen: Sequence[tuple[float, str]], end: float) -> list[tuple[float, float, str]]:
    """The stretches of time from the infusion to the end, equal neighbours joined."""
    turns = [(0.0, FOLLOWED), *((m, s if s in STATUS else FOLLOWED) for m, s in seen)]
    joined: list[tuple[float, str]] = []
    for month, status in turns:
        if joined and joined[-1][0] == month:
            joined.pop()
        if not joined or joined[-1][1] != status:
            joined.append((month, status))
    ends = [month for month, _ in joined[1:]] + [end]
    return [
        (month, until, status)
        for (month, status), until in zip(joined, ends, strict=True)
        if until > month or len(joined) == 1
    ]


def _marks(row: Mapping[str, Any]) -> list[tuple[float, str]]:
    ended = row["EOSSTT"] in ("COMPLETED", "DISCONTINUED") or row["DTHFL"] == "Y"
    when = {
        "first response": row["responded"],
        "progression": row["worse"],
        "new anti-myeloma therapy": row["new"],
        "death": row["died"],
        "ongoing": None if ended else row["end"],
    }
    return [(month, mark) for mark, month in when.items() if month is not None]
