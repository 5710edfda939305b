"""CAR figure: the middle of a group at each visit, by dose level and by response.

Reading: median and quartiles are of all measured results, those below the limit of quantification
ranking lowest; where one of them falls among these it is drawn open, at their highest limit, and is
no value. The geometric mean is shown where every result was quantified. A visit stands on its
planned day, or on the median day of its samples. A group has a point where three were measured.
"""

from collections.abc import Callable, Iterator
from math import ceil, floor

import numpy as np
import polars as pl

from cartrial.adam.kinetics.adpc import NOT_DONE, QUANTIFIED
from cartrial.adam.response.adrs import Adrs
from cartrial.results.kinetics.analyte import Analyte
from cartrial.results.kinetics.figures import CarMiddle
from cartrial.results.kinetics.visits import in_order
from cartrial.results.population import ALL, Trial
from cartrial.results.responders import in_use, is_judged
from cartrial.results.result import Figure
from cartrial.results.statistic import geometric_mean
from cartrial.results.table import Drawn, tidy

FEWEST = 3  # subjects
Row = dict[str, object]


def summaries(trial: Trial, analyte: Analyte) -> Iterator[Drawn]:
    """The median of each dose level; of responders and others, where response was collected."""
    levels = {c.name: c.subjects for c in trial.infused.columns if c.name != ALL}
    yield _figure(trial, analyte, "dose level", "level", levels or {ALL: trial.infused.everyone})
    if trial.adam.has(Adrs) and is_judged(trial):
        word, found = in_use(trial)
        others = trial.infused.everyone - found.yes - set(found.unknown)
        groups = {f"Responders ({word})": found.yes, "Others": others}
        yield _figure(trial, analyte, "response", "response", groups)


def _figure(
    trial: Trial, analyte: Analyte, words: str, key: str, groups: dict[str, frozenset[str]]
) -> Drawn:
    rows = [
        {"group": name, "group_order": order, "unit": analyte.unit, **point}
        for order, (name, who) in enumerate(groups.items(), start=1)
        for point in _points(trial, analyte, who)
    ]
    name = f"{analyte.id}_by_{key}"
    figure = Figure(
        name,
        "car",
        "car_summary",
        f"{analyte.name} by {analyte.method}: median by {words}",
        trial.infused.label,
        x="Days since the infusion",
        y=analyte.unit,
        data=(name,) if rows else (),
        footnotes=(
            "Line and points: median; band: quartiles; diamonds: geometric mean, where every "
            "result was quantified.",
            "Results below the limit of quantification rank lowest; a median or quartile among "
            "them is drawn open or ends at their highest limit, and is no value.",
            f"Points where at least {FEWEST} were measured; visits on their planned day. The axis "
            "is stretched up to day 28.",
        ),
        empty="" if rows else f"No visit with {FEWEST} subjects measured.",
    )
    return Drawn(figure, {name: tidy(CarMiddle, rows)} if rows else {})


def _points(trial: Trial, analyte: Analyte, who: frozenset[str]) -> Iterator[Row]:
    mine = analyte.rows.filter(
        pl.col("subject").is_in(list(who)), pl.col("VISIT").is_not_null(), pl.col("ADAY") >= 0
    )
    measured = mine.filter(pl.col("status") != NOT_DONE)
    days = _planned(trial)
    for visit in in_order(trial, measured):
        rows = measured.filter(pl.col("VISIT") == visit).unique("subject", keep="first")
        if rows.height >= FEWEST:
            day = days.get(visit, float(np.median(rows["ADAY"].to_numpy())))
            yield {"day": day, "visit": visit, **_middle(rows)}


def _planned(trial: Trial) -> dict[str, float]:
    schedule = trial.study.schedule
    return {visit.name: float(visit.day) for visit in schedule.visits} if schedule else {}


def _middle(rows: pl.DataFrame) -> Row:
    """The median and quartiles of a visit, those below the limit lowest."""
    quantified = rows.filter(pl.col("status") == QUANTIFIED)
    known = sorted(quantified["AVAL"].to_list())
    below = rows.height - len(known)
    limit = rows.filter(pl.col("status") != QUANTIFIED)["ALLOQ"].max()
    at = _quantile([None] * below + known, float(limit) if isinstance(limit, float) else None)
    median, is_below = at(0.5)
    return {
        "n": rows.height,
        "quantified": len(known),
        "median": median,
        "below": is_below,
        "q1": at(0.25)[0],
        "q3": at(0.75)[0],
        "geometric_mean": None if below else geometric_mean(known),
        "subjects": " ".join(sorted(rows["subject"].to_list())),
    }


def _quantile(
    levels: list[float | None], limit: float | None
) -> Callable[[float], tuple[float | None, bool]]:
    """A quantile and whether it falls among the results below the limit, where it is the limit."""

    def at(p: float) -> tuple[float | None, bool]:
        place = p * (len(levels) - 1)
        low, high = levels[floor(place)], levels[ceil(place)]
        if low is None or high is None:
            return limit, True
        return low + (place - floor(place)) * (high - low), False

    return at
