"""Baseline characteristics: age, sex, race, region, and what else the study collected.

The numbers are those of the report's table of the infused subjects; the age groups, the races and
the countries, of which it does not show all, are counted from ADSL.

Source: ClinicalTrials.gov, Results Data Element Definitions: baseline measures.
Reading: a number is given by its median and full range, which says more of a handful of subjects
    than a mean. The registry's age groups are 18 years and under, between, and 65 and over. Races
    are told in its categories (NIH/OMB), customized where the data have another. A country stands
    by its ISO 3166 code.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from cartrial.adam.dataset import Adam
from cartrial.adam.subject.adsl import Adsl
from cartrial.protocol.study import Study
from cartrial.results.population import Trial
from cartrial.results.registry import limit
from cartrial.results.registry.group import TOTAL, Arm, arms, denominators
from cartrial.results.registry.number import Numbers, reason, value, written
from cartrial.results.result import Row

BASELINE = "baseline"
AGES = ("<=18 years", "Between 18 and 65 years", ">=65 years")
TITLES = {"Age": "Age, Continuous", "Sex": "Sex: Female, Male"}
SEXES = ("Female", "Male")
RACES = {  # the terms of SDTM to the registry's categories, in its order
    "AMERICAN INDIAN OR ALASKA NATIVE": "American Indian or Alaska Native",
    "ASIAN": "Asian",
    "NATIVE HAWAIIAN OR OTHER PACIFIC ISLANDER": "Native Hawaiian or Other Pacific Islander",
    "BLACK OR AFRICAN AMERICAN": "Black or African American",
    "WHITE": "White",
    "MULTIPLE": "More than one race",
    "UNKNOWN": "Unknown or Not Reported",
    "NOT REPORTED": "Unknown or Not Reported",
}
FIRST = (  # of the registry's form, before what a study adds
    "Age, Categorical",
    "Age, Continuous",
    "Sex: Female, Male",
    "Race (NIH/OMB)",
    "Race, Customized",
    "Region of Enrollment",
)
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
        "measures": sorted(_measures(trial, numbers, groups), key=_place),
    }


def _measures(trial: Trial, numbers: Numbers, groups: Sequence[Arm]) -> Iterator[dict[str, Any]]:
    yield from _ages(trial, groups)
    yield from _races(trial, groups)
    yield from _countries(trial, groups)
    yield from _shown(numbers, groups)


def _place(measure: Mapping[str, Any]) -> int:
    """Where a measure stands in the form."""
    title = measure["title"]
    return FIRST.index(title) if title in FIRST else len(FIRST)


def _total(group: Arm) -> dict[str, str]:
    whole = {"title": "Total", "description": "Total of all reporting groups"}
    return whole if group.title == TOTAL else {}


def _shown(numbers: Numbers, groups: Sequence[Arm]) -> Iterator[dict[str, Any]]:
    """A measure for each characteristic of the report's table; race is counted from ADSL."""
    for heading in numbers.outputs[BASELINE].rows:
        if heading.cell is not None or heading.label == "Race":
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
    return _people(title, [{"categories": listed}])


def _people(title: str, classes: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {
        "title": limit.fitting(title, limit.BASELINE_TITLE, BASELINE),
        **PEOPLE,
        "classes": list(classes),
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


def _races(trial: Trial, groups: Sequence[Arm]) -> Iterator[dict[str, Any]]:
    """By all categories of the registry; where the data have another race, by theirs."""
    found = _found(trial, "RACE")
    race = pl.col("RACE")
    if found and set(found) <= set(RACES):
        labels = list(dict.fromkeys(RACES.values()))
        label = race.replace_strict(RACES, default=labels[-1])
        yield from _of_adsl(trial, groups, "Race (NIH/OMB)", label, labels)
    else:
        words = {one: RACES.get(one, one.capitalize()) for one in found}
        label = race.replace(words)
        yield from _of_adsl(trial, groups, "Race, Customized", label, list(words.values()))


def _countries(trial: Trial, groups: Sequence[Arm]) -> Iterator[dict[str, Any]]:
    """A class of its own for each country."""
    found, title = _found(trial, "COUNTRY"), "Region of Enrollment"
    for counted in _of_adsl(trial, groups, title, pl.col("COUNTRY"), found):
        [one] = counted["classes"]
        yield _people(title, [_as_class(category) for category in one["categories"]])


def _as_class(category: Mapping[str, Any]) -> dict[str, Any]:
    measurements = {"measurements": category["measurements"]}
    return {"title": category["title"], "categories": [measurements]}


def _found(trial: Trial, column: str) -> list[str]:
    """The values that a variable of ADSL has among the infused."""
    infused = trial.adsl.filter(pl.col("SAFFL") == "Y")
    return infused[column].drop_nulls().unique().sort().to_list()


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
