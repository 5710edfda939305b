"""Day by day: the CRS or ICANS grade of each infused subject from day 0 to day 30.

A cell shows the worst grade that was recorded on the day; where nobody recorded one, the grade
derived from the assessments. A day without assessment is shown as not assessed, never as grade 0.

Reading: the derived grade of a day is the worst of its assessments, and its rule is that of the
assessment with the highest lower end. A recorded grade 5 counts only where the death was
adjudicated as due to the syndrome. A second infusion starts a lane of its own at its own day 0.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from cartrial.adam.adverse.adce import Adce
from cartrial.adam.adverse.adtox import Adtox
from cartrial.adam.adverse.grade import FATAL
from cartrial.adam.time.day import day_of
from cartrial.grading.grade import in_words
from cartrial.results.figures import LAST_HEAT_DAY, HeatDay, HeatDrug
from cartrial.results.interval import HIGHEST, Interval, worst_of
from cartrial.results.population import Trial
from cartrial.results.result import Figure
from cartrial.results.syndrome import Syndrome
from cartrial.results.table import Drawn, tidy

NOT_ASSESSED, NOT_ASSESSABLE, NOT_RECORDED = "not assessed", "not assessable", "not recorded"
Row = dict[str, object]
BLANK: Row = {
    "colour": NOT_ASSESSED,
    "mark": None,
    "recorded": NOT_ASSESSED,
    "derived": NOT_ASSESSED,
    "rule": None,
    "missing": None,
    "differs": False,
}
KNOWN = ("subject", "TRTSDT", "DTHDT")  # of ADSL
DRUGS = {"tocilizumab": "TOCIDTS", "steroid": "STERDTS"}


@dataclass(frozen=True)
class Lane:
    """A subject after one infusion; `last` is the last day before death or the data cut."""

    subject: str
    number: int  # of the infusion
    infused: dt.date | None
    last: int
    order: int

    @property
    def place(self) -> Row:
        """Where the lane stands, as in every table of the figure."""
        name = self.subject if self.number == 1 else f"{self.subject}, infusion {self.number}"
        return {"subject": self.subject, "lane": name, "order": self.order}


@dataclass(frozen=True)
class Day:
    """What is known of one day: the worst recorded grade, and the derived one with its rule."""

    recorded: int | None
    derived: Interval | None
    rule: str | None
    missing: str | None
    differs: bool


def crs_heat(trial: Trial) -> tuple[Drawn, ...]:
    """CRS day by day."""
    return _parts(trial, "CRS")


def icans_heat(trial: Trial) -> tuple[Drawn, ...]:
    """ICANS day by day."""
    return _parts(trial, "ICANS")


def _parts(trial: Trial, syndrome: Syndrome) -> tuple[Drawn, ...]:
    mine = trial.frame(Adtox).filter(
        (pl.col("PARAMCD") == syndrome) & (pl.col("SAFFL") == "Y") & pl.col("ADAY").is_not_null()
    )
    if mine.is_empty():
        return (_figure(trial, syndrome, "Not collected: assessments at the bedside."),)
    found = mine.with_columns(pl.col("INFNO").fill_null(1), ATOXGRN=_recorded(trial, syndrome))
    found = found.sort("subject", "INFNO", "ADAY", "ASEQ")
    lanes = _lanes(trial, found)
    days = [row for lane in lanes for row in _days(trial, found, lane)]
    drugs = [row for lane in lanes for row in _drugs(trial, syndrome, lane)]
    name = syndrome.lower()
    data = {f"{name}_days": tidy(HeatDay, days), f"{name}_drugs": tidy(HeatDrug, drugs)}
    return (_figure(trial, syndrome, "", data),)


def _recorded(trial: Trial, syndrome: Syndrome) -> pl.Expr:
    """The recorded grade; a 5 only of a subject whose death was judged as due to the syndrome."""
    episodes = trial.frame(Adce).filter(pl.col("ACAT") == syndrome)
    judged = episodes.filter(pl.col("ATOXGRN") == FATAL)["subject"].to_list()
    counts = (pl.col("ATOXGRN") < FATAL) | pl.col("subject").is_in(judged)
    return pl.when(counts).then("ATOXGRN")


def _figure(
    trial: Trial, syndrome: Syndrome, empty: str, data: dict[str, pl.DataFrame] | None = None
) -> Drawn:
    tables = data or {}
    figure = Figure(
        f"{syndrome.lower()}_heat",
        "ae",
        "heat_map",
        f"{syndrome} day by day",
        trial.infused.label,
        x="Day from the infusion",
        y="Subject",
        data=tuple(tables),
        footnotes=(
            "The worst grade recorded on the day. * nobody recorded a grade: derived from the "
            "signs. ≥ derived, the lowest possible grade. ? not assessable: the signs that were "
            "recorded leave the grade open. Framed: a recorded grade disagrees with the derived.",
            "A day without assessment is grey. There is no cell after death or the data cut.",
        ),
        empty=empty,
    )
    return Drawn(figure, tables)


# ---------------------------------------------------------------- lanes and days
def _lanes(trial: Trial, rows: pl.DataFrame) -> list[Lane]:
    """Each infused subject, by dose level; a second infusion below the first."""
    infused = trial.adsl.filter(pl.col("SAFFL") == "Y")
    later = rows.filter(pl.col("INFNO") > 1).select("subject", "INFNO").unique().iter_rows()
    keys = [*((subject, 1) for subject in infused["subject"]), *later]
    keys.sort(key=lambda key: (trial.group_order(key[0]) or len(trial.order) + 1, *key))
    known = {s: (start, died) for s, start, died in infused.select(KNOWN).iter_rows()}
    told = rows.select("subject", "INFNO", pl.col("ADT") - pl.duration(days="ADAY"))
    starts = {(subject, number): on for subject, number, on in told.drop_nulls().iter_rows()}
    lanes = []
    for order, (subject, number) in enumerate(keys, start=1):
        first, died = known[subject]
        start = starts.get((subject, number), first if number == 1 else None)
        ends = [(on - start).days for on in (trial.adam.cutoff, died) if on and start]
        lanes.append(Lane(subject, number, start, min([LAST_HEAT_DAY, *ends]), order))
    return lanes


def _days(trial: Trial, rows: pl.DataFrame, lane: Lane) -> Iterator[Row]:
    mine = rows.filter(pl.col("subject") == lane.subject, pl.col("INFNO") == lane.number)
    by_day = {key[0]: part for key, part in mine.group_by("ADAY", maintain_order=True)}
    group = {"group": trial.group_of(lane.subject), "group_order": trial.group_order(lane.subject)}
    for day in range(LAST_HEAT_DAY + 1):
        if day in by_day:
            yield lane.place | group | {"day": day} | _cell(_day(by_day[day]))
        elif day <= lane.last:
            yield lane.place | group | {"day": day} | BLANK


def _day(rows: pl.DataFrame) -> Day:
    recorded = [grade for grade in rows["ATOXGRN"] if grade is not None]
    graded = rows.filter(pl.col("DTOXGRL").is_not_null() & pl.col("DTOXGRH").is_not_null())
    decided = graded.sort("DTOXGRL", "DTOXGRH", descending=True, maintain_order=True).head(1)
    rule, missing = (
        decided.select("DTOXRULE", "DTOXMISS").row(0) if decided.height else (None, None)
    )
    return Day(
        recorded=max(recorded, default=None),
        derived=worst_of(graded.select("DTOXGRL", "DTOXGRH").iter_rows()),
        rule=rule,
        missing=missing,
        differs=not rows.filter(pl.col("AGREEFL") == "N").is_empty(),
    )


def _cell(day: Day) -> Row:
    colour, mark = _shown(day)
    return {
        "colour": colour,
        "mark": mark,
        "recorded": NOT_RECORDED if day.recorded is None else f"grade {day.recorded}",
        "derived": NOT_ASSESSABLE if day.derived is None else in_words(*day.derived),
        "rule": day.rule,
        "missing": day.missing,
        "differs": day.differs,
    }


def _shown(day: Day) -> tuple[str, str]:
    """The colour of a day and what is written in it."""
    if day.recorded is not None:
        return f"grade {day.recorded}", f"{day.recorded}"
    lowest, highest = day.derived or (0, HIGHEST)
    if lowest == highest:
        return f"grade {lowest}", f"{lowest}*"
    return (f"grade {lowest}", f"≥{lowest}") if lowest else (NOT_ASSESSABLE, "?")


# ---------------------------------------------------------------- treatment
def _drugs(trial: Trial, syndrome: Syndrome, lane: Lane) -> Iterator[Row]:
    """The days of a lane on which a drug was given for the syndrome."""
    episodes = trial.frame(Adce).filter(
        (pl.col("ACAT") == syndrome) & (pl.col("subject") == lane.subject)
    )
    for drug, column in DRUGS.items():
        dates = {date for listed in episodes[column].drop_nulls() for date in listed.split()}
        for date in sorted(dates):
            day = day_of(dt.date.fromisoformat(date), lane.infused)
            if day is not None and 0 <= day <= lane.last:
                yield lane.place | {"day": day, "drug": drug}
