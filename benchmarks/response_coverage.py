"""Coverage of the intervals of response and of progression-free survival over virtual trials.

Each trial is simulated with all that goes missing on a ward, and taken from its forms to the 95 %
intervals: exact for the overall response rate, log-log at month 12 for progression-free survival,
both of the derived response. What they should hold is `response_truth`: the same endpoint of many
other subjects of the same process.

    python benchmarks/response_coverage.py [PICTURE.svg]
"""

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from time import perf_counter

import altair as alt
import numpy as np
import polars as pl
import response_truth
import vl_convert
from response_truth import LANDMARK, SUBJECTS, by_level, scenario, study, truth_of

from cartrial.adam.derive import derive_adam
from cartrial.estimate.kappa import kappa
from cartrial.estimate.proportion import estimate_proportion
from cartrial.estimate.survival import at, estimate_survival
from cartrial.forms.catalogue import Forms
from cartrial.report.figures import theme
from cartrial.response.scale import OBJECTIVE, RANK, RESPONSES
from cartrial.sdtm.tabulate import tabulate
from cartrial.virtual.trial import simulate_trial
from cartrial.workers import spread

TRIALS, FIRST = 200, 1  # the first of their seeds
LEVEL = 0.95
ENDPOINTS = {
    "responded": "overall response rate",
    "free": "progression-free survival at month 12",
}
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

Pair = tuple[str, str]  # the derived response, and the investigator's


@dataclass(frozen=True)
class Interval:
    """An estimate and its limits; no limits where nobody had the event."""

    rate: float
    lower: float | None
    upper: float | None

    def holds(self, truth: float) -> bool:
        """Whether the truth lies in it; without limits it does not."""
        if self.lower is None or self.upper is None:
            return False
        return self.lower <= truth <= self.upper


@dataclass(frozen=True)
class Reported:
    """What a trial says of each endpoint, and of whom it says it."""

    intervals: dict[str, Interval]  # by endpoint
    levels: tuple[int, ...]  # dose level of each subject
    visits: tuple[Pair, ...]
    kept: tuple[Pair, ...]  # the same, where the derived response is kept as the best so far
    best: tuple[Pair, ...]  # confirmed, of each subject


def report(seed: int) -> Reported:
    """A simulated trial, followed to the end, by its forms."""
    trial = simulate_trial(study(), subjects=SUBJECTS, seed=seed, scenario=scenario())
    forms = Forms({name: table for name, table in trial.forms if name in FORMS})
    tables = derive_adam(study(), tabulate(study(), forms)).tables
    visits = pairs(tables["ADRS"], "DOVR", "OVR", key=["USUBJID", "ADT"])
    best = pairs(tables["ADRS"], "DCBOR", "CBOR", key=["USUBJID"]).drop("USUBJID").rows()
    x = sum(RANK[derived] >= OBJECTIVE for derived, _ in best)
    levels = trial.truth["subject"]["level"].to_list()
    rate = estimate_proportion(x=x, n=len(levels), level=LEVEL)
    pfs = tables["ADTTE"].filter((pl.col("PARAMCD") == "PFS") & pl.col("AVAL").is_not_null())
    curve = estimate_survival(pfs["AVAL"].to_numpy(), 1.0 - pfs["CNSR"].to_numpy())
    (free,) = at(curve, [LANDMARK])
    return Reported(
        intervals={
            "responded": Interval(x / len(levels), rate.lower, rate.upper),
            "free": Interval(free.surv or 0.0, free.lower, free.upper),
        },
        levels=tuple(levels),
        visits=tuple(visits.select("DOVR", "OVR").rows()),
        kept=tuple(visits.select(best_so_far(), "OVR").rows()),
        best=tuple(best),
    )


def pairs(adrs: pl.DataFrame, derived: str, read: str, *, key: list[str]) -> pl.DataFrame:
    """The responses under two codes, where there are both."""
    one, other = (
        adrs.filter((pl.col("PARAMCD") == code) & pl.col("AVALC").is_not_null()).select(
            *key, pl.col("AVALC").alias(code)
        )
        for code in (derived, read)
    )
    return one.join(other, on=key).sort(key)


def best_so_far() -> pl.Expr:
    """The best of the derived responses up to each visit, which the virtual investigator writes.

    PD and NE stay what they are.
    """
    rank = pl.col("DOVR").replace_strict(RANK, return_dtype=pl.Int8)
    best = rank.cum_max().over("USUBJID").replace_strict(dict(enumerate(RESPONSES)))
    return pl.when(rank > RANK["PD"]).then(best).otherwise("DOVR")


# ---------------------------------------------------------------- how often the truth is held
@dataclass(frozen=True)
class Coverage:
    """Of the trials with an interval, how many hold the truth, lie below it, and above it.

    `own` counts those that hold the truth at the dose levels of the trial's own subjects.
    """

    endpoint: str
    truth: float
    mean: float  # of the estimates of all trials
    trials: int
    held: int
    below: int
    above: int
    own: int

    @property
    def is_kept(self) -> bool:
        """Whether it is at least 95 %, less two standard errors of so many trials."""
        return self.held / self.trials >= LEVEL - 2 * sqrt(LEVEL * (1 - LEVEL) / self.trials)


