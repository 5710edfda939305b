"""Figures of the population model: each subject's fit, and the visual predictive check."""

from collections.abc import Iterator

import numpy as np

from cartrial.kinetics.population.fit import LEVEL, Fit
from cartrial.kinetics.population.fitted.predict import predict
from cartrial.kinetics.population.fitted.vpc import COHORTS, Bin, check_visually
from cartrial.results.kinetics.figures import FitCurve, FitPoint, VpcBand
from cartrial.results.kinetics.model import Fitted
from cartrial.results.population import Trial
from cartrial.results.result import Figure
from cartrial.results.statistic import as_percent
from cartrial.results.table import Drawn, tidy

MOST = 18  # subjects in a figure
EARLY, LATER = 29, 12  # points of a curve up to day 28, and after it
Row = dict[str, object]


def model_figures(trial: Trial, found: Fitted) -> Iterator[Drawn]:
    """The fits of the subjects, eighteen to a figure, then the predictive check."""
    if found.fit is None:
        return
    subjects = found.fit.samples.subjects
    curves = _curves(found.fit)
    for start in range(0, len(subjects), MOST):
        part = subjects[start : start + MOST]
        name = f"{found.analyte.id}_fits" + (f"_{start // MOST + 1}" if start else "")
        yield _fits(trial, found, found.fit, name, part, curves)
    yield _check(trial, found, found.fit)


# ---------------------------------------------------------------- individual fits
def _curves(fit: Fit) -> list[Row]:
    last = max(float(fit.samples.time.max()), 29.0)
    times = np.unique(np.append(np.linspace(0, 28, EARLY), np.geomspace(29, last, LATER)))
    drawn = predict(fit, times)
    return [
        {
            "subject": subject,
            "day": float(day),
            "median": float(drawn.median[place, at]),
            "low": float(drawn.low[place, at]),
            "high": float(drawn.high[place, at]),
        }
        for place, subject in enumerate(fit.samples.subjects)
        for at, day in enumerate(times)
    ]


def _fits(
    trial: Trial, found: Fitted, fit: Fit, name: str, subjects: tuple[str, ...], curves: list[Row]
) -> Drawn:
    unit = found.analyte.unit
    points = _points(trial, fit, unit, subjects)
    data = (f"{name}_points", f"{name}_curves")
    figure = Figure(
        name,
        "car",
        "individual_fits",
        f"{found.analyte.name} by {found.analyte.method}: fit of each subject",
        trial.infused.label,
        x="Days since the infusion",
        y=unit,
        data=data,
        footnotes=(
            f"Line and band: the subject's curve in the population model with its "
            f"{as_percent(LEVEL)} interval, without the error of a sample. Open triangles: below "
            "quantification or not detected, drawn at the limit. Colour: dose level.",
            "The axis is stretched up to day 28.",
        ),
    )
    mine = [row for row in curves if row["subject"] in subjects]
    return Drawn(figure, {data[0]: tidy(FitPoint, points), data[1]: tidy(FitCurve, mine)})


def _points(trial: Trial, fit: Fit, unit: str, subjects: tuple[str, ...]) -> list[Row]:
    """The samples of some subjects; one below quantification stands at its limit."""
    of = fit.samples
    return [
        {
            "subject": of.subjects[subject],
            "group": trial.group_of(of.subjects[subject]),
            "group_order": trial.group_order(of.subjects[subject]),
            "day": time,
            "shown": lloq if np.isnan(value) else value,
            "below": bool(np.isnan(value)),
            "unit": unit,
        }
        for subject, time, value, lloq in zip(
            of.subject.tolist(), of.time.tolist(), of.value.tolist(), of.lloq.tolist(), strict=True
        )
        if of.subjects[subject] in subjects
    ]


# ---------------------------------------------------------------- predictive check
def _check(trial: Trial, found: Fitted, fit: Fit) -> Drawn:
    bins = check_visually(fit)
    name = f"{found.analyte.id}_vpc"
    rows = [row for one in bins for row in _bands(one)]
    figure = Figure(
        name,
        "car",
        "vpc",
        f"{found.analyte.name} by {found.analyte.method}: visual predictive check",
        trial.infused.label,
        x="Days since the infusion",
        y=found.analyte.unit,
        data=(name,) if rows else (),
        footnotes=(
            f"Bands: {as_percent(LEVEL)} of {COHORTS} simulated trials with these subjects, times "
            "and limits; lines: the samples. Above: the 10th, 50th and 90th percentile; below: the "
            "share below quantification.",
            "A percentile that falls among the results below quantification is not drawn. The axis "
            "is stretched up to day 28.",
        ),
        empty="" if rows else "No sample to check.",
    )
    return Drawn(figure, {name: tidy(VpcBand, rows)} if rows else {})


def _bands(one: Bin) -> Iterator[Row]:
    for band in one.bands:
        share = band.name == "below quantification"
        times = 100 if share else 1
        numbers = {
            name: None if value is None else times * value
            for name, value in (
                ("observed", band.observed),
                ("median", band.median),
                ("low", band.low),
                ("high", band.high),
            )
        }
        yield {
            "band": band.name,
            "share": share,
            "day": one.middle,
            "start": one.start,
            "end": one.end,
            "samples": one.samples,
            **numbers,
        }
