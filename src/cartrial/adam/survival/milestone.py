"""What happened to each subject, and when: one row per subject, as one evaluator judged it.

    infusion, leukapheresis                     where a time may start
    response, progression                       the first assessment that shows it, once confirmed
    death, new_therapy, retreatment             from ADSL; `therapy` is the first of the last two
    stopped                                     study ended by the disease before any infusion
    assessed, alive                             last adequate assessment, last known alive

Beside a date stand, where they are known, the number of its record (`_number`) and a word on it
(`_note`). What happened on an unknown day has its flag and no date.

Reading: an assessment is adequate unless it is NE. Where progression was published without its
visits (`unseen`), nobody knows when it was.
"""

from dataclasses import dataclass
from typing import Literal

import polars as pl

from cartrial import schema as s
from cartrial.adam.response.courses import Published
from cartrial.adam.subject.adsl import Adsl
from cartrial.response.confirmation import first_responses, progressions
from cartrial.response.judged import Judged, Shown
from cartrial.response.scale import OBJECTIVE, RANK

YES = "Y"
OF_DISEASE = "PROGRESSIVE DISEASE"


@dataclass(frozen=True)
class Evaluator:
    """Who judged the response: how it is said, and where the assessments stand.

    `number` is the variable of ADTTE that takes the number of an assessment: of its record, or,
    where it rests on many records, of the assessment in ADRS.
    """

    name: str
    domain: str
    variable: str
    number: Literal["SRCSEQ", "ASSNUM"]


INVESTIGATOR = Evaluator("by the Investigator", "RS", "RSDTC", "SRCSEQ")
CRITERIA = Evaluator("by the Criteria", "LB", "LBDTC", "ASSNUM")


def subjects(adsl: s.DataFrame[Adsl]) -> pl.DataFrame:
    """Every infused or leukapheresed subject, with what does not depend on who judges."""
    infused, leukapheresed = (pl.col(name) == YES for name in ("SAFFL", "APHFL"))
    stopped = ~infused.fill_null(False) & (pl.col("DCSREAS") == OF_DISEASE)
    return adsl.filter(infused | leukapheresed).select(
        subject="USUBJID",
        infused=infused.fill_null(False),
        leukapheresed=leukapheresed.fill_null(False),
        infusion="TRTSDT",
        leukapheresis="APHERDT",
        new_therapy="NACTDT",
        retreatment="RETRTDT",
        therapy=pl.min_horizontal("NACTDT", "RETRTDT"),
        died=(pl.col("DTHFL") == YES).fill_null(False),
        death="DTHDT",
        had_stopped=stopped.fill_null(False),
        stopped="EOSDT",
        alive="LSTALVDT",
        alive_note=" (" + pl.col("LALVSRC") + ")",
    )


def milestones(
    people: pl.DataFrame,
    judged: s.DataFrame[Judged],
    published: s.DataFrame[Published],
    *,
    confirmed: bool,
) -> pl.DataFrame:
    """The subjects with what an evaluator judged; response counts once confirmed if `confirmed`."""
    last = adequate(judged).group_by("subject", maintain_order=True).last()
    parts = (
        _dated(first_responses(judged, confirmed=confirmed), "response"),
        _dated(progressions(judged), "progression"),
        _dated(last, "assessed"),
        published.select("subject", best="response", sure="confirmed", best_number="number"),
    )
    known = people
    for part in parts:
        known = known.join(part, on="subject", how="left", maintain_order="left")
    best = pl.col("best")
    objective = best.replace_strict(RANK, return_dtype=pl.Int64) >= OBJECTIVE
    lacking = ~pl.col("sure").fill_null(True) & confirmed
    return known.with_columns(
        unseen=best.is_not_null(),
        responded=pl.col("response").is_not_null() | (objective & ~lacking).fill_null(False),
        progressed=pl.col("progression").is_not_null() | best.eq_missing(pl.lit("PD")),
        response_number=pl.coalesce("response_number", "best_number"),
        progression_number=pl.coalesce("progression_number", "best_number"),
        assessed_note=pl.lit(None, pl.String),
        why_censored=pl.lit(None, pl.String),
    ).drop("best", "sure", "best_number")


def adequate(judged: s.DataFrame[Judged]) -> pl.DataFrame:
    """The adequate assessments, in the order of time: subject, on, number."""
    found = judged.filter(pl.col("response") != "NE").select("subject", "on", "number")
    return found.sort("subject", "on")


def _dated(shown: s.DataFrame[Shown] | pl.DataFrame, milestone: str) -> pl.DataFrame:
    return shown.select(
        "subject", pl.col("on").alias(milestone), pl.col("number").alias(f"{milestone}_number")
    )
