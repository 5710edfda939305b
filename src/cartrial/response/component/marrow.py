"""Plasma cells of the marrow, where nothing in serum or urine was measurable.

    CR      below 5 %
    PR      a fall by 50 %, from a baseline of 30 % or more
    PD      25 % and 10 percentage points above the lowest value, whatever the baseline

Source: Kumar 2016, Lancet Oncol 17:e328-e346. doi:10.1016/S1470-2045(16)30206-6
Reading: the level needs a marrow of this assessment. Progression needs no confirmation, and the
lowest value none.
"""

import polars as pl

from cartrial.protocol.response_criteria import MarrowCriteria
from cartrial.response.component.level import CR, NE, by_fall, fall_told, rise_told
from cartrial.response.limits import at_least, risen
from cartrial.response.wording import amount

WORDS, UNIT = "Plasma cells in marrow", "%"
VALUE, BASELINE, LOWEST = pl.col("marrow"), pl.col("marrow_baseline"), pl.col("marrow_lowest")


def level(criteria: MarrowCriteria) -> pl.Expr:
    """The level, null where marrow does not measure the disease."""
    return (
        pl.when(pl.col("measured_by") != "marrow")
        .then(None)
        .when(VALUE.is_null())
        .then(NE)
        .when(~at_least(VALUE, criteria.clear))
        .then(CR)
        .otherwise(by_fall(VALUE, BASELINE, criteria.fall))
    )


def progression(criteria: MarrowCriteria) -> pl.Expr:
    """Whether they have risen as progression asks."""
    others = ("serum_measurable", "urine_measurable", "chains_measurable")
    return ~pl.any_horizontal(others) & risen(VALUE, LOWEST, criteria.rise)


def sentence(criteria: MarrowCriteria) -> pl.Expr:
    """What was seen where it does not show progression."""
    clear = pl.concat_str(
        pl.lit(f"{WORDS} "), amount(VALUE, UNIT), pl.lit(f", below {criteria.clear:g}.")
    )
    alone = pl.concat_str(pl.lit(f"{WORDS} "), amount(VALUE, UNIT), pl.lit("."))
    return (
        pl.when(VALUE.is_null())
        .then(pl.lit(f"{WORDS} missing."))
        .when(~at_least(VALUE, criteria.clear))
        .then(clear)
        .when(pl.col("measured_by") == "marrow")
        .then(fall_told(WORDS, VALUE, BASELINE, criteria.fall, UNIT))
        .otherwise(alone)
    )


def progression_sentence(criteria: MarrowCriteria) -> pl.Expr:
    """What was seen where it shows progression."""
    return rise_told(WORDS, VALUE, LOWEST, criteria.rise, UNIT, kind="lowest value")
