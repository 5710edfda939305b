"""What `cartrial kinetics fit` prints: for a person in lines, for a program as data."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from cartrial.cli.kinetics.columns import in_columns
from cartrial.cli.kinetics.sheet import in_words
from cartrial.kinetics.population.fit import LEVEL, Fit
from cartrial.kinetics.population.fitted.derived import Derived, derive
from cartrial.kinetics.population.fitted.sensitivity import sensitivity
from cartrial.kinetics.population.fitted.vpc import Band, Bin

ABOUT = {
    "fast": "fast engine: mode of likelihood and prior, by stochastic approximation (SAEM)",
    "bayes": "full Bayes: draws of the posterior, by NUTS",
}
COLUMNS = ("cmax", "tmax", "auc_28", "doubling_time", "half_life", "half_life_persistence")
UNSAID = ("", "concentration")  # a file need not name the unit of its values
HEADS = ("subject", "peak", "its day", "area to day 28", "doubling, d", "half-life, d", "late, d")


def lines_of(fit: Fit, bins: Sequence[Bin]) -> Iterator[str]:
    """The fit for a person; of a refused one, why."""
    samples = fit.samples
    yield (
        f"{len(samples.subjects)} subjects, {samples.time.size} samples of "
        f"{' and '.join(samples.assays)}, {int(samples.below.sum())} below quantification"
    )
    yield ABOUT[fit.engine]
    yield ""
    for check in fit.checks:
        passed = "passed" if check.passed else "FAILED"
        yield f"{check.name:32} {in_words(check.value):>10}  limit {check.limit:g}  {passed}"
    yield ""
    if fit.refused is not None:
        yield f"Not shown: {fit.refused}"
        return
    yield from _population(fit)
    yield ""
    yield from _subjects(derive(fit))
    if bins:
        yield ""
        yield from _bins(bins)


def _population(fit: Fit) -> Iterator[str]:
    interval = f"{100 * LEVEL:.0f} % interval"
    head = ("", "estimate", interval, "prior", interval, "prior left", "shrinkage")
    moved = sensitivity(fit)
    left = {one.name: one.variance_left for one in moved}
    rows = [
        (
            one.label if one.unit in UNSAID else f"{one.label}, {one.unit}",
            in_words(one.value),
            f"{in_words(one.low)} to {in_words(one.high)}",
            in_words(one.prior_median),
            f"{in_words(one.prior_low)} to {in_words(one.prior_high)}",
            f"{100 * left[one.name]:.0f} %",
            "" if one.shrinkage is None else f"{round(100 * one.shrinkage)} %",
        )
        for one in fit.population
    ]
    yield from in_columns(head, rows, right=len(head))
    driven = [one.name for one in moved if one.prior_driven]
    if driven:
        yield f"Driven by the prior, half of its variance is left or more: {', '.join(driven)}"


def _subjects(derived: Sequence[Derived]) -> Iterator[str]:
    """Median and interval of what the model says of each subject."""
    found: dict[str, dict[str, Derived]] = {}
    for one in derived:
        found.setdefault(one.subject, {})[one.name] = one
    rows = [
        (subject, *(_with_interval(of[name]) for name in COLUMNS)) for subject, of in found.items()
    ]
    yield from in_columns(HEADS, rows, right=len(HEADS))


def _with_interval(one: Derived | Band) -> str:
    middle = one.value if isinstance(one, Derived) else one.observed
    shown = "BLQ" if middle is None else in_words(middle)
    if one.low is None:
        return f"{shown} (BLQ)"
    return f"{shown} ({in_words(one.low)} to {in_words(one.high)})"


def _bins(bins: Sequence[Bin]) -> Iterator[str]:
    """The visual predictive check in numbers: observed, and the interval of simulated cohorts."""
    names = [band.name for band in bins[0].bands]
    rows = []
    for one in bins:
        days = f"{in_words(one.start)} to {in_words(one.end)}"
        cells = [_with_interval(band) for band in one.bands]
        rows.append((one.assay, days, str(one.samples), *cells))
    head = ("assay", "days", "samples", *names)
    yield from in_columns(head, rows, right=len(head))


def as_data(fit: Fit, bins: Sequence[Bin]) -> dict[str, Any]:
    """The fit for a program; of a refused one no number but those of its checks."""
    told: dict[str, Any] = {
        "engine": fit.engine,
        "subjects": len(fit.samples.subjects),
        "samples": int(fit.samples.time.size),
        "below_quantification": int(fit.samples.below.sum()),
        "assays": list(fit.samples.assays),
        "model": asdict(fit.model),
        "level": LEVEL,
        "checks": [asdict(one) for one in fit.checks],
        "refused": fit.refused,
    }
    if fit.refused is not None:
        return told
    return told | {
        "population": [asdict(one) for one in fit.population],
        "sensitivity": [asdict(one) for one in sensitivity(fit)],
        "individuals": [asdict(one) for one in derive(fit)],
        "vpc": [asdict(one) for one in bins],
    }
