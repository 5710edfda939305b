"""Comparisons that are exact at a limit: a fall from 30 to 3.0 g/L is a fall by 90 %.

Values and limits are decimal numbers, which binary ones only come near to: the limit is met within
a billionth of it.
"""

import polars as pl

from cartrial.protocol.response_criteria import Rise

NEAR = 1e-9  # of the limit


def at_least(value: pl.Expr, limit: pl.Expr | float) -> pl.Expr:
    """Whether the value reaches the limit from below."""
    return value >= _limit(limit) - _slack(limit)


def at_most(value: pl.Expr, limit: pl.Expr | float) -> pl.Expr:
    """Whether the value reaches the limit from above."""
    return value <= _limit(limit) + _slack(limit)


def fallen(value: pl.Expr, baseline: pl.Expr, percent: float) -> pl.Expr:
    """Whether the value has fallen from baseline by at least so many percent."""
    return at_most(value, baseline * ((100 - percent) / 100))


def risen(value: pl.Expr, lowest: pl.Expr, rise: Rise) -> pl.Expr:
    """Whether the value has risen as progression asks; from a lowest of 0 any share is enough."""
    share = at_least(value, lowest + lowest.clip(lower_bound=0) * (rise.percent / 100))
    amount = lowest + rise.by
    return share & (at_least(value, amount) if rise.at_limit else ~at_most(value, amount))


def _limit(limit: pl.Expr | float) -> pl.Expr:
    return limit if isinstance(limit, pl.Expr) else pl.lit(limit, dtype=pl.Float64)


def _slack(limit: pl.Expr | float) -> pl.Expr:
    return NEAR * _limit(limit).abs()
