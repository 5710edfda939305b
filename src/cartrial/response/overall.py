"""The response of an assessment: the lowest of its components, and what CR and sCR ask of all.

    PD       any component shows it, whatever else is missing
    NE       an applicable component is missing, or the disease was not measurable
    CR       serum and urine negative by immunofixation, no plasmacytoma, the last marrow after the
             infusion below 5 %, and a normal ratio where light chains measure the disease
    sCR      CR, a normal ratio, and no clonal plasma cells in that marrow
    else     the lowest level; VGPR where a part of CR is missing or not met

Source: Kumar 2016, Lancet Oncol 17:e328-e346. doi:10.1016/S1470-2045(16)30206-6
Reading: what is missing lowers the response to the next lower one. Where marrow or plasmacytomas
alone measure the disease there is no VGPR: the next below CR is PR. A response that the criteria do
not list becomes the next lower one.
"""

import polars as pl

from cartrial.protocol.response_criteria import MarrowCriteria, ResponseCriteria
from cartrial.response.component import (
    circulating,
    light_chains,
    marrow,
    plasmacytomas,
    serum,
    urine,
)
from cartrial.response.component.level import CR, NE, PD, PR, SCR, VGPR
from cartrial.response.course.baseline import is_normal
from cartrial.response.course.fixation import FLUIDS, is_free
from cartrial.response.limits import at_least
from cartrial.response.scale import RANK, RESPONSES

KEYS = ("serum", "urine", "difference", "marrow", "spd", "circulating")
PARTS_OF_CR = ("serum_free", "urine_free", "plasmacytomas_gone", "marrow_clear", "chains_clear")
PARTS_OF_SCR = ("ratio_normal", "clone_gone")


def judged(criteria: ResponseCriteria, visits: pl.DataFrame) -> pl.DataFrame:
    """The assessments with the rank of each component, of the parts of CR, and of the response.

    `<key>_level` is null where a component is not applicable; `cr` and `scr` are null where a part
    is missing and none is not met. `uncapped` is the rank before urine that was not measurable
    holds it down.
    """
    progressed = visits.with_columns(
        progress.fill_null(False).alias(f"{key}_pd")
        for key, progress in progressions(criteria).items()
    )
    levels = progressed.with_columns(
        pl.when(f"{key}_pd").then(PD).otherwise(_listed(criteria, level)).alias(f"{key}_level")
        for key, level in _levels(criteria).items()
    )
    parts = levels.with_columns(_parts(criteria)).with_columns(
        cr=pl.all_horizontal(PARTS_OF_CR),
        scr=pl.all_horizontal(PARTS_OF_SCR),
        highest=urine.highest(criteria.urine),
    )
    ranked = parts.with_columns(uncapped=_rank())
    rank = pl.min_horizontal("uncapped", "highest")
    return ranked.with_columns(rank=_listed(criteria, rank))


def progressions(criteria: ResponseCriteria) -> dict[str, pl.Expr]:
    """Of each component whether it shows progression."""
    return {
        "serum": serum.progression(criteria.serum),
        "urine": urine.progression(criteria.urine),
        "difference": light_chains.progression(criteria.light_chains),
        "marrow": marrow.progression(criteria.marrow),
        "spd": plasmacytomas.progression(),
        "circulating": circulating.progression(criteria.circulating),
    }


def below_cr() -> pl.Expr:
    """The rank next below CR."""
    alone = pl.col("measured_by").is_in(("marrow", "plasmacytoma"))
    return pl.when(alone).then(PR).otherwise(VGPR)


def _levels(criteria: ResponseCriteria) -> dict[str, pl.Expr]:
    return {
        "serum": serum.level(criteria.serum),
        "urine": urine.level(criteria.urine),
        "difference": light_chains.level(criteria.light_chains),
        "marrow": marrow.level(criteria.marrow),
        "spd": plasmacytomas.level(criteria.plasmacytoma),
        "circulating": pl.lit(None, dtype=pl.Int8),
    }


def _parts(criteria: ResponseCriteria) -> list[pl.Expr]:
    """The parts of CR and sCR: met, not met, or null where not known."""
    normal = is_normal(criteria.light_chains)
    by_chains = pl.col("measured_by") == "free light chains"
    clone = pl.col("last_clonal")
    return [
        *(is_free(fluid).alias(f"{fluid}_free") for fluid in FLUIDS),
        plasmacytomas.are_gone(criteria.plasmacytoma).alias("plasmacytomas_gone"),
        _marrow_clear(criteria.marrow).alias("marrow_clear"),
        pl.when(by_chains).then(normal).otherwise(True).alias("chains_clear"),
        normal.alias("ratio_normal"),
        pl.when(clone != "not done").then(clone == "not found").alias("clone_gone"),
    ]


def _marrow_clear(criteria: MarrowCriteria) -> pl.Expr:
    """Whether the last marrow after the infusion is clear; null without one, or too old."""
    clear = ~at_least(pl.col("last_marrow"), criteria.clear)
    if criteria.holds is None:
        return clear
    old = pl.col("last") - pl.col("last_marrow_on") > pl.duration(days=criteria.holds)
    return pl.when(~old).then(clear)


def _rank() -> pl.Expr:
    lowest = pl.min_horizontal(f"{key}_level" for key in KEYS)
    strict = pl.when(pl.col("scr").fill_null(False)).then(SCR).otherwise(CR)
    return (
        pl.when(pl.any_horizontal(f"{key}_pd" for key in KEYS))
        .then(PD)
        .when(~pl.col("is_measurable"))
        .then(NE)
        .when(lowest < CR)
        .then(lowest)
        .when(pl.col("cr").fill_null(False))
        .then(strict)
        .otherwise(below_cr())
    )


def _listed(criteria: ResponseCriteria, rank: pl.Expr) -> pl.Expr:
    """The rank, or that of the next lower response that the criteria list."""
    known = {RANK[name] for name in criteria.responses}
    lower = {
        given: max(one for one in known if one <= given)
        for given in range(len(RESPONSES))
        if given not in known
    }
    return rank.replace(lower).cast(pl.Int8) if lower else rank
