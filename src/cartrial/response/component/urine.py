"""M-protein of the urine of 24 hours.

    CR      immunofixation negative, and no M-protein by electrophoresis
    VGPR    below 100 mg/24h
    PR      a fall by 90 %, or below 200 mg/24h
    MR      a fall by 50 %
    PD      25 % and 200 mg/24h above the lowest confirmed value

Where it was not measurable at baseline only CR and PD are asked of it, and it holds the response
down: from 200 mg/24h on to SD, from 100 to PR; where it is missing to VGPR when it was below 100 at
baseline, else to PR.

Source: Kumar 2016, Lancet Oncol 17:e328-e346. doi:10.1016/S1470-2045(16)30206-6
Reading: the source is silent about urine that was not measurable; a response must not be better
than what the amount of the urine allows.
"""

import polars as pl

from cartrial.protocol.response_criteria import UrineCriteria
from cartrial.response.component.fluid import told
from cartrial.response.component.level import (
    CR,
    NE,
    PR,
    SD,
    VGPR,
    by_fall,
    fall_told,
    rise_told,
)
from cartrial.response.course.fixation import is_free
from cartrial.response.limits import at_least, risen
from cartrial.response.wording import amount

WORDS, UNIT = "Urine M-protein", "mg/24h"
VALUE, BASELINE, LOWEST = pl.col("urine"), pl.col("urine_baseline"), pl.col("urine_lowest")


def level(criteria: UrineCriteria) -> pl.Expr:
    """The level, null where it was not measurable at baseline."""
    return (
        pl.when(~pl.col("urine_measurable"))
        .then(None)
        .when(is_free("urine"))
        .then(CR)
        .when(VALUE.is_null())
        .then(NE)
        .when(~at_least(VALUE, criteria.below.VGPR))
        .then(VGPR)
        .when(~at_least(VALUE, criteria.below.PR))
        .then(PR)
        .otherwise(by_fall(VALUE, BASELINE, criteria.fall))
    )


def highest(criteria: UrineCriteria) -> pl.Expr:
    """The best response that urine allows which was not measurable; null where it allows any."""
    little = ~at_least(BASELINE, criteria.below.VGPR).fill_null(True)
    return (
        pl.when(pl.col("urine_measurable") | is_free("urine").fill_null(False))
        .then(None)
        .when(VALUE.is_null())
        .then(pl.when(little).then(VGPR).otherwise(PR))
        .when(at_least(VALUE, criteria.below.PR))
        .then(SD)
        .when(at_least(VALUE, criteria.below.VGPR))
        .then(PR)
    )


def progression(criteria: UrineCriteria) -> pl.Expr:
    """Whether it has risen as progression asks."""
    return risen(VALUE, LOWEST, criteria.rise)


def sentence(criteria: UrineCriteria) -> pl.Expr:
    """What was measured where it does not show progression."""
    below, fall = criteria.below, criteria.fall
    low = pl.concat_str(pl.lit(f"{WORDS} "), amount(VALUE, UNIT), pl.lit(", below "))
    by_amount = (
        pl.when(~at_least(VALUE, below.VGPR))
        .then(pl.concat_str(low, pl.lit(f"{below.VGPR:g}.")))
        .when(~at_least(VALUE, below.PR))
        .then(pl.concat_str(low, pl.lit(f"{below.PR:g}.")))
        .otherwise(fall_told(WORDS, VALUE, BASELINE, fall, UNIT))
    )
    return told("urine", WORDS, UNIT, criteria.measurable, by_amount)


def progression_sentence(criteria: UrineCriteria, lowest: str) -> pl.Expr:
    """What was measured where it shows progression."""
    return rise_told(WORDS, VALUE, LOWEST, criteria.rise, UNIT, kind=lowest)
