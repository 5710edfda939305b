"""Coverage of the intervals of response and of progression-free survival over virtual trials.

Each trial is simulated with all that goes missing on a ward, and taken from its forms to the 95 %
intervals: exact for the overall response rate, log-log at month 12 for progression-free survival,
both of the derived response. What they should cover is the same endpoint of many other subjects of
the same process, from values without noise at visits that nobody misses (`truth`).

    python benchmarks/coverage.py                       200 trials
    python benchmarks/coverage.py --docs                and the figure and table that docs hold
"""

import datetime as dt
import sys
from collections import Counter
from dataclasses import dataclass
from math import isfinite, sqrt
from pathlib import Path
from time import perf_counter
from typing import Any

import altair as alt
import numpy as np
import polars as pl

from cartrial import schema as s
from cartrial.adam.derive import derive_adam
from cartrial.estimate.proportion import estimate_proportion
from cartrial.estimate.survival import at, estimate_survival
from cartrial.forms.catalogue import Forms
from cartrial.protocol.criteria_file import packaged_criteria
from cartrial.protocol.read import packaged_study
from cartrial.protocol.study import ResponsePlan, Study
from cartrial.response.confirmation import best_responses, judge, progressions
from cartrial.response.derive import derive_response
from cartrial.response.judged import Overall
from cartrial.response.sample import FollowUp, Lesion, Sample
from cartrial.response.scale import OBJECTIVE, RANK
from cartrial.sdtm.tabulate import tabulate
from cartrial.virtual.candidate import Candidate
from cartrial.virtual.escalation import run_trial
from cartrial.virtual.life import BEFORE, Life
from cartrial.virtual.markers import Assessed, assess
from cartrial.virtual.scenario import Scenario, packaged_scenario
from cartrial.virtual.trial import simulate_trial
from cartrial.workers import spread

TRIALS, SUBJECTS = 200, 18
OTHERS = 600  # trials whose subjects tell the truth
FIRST_TRIAL, FIRST_OTHER = 1, 100_001  # seeds
LANDMARK = 365  # days
LEVEL = 0.95
DOCS = Path(__file__).parent.parent / "docs"
FORMS = (
    "demographics",
    "infusion",
    "lymphodepletion",
    "bridging",
    "medication",
    "retreatment",
    "m_protein",
    "free_light_chain",
    "marrow",
    "plasmacytoma",
    "mrd",
    "response",
    "death",
    "disposition",
    "survival_contact",
)


# ---------------------------------------------------------------- a trial, as it is reported
@dataclass(frozen=True)
class Reported:
    """What a trial says: rate, lower and upper limit of both endpoints, and what agrees."""

    response: tuple[float, float, float]
    free: tuple[float, float, float]  # of progression and death at month 12
    levels: tuple[int, ...]  # dose level of each subject
    pairs: tuple[tuple[str, str], ...]  # of each visit: the derived, the investigator's response
    best: tuple[tuple[str, str], ...]  # of each subject: the best confirmed ones


def report(seed: int) -> Reported:
    """A simulated trial, followed to the end, by its forms."""
    trial = simulate_trial(study(), subjects=SUBJECTS, seed=seed, scenario=scenario())
    forms = Forms({name: trial.forms[name] for name in FORMS if name in trial.forms})
    tables = derive_adam(study(), tabulate(study(), forms)).tables
    adrs, adtte = tables["ADRS"], tables["ADTTE"]
    levels = trial.truth["subject"]["level"].to_list()
    best = pairs(adrs, "DCBOR", "CBOR", ["USUBJID"])
    x = sum(RANK[derived] >= OBJECTIVE for derived, _ in best)
    rate = estimate_proportion(x=x, n=len(levels), level=LEVEL)
    pfs = adtte.filter((pl.col("PARAMCD") == "PFS") & pl.col("AVAL").is_not_null())
    curve = estimate_survival(pfs["AVAL"].to_numpy(), 1.0 - pfs["CNSR"].to_numpy())
    (free,) = at(curve, [LANDMARK])
    return Reported(
        response=(x / len(levels), rate.lower, rate.upper),
        free=tuple(np.nan if v is None else v for v in (free.surv, free.lower, free.upper)),
        levels=tuple(levels),
        pairs=tuple(pairs(adrs, "DOVR", "OVR", ["USUBJID", "ADT"])),
        best=tuple(best),
    )


def pairs(adrs: pl.DataFrame, derived: str, read: str, key: list[str]) -> list[tuple[str, str]]:
    """The responses under two codes, where there are both."""
    one, other = (
        adrs.filter((pl.col("PARAMCD") == code) & pl.col("AVALC").is_not_null()).select(
            *key, pl.col("AVALC").alias(code)
        )
        for code in (derived, read)
    )
    return one.join(other, on=key).select(derived, read).rows()


def study() -> Study:
    """The packaged study; the derived response is its primary one."""
    return packaged_study().model_copy(update={"response": ResponsePlan(primary="derived")})


def scenario() -> Scenario:
    """The default process, everybody followed to the end."""
    return packaged_scenario().model_copy(update={"cut_after_last_infusion": None})


# ---------------------------------------------------------------- the truth
class Quiet:
    """Chance without any: the middle of every distribution, and nothing rare happens."""

    def standard_normal(self) -> float:
        return 0.0

    def uniform(self, low: float, high: float) -> float:
        return (low + high) / 2

    def random(self) -> float:
        return 0.5


