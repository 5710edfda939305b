"""Coverage of the intervals of response and of progression-free survival over virtual trials.

Each trial is simulated with all that goes missing on a ward, and taken from its forms to the 95 %
intervals: exact for the overall response rate, log-log at month 12 for progression-free survival,
both of the derived response. What they should cover is the same endpoint of many other subjects of
the same process, from values without noise at visits that nobody misses (`truth`).

    python benchmarks/response_coverage.py [PICTURE.svg]
"""

import datetime as dt
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import isfinite, sqrt
from pathlib import Path
from time import perf_counter
from typing import Any

import altair as alt
import numpy as np
import polars as pl
import vl_convert

from cartrial import schema as s
from cartrial.adam.derive import derive_adam
from cartrial.estimate.kappa import kappa
from cartrial.estimate.proportion import estimate_proportion
from cartrial.estimate.survival import at, estimate_survival
from cartrial.forms.catalogue import Forms
from cartrial.protocol.criteria_file import packaged_criteria
from cartrial.protocol.read import packaged_study
from cartrial.protocol.study import ResponsePlan, Study
from cartrial.report.figures import theme
from cartrial.response.confirmation import best_responses, judge, progressions
from cartrial.response.derive import derive_response
from cartrial.response.judged import Overall
from cartrial.response.sample import FollowUp, Lesion, Sample
from cartrial.response.scale import OBJECTIVE, RANK
from cartrial.sdtm.tabulate import tabulate
from cartrial.virtual.candidate import Candidate
from cartrial.virtual.escalation import run_trial
from cartrial.virtual.life import BEFORE, Life
from cartrial.virtual.markers import Assessed, Scan, assess
from cartrial.virtual.scenario import Scenario, packaged_scenario
from cartrial.virtual.trial import simulate_trial
from cartrial.workers import spread

TRIALS, SUBJECTS = 200, 18
OTHERS = 300  # trials whose subjects tell the truth
FIRST_TRIAL, FIRST_OTHER = 1, 100_001  # seeds
LANDMARK = 365  # days
LEVEL = 0.95
RESPONSE, FREE = "overall response rate", "progression-free survival at month 12"
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
Limits = tuple[float, float, float]  # the estimate, its lower and its upper limit


@dataclass(frozen=True)
class Reported:
    """What a trial says: rate, lower and upper limit of both endpoints, and what agrees."""

    response: Limits
    free: Limits  # of progression and death at month 12
    levels: tuple[int, ...]  # dose level of each subject
    pairs: tuple[tuple[str, str], ...]  # of each visit: the derived, the investigator's response
    best: tuple[tuple[str, str], ...]  # of each subject: the best confirmed ones


def report(seed: int) -> Reported:
    """A simulated trial, followed to the end, by its forms."""
    trial = simulate_trial(study(), subjects=SUBJECTS, seed=seed, scenario=scenario())
    forms = Forms({name: table for name, table in trial.forms if name in FORMS})
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


@cache
def study() -> Study:
    """The packaged study; the derived response is its primary one."""
    return packaged_study().model_copy(update={"response": ResponsePlan(primary="derived")})


@cache
def scenario() -> Scenario:
    """The default process, everybody followed to the end."""
    return packaged_scenario().model_copy(update={"cut_after_last_infusion": None})


# ---------------------------------------------------------------- the truth
Rows = list[dict[str, Any]]


class Quiet:
    """Chance without any: the middle of every distribution, and nothing rare happens."""

    def standard_normal(self) -> float:
        return 0.0

    def uniform(self, low: float, high: float) -> float:
        return (low + high) / 2

    def random(self) -> float:
        return 0.5


def lives(seed: int) -> tuple[Rows, Rows, Rows, list[int]]:
    """Samples, lesions, follow-up and level of a trial's subjects, without noise and complete."""
    whole = {"missed_visit": 0.0, "missing_sample": 0.0, "lost_per_year": 0.0}
    trial = run_trial(study(), scenario().model_copy(update=whole), seed, SUBJECTS)
    samples: Rows = []
    lesions: Rows = []
    bounds: Rows = []
    for candidate in trial.infused:
        subject = f"{seed}-{candidate.index}"
        for seen in seen_of(candidate):
            samples.append(sample(subject, seen))
            lesions += [lesion(subject, seen.day, scan) for scan in seen.scans or ()]
        bounds.append(bound(subject, candidate.life))
    return samples, lesions, bounds, [c.life.level for c in trial.infused]


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


