"""What is true of response and progression in the virtual world, by dose level.

The subjects of many simulated trials, from values without noise at visits that nobody misses, and
followed to the end: what an endless trial on this visit schedule would find. Each is judged by the
same criteria as a trial is.

    python benchmarks/response_truth.py
"""

import datetime as dt
from collections.abc import Sequence
from functools import cache
from typing import Any

import polars as pl

from cartrial import schema as s
from cartrial.protocol.criteria_file import packaged_criteria
from cartrial.protocol.endpoints import ResponsePlan
from cartrial.protocol.read import packaged_study
from cartrial.protocol.study import Study
from cartrial.response.confirmation import best_responses, judge, progressions
from cartrial.response.derive import derive_response
from cartrial.response.judged import Overall
from cartrial.response.sample import FollowUp, Lesion, Sample
from cartrial.response.scale import OBJECTIVE, RANK
from cartrial.virtual.escalation import run_trial
from cartrial.virtual.life import BEFORE, Life
from cartrial.virtual.markers import Assessed, Scan, assess
from cartrial.virtual.scenario import Scenario, packaged_scenario
from cartrial.workers import spread

SUBJECTS = 18  # infused, of a trial
TRIALS, FIRST = 300, 100_001  # the first of their seeds, which no other trial has
LANDMARK = 365  # days
COMPLETE = {"missed_visit": 0.0, "missing_sample": 0.0, "lost_per_year": 0.0}
DAY_0 = dt.date(2024, 1, 1)
FIXATION = {True: "positive", False: "negative", None: None}
CLONAL = {True: "found", False: "not found", None: None}

Row = dict[str, Any]
Known = tuple[list[Row], list[Row], list[Row], list[int]]  # samples, lesions, follow-up, level


class Quiet:
    """Chance without any: the middle of every distribution, and nothing rare happens."""

    def standard_normal(self) -> float:
        return 0.0

    def uniform(self, low: float, high: float) -> float:
        return (low + high) / 2

    def random(self) -> float:
        return 0.5


@cache
def study() -> Study:
    """The packaged study; the derived response is its primary one."""
    return packaged_study().model_copy(update={"response": ResponsePlan(primary="derived")})


@cache
def scenario() -> Scenario:
    """The default process, everybody followed to the end."""
    return packaged_scenario().model_copy(update={"cut_after_last_infusion": None})


def known(seed: int) -> Known:
    """Everything of the myeloma of a trial's subjects, without noise, and complete."""
    trial = run_trial(study(), scenario().model_copy(update=COMPLETE), seed, SUBJECTS)
    lives = {f"{seed}-{c.index}": c.life for c in trial.infused if c.life is not None}
    seen = [(subject, one) for subject, life in lives.items() for one in seen_of(life)]
    return (
        [sample(subject, one) for subject, one in seen],
        [lesion(subject, one.day, scan) for subject, one in seen for scan in one.scans or ()],
        [bound(subject, life) for subject, life in lives.items()],
        [life.level for life in lives.values()],
    )


def seen_of(life: Life) -> list[Assessed]:
    """The baseline and every planned assessment, on the day it was held."""
    schedule = study().schedule
    assert schedule is not None
    held = {visit.planned: visit.day for visit in life.visits}
    due = [(planned, held.get(planned)) for planned in schedule.response_assessments]
    looks = [(BEFORE, BEFORE), *((planned, day) for planned, day in due if day is not None)]
    return [look(life, day, planned) for planned, day in looks]


def look(life: Life, day: int, planned: int) -> Assessed:
    quiet: Any = Quiet()
    myeloma, immune = life.person.myeloma, life.blood.immune(day)
    return assess(quiet, myeloma, life.tumour, day, planned=planned, lost=0.0, immune=immune)


def on(day: int | None) -> dt.date | None:
    return None if day is None else DAY_0 + dt.timedelta(days=day)


def sample(subject: str, seen: Assessed) -> Row:
    return {
        "subject": subject,
        "on": on(seen.day),
        "serum": seen.serum_m,
        "serum_fixation": FIXATION[seen.serum_fixed],
        "urine": seen.urine_m,
        "urine_fixation": FIXATION[seen.urine_fixed],
        "kappa": seen.kappa,
        "lambda_": seen.lambda_,
        "marrow": seen.marrow,
        "clonal": CLONAL[seen.clonal],
    }


def lesion(subject: str, day: int, scan: Scan) -> Row:
    size = {"long": float(scan.long), "short": float(scan.short)}
    return {"subject": subject, "on": on(day), "lesion": str(scan.number), "new": scan.new} | size


def bound(subject: str, life: Life) -> Row:
    died = life.died
    return {
        "subject": subject,
        "infused": DAY_0,
        "before": DAY_0,
        "died": died is not None,
        "death": on(died.day) if died else None,
        "died_of_disease": died is not None and died.cause == "myeloma",
    }


def truth(found: Sequence[Known]) -> pl.DataFrame:
    """Of each subject its level, whether it responded, and whether it was free at the landmark."""
    samples, lesions, bounds = (
        pl.DataFrame([row for one in found for row in one[part]], schema=s.empty(of).schema)
        for part, of in enumerate((Sample, Lesion, FollowUp))
    )
    levels = [level for one in found for level in one[3]]
    tables = derive_response(
        packaged_criteria(),
        Sample.validate(samples),
        Lesion.validate(lesions),
        FollowUp.validate(bounds),
        together=study().response.together,
    )
    said = tables.assessed.with_columns(confirmed=pl.lit(None, dtype=pl.Boolean))
    overall = Overall.validate(said.select(list(Overall.columns())))
    judged = judge(overall, FollowUp.validate(bounds))
    best = best_responses(judged, confirmed=True).select("subject", best="response")
    progressed = progressions(judged).select("subject", progressed="on")
    whole = bounds.select("subject", "death").with_columns(level=pl.Series(levels))
    first = pl.min_horizontal("progressed", "death")
    return (
        whole.join(best, on="subject", how="left", maintain_order="left")
        .join(progressed, on="subject", how="left", maintain_order="left")
        .select(
            "level",
            responded=pl.col("best").replace_strict(RANK, default=0) >= OBJECTIVE,
            free=(first > on(LANDMARK)).fill_null(True),
        )
    )


def by_level(told: pl.DataFrame) -> pl.DataFrame:
    """How many subjects of each dose level, and the share that responded and that was free."""
    return told.group_by("level").agg(pl.len(), pl.col("responded", "free").mean()).sort("level")


def truth_of(first: int, trials: int) -> pl.DataFrame:
    """The truth of the subjects of trials with seeds from `first` on."""
    return truth(spread(known, range(first, first + trials), workers=None))


if __name__ == "__main__":
    print(by_level(truth_of(FIRST, TRIALS)))
