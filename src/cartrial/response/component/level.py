"""The levels of a component as ranks of the scale, and what several components ask in one way."""

import polars as pl

from cartrial.protocol.response_criteria import Fall, Rise
from cartrial.response.limits import fallen
from cartrial.response.scale import RANK
from cartrial.response.wording import above_lowest, amount, beside_baseline

NE, PD, SD, MR, PR, VGPR, CR, SCR = (pl.lit(rank, dtype=pl.Int8) for rank in range(len(RANK)))


def by_fall(value: pl.Expr, baseline: pl.Expr, fall: Fall) -> pl.Expr:
    """The level by the fall from baseline alone."""
    level = SD
    for rank, percent in ((MR, fall.MR), (PR, fall.PR), (VGPR, fall.VGPR)):
        if percent is not None:
            level = pl.when(fallen(value, baseline, percent)).then(rank).otherwise(level)
    return level


def fall_told(words: str, value: pl.Expr, baseline: pl.Expr, fall: Fall, unit: str) -> pl.Expr:
    """The value beside its baseline, with the limit of the level reached, or of the next."""
    falls = [("MR", fall.MR), ("PR", fall.PR), ("VGPR", fall.VGPR)]
    limits = [(name, percent) for name, percent in falls if percent is not None]
    told = pl.lit(_limit(*limits[0]))
    for name, percent in limits[1:]:
        reached = fallen(value, baseline, percent)
        told = pl.when(reached).then(pl.lit(_limit(name, percent))).otherwise(told)
    beside = beside_baseline(value, baseline, unit)
    return pl.concat_str(pl.lit(f"{words} "), amount(value, unit), pl.lit(", "), beside, told)


def rise_told(
    words: str, value: pl.Expr, lowest: pl.Expr, rise: Rise, unit: str, *, kind: str
) -> pl.Expr:
    """The value beside the lowest before it, with the limit of progression."""
    more = "" if rise.at_limit else "more than "
    share = f"{rise.percent:g} % and " if rise.percent else ""
    above = above_lowest(value, lowest, unit, kind)
    of_rise = "points" if unit == "%" else unit
    limit = pl.lit(f" (PD from {share}{more}{rise.by:g} {of_rise}).")
    return pl.concat_str(pl.lit(f"{words} "), amount(value, unit), pl.lit(", "), above, limit)


def _limit(name: str, percent: float) -> str:
    return f" ({name} from {percent:g} %)."
