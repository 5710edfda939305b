"""Swimmer figure: the course of each infused subject, longest followed on top.

Reading: a response status holds from its assessment until the next one; before the first
assessment, and after an assessment that could not be evaluated, the subject is just followed.
"""

import datetime as dt
from collections.abc import Mapping, Sequence

import polars as pl

from cartrial.adam.adrs import Adrs
from cartrial.adam.adtte import Adtte
from cartrial.protocol.study import DAYS_PER_MONTH
from cartrial.results.figures import SPAN_STATUS, SwimmerMark, SwimmerSpan
from cartrial.results.population import Trial
from cartrial.results.response import in_use
from cartrial.results.result import Figure
from cartrial.results.table import Drawn, tidy

FOLLOWED = "follow-up"
TITLE = "Course of each subject"

Rows = list[dict[str, object]]


def swimmer(trial: Trial) -> tuple[Drawn, ...]:
    """The course of each infused subject from the infusion to the date last known alive."""
    if not trial.adam.has(Adrs):
        return (_figure(trial, [], []),)
    known = trial.adsl.filter(
        (pl.col("SAFFL") == "Y") & pl.col("TRTSDT").is_not_null() & pl.col("LSTALVDT").is_not_null()
    )
    _, responded = in_use(trial)
    dated = known.with_columns(RESPDT=_dates(responded.since), PDDT=_dates(_progressions(trial)))
    timed = dated.with_columns(
        end=_months("LSTALVDT"),
        responded=_months("RESPDT"),
        worse=_months("PDDT"),
        new=_months("NACTDT"),
        died=_months("DTHDT"),
    ).sort("end", "subject", descending=[True, False])
    assessed = _assessments(trial)
    spans: Rows = []
    marks: Rows = []
    for order, subject in enumerate(timed.iter_rows(named=True), start=1):
        key = subject["subject"]
        who = {
            "subject": key,
            "order": order,
            "group": trial.group_of(key),
            "group_order": trial.group_order(key),
        }
        seen = [a for a in assessed.get(key, ()) if 0 < a[0] <= subject["end"]]
        spans += [who | span for span in _spans(seen, subject["end"])]
        marks += [who | mark for mark in _marks(subject)]
    return (_figure(trial, spans, marks),)


def _months(column: str) -> pl.Expr:
    return (pl.col(column) - pl.col("TRTSDT")).dt.total_days() / DAYS_PER_MONTH


def _dates(found: Mapping[str, dt.date]) -> pl.Expr:
    """The date of each subject that has one."""
    return pl.col("subject").replace_strict(found, default=None, return_dtype=pl.Date)


def _progressions(trial: Trial) -> Mapping[str, dt.date]:
    """The date of each progression that is an event of progression-free survival."""
    rows = trial.frame(Adtte).filter(
        (pl.col("PARAMCD") == "PFS") & (pl.col("CNSR") == 0) & (pl.col("SRCDOM") == "RS")
    )
    return dict(rows.filter(pl.col("ADT").is_not_null()).select("subject", "ADT").iter_rows())


def _assessments(trial: Trial) -> Mapping[str, Sequence[tuple[float, str]]]:
    """(month, status) of each assessment of a subject, in the order of time."""
    start = trial.adsl.select("subject", "TRTSDT")
    rows = trial.frame(Adrs).filter((pl.col("PARAMCD") == "OVR") & pl.col("AVALC").is_not_null())
    dated = rows.filter(pl.col("ADT").is_not_null()).join(start, on="subject", how="left")
    found: dict[str, list[tuple[float, str]]] = {}
    timed = dated.with_columns(month=_months("ADT")).filter(pl.col("month").is_not_null())
    columns = ("subject", "month", "AVALC")
    for subject, month, status in (
        timed.sort("subject", "month", "ASEQ").select(columns).iter_rows()
    ):
        found.setdefault(subject, []).append((month, status))
    return found


def _spans(seen: Sequence[tuple[float, str]], end: float) -> Rows:
    """The stretches of time from the infusion to the end, equal neighbours joined."""
    marks = [(0.0, FOLLOWED), *((m, s if s in SPAN_STATUS else FOLLOWED) for m, s in seen)]
    joined: list[tuple[float, str]] = []
    for month, status in marks:
        if joined and joined[-1][0] == month:
            joined.pop()
        if not joined or joined[-1][1] != status:
            joined.append((month, status))
    ends = [month for month, _ in joined[1:]] + [end]
    return [
        {
            "start": month,
            "end": until,
            "status": status,
            "status_order": SPAN_STATUS.index(status) + 1,
        }
        for (month, status), until in zip(joined, ends, strict=True)
        if until > month or len(joined) == 1
    ]


def _marks(subject: Mapping[str, object]) -> Rows:
    ended = subject["EOSSTT"] in ("COMPLETED", "DISCONTINUED") or subject["DTHFL"] == "Y"
    when = {
        "first response": subject["responded"],
        "progression": subject["worse"],
        "new anti-myeloma therapy": subject["new"],
        "death": subject["died"],
        "ongoing": None if ended else subject["end"],
    }
    return [{"month": month, "mark": mark} for mark, month in when.items() if month is not None]


def _figure(trial: Trial, spans: Rows, marks: Rows) -> Drawn:
    names = ("swimmer_spans", "swimmer_marks")
    word, _ = in_use(trial)
    figure = Figure(
        "swimmer",
        "orr",
        "swimmer",
        TITLE,
        trial.infused.label,
        x="Months since the infusion",
        y="Subject",
        data=names if spans else (),
        footnotes=(
            "Colour: response of the investigator as last assessed, confirmed or not; grey before "
            "the first. Progression is marked where it is an event.",
            f"First response is marked in {word} responders. A bar ends at the date last known "
            "alive.",
        ),
        empty="" if spans else "Not collected: responses with their dates.",
    )
    data = {names[0]: tidy(SwimmerSpan, spans), names[1]: tidy(SwimmerMark, marks)}
    return Drawn(figure, data if spans else {})
