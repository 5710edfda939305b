"""Outcome measures: one for each registered outcome, in its words, and one for each component.

Reading: an outcome that no data answer is in the record without results. A group in which nobody
    was analysed has no number; the population's description names it.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from cartrial.protocol.study import Outcome, Study
from cartrial.results.registry import limit
from cartrial.results.registry.group import Arm, arms, denominators
from cartrial.results.registry.measure import Line, Measure, measures
from cartrial.results.registry.number import Numbers
from cartrial.results.registry.shape import COUNT, analysed, analysis, measurement
from cartrial.results.result import Output

TYPES = {"primary": "PRIMARY", "secondary": "SECONDARY", "other": "OTHER_PRE_SPECIFIED"}


def outcome_measures(study: Study, numbers: Numbers) -> dict[str, Any]:
    """The module `outcomeMeasuresModule`."""
    return {"outcomeMeasures": list(_all(study, numbers))}


def _all(study: Study, numbers: Numbers) -> Iterator[dict[str, Any]]:
    answered: set[str] = set()
    for number, outcome in enumerate(study.outcomes):
        first = outcome.analysis is not None and outcome.analysis not in answered
        found = measures(outcome.analysis, numbers) if outcome.analysis and first else ()
        answered.add(outcome.analysis or "")
        place = f"study.yaml: outcomes.{number}"
        if not found or found[0].part:
            yield _registered(outcome, place) | {"reportingStatus": "NOT_POSTED"}
        for measure in found:
            yield _measure(study, numbers, outcome, measure, place)


def _registered(outcome: Outcome, place: str, part: str = "") -> dict[str, Any]:
    """The outcome in its registered words; a component is named behind the measure."""
    title = f"{outcome.measure}: {part}" if part else outcome.measure
    words = {
        "description": limit.fitting(outcome.description, limit.OUTCOME_DESCRIPTION, place),
        "timeFrame": limit.fitting(outcome.time_frame, limit.TIME_FRAME, place),
    }
    return {
        "type": TYPES[outcome.role],
        "title": limit.fitting(title, limit.OUTCOME_TITLE, place),
        **{name: text for name, text in words.items() if text},
    }


def _measure(
    study: Study, numbers: Numbers, outcome: Outcome, measure: Measure, place: str
) -> dict[str, Any]:
    output = numbers.outputs[measure.output]
    groups = arms(study, numbers, measure.output, "OG", total=True)
    counts = [(group, group.of or 0) for group in groups]
    if len(measure.lines) == 1:
        counts = [(group, _number(numbers, measure.lines[0], group, measure)) for group in groups]
    statistical = list(_analyses(numbers, measure, groups, study.endpoints.level))
    return {
        **_registered(outcome, place, measure.part),
        "description": _described(outcome, output, measure),
        "populationDescription": _population(measure.population or f"{output.population}.", counts),
        "reportingStatus": "POSTED",
        "paramType": measure.shape.param,
        **({"dispersionType": measure.shape.dispersion} if measure.shape.dispersion else {}),
        "unitOfMeasure": limit.fitting(measure.unit, limit.UNIT, f"{place}: the unit"),
        "groups": [group.data() for group in groups],
        "denoms": denominators([(group.id, n) for group, n in counts]),
        "classes": [_class(numbers, line, groups, measure) for line in measure.lines],
        **({"analyses": statistical} if statistical else {}),
    }


def _analyses(
    numbers: Numbers, measure: Measure, groups: Sequence[Arm], level: float
) -> Iterator[dict[str, Any]]:
    """The exact interval of each share that has one."""
    if measure.shape is not COUNT:
        return
    for line in measure.lines:
        for group in groups:
            cell = numbers.cell(line.output, line.row, group.name)
            if found := analysis(group.id, line.row, cell, level):
                yield found


def _described(outcome: Outcome, output: Output, measure: Measure) -> str:
    """The registered description where it is the outcome itself, and how the number was made."""
    if measure.part:
        said = measure.said or (output.shown, *output.method)
    else:
        row = f"{measure.lines[0].title}." if len(measure.lines) == 1 else ""
        said = (outcome.description, *(measure.said or (row,)))
    return limit.sentences(said, limit.OUTCOME_DESCRIPTION)


def _population(population: str, counts: Sequence[tuple[Arm, int]]) -> str:
    empty = [group.title for group, n in counts if n == 0]
    nobody = f"Nobody to analyse: {', '.join(empty)}." if empty else ""
    return limit.sentences((population, nobody), limit.OUTCOME_POPULATION)


def _class(numbers: Numbers, line: Line, groups: Sequence[Arm], measure: Measure) -> dict[str, Any]:
    """One row: its title where there are several, how many were analysed, and a number each."""
    counts = [(group, _number(numbers, line, group, measure)) for group in groups]
    measured = [
        measurement(
            group.id, line.row, numbers.cell(line.output, line.row, group.name), measure.shape
        )
        for group, n in counts
        if n
    ]
    title = {"title": line.title} if len(measure.lines) > 1 else {}
    return {
        **title,
        "denoms": denominators([(group.id, n) for group, n in counts]),
        "categories": [{"measurements": measured}] if measured else [],
    }


def _number(numbers: Numbers, line: Line, group: Arm, measure: Measure) -> int:
    """How many of a group were analysed: as the cell says, else the whole group."""
    found = analysed(numbers.cell(line.output, line.row, group.name), measure.shape)
    return (group.of or 0) if found is None else found
