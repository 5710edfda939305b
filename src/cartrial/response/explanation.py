"""The response of an assessment in the sentences that a haematologist would write.

VGPR. Serum M-protein 1.2 g/L, 96 % below the baseline of 30.1 g/L (VGPR from 90 %). Urine
M-protein 40 mg/24h, below 100. Not CR: immunofixation of serum positive.
"""

from collections.abc import Mapping

import polars as pl

from cartrial.protocol.response_criteria import ResponseCriteria
from cartrial.response.component import (
    circulating,
    light_chains,
    marrow,
    plasmacytomas,
    serum,
    urine,
)
from cartrial.response.overall import KEYS, below_cr
from cartrial.response.scale import RANK, RESPONSES
from cartrial.response.wording import amount, day, joined, listed

NE, PD, CR, SCR = (RANK[name] for name in ("NE", "PD", "CR", "sCR"))
WORDS = dict(enumerate(RESPONSES))
PLACE = "place"  # of an assessment among all


def explained(criteria: ResponseCriteria, judged: pl.DataFrame) -> pl.DataFrame:
    """The judged assessments with `<key>_said`, `capped` and `explanation`, in their order.

    What is said of progression is much and its assessments few, so each kind is told by itself.
    """
    rows, rank, usual = judged.with_row_index(PLACE), pl.col("rank"), _sentences(criteria)
    kinds = (
        (rank == PD, _with_progression(criteria, usual), _progression_told()),
        (rank == NE, usual, joined([_not_evaluable(), _recorded()])),
        (rank > PD, usual, _response_told(criteria)),
    )
    told = [
        rows.filter(which)
        .with_columns(said.alias(f"{key}_said") for key, said in sentences.items())
        .with_columns(why_not=_why_not(criteria), capped=_capped(criteria))
        .with_columns(explanation=joined((pl.concat_str(word(rank), pl.lit(".")), body)))
        for which, sentences, body in kinds
    ]
    return pl.concat(told).sort(PLACE).drop(PLACE)


def word(rank: pl.Expr) -> pl.Expr:
    """The response of a rank."""
    return rank.replace_strict(WORDS, return_dtype=pl.String)


def _sentences(criteria: ResponseCriteria) -> dict[str, pl.Expr]:
    """What is said of each component that does not show progression."""
    return {
        "serum": serum.sentence(criteria.serum),
        "urine": urine.sentence(criteria.urine),
        "difference": light_chains.sentence(criteria.light_chains),
        "marrow": marrow.sentence(criteria.marrow),
        "spd": plasmacytomas.sentence(criteria.plasmacytoma),
        "circulating": circulating.sentence(),
    }


def _with_progression(
    criteria: ResponseCriteria, usual: Mapping[str, pl.Expr]
) -> dict[str, pl.Expr]:
    """What is said of each component, be it that it shows progression."""
    kind = "lowest value" if criteria.lowest == "any" else "lowest confirmed value"
    progressed = {
        "serum": serum.progression_sentence(criteria.serum, kind),
        "urine": urine.progression_sentence(criteria.urine, kind),
        "difference": light_chains.progression_sentence(criteria.light_chains, kind),
        "marrow": marrow.progression_sentence(criteria.marrow),
        "spd": plasmacytomas.progression_sentence(criteria.plasmacytoma),
        "circulating": circulating.progression_sentence(criteria.circulating),
    }
    return {
        key: pl.when(f"{key}_pd").then(progressed[key]).otherwise(said)
        for key, said in usual.items()
    }


# ---------------------------------------------------------------- what stands against a better one
def _why_not(criteria: ResponseCriteria) -> pl.Expr:
    """What stands against the next better response, where it is not an amount."""
    rank, highest = pl.col("rank"), pl.col("highest")
    held = pl.concat_str(
        pl.when(pl.col("urine").is_null())
        .then(pl.lit("Urine M-protein missing"))
        .otherwise(pl.concat_str(pl.lit("Urine M-protein "), amount(pl.col("urine"), "mg/24h"))),
        pl.lit(": at most "),
        word(highest),
        pl.lit("."),
    )
    return (
        pl.when(rank <= PD)
        .then(None)
        .when(pl.col("uncapped") > highest)
        .then(held)
        .when(rank == below_cr())
        .then(_against("CR", "cr", [*_unmet_for_cr(), *_missing_for_cr(said=" missing")]))
        .when((rank == CR) & ("sCR" in criteria.responses))
        .then(_against("sCR", "scr", [*_unmet_for_scr(), *_missing_for_scr(said=" missing")]))
    )


def _against(response: str, met: str, reasons: list[tuple[pl.Expr, str]]) -> pl.Expr:
    start = pl.when(pl.col(met).is_null()).then(pl.lit(f"{response} not shown: "))
    return pl.concat_str(start.otherwise(pl.lit(f"Not {response}: ")), listed(reasons), pl.lit("."))


