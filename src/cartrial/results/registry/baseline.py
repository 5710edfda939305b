"""Baseline characteristics: age, sex, region, and what else the study collected.

The numbers are those of the report's table of the infused subjects; the age groups and the
countries, which it does not show, are counted from ADSL.

Source: ClinicalTrials.gov, Results Data Element Definitions: baseline measures.
Reading: a number is given by its median and full range, which says more of a handful of subjects
    than a mean. The registry's age groups are 18 years and under, between, and 65 and over.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import polars as pl

from cartrial.adam.adsl import Adsl
from cartrial.adam.dataset import Adam
from cartrial.protocol.study import Study
from cartrial.results.population import Trial
from cartrial.results.registry import limit
from cartrial.results.registry.group import TOTAL, Arm, arms, denominators
from cartrial.results.registry.number import Numbers, reason, value, written
from cartrial.results.result import Row

BASELINE = "baseline"
AGES = ("<=18 years", "Between 18 and 65 years", ">=65 years")
TITLES = {"Age": "Age, Continuous", "Sex": "Sex: Female, Male", "Race": "Race, Customized"}
SEXES = ("Female", "Male")
PEOPLE = {"paramType": "COUNT_OF_PARTICIPANTS", "unitOfMeasure": "Participants"}
UNKNOWN = "Unknown"
MEDIAN = "Median (min, max)"


def baseline_characteristics(study: Study, adam: Adam, numbers: Numbers) -> dict[str, Any]:
    """The module `baselineCharacteristicsModule`; without groups where nothing was collected."""
    output = numbers.outputs[BASELINE]
    if not output.groups:
        return {"populationDescription": output.empty}
    groups = arms(study, numbers, BASELINE, "BG", total=True)
    trial = Trial(study, adam)
    counts = [(group.id, group.of or 0) for group in groups]
    return {
        "populationDescription": f"{output.population}.",
        "groups": [group.data() | _total(group) for group in groups],
        "denoms": denominators(counts),
        "measures": [*_ages(trial, groups), *_shown(numbers, groups), *_countries(trial, groups)],
    }


def _total(group: Arm) -> dict[str, str]:
    whole = {"title": "Total", "description": "Total of all reporting groups"}
    return whole if group.title == TOTAL else {}


def _shown(numbers: Numbers, groups: Sequence[Arm]) -> Iterator[dict[str, Any]]:
    """A measure for each characteristic of the report's table."""
    for heading in numbers.outputs[BASELINE].rows:
        if heading.cell is not None:
            continue
        rows = numbers.below(BASELINE, heading.label)
        median = next((row for row in rows if row.label == MEDIAN), None)
        name, _, unit = heading.label.rstrip(")").partition(" (")
        if median is None:
            yield _categories(numbers, groups, heading.label, rows)
        else:
            yield _median(numbers, groups, name, unit, median)


def _median(
    numbers: Numbers, groups: Sequence[Arm], name: str, unit: str, row: Row
) -> dict[str, Any]:
    measured = []
    for group in groups:
        cell = numbers.cell(BASELINE, row, group.name)
        ends = {"lowerLimit": value(cell, "min"), "upperLimit": value(cell, "max")}
        middle = value(cell, "median")
        one = {"groupId": group.id, "value": written(middle, row.digits)}
        one |= {end: written(number, row.digits) for end, number in ends.items()}
        measured.append(one | ({"comment": reason(cell, "median")} if middle is None else {}))
    return {
        "title": TITLES.get(name, name),
        "paramType": "MEDIAN",
        "dispersionType": "FULL_RANGE",
        "unitOfMeasure": limit.fitting(unit, limit.UNIT, f"{BASELINE}: {name}"),
        "classes": [
            {
                "denoms": denominators(
                    [(g.id, round(numbers.value(BASELINE, row, g.name, "n") or 0)) for g in groups]
                ),
                "categories": [{"measurements": measured}],
            }
        ],
    }


def _categories(
    numbers: Numbers, groups: Sequence[Arm], name: str, rows: Sequence[Row]
) -> dict[str, Any]:
    """A count for each category; of the sexes both, so that nobody of one is said."""
    shown = {row.label: row for row in rows}
    missing = [sex for sex in SEXES if sex not in shown] if name == "Sex" else []

    def counted(label: str) -> Callable[[Arm], int]:
        row = shown.get(label)
        return lambda g: round(numbers.value(BASELINE, row, g.name, "n") or 0) if row else 0

    return _counted(TITLES.get(name, name), groups, {x: counted(x) for x in (*shown, *missing)})


def _counted(
    title: str, groups: Sequence[Arm], categories: dict[str, Callable[[Arm], int]]
) -> dict[str, Any]:
    listed = [
        {
            "title": limit.fitting(label, limit.CLASS_TITLE, f"{BASELINE}: {title}"),
            "measurements": [
                {"groupId": group.id, "value": str(counted(group))} for group in groups
            ],
        }
        for label, counted in categories.items()
    ]
    return {
        "title": limit.fitting(title, limit.BASELINE_TITLE, BASELINE),
        **PEOPLE,
        "classes": [{"categories": listed}],
    }


def _ages(trial: Trial, groups: Sequence[Arm]) -> Iterator[dict[str, Any]]:
    age = pl.col("AGE")
    label = (
        pl.when(age <= 18)
        .then(pl.lit(AGES[0]))
        .when(age < 65)
        .then(pl.lit(AGES[1]))
        .when(age.is_not_null())
        .then(pl.lit(AGES[2]))
    )
    yield from _of_adsl(trial, groups, "Age, Categorical", label, AGES)


def _countries(trial: Trial, groups: Sequence[Arm]) -> Iterator[dict[str, Any]]:
    found = trial.adsl.filter(pl.col("SAFFL") == "Y")["COUNTRY"].drop_nulls().unique().sort()
    yield from _of_adsl(trial, groups, "Region of Enrollment", pl.col("COUNTRY"), found.to_list())


def _of_adsl(
    trial: Trial, groups: Sequence[Arm], title: str, label: pl.Expr, labels: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """The infused subjects by a label made from ADSL; nothing where nobody has one."""
    infused = trial.frame(Adsl).filter(pl.col("SAFFL") == "Y").select("subject", label=label)
    if not infused["label"].count():
        return
    who = {group.name: trial.infused.column(group.name).subjects for group in groups}
    if infused["label"].null_count():
        infused = infused.with_columns(pl.col("label").fill_null(UNKNOWN))
        labels = [*labels, UNKNOWN]
    labelled = dict(infused.iter_rows())

    def counted(wanted: str) -> Callable[[Arm], int]:
        return lambda group: sum(labelled[one] == wanted for one in who[group.name])

    yield _counted(title, groups, {one: counted(one) for one in labels})
