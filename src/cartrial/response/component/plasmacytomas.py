"""Plasmacytomas, wherever there were some at baseline.

    CR      all gone
    PR      the sum of products has fallen by 50 %
    MR      by 50 % (print of 2016), so that it is never reached by them alone; by 25 % (2011)
    PD      a new one; the sum of several 50 % above its lowest; one that has grown by 50 %

Imaging counts until the next, but no longer than the criteria say. They have no VGPR: what has
shrunk and is not gone is PR.

Source: Kumar 2016, Lancet Oncol 17:e328-e346. doi:10.1016/S1470-2045(16)30206-6
Reading: progression is shown by the imaging that sees it and by no later assessment without one;
until the next imaging such an assessment is SD at best. A new plasmacytoma is progression whether
or not there was one at baseline.
"""

import polars as pl

from cartrial.protocol.response_criteria import PlasmacytomaCriteria
from cartrial.response.component.level import CR, NE, SD, by_fall, fall_told
from cartrial.response.wording import above_lowest, amount, day, joined

WORDS, UNIT = "Sum of plasmacytomas", "mm2"
VALUE, BASELINE, LOWEST = pl.col("spd"), pl.col("spd_baseline"), pl.col("spd_lowest")
ON = pl.col("imaged_on")


def level(criteria: PlasmacytomaCriteria) -> pl.Expr:
    """The level, null where there were none at baseline."""
    return (
        pl.when(pl.col("lesion_count") == 0)
        .then(None)
        .when(ON.is_null() | is_old(criteria) | pl.col("incomplete"))
        .then(NE)
        .when("gone")
        .then(CR)
        .when(VALUE.is_null())
        .then(NE)
        .when("image_progressed")
        .then(SD)
        .otherwise(by_fall(VALUE, BASELINE, criteria.fall))
    )


def progression() -> pl.Expr:
    """Whether the imaging of this assessment shows it."""
    return pl.col("image_progressed") & pl.col("imaged_now")


def is_old(criteria: PlasmacytomaCriteria) -> pl.Expr:
    """Whether the last imaging is too old to count."""
    if criteria.holds is None:
        return pl.lit(False)
    return pl.col("last") - ON > pl.duration(days=criteria.holds)


def are_gone(criteria: PlasmacytomaCriteria) -> pl.Expr:
    """Whether none is left; null where it is not known."""
    none_seen = (pl.col("lesion_count") == 0) & ON.is_null()
    known = (pl.col("lesion_count") == 0) | ~is_old(criteria)
    return pl.when(none_seen).then(True).when(known).then("gone")


def sentence(criteria: PlasmacytomaCriteria) -> pl.Expr:
    """What was seen where it does not show progression."""
    on = pl.concat_str(pl.lit("Imaging of "), day(ON))
    fall = fall_told(WORDS, VALUE, BASELINE, criteria.fall, UNIT)
    return (
        pl.when(ON.is_null())
        .then(pl.lit("No imaging of plasmacytomas after the infusion."))
        .when(is_old(criteria))
        .then(pl.concat_str(on, pl.lit(f" more than {criteria.holds} days ago.")))
        .when("incomplete")
        .then(pl.concat_str(on, pl.lit(": a plasmacytoma is not measured.")))
        .when("gone")
        .then(pl.concat_str(pl.lit("Plasmacytomas gone ("), day(ON), pl.lit(").")))
        .when(pl.col("image_progressed") & ~pl.col("imaged_now"))
        .then(pl.concat_str(on, pl.lit(" showed PD of plasmacytomas.")))
        .when(VALUE.is_null())
        .then(pl.lit("Plasmacytomas were not measured at baseline."))
        .otherwise(fall)
    )


def progression_sentence(criteria: PlasmacytomaCriteria) -> pl.Expr:
    """What was seen where it shows progression."""
    grown = pl.concat_str(
        pl.lit(f"{WORDS} "),
        amount(VALUE, UNIT),
        pl.lit(", "),
        above_lowest(VALUE, LOWEST, UNIT, "lowest value"),
        pl.lit(f" (PD from {criteria.rise.sum:g} %)."),
    )
    return joined((pl.col("image_told"), pl.when("sum_grown").then(grown)))
