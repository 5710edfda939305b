"""FDA-style censoring of progression-free survival and duration of response.

    new therapy                   what follows it is no event and no assessment
    two or more planned           the event is none; censored at the last adequate assessment
    assessments missed before it  before it
    nothing assessed              censored at the start, unless death came first

Planned are the response assessments of the study's schedule; a visit's window gives the last day of
each. Without a schedule the rule of missed assessments cannot be applied.

Source: FDA guidance Clinical Trial Endpoints for the Approval of Cancer Drugs and Biologics (2018),
    appendix 3, table A.
Reading: an assessment stands for the planned one nearest to it, the earlier of two as near; the
infusion stands for the one before the first. A planned assessment is missed before a progression
when none stands for it, before a death when besides its last day is over. So who died without any
assessment has the event up to the last day of the second planned one. Of progression the day it was
first seen decides, also when it was confirmed after the new therapy. What happens on the day of the
new therapy came before it; a death without a date came after it. A gap without an event after it
censors nothing. After the last planned assessment none can be missed.
"""

from collections.abc import Sequence
from itertools import pairwise

import polars as pl

from cartrial import schema as s
from cartrial.adam.survival.milestone import adequate
from cartrial.adam.time.day import infusion_day
from cartrial.protocol.study import Study
from cartrial.response.judged import Judged

MOST_MISSED = 1  # planned assessments that may be missed before an event


def planned_assessments(study: Study) -> tuple[tuple[int, int], ...]:
    """The day of each planned response assessment, and the last day of its window."""
    if study.schedule is None:
        return ()
    after = {visit.day: visit.after for visit in study.schedule.visits}
    days = sorted({day for day in study.schedule.response_assessments if day > 0})
    return tuple((day, day + after.get(day, 0)) for day in days)


def censored_by_fda(
    known: pl.DataFrame, judged: s.DataFrame[Judged], planned: Sequence[tuple[int, int]]
) -> pl.DataFrame:
    """The milestones with the events that count and the assessment at which the others end."""
    ended = (
        known.drop("assessed", "assessed_number")
        .join(_last_before(known, judged), on="subject", how="left", maintain_order="left")
        .with_columns(late=_follows_therapy())
        .with_columns(missed=pl.when(~pl.col("late")).then(_missed(planned)).fill_null(0))
        .with_columns(gap=pl.col("missed") > MOST_MISSED)
    )
    stands = ~pl.col("late") & ~pl.col("gap")
    treated = pl.col("therapy").is_not_null()
    event = pl.when("progressed").then(pl.lit("Progression")).otherwise(pl.lit("Death"))
    return ended.with_columns(
        progressed=pl.col("progressed") & stands,
        died=pl.col("died") & stands,
        assessed_note=pl.when("gap")
        .then(pl.lit(" before those missed"))
        .when(treated)
        .then(pl.lit(" before new therapy")),
        why_censored=pl.when("gap")
        .then(pl.format("{} after {} missed assessments", event, "missed"))
        .when(treated)
        .then(pl.lit("No progression or death before new therapy")),
    ).drop("late", "missed", "gap")


def _last_before(known: pl.DataFrame, judged: s.DataFrame[Judged]) -> pl.DataFrame:
    """The last adequate assessment before progression, and not after new therapy."""
    bounds = adequate(judged).join(
        known.select("subject", "progression", "therapy"), on="subject", maintain_order="left"
    )
    before = (pl.col("on") < pl.col("progression")).fill_null(True)
    in_time = (pl.col("on") <= pl.col("therapy")).fill_null(True)
    last = bounds.filter(before & in_time).group_by("subject", maintain_order=True).last()
    return last.select("subject", assessed="on", assessed_number="number")


def _follows_therapy() -> pl.Expr:
    """Whether the first event came after new therapy."""
    first = pl.when("progressed").then("progression").otherwise("death")
    undated_death = ~pl.col("progressed") & pl.col("died") & pl.col("death").is_null()
    return (
        (first > pl.col("therapy")) | (undated_death & pl.col("therapy").is_not_null())
    ).fill_null(False)


def _missed(planned: Sequence[tuple[int, int]]) -> pl.Expr:
    """How many planned assessments were missed before the first event."""
    seen, progressed, died = (
        infusion_day(pl.col(name), pl.col("infusion"))
        for name in ("assessed", "progression", "death")
    )
    last = _place(seen, planned)
    over = pl.sum_horizontal(pl.lit(0), *(died > end for _, end in planned))
    return (
        pl.when(pl.col("progression").is_not_null())
        .then(_place(progressed, planned) - last - 1)
        .when("progressed")
        .then(0)
        .otherwise(over - last)
    )


def _place(day: pl.Expr, planned: Sequence[tuple[int, int]]) -> pl.Expr:
    """The number of the planned assessment nearest to a day; 0 is the infusion."""
    days = (0, *(day for day, _ in planned))
    later = (2 * day > a + b for a, b in pairwise(days))
    return pl.sum_horizontal(pl.lit(0), *later).cast(pl.Int64)