def _unmet_for_cr() -> list[tuple[pl.Expr, str]]:
    reasons = []
    for fluid in ("serum", "urine"):
        unmet, band = ~pl.col(f"{fluid}_free"), pl.col(f"{fluid}_seen") == "myeloma"
        positive = band.fill_null(False)
        reasons += [
            (unmet & positive, f"immunofixation of {fluid} positive"),
            (unmet & ~positive, f"M-protein in {fluid}"),
        ]
    return [
        *reasons,
        (~pl.col("plasmacytomas_gone"), "plasmacytomas not gone"),
        (~pl.col("marrow_clear"), "too many plasma cells in marrow"),
        (~pl.col("chains_clear"), "ratio of free light chains not normal"),
    ]


def _missing_for_cr(*, said: str = "") -> list[tuple[pl.Expr, str]]:
    return [
        (pl.col("serum_free").is_null(), f"immunofixation of serum{said}"),
        (pl.col("urine_free").is_null(), f"immunofixation of urine{said}"),
        (pl.col("plasmacytomas_gone").is_null(), f"imaging of plasmacytomas{said}"),
        (pl.col("marrow_clear").is_null(), f"plasma cells in marrow{said}"),
        (pl.col("chains_clear").is_null(), f"ratio of free light chains{said}"),
    ]


def _unmet_for_scr() -> list[tuple[pl.Expr, str]]:
    return [
        (~pl.col("ratio_normal"), "ratio of free light chains not normal"),
        (~pl.col("clone_gone"), "clonal plasma cells in marrow"),
    ]


def _missing_for_scr(*, said: str = "") -> list[tuple[pl.Expr, str]]:
    return [
        (pl.col("ratio_normal").is_null(), f"ratio of free light chains{said}"),
        (pl.col("clone_gone").is_null(), f"test for clonal plasma cells in marrow{said}"),
    ]


def _capped(criteria: ResponseCriteria) -> pl.Expr:
    """What is missing for the next better response, where nothing else stands against it."""
    rank = pl.col("rank")
    held = (pl.col("uncapped") > pl.col("highest")) & pl.col("urine").is_null()
    return (
        pl.when(rank <= PD)
        .then(None)
        .when(held)
        .then(pl.lit("urine M-protein"))
        .when((rank == below_cr()) & pl.col("cr").is_null())
        .then(listed(_missing_for_cr()))
        .when((rank == CR) & pl.col("scr").is_null() & ("sCR" in criteria.responses))
        .then(listed(_missing_for_scr()))
    )


# ---------------------------------------------------------------- the whole
def _progression_told() -> pl.Expr:
    return joined(_said(key, pl.col(f"{key}_pd")) for key in KEYS)


def _said(key: str, where: pl.Expr) -> pl.Expr:
    return pl.when(where).then(f"{key}_said")


def _not_evaluable() -> pl.Expr:
    missing = joined(_said(key, pl.col(f"{key}_level") == NE) for key in KEYS)
    return (
        pl.when(pl.col("measured_by") == "not measurable")
        .then(pl.lit("Disease was not measurable at baseline."))
        .when(pl.col("measured_by") == "not known")
        .then(pl.lit("By what the disease is measurable is not known: baseline missing."))
        .otherwise(missing)
    )


def _recorded() -> pl.Expr:
    recorded = pl.concat_str(pl.lit("Recorded: "), pl.col("lost"), pl.lit("."))
    return pl.when(pl.col("lost") != "").then(recorded)


def _response_told(criteria: ResponseCriteria) -> pl.Expr:
    complete = pl.col("rank") >= CR
    free = {"serum": pl.col("serum_free"), "urine": pl.col("urine_free")}
    shown = {key: pl.col(f"{key}_level").is_not_null() for key in KEYS}
    strict = pl.col("rank") == SCR
    shown |= {fluid: shown[fluid] | (complete & free[fluid]) for fluid in free}
    shown["difference"] |= strict
    shown["marrow"] &= ~complete
    told = [_said(key, shown[key]) for key in KEYS]
    clear = pl.concat_str(
        pl.lit("Plasma cells in marrow "),
        amount(pl.col("last_marrow"), "%"),
        pl.lit(" ("),
        day(pl.col("last_marrow_on")),
        pl.lit(f"), below {criteria.marrow.clear:g}"),
        pl.when(strict).then(pl.lit(", none clonal.")).otherwise(pl.lit(".")),
    )
    missing = pl.col("capped").is_not_null()
    return joined(
        (
            *told,
            pl.when(complete).then(clear),
            pl.col("why_not"),
            pl.when(missing).then(_recorded()),
        )
    )