def truth(found: Sequence[tuple[Rows, Rows, Rows, list[int]]]) -> pl.DataFrame:
    """Of each subject its level, whether it responded, and whether it was free at the landmark."""
    levels = [level for one in found for level in one[3]]
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
    kind: str  # the name of its limits in `Reported`
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
    """The coverage of an endpoint; `told` has the truth of each subject."""
    kind, column = ("response", "responded") if name == RESPONSE else ("free", "free")
    by_level = dict(told.group_by("level").agg(pl.col(column).mean()).iter_rows())
    whole = float(told[column].mean())
    rows = [(getattr(one, kind), np.mean([by_level[x] for x in one.levels])) for one in trials]
    known = [(limits, own) for limits, own in rows if all(isfinite(x) for x in limits)]
    return Covered(
        endpoint=name,
        kind=kind,
        truth=whole,
        trials=len(known),
        covered=sum(low <= whole <= high for (_, low, high), _ in known),
        below=sum(high < whole for (_, _, high), _ in known),
        above=sum(low > whole for (_, low, _), _ in known),
        mean=float(np.mean([rate for (rate, _, _), _ in known])),
        own_mix=sum(low <= own <= high for (_, low, high), own in known),
    )


# ---------------------------------------------------------------- what is shown
def table(found: Sequence[Covered]) -> str:
    """The coverage as a table of the documentation."""
    lines = [
        "| endpoint | truth | mean estimate | trials | interval holds it | lies below | above | own doses |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for one in found:
        held, own = one.covered / one.trials, one.own_mix / one.trials
        lines.append(
            f"| {one.endpoint} | {one.truth:.1%} | {one.mean:.1%} | {one.trials} | {held:.1%} "
            f"| {one.below / one.trials:.1%} | {one.above / one.trials:.1%} | {own:.1%} |"
        )
    return "\n".join(lines)


def agreement(trials: Sequence[Reported]) -> str:
    """How often the derived response is the investigator's."""
    visits = [pair for one in trials for pair in one.pairs]
    best = [pair for one in trials for pair in one.best]
    lines = []
    for what, told in (("visits", visits), ("best confirmed responses", best)):
        same = sum(one == other for one, other in told) / len(told)
        lines.append(f"{what}: {len(told)}, the same {same:.1%}, kappa {kappa(told):.2f}")
    apart = Counter(pair for pair in visits if pair[0] != pair[1])
    lines += [f"  derived {a}, investigator {b}: {n}" for (a, b), n in apart.most_common(8)]
    return "\n".join(lines)


def picture(trials: Sequence[Reported], found: Sequence[Covered]) -> str:
    """Every interval beside the truth, as SVG; those that miss it stand out."""
    panels = [_intervals([getattr(t, one.kind) for t in trials], one) for one in found]
    spec = theme.configured(alt.hconcat(*panels, spacing=32)).properties(background="white")
    return vl_convert.vegalite_to_svg(spec.to_dict())


def _intervals(rates: Sequence[Limits], one: Covered) -> alt.LayerChart:
    rows = [
        {"low": low, "high": high, "rate": rate, "holds": low <= one.truth <= high}
        for rate, low, high in rates
        if isfinite(low)
    ]
    ordered = pl.DataFrame(rows).sort("rate", "low").with_row_index("place")
    base = alt.Chart(theme.inline(ordered)).encode(
        y=alt.Y("place:Q", axis=None), color=_colour(), opacity=_opacity()
    )
    percent = alt.Axis(format="%", grid=False)
    x = alt.X(
        "low:Q", title=one.endpoint.capitalize(), axis=percent, scale=alt.Scale(domain=(0, 1))
    )
    truth = pl.DataFrame({"truth": [one.truth]})
    line = alt.Chart(theme.inline(truth)).mark_rule(color=theme.INK, strokeDash=[4, 3])
    return alt.layer(
        base.mark_rule(strokeWidth=1.2).encode(x=x, x2="high:Q"),
        base.mark_point(size=5, filled=True).encode(x="rate:Q"),
        line.encode(x="truth:Q"),
    ).properties(width=330, height=420)


def _colour() -> alt.Color:
    colours = alt.Scale(domain=[True, False], range=[theme.LINE, theme.GROUPS[5]])
    return alt.Color("holds:N", scale=colours, legend=None)


def _opacity() -> alt.Opacity:
    return alt.Opacity(
        "holds:N", scale=alt.Scale(domain=[True, False], range=[0.7, 1]), legend=None
    )


def main(picture_to: Path | None) -> None:
    began = perf_counter()
    trials = spread(report, range(FIRST_TRIAL, FIRST_TRIAL + TRIALS), workers=None)
    others = spread(lives, range(FIRST_OTHER, FIRST_OTHER + OTHERS), workers=None)
    told = truth(others)
    found = [covered(one, trials, told) for one in (RESPONSE, FREE)]
    print(f"{len(trials)} trials; the truth of {told.height} other subjects")
    print(told.group_by("level").agg(pl.len(), pl.col("responded", "free").mean()).sort("level"))
    print(table(found))
    print(agreement(trials))
    print(f"{perf_counter() - began:.0f} s")
    if picture_to is not None:
        picture_to.write_text(picture(trials, found), encoding="utf-8")
    missed = [one.endpoint for one in found if not one.holds]
    if missed:
        raise SystemExit(f"coverage: must be 95 % less its error, got less of {', '.join(missed)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else None)
