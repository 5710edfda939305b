"""Serum free light chains, where neither serum nor urine M-protein was measurable.

    CR      ratio normal
    VGPR    involved less uninvolved has fallen by 90 %
    PR      it has fallen by 50 %
    PD      it is 25 % and more than 100 mg/L above the lowest confirmed value

Source: Kumar 2016, Lancet Oncol 17:e328-e346. doi:10.1016/S1470-2045(16)30206-6
Reading: no MR is defined by light chains. The involved chain is that of the baseline. Progression
is also asked of chains that were below the measurable amount at baseline; where their ratio was
normal then, or not known, it has to be abnormal now.
"""

import polars as pl

from cartrial.protocol.response_criteria import LightChainCriteria
from cartrial.response.component.level import CR, NE, by_fall, fall_told, rise_told
from cartrial.response.course.baseline import is_normal
from cartrial.response.limits import risen
from cartrial.response.wording import amount

WORDS, UNIT = "Involved less uninvolved light chain", "mg/L"
VALUE = pl.col("difference")
BASELINE, LOWEST = pl.col("difference_baseline"), pl.col("difference_lowest")
KAPPA, LAMBDA = pl.col("kappa"), pl.col("lambda_")


def level(criteria: LightChainCriteria) -> pl.Expr:
    """The level, null where light chains do not measure the disease."""
    return (
        pl.when(pl.col("measured_by") != "free light chains")
        .then(None)
        .when(VALUE.is_null())
        .then(NE)
        .when(is_normal(criteria))
        .then(CR)
        .otherwise(by_fall(VALUE, BASELINE, criteria.fall))
    )


def progression(criteria: LightChainCriteria) -> pl.Expr:
    """Whether they have risen as progression asks."""
    asked = ~pl.col("serum_measurable") & ~pl.col("urine_measurable")
    abnormal = pl.col("involved").is_not_null() | ~is_normal(criteria)
    return asked & abnormal & risen(VALUE, LOWEST, criteria.rise)


def sentence(criteria: LightChainCriteria) -> pl.Expr:
    """What was measured where it does not show progression."""
    low, high = criteria.normal_ratio
    one = pl.when("single_chain").then(pl.lit("One of the free light chains is missing."))
    normal = pl.concat_str(
        pl.lit("Ratio of free light chains normal (kappa "),
        amount(KAPPA, UNIT),
        pl.lit(", lambda "),
        amount(LAMBDA, UNIT),
        pl.lit(f"; {low:g} to {high:g})."),
    )
    return (
        pl.when(KAPPA.is_null())
        .then(one.otherwise(pl.lit("Free light chains missing.")))
        .when(is_normal(criteria))
        .then(normal)
        .otherwise(fall_told(WORDS, VALUE, BASELINE, criteria.fall, UNIT))
    )


def progression_sentence(criteria: LightChainCriteria, lowest: str) -> pl.Expr:
    """What was measured where it shows progression."""
    return rise_told(WORDS, VALUE, LOWEST, criteria.rise, UNIT, kind=lowest)
