"""Durations of response published without dates: the course of each subject that has one."""

import polars as pl

from cartrial.adam.response.adrs import Adrs
from cartrial.protocol.study import DAYS_PER_MONTH
from cartrial.results.population import Trial
from cartrial.results.response.figures import STATUS
from cartrial.results.response.lane import Lane, place

NOT_ESTIMATED = (
    "Not estimated: durations are published without dates. They stand in the figure of best "
    "responses as they are printed."
)


def published_durations(trial: Trial) -> tuple[Lane, ...]:
    """The best response of each infused subject for as long as it is published to have lasted."""
    rows = trial.frame(Adrs).filter(pl.col("subject").is_in(list(trial.infused.everyone)))
    lasted = rows.filter((pl.col("PARAMCD") == "PUBDUR") & pl.col("MVAL").is_not_null())
    best = rows.filter((pl.col("PARAMCD") == "UBOR") & pl.col("AVALC").is_in(STATUS))
    both = lasted.join(best.select("subject", best="AVALC"), on="subject", how="inner")
    found = [
        Lane(
            subject,
            trial.group_of(subject),
            trial.group_order(subject),
            days / DAYS_PER_MONTH,
            ((0.0, days / DAYS_PER_MONTH, response),),
            ((days / DAYS_PER_MONTH, "ongoing"),) if ongoing else (),
        )
        for subject, days, ongoing, response in both.select(
            "subject", "MVAL", "AVAL", "best"
        ).iter_rows()
    ]
    return tuple(sorted(found, key=place))
