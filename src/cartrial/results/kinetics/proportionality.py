"""Dose proportionality: how the peak and the area to day 28 rise with the dose.

Reading: the dose is the one given at the first infusion, else the one planned.
"""

from collections.abc import Iterator, Mapping, Sequence
from math import exp, log

import polars as pl

from cartrial.kinetics.proportionality import FACTOR, LEVEL, PowerModel, fit_power_model
from cartrial.results.kinetics.exposure import Exposure, exposures
from cartrial.results.kinetics.figures import PowerLine, PowerPoint
from cartrial.results.population import Population, Trial
from cartrial.results.result import Figure, Group
from cartrial.results.statistic import as_percent, in_decimals
from cartrial.results.table import Drawn, Filled, Part, Table, tidy

ID, TITLE = "car_dose", "CAR exposure and dose: power model"
WORDS = {
    "within": "proportional to dose",
    "outside": "not proportional to dose",
    "not told": "cannot be told",
}


def proportionality(trial: Trial) -> Iterator[Part]:
    """The slope of each exposure over the dose; pictures of the first analyte."""
    measured = tuple(exposures(trial))
    if not measured:
        return
    doses = _doses(trial)
    who = {one.id: sorted(set(one.values) & set(doses)) for one in measured}
    models = {
        one.id: fit_power_model(
            [doses[subject] for subject in who[one.id]],
            [one.values[subject] for subject in who[one.id]],
        )
        for one in measured
    }
    yield _table(trial, measured, models, who)
    for one in measured:
        if models[one.id].slope is not None and one.analyte.id == measured[0].analyte.id:
            yield _figure(trial, one, models[one.id], doses)


def _doses(trial: Trial) -> Mapping[str, float]:
    given = trial.adsl.select("subject", dose=pl.coalesce("CARDOSA", "CARDOSP"))
    return dict(given.filter(pl.col("dose") > 0).iter_rows())


# ---------------------------------------------------------------- table
def _table(
    trial: Trial,
    measured: Sequence[Exposure],
    models: Mapping[str, PowerModel],
    who: Mapping[str, Sequence[str]],
) -> Filled:
    table = Table(ID, Population(trial.infused.label, ()), source="ADPP, ADSL")
    rows = {
        "n": table.row("Subjects", "n"),
        "slope": table.row("Slope", "value [interval]", digits=2),
        "ratio": table.row("Highest dose, times the lowest", "value", digits=1),
        "region": table.row("Slope if proportional", "text"),
        "said": table.row("Conclusion", "text"),
    }
    for one in measured:
        found, subjects = models[one.id], who[one.id]
        put = (one.id, one.label, subjects)
        _cells(table, rows, found, *put)
    return table.fill(
        "car",
        TITLE,
        shown="How often the exposure doubles when the dose doubles: 1 is proportional, 0 is no "
        "dependence on dose.",
        method=(
            f"Power model, least squares on the logarithms; interval of {as_percent(LEVEL)}. "
            f"Proportional: the interval lies where the highest dose keeps within 1/{FACTOR:g} to "
            f"{FACTOR:g} of what the lowest would give (Smith 2000, doi:10.1023/A:1026451721686).",
        ),
        footnotes=(
            "The dose is the one given, else the one planned. Doses close together leave room for "
            "any slope.",
            "Cells divide after the infusion: an exposure that does not follow the dose is no "
            "fault of the product.",
        ),
        groups=[Group(one.id, one.label) for one in measured],
    )


def _cells(
    table: Table,
    rows: Mapping[str, int],
    found: PowerModel,
    group: str,
    label: str,
    subjects: Sequence[str],
) -> None:
    why = found.why_missing or ""
    table.put(rows["n"], group, "n", label, value=found.n, unit="subjects", subjects=subjects)
    for name, value in (("value", found.slope), ("lower", found.lower), ("upper", found.upper)):
        table.put(rows["slope"], group, name, label, value=value, subjects=subjects, why=why)
    table.put(rows["ratio"], group, "value", f"{label}, doses", value=found.ratio, why=why)
    region = None
    if found.region is not None:
        low, high = (in_decimals(end, 2) for end in found.region)
        region = f"{low} to {high}"
    said = None if found.slope is None else WORDS[found.verdict]
    for key, text in (("region", region), ("said", said)):
        table.put(rows[key], group, "text", f"{label}, {key}", text=text, why=why)


# ---------------------------------------------------------------- figure
def _figure(
    trial: Trial, exposure: Exposure, found: PowerModel, doses: Mapping[str, float]
) -> Drawn:
    points = [
        {
            "subject": subject,
            "group": trial.group_of(subject),
            "group_order": trial.group_order(subject),
            "dose": doses[subject],
            "value": value,
            "unit": exposure.unit,
        }
        for subject, value in sorted(exposure.values.items())
        if subject in doses
    ]
    ends = [float(point["dose"]) for point in points if isinstance(point["dose"], float)]
    line = _line(found, min(ends), max(ends))
    names = (f"{exposure.id}_dose_points", f"{exposure.id}_dose_lines")
    unit = f" ({exposure.unit})" if exposure.unit else ""
    figure = Figure(
        f"{exposure.id}_dose",
        "car",
        "power_model",
        f"{exposure.label} by dose",
        trial.infused.label,
        x=f"Dose given ({trial.study.doses.unit})",
        y=f"{exposure.label}{unit}",
        data=names,
        footnotes=(
            "Both axes logarithmic. Full line: power model; dashed: proportional to dose, through "
            "the middle of it.",
        ),
    )
    data = {names[0]: tidy(PowerPoint, points), names[1]: tidy(PowerLine, line)}
    return Drawn(figure, data)


def _line(found: PowerModel, low: float, high: float) -> list[dict[str, object]]:
    """The fitted line, and the proportional one through the middle of the doses."""
    if found.slope is None or found.intercept is None:
        return []
    middle = (log(low) + log(high)) / 2
    level = found.intercept + found.slope * middle
    lines = {"Power model": found.slope, "Proportional": 1.0}
    return [
        {"line": name, "dose": dose, "value": exp(level + slope * (log(dose) - middle))}
        for name, slope in lines.items()
        for dose in (low, high)
    ]