def coverage(endpoint: str, trials: Sequence[Reported], told: pl.DataFrame) -> Coverage:
    """The coverage of an endpoint; `told` has the truth of each subject."""
    truth = float(told[endpoint].to_numpy().mean())
    at_level = dict(by_level(told).select("level", endpoint).iter_rows())
    own = [float(np.mean([at_level[level] for level in one.levels])) for one in trials]
    intervals = [one.intervals[endpoint] for one in trials]
    limited = [(one, mix) for one, mix in zip(intervals, own, strict=True) if one.lower is not None]
    return Coverage(
        endpoint=endpoint,
        truth=truth,
        mean=float(np.mean([one.rate for one in intervals])),
        trials=len(limited),
        held=sum(one.holds(truth) for one, _ in limited),
        below=sum((one.upper or 0.0) < truth for one, _ in limited),
        above=sum((one.lower or 0.0) > truth for one, _ in limited),
        own=sum(one.holds(mix) for one, mix in limited),
    )


# ---------------------------------------------------------------- what is shown
def row(one: Coverage) -> str:
    """The coverage of an endpoint, as a row of the table in the documentation."""
    counts = (one.held, one.below, one.above, one.own)
    shares = (one.truth, one.mean, *(count / one.trials for count in counts))
    told = " | ".join(f"{100 * share:.1f} %" for share in shares)
    return f"| {ENDPOINTS[one.endpoint]} | {one.trials} | {told} |"


def agreement(what: str, told: Sequence[Pair]) -> str:
    """How often the derived response is the investigator's, and where it most often is not."""
    same = sum(one == other for one, other in told) / len(told)
    apart = Counter(pair for pair in told if pair[0] != pair[1]).most_common(6)
    listed = ", ".join(f"{one} for {other} {n}" for (one, other), n in apart)
    return f"{what}: {len(told)}, the same {same:.1%}, kappa {kappa(told) or 0:.2f}; {listed}"


def picture(trials: Sequence[Reported], found: Sequence[Coverage]) -> str:
    """Every interval beside the truth, as SVG; those that miss it stand out."""
    panels = alt.hconcat(*(intervals(trials, one) for one in found), spacing=32)
    spec = theme.configured(panels).properties(background="white").to_dict()
    return vl_convert.vegalite_to_svg(spec)


def intervals(trials: Sequence[Reported], of: Coverage) -> alt.LayerChart:
    shown = [one.intervals[of.endpoint] for one in trials]
    rows = [
        {"rate": one.rate, "lower": one.lower, "upper": one.upper, "holds": one.holds(of.truth)}
        for one in shown
        if one.lower is not None
    ]
    ordered = pl.DataFrame(rows).sort("rate", "lower").with_row_index("place")
    colours = alt.Scale(domain=[True, False], range=[theme.LINE, theme.GROUPS[5]])
    title = ENDPOINTS[of.endpoint]
    x = alt.X("lower:Q", title=title[0].upper() + title[1:], scale=alt.Scale(domain=(0.3, 1)))
    base = alt.Chart(theme.inline(ordered)).encode(
        y=alt.Y("place:Q", axis=None), color=alt.Color("holds:N", scale=colours, legend=None)
    )
    truth = alt.Chart(theme.inline(pl.DataFrame({"truth": [of.truth]})))
    return alt.layer(
        base.mark_rule(strokeWidth=1.2).encode(x=x.axis(format="%", grid=False), x2="upper:Q"),
        base.mark_point(size=7, filled=True, opacity=1).encode(
            x="rate:Q", color=alt.value(theme.INK)
        ),
        truth.mark_rule(color=theme.INK, strokeDash=[4, 3]).encode(x="truth:Q"),
    ).properties(width=330, height=420)


def main(to: Path | None) -> None:
    began = perf_counter()
    trials = spread(report, range(FIRST, FIRST + TRIALS), workers=None)
    told = truth_of(response_truth.FIRST, response_truth.TRIALS)
    same = truth_of(FIRST, TRIALS).select(pl.col("responded", "free").mean())
    found = [coverage(endpoint, trials, told) for endpoint in ENDPOINTS]
    print(f"{len(trials)} trials; the truth is that of {told.height} other subjects")
    print(by_level(told))
    print(f"of the trials' own subjects responded, and were free: {same.row(0)}")
    print("| endpoint | trials | truth | mean | held | below | above | own doses |")
    print("\n".join(row(one) for one in found))
    print(agreement("visits", [pair for one in trials for pair in one.visits]))
    print(agreement("visits, best kept", [pair for one in trials for pair in one.kept]))
    print(agreement("best confirmed", [pair for one in trials for pair in one.best]))
    print(f"{perf_counter() - began:.0f} s")
    if to is not None:
        to.write_text(picture(trials, found), encoding="utf-8")
    missed = [ENDPOINTS[one.endpoint] for one in found if not one.is_kept]
    if missed:
        raise SystemExit(f"intervals: must hold the truth in 95 %, got less of {', '.join(missed)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else None)
