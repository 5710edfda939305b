"""Circulating plasma cells, where the disease cannot be measured otherwise.

PD is 50 % and 200 cells/uL above the lowest value. They say nothing else.

Source: Kumar 2016, Lancet Oncol 17:e328-e346. doi:10.1016/S1470-2045(16)30206-6
"""

import polars as pl

from cartrial.protocol.response_criteria import CirculatingCriteria
from cartrial.response.component.level import rise_told
from cartrial.response.limits import risen
from cartrial.response.wording import amount

WORDS, UNIT = "Circulating plasma cells", "cells/uL"
VALUE, LOWEST = pl.col("circulating"), pl.col("circulating_lowest")


def progression(criteria: CirculatingCriteria) -> pl.Expr:
    """Whether they have risen as progression asks."""
    return ~pl.col("is_measurable") & risen(VALUE, LOWEST, criteria.rise)


def sentence() -> pl.Expr:
    """What was counted where it does not show progression."""
    return pl.concat_str(pl.lit(f"{WORDS} "), amount(VALUE, UNIT), pl.lit("."))


def progression_sentence(criteria: CirculatingCriteria) -> pl.Expr:
    """What was counted where it shows progression."""
    return rise_told(WORDS, VALUE, LOWEST, criteria.rise, UNIT, kind="lowest value")