def lives(seed: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    """Samples, lesions and follow-up of the subjects of a trial, without noise and complete."""
    whole = {"missed_visit": 0.0, "missing_sample": 0.0, "lost_per_year": 0.0}
    trial = run_trial(study(), scenario().model_copy(update=whole), seed, SUBJECTS)
    samples, lesions, bounds = [], [], []
    for candidate in trial.infused:
        subject = f"{seed}-{candidate.index}"
        for seen in seen_of(candidate):
            samples.append(sample(subject, seen))
            lesions += [lesion(subject, seen.day, scan) for scan in seen.scans or ()]
        bounds.append(bound(subject, candidate.life))
    return samples, lesions, bounds


def seen_of(candidate: Candidate) -> list[Assessed]:
    """The baseline and every planned assessment on the day it was held, without noise."""
    life = candidate.life
    assert life is not None
    schedule = study().schedule
    assert schedule is not None
    held = {visit.planned: visit.day for visit in life.visits}
    days = [(planned, held.get(planned)) for planned in schedule.response_assessments]
    looks = [(BEFORE, BEFORE), *((planned, day) for planned, day in days if day is not None)]
    return [look(life, day, planned) for planned, day in looks]


def look(life: Life, day: int, planned: int) -> Assessed:
    quiet: Any = Quiet()
    immune = life.blood.immune(day)
    person = life.person.myeloma
    return assess(quiet, person, life.tumour, day, planned=planned, lost=0.0, immune=immune)


DAY_0 = dt.date(2024, 1, 1)
FIXED = {True: "positive", False: "negative", None: None}
CLONAL = {True: "found", False: "not found", None: None}


def on(day: int | None) -> dt.date | None:
    return None if day is None else DAY_0 + dt.timedelta(days=day)


def sample(subject: str, seen: Assessed) -> dict[str, Any]:
    return {
        "subject": subject,
        "on": on(seen.day),
        "serum": seen.serum_m,
        "serum_fixation": FIXED[seen.serum_fixed],
        "urine": seen.urine_m,
        "urine_fixation": FIXED[seen.urine_fixed],
        "kappa": seen.kappa,
        "lambda_": seen.lambda_,
        "marrow": seen.marrow,
        "clonal": CLONAL[seen.clonal],
    }


def lesion(subject: str, day: int, scan: Scan) -> dict[str, Any]:
    size = {"long": float(scan.long), "short": float(scan.short)}
    return {"subject": subject, "on": on(day), "lesion": str(scan.number), "new": scan.new} | size


def bound(subject: str, life: Life) -> dict[str, Any]:
    return {
        "subject": subject,
        "infused": DAY_0,
        "before": DAY_0,
        "died": life.died is not None,
        "death": None if life.died is None else on(life.died.day),
        "died_of_disease": life.died is not None and life.died.cause == "myeloma",
    }


def truth(found: Sequence[tuple[Rows, Rows, Rows]], levels: Sequence[int]) -> pl.DataFrame:
    """Of each subject its level, whether it responded, and whether it was free at the landmark."""
    parts = [[row for one in found for row in one[part]] for part in range(3)]
    samples, lesions, bounds = (
        of.validate(pl.DataFrame(rows, schema=s.empty(of).schema, orient="row"))
        for of, rows in zip((Sample, Lesion, FollowUp), parts, strict=True)
    )
    together = study().response.together
    tables = derive_response(packaged_criteria(), samples, lesions, bounds, together=together)
    said = tables.assessed.with_columns(confirmed=pl.lit(None, dtype=pl.Boolean))
    judged = judge(Overall.validate(said.select(list(Overall.columns()))), bounds)
    best = best_responses(judged, confirmed=True).select("subject", best="response")
    progressed = progressions(judged).select("subject", progressed="on")
    known = bounds.select("subject", "death").with_columns(level=pl.Series(levels))
    first = pl.min_horizontal("progressed", "death")
    return (
        known.join(best, on="subject", how="left")
        .join(progressed, on="subject", how="left")
        .select(
            "level",
            responded=pl.col("best").replace_strict(RANK, default=0) >= OBJECTIVE,
            free=(first > on(LANDMARK)).fill_null(True),
        )
    )


# ---------------------------------------------------------------- how often the truth is covered
@dataclass(frozen=True)
class Covered:
    """How often the intervals of an endpoint hold the truth, and how far off the estimates are."""

    endpoint: str
    truth: float
    trials: int  # with an interval
    covered: int
    below: int  # intervals that lie below the truth
    above: int
    mean: float  # of the estimates
    own_mix: int  # intervals that hold the truth at the trial's own dose levels

    @property
    def error(self) -> float:
        """Twice the Monte Carlo standard error of a coverage of 95 %."""
        return 2 * sqrt(LEVEL * (1 - LEVEL) / self.trials)

    @property
    def holds(self) -> bool:
        return self.covered / self.trials >= LEVEL - self.error


def covered(name: str, trials: Sequence[Reported], told: pl.DataFrame) -> Covered:
    """The coverage of `response` or `free`; the column of `told` has the truth of each subject."""
    kind = "response" if name == "overall response rate" else "free"
    column = "responded" if kind == "response" else "free"
    by_level = dict(told.group_by("level").agg(pl.col(column).mean()).iter_rows())
    whole = float(told[column].mean())
    rows = [(getattr(one, kind), np.mean([by_level[x] for x in one.levels])) for one in trials]
    known = [(limits, own) for limits, own in rows if all(isfinite(x) for x in limits)]
    return Covered(
        endpoint=name,
        truth=whole,
        trials=len(known),
        covered=sum(low <= whole <= high for (_, low, high), _ in known),
        below=sum(high < whole for (_, _, high), _ in known),
        above=sum(low > whole for (_, low, _), _ in known),
        mean=float(np.mean([rate for (rate, _, _), _ in known])),
        own_mix=sum(low <= own <= high for (_, low, high), own in known),
    )
