"""The population model of CAR by qPCR, fitted by the fast engine to the samples of the trial.

Reading: the first qPCR analyte, up to a retreatment, at actual times, and of its results those that
`adam.car_samples` takes. What is below quantification or not detected is below its limit. The model
has a lag; no covariate acts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import expm1, floor, log10, sqrt

import numpy as np
import polars as pl

from cartrial.adam.car_samples import taken
from cartrial.adam.kinetics.adpc import NOT_DONE
from cartrial.errors import DataError
from cartrial.kinetics.population.fast import fit_fast
from cartrial.kinetics.population.fit import LEVEL, Estimate, Fit
from cartrial.kinetics.population.fitted.derived import derive
from cartrial.kinetics.population.model.model import Model
from cartrial.kinetics.population.model.samples import Samples, places
from cartrial.results.kinetics.analyte import Analyte
from cartrial.results.kinetics.exposure import Exposure
from cartrial.results.population import Population, Trial
from cartrial.results.result import Group
from cartrial.results.statistic import as_percent
from cartrial.results.table import Filled, Table, counted, nothing

TITLE = "population model"
MODEL = Model(lag=True)
DERIVED = {"cmax": "Cmax", "auc_28": "AUC0-28"}
FIGURES = 3  # significant, of an estimate


@dataclass(frozen=True)
class Fitted:
    """The fit of an analyte; without one, why."""

    analyte: Analyte
    fit: Fit | None
    without_limit: int = 0  # results left out
    why_not: str = ""


def fitted(measured: tuple[Analyte, ...]) -> Fitted | None:
    """The fit of the first qPCR analyte; None where nothing was measured by qPCR."""
    analyte = next((one for one in measured if one.source == "PC"), None)
    if analyte is None:
        return None
    samples, lost = _samples(analyte)
    try:
        fit = fit_fast(MODEL, samples)
    except DataError as error:
        return Fitted(analyte, None, lost, f"Not estimable: {error}")
    if fit.refused is not None:
        return Fitted(analyte, None, lost, f"Not shown: {fit.refused}")
    return Fitted(analyte, fit, lost)


def _samples(analyte: Analyte) -> tuple[Samples, int]:
    """The samples as the engine takes them, and how many are left out."""
    after = analyte.rows.filter(pl.col("status") != NOT_DONE, pl.col("ARELTM") > 0)
    rows = taken(after, "subject")
    subjects = tuple(rows["subject"].unique().sort())
    samples = Samples(
        subjects=subjects,
        assays=(analyte.method,),
        subject=places(rows["subject"], subjects),
        assay=np.zeros(rows.height, dtype=np.int64),
        time=rows["ARELTM"].to_numpy(),
        value=rows["AVAL"].fill_null(np.nan).to_numpy(),
        lloq=rows["ALLOQ"].fill_null(0.0).to_numpy(),
    )
    return samples, after.height - rows.height


# ---------------------------------------------------------------- table
def model_table(trial: Trial, found: Fitted) -> Filled:
    """Typical values, spread between subjects, shrinkage and residual error, beside the priors."""
    analyte = found.analyte
    key, title = f"{analyte.id}_model", f"{analyte.name} by {analyte.method}: {TITLE}"
    if found.fit is None:
        return nothing(key, "car", title, trial.infused.label, found.why_not)
    table = Table(key, Population(trial.infused.label, ()), source="ADPC, fitted")
    for label, name, estimate in _lines(found.fit):
        if name == "heading":
            table.heading(label)
        elif estimate is not None:
            _line(table, label, estimate, analyte.unit)
    lost, of = found.without_limit, found.fit.samples
    return table.fill(
        "car",
        title,
        shown=f"{counted(len(of.subjects), 'subject')}, {counted(of.value.size, 'sample')}, "
        f"{int(of.below.sum())} of them below quantification.",
        method=(
            "Lag, exponential expansion, contraction in two phases (Stein 2019, "
            "doi:10.1002/psp4.12388); parameters log-normal between subjects; error on the log "
            "scale; below quantification censored at its limit (M3), never a number.",
            f"Stochastic approximation (SAEM) with priors; intervals of {as_percent(LEVEL)}.",
        ),
        footnotes=(
            "Between subjects: 100 sqrt(exp(variance) - 1) %. Shrinkage: 0 % where a subject's "
            "samples decide its value, 100 % where they say nothing and the typical value stands.",
            "Prior: what was held before these data, from published models. An estimate that stays "
            "at its prior was not told by the data.",
            f"Without value and limit, or twice at one time: {counted(lost, 'result')}, left out."
            if lost
            else "",
        ),
        groups=[Group("estimate", "Estimate"), Group("prior", "Prior")],
    )


def _lines(fit: Fit) -> Iterator[tuple[str, str, Estimate | None]]:
    """The lines of the table: each parameter with its spread, then the residual error."""
    known = {one.name: one for one in fit.population}
    for name in fit.model.parameters:
        yield known[name].label, "heading", None
        yield "Typical value", name, known[name]
        yield "Between subjects (%)", name, known[f"sd_{name}"]
    for name, one in known.items():
        if name.startswith("residual"):
            yield "Residual error", "heading", None
            yield "Of a sample (%)", name, one


def _line(table: Table, label: str, one: Estimate, unit: str) -> None:
    spread = label.endswith("(%)")
    digits = 0 if spread else max(0, FIGURES - 1 - floor(log10(one.value)))
    shown = {"concentration": unit}.get(one.unit, one.unit)
    words = f"{label} ({shown})" if shown and not spread else label
    number = table.row(words, "value [interval]", indent=1, digits=digits)
    numbers = {
        "estimate": (one.value, one.low, one.high),
        "prior": (one.prior_median, one.prior_low, one.prior_high),
    }
    for group, values in numbers.items():
        for statistic, value in zip(("value", "lower", "upper"), values, strict=True):
            told = _percent(value) if spread else value
            table.put(number, group, statistic, one.label, value=told, unit=shown)
    if one.shrinkage is not None:
        row = table.row("Shrinkage (%)", "value", indent=1, digits=0)
        table.put(row, "estimate", "value", f"{one.label}, shrinkage", value=100 * one.shrinkage)
        table.put(row, "prior", "value", f"{one.label}, shrinkage", why="–")


def _percent(log_sd: float) -> float:
    return 100 * sqrt(expm1(log_sd**2))


# ---------------------------------------------------------------- exposure
def model_exposures(found: Fitted) -> tuple[Exposure, ...]:
    """The peak and the area to day 28 of each subject's fitted curve."""
    if found.fit is None:
        return ()
    told = derive(found.fit)
    units = {"cmax": found.analyte.unit, "auc_28": f"day*{found.analyte.unit}"}
    return tuple(
        Exposure(
            f"{found.analyte.id}_model_{name}",
            f"{label}, model of {found.analyte.method}",
            found.analyte,
            units[name],
            {one.subject: one.value for one in told if one.name == name},
            frozenset(),
            {},
        )
        for name, label in DERIVED.items()
    )
