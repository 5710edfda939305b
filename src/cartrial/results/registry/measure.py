"""Which rows of the report answer a registered outcome: the outcome itself, and its components.

The first measure of an outcome is the registered one, in its registered words and at the
registered population; each component has a title of its own behind them.

Reading: the events of a registered rate are counted as registered (a rate of events, lower is
    better); its Kaplan-Meier estimate is a component.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from cartrial.protocol.study import OutcomeId
from cartrial.results.registry.number import Numbers
from cartrial.results.registry.shape import COUNT, MEDIAN, Shape, median_time, rate
from cartrial.results.result import Row

PARTICIPANTS = "Participants"
ASSAYS = ("qpcr", "flow")
PARAMETERS = ("(Cmax)", "(Tmax)", "(AUC0-28)")  # of the kinetics, that are reported
MEDIAN_CELL, LANDMARK_CELL = "median (min, max)", "percent [interval]"
QUANTIFIED = "Median of the quantified results; what is below quantification is not in it."
ESTIMATE, MIDDLE = "Kaplan-Meier estimate", "Kaplan-Meier median"
LOG_LOG = "log-log interval (Kaplan & Meier 1958, Brookmeyer & Crowley 1982)."
EVALUABLE = "DLT-evaluable: infused, with a DLT or documented to the end of the DLT window."


@dataclass(frozen=True)
class Line:
    """A row of an output, and what it is called in the record."""

    title: str
    output: str
    row: Row


@dataclass(frozen=True)
class Measure:
    """One measure: its component, its rows, and how they are written; groups are of `output`."""

    part: str
    output: str
    lines: tuple[Line, ...]
    shape: Shape
    unit: str
    said: tuple[str, ...] = ()
    population: str = ""  # where it is not the one of the output


Measures = Iterator[Measure]


def measures(analysis: OutcomeId, numbers: Numbers) -> tuple[Measure, ...]:
    """The measures of an outcome; none where nothing was collected for it."""
    return tuple(one for one in ANSWERS[analysis](numbers) if one.lines)


def _adverse(numbers: Numbers) -> Measures:
    heading = "Of these, related to"
    related = tuple(
        Line(row.label, "ae_overview", row)
        for row in numbers.below("ae_overview", heading)
        if row.cell == "n/N (%)"
    )
    said = ("Related events that began or worsened after the infusion, of any kind.",)
    yield Measure("", "ae_overview", related, COUNT, PARTICIPANTS, said)
    for output, name in (("crs", "CRS"), ("icans", "ICANS")):
        first = _labelled(numbers, output, f"Any {name}")
        grades = tuple(Line(r.label, output, r) for r in numbers.below(output, f"Any {name}"))
        lines = (*first, *grades, *_labelled(numbers, output, f"{name} of grade 3 or higher"))
        said = (f"Each infused subject once, at the worst grade of {name}.",)
        yield Measure(f"worst grade of {name}", output, lines, COUNT, PARTICIPANTS, said)


def _dlt(numbers: Numbers) -> Measures:
    rate_row = _labelled(numbers, "dlt", "DLT rate")
    yield Measure("", "dlt", rate_row, COUNT, PARTICIPANTS, population=EVALUABLE)


def _car(numbers: Numbers) -> Measures:
    """By visit, the first assay as the outcome itself; then parameters and persistence."""
    known = [assay for assay in ASSAYS if f"car_{assay}_visits" in numbers.outputs]
    for assay in known:
        output = f"car_{assay}_visits"
        lines = tuple(_medians(numbers, output))
        part = "" if assay == known[0] else f"by visit, {_assay(numbers, output)}"
        said = (f"{_assay(numbers, output)}.", QUANTIFIED)
        yield Measure(part, output, lines, MEDIAN, _unit(numbers, lines), said)
    for assay in known:
        output = f"car_{assay}_parameters"
        for line in _medians(numbers, output):
            if not any(name in line.title for name in PARAMETERS):
                continue
            name = f"{line.title.partition(' (')[0]}, {_assay(numbers, output)}"
            how = numbers.outputs[output].method[:1]
            yield Measure(name, output, (line,), MEDIAN, _unit(numbers, (line,)), how)
    for assay in known:
        output = f"car_{assay}_persistence"
        if output in numbers.outputs:
            lines = tuple(Line(r.label, output, r) for r in numbers.outputs[output].rows if r.cell)
            part = f"persistence, {_assay(numbers, output)}"
            yield Measure(part, output, lines, COUNT, PARTICIPANTS)


def _medians(numbers: Numbers, output: str) -> Iterator[Line]:
    """The median below each heading of an output that has one."""
    rows = numbers.outputs[output].rows if output in numbers.outputs else ()
    for heading in rows:
        if heading.cell is None:
            below = numbers.below(output, heading.label)
            yield from (Line(heading.label, output, r) for r in below if r.cell == MEDIAN_CELL)


def _assay(numbers: Numbers, output: str) -> str:
    return numbers.outputs[output].title.rpartition(":")[0]


def _unit(numbers: Numbers, lines: tuple[Line, ...]) -> str:
    """The unit in which the numbers of some lines are kept."""
    for line in lines:
        for group in numbers.outputs[line.output].groups:
            found = numbers.cell(line.output, line.row, group.name).get(MEDIAN.value)
            if found and found["unit"]:
                return str(found["unit"])
    return ""


def _response(numbers: Numbers) -> Measures:
    rows = numbers.outputs["orr"].rows[:1] if "orr" in numbers.outputs else ()
    registered = tuple(Line(row.label, "orr", row) for row in rows)
    yield Measure("", "orr", registered, COUNT, PARTICIPANTS)
    best = tuple(
        Line(row.label, "best_response", row)
        for row in numbers.below("best_response", "Best response")
    )
    yield Measure("best overall response", "best_response", best, COUNT, PARTICIPANTS)


def _event(name: str) -> Callable[[Numbers], Measures]:
    """The registered rate of events, then the Kaplan-Meier estimate of the time to one."""

    def found(numbers: Numbers) -> Measures:
        level = numbers.results.study.endpoints.level
        rows = numbers.outputs[name].rows if name in numbers.outputs else ()
        heading = next((row.label for row in rows if row.cell is None), "")
        events = _labelled(numbers, name, "Subjects with the event")
        yield Measure("", name, events, COUNT, PARTICIPANTS, (f"{heading}.",) if heading else ())
        shown = numbers.outputs[name].shown if name in numbers.outputs else ""
        curve = tuple(Line(row.label, name, row) for row in rows if row.cell == LANDMARK_CELL)
        share = "percentage of participants"
        yield Measure(ESTIMATE, name, curve, rate(level), share, (shown, f"{ESTIMATE}, {LOG_LOG}"))
        line = _labelled(numbers, name, "Median (months)")
        said = (shown, f"{MIDDLE}, {LOG_LOG}")
        yield Measure(MIDDLE, name, line, median_time(level), "months", said)

    return found


def _labelled(numbers: Numbers, output: str, label: str) -> tuple[Line, ...]:
    row = numbers.row(output, label)
    return (Line(label, output, row),) if row else ()


ANSWERS: Mapping[OutcomeId, Callable[[Numbers], Measures]] = {
    "ae": _adverse,
    "dlt": _dlt,
    "car": _car,
    "orr": _response,
    "dor": _event("dor"),
    "pfs": _event("pfs"),
    "os": _event("os"),
}
