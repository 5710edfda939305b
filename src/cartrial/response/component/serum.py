"""M-protein of serum.

    CR      immunofixation negative, and no M-protein by electrophoresis
    VGPR    seen by fixation but not by electrophoresis, or a fall by 90 %
    PR, MR  a fall by 50 %, by 25 %
    PD      25 % and 5 g/L above the lowest confirmed value; 10 g/L where that is 50 g/L or more

Where it was not measurable at baseline only CR and PD are asked of it.

Source: Kumar 2016, Lancet Oncol 17:e328-e346. doi:10.1016/S1470-2045(16)30206-6
Reading: from a lowest value of 50 g/L the rise by 10 g/L is enough alone.
"""

import polars as pl

from cartrial.protocol.response_criteria import SerumCriteria
from cartrial.response.component.fluid import told
from cartrial.response.component.level import CR, NE, VGPR, by_fall, fall_told, rise_told
from cartrial.response.course.fixation import is_free
from cartrial.response.limits import at_least, risen

WORDS, UNIT = "Serum M-protein", "g/L"
VALUE, BASELINE, LOWEST = pl.col("serum"), pl.col("serum_baseline"), pl.col("serum_lowest")


def level(criteria: SerumCriteria) -> pl.Expr:
    """The level, null where it was not measurable at baseline."""
    return (
        pl.when(~pl.col("serum_measurable"))
        .then(None)
        .when(is_free("serum"))
        .then(CR)
        .when(VALUE.is_null())
        .then(NE)
        .when(VALUE == 0)
        .then(VGPR)
        .otherwise(by_fall(VALUE, BASELINE, criteria.fall))
    )


def progression(criteria: SerumCriteria) -> pl.Expr:
    """Whether it has risen as progression asks."""
    usual, high = risen(VALUE, LOWEST, criteria.rise), criteria.rise_from_high
    if high is None:
        return usual
    return pl.when(at_least(LOWEST, high.lowest)).then(risen(VALUE, LOWEST, high)).otherwise(usual)


def sentence(criteria: SerumCriteria) -> pl.Expr:
    """What was measured where it does not show progression."""
    fall = fall_told(WORDS, VALUE, BASELINE, criteria.fall, UNIT)
    return told("serum", WORDS, UNIT, criteria.measurable, fall)


def progression_sentence(criteria: SerumCriteria, lowest: str) -> pl.Expr:
    """What was measured where it shows progression."""
    usual = rise_told(WORDS, VALUE, LOWEST, criteria.rise, UNIT, kind=lowest)
    high = criteria.rise_from_high
    if high is None:
        return usual
    deep = rise_told(WORDS, VALUE, LOWEST, high, UNIT, kind=lowest)
    return pl.when(at_least(LOWEST, high.lowest)).then(deep).otherwise(usual)
