"""Operating characteristics of the study's design: what it does, on average, if the rates are so.

Where the design decides on counts they are exact: every trial that it can lead to, with the rules
of the study around it, is enumerated, and weighed by its probability under the true DLT rates of a
scenario. Else they are simulated, with their Monte Carlo error. Shown are the scenarios of the
study file; where it has none, the standard ones of `scenarios`.

Reading: all planned subjects are evaluable, and the committee agrees. A simulation has two
candidates a month, and toxicity that comes evenly over the window.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cartrial.dosing.characteristics.curves import CorrectSelection, correct_selection
from cartrial.dosing.characteristics.judge import (
    TRIALS,
    Asked,
    Constraints,
    Judged,
    ends_of,
    evaluated,
    judge,
)
from cartrial.dosing.characteristics.scenarios import STEP, TOO_TOXIC, aim, limit_of, scenarios_of
from cartrial.dosing.designs import DESIGNS
from cartrial.dosing.exact.enumeration import Ends
from cartrial.dosing.simulation.setting import ACCRUAL, setting_of
from cartrial.errors import TrialError
from cartrial.protocol.design import Design
from cartrial.protocol.study import Study
from cartrial.results.figures import CorrectCell, SelectionShare
from cartrial.results.population import Population
from cartrial.results.result import Figure, Group
from cartrial.results.statistic import as_percent, in_decimals
from cartrial.results.table import PERCENT, Drawn, Filled, Part, Table, nothing, tidy

ID, TITLE = "operating_characteristics", "Operating characteristics of the design"
NONE, ALL = "None", "All levels"
NO_NUMBER = "Not computed: the study file plans no number of subjects (`subjects`)."
PLACES, STEEPNESS = 30, 12  # cells of the heat map, across and up
FLATTEST, STEEPEST = 0.3, 1.5  # of the log odds, from one level to the next


@dataclass(frozen=True)
class Judgement:
    """What the design does in each scenario, or why that is not known.

    `ends` is every end of a trial, where trials are enumerated.
    """

    ends: Ends | None = None
    scenarios: tuple[Judged, ...] = ()
    why_not: str = ""

    @property
    def simulated(self) -> bool:
        """Whether there is a Monte Carlo error."""
        return bool(self.scenarios) and self.ends is None


def judgement_of(study: Study, design: Design) -> Judgement:
    """The design of a study under each scenario."""
    if study.subjects is None:
        return Judgement(why_not=NO_NUMBER)
    levels, limit = len(study.doses.levels), limit_of(design)
    named = {one.name: one.rates for one in study.scenarios}
    scenarios = scenarios_of(named, aim(design), levels=levels)
    one = Asked(design, Constraints(study.subjects, limit, setting_of(study.dlt), study.rules))
    try:
        ends = ends_of(one, levels=levels)
        if ends is not None:
            return Judgement(ends, evaluated(ends, scenarios, limit))
        (found,) = judge([one], scenarios, means="simulated")
    except TrialError as fault:
        return Judgement(why_not=f"Not computed: {fault}.")
    return Judgement(scenarios=found)


def operating(study: Study, design: Design, judgement: Judgement) -> tuple[Part, ...]:
    """The table, what is selected in each scenario, and the correct selection over all curves."""
    if judgement.why_not:
        return (nothing(ID, "escalation", TITLE, "", judgement.why_not),)
    judged = judgement.scenarios
    shown = (_table(study, design, judged), _shares(study, judged))
    return shown if judgement.ends is None else (*shown, _map(study, design, judgement.ends))


# ---------------------------------------------------------------- table
def _table(study: Study, design: Design, judged: tuple[Judged, ...]) -> Filled:
    levels = [study.level_label(n) for n in range(1, len(study.doses.levels) + 1)]
    table = Table(ID, Population("", ()))
    over = f"Patients above a rate of {as_percent(limit_of(design))}, %"
    for one in judged:
        table.heading(one.scenario.name)
        found = one.mean
        chosen = dict(zip((NONE, *levels), 100 * found.selection, strict=True))
        rates = dict(zip(levels, 100 * np.array(one.scenario.truth), strict=True))
        _row(table, "True DLT rate, %", rates, unit=PERCENT)
        _row(table, "Selected as MTD, %", chosen, unit=PERCENT)
        _row(table, "Correctly selected, %", {ALL: 100 * one.correct}, unit=PERCENT)
        for label, mean in (("Patients, mean", found.patients), ("DLTs, mean", found.dlts)):
            _row(table, label, dict(zip(levels, mean, strict=True)) | {ALL: mean.sum()})
        _row(table, over, {ALL: 100 * float(found.over_target)}, unit=PERCENT)
        if one.time is not None:
            _row(table, "Duration, mean days", {ALL: one.time.duration_days}, unit="days")
            _row(table, "Suspensions, mean", {ALL: one.time.suspensions}, unit="suspensions")
    return table.fill(
        "escalation",
        TITLE,
        shown=f"{DESIGNS[design.kind].name} with up to {study.subjects} evaluable subjects, under "
        f"{len(judged)} scenarios of true DLT rates.",
        method=(_method(judged),),
        footnotes=_notes(study, design),
        groups=[Group(name, name) for name in (NONE, *levels, ALL)],
    )


def _method(judged: Sequence[Judged]) -> str:
    errors = [one.error.selection.max() for one in judged if one.error is not None]
    if not errors:
        return (
            "Exact: every trial that the design can lead to is enumerated; there is no simulation "
            "error."
        )
    days = max(one.time_error.duration_days for one in judged if one.time_error is not None)
    return (
        f"Simulated: {TRIALS:,} trials for each scenario, with {ACCRUAL:g} candidates a month "
        "and DLTs that come evenly over the window. "
        f"Monte Carlo standard error of a selection at most {as_percent(float(max(errors)))}, of "
        f"the duration at most {in_decimals(float(days), 1)} days."
    )


def _row(table: Table, label: str, values: dict[str, float], *, unit: str = "patients") -> None:
    number = table.row(label, "value", indent=1)
    for group, value in values.items():
        table.put(number, group, "value", label, value=value, unit=unit)


def _notes(study: Study, design: Design) -> tuple[str, ...]:
    source = (
        "Scenarios: those of the study file."
        if study.scenarios
        else "Scenarios: assumed. In each one level has the rate that the design aims at, "
        f"{as_percent(aim(design))}, and the log odds rise by {STEP:g} from level to level."
    )
    return (
        source,
        "Correct: the level whose true rate is nearest to that rate; none where every rate is "
        f"above {as_percent(TOO_TOXIC * aim(design))}.",
        "With the rules of the study around the design, every subject evaluable.",
    )


# ---------------------------------------------------------------- figures
def _shares(study: Study, judged: tuple[Judged, ...]) -> Drawn:
    names = [NONE, *(study.level_label(n) for n in range(1, len(study.doses.levels) + 1))]
    rows: list[dict[str, object]] = [
        {
            "scenario": one.scenario.name,
            "scenario_order": order,
            "level": name,
            "level_order": level,
            "percent": min(100 * float(chance), 100.0),
            "correct": level == one.scenario.correct,
        }
        for order, one in enumerate(judged, start=1)
        for level, (name, chance) in enumerate(zip(names, one.mean.selection, strict=True))
    ]
    figure = Figure(
        "selection",
        "escalation",
        "selection",
        "Which level the design selects",
        "",
        x="Probability of selection, %",
        y="Scenario",
        data=("selection",),
        footnotes=(f"Framed: the correct selection. {_method(judged)}",),
    )
    return Drawn(figure, {"selection": tidy(SelectionShare, rows)})


def _map(study: Study, design: Design, ends: Ends) -> Drawn:
    levels = len(study.doses.levels)
    edges = np.linspace(0.5, levels + 0.5, PLACES + 1)
    slopes = np.linspace(FLATTEST, STEEPEST, STEEPNESS + 1)
    found = correct_selection(
        ends,
        target=aim(design),
        position=(edges[1:] + edges[:-1]) / 2,
        slope=(slopes[1:] + slopes[:-1]) / 2,
        highest=TOO_TOXIC * aim(design),
    )
    figure = Figure(
        "correct_selection",
        "escalation",
        "correct_selection",
        "Probability that the correct level is selected",
        "",
        x="Dose level at which the DLT rate is the target",
        y="Rise of the log odds from level to level",
        data=("correct_selection",),
        footnotes=(
            f"Each cell is a curve of true DLT rates, of {PLACES * STEEPNESS} in all, with its "
            "exact probability. Between two levels it is hard to say which is the nearer one.",
        ),
    )
    rows = _cells(study, found, edges, slopes)
    return Drawn(figure, {"correct_selection": tidy(CorrectCell, rows)})


def _cells(
    study: Study, found: CorrectSelection, edges: np.ndarray, slopes: np.ndarray
) -> list[dict[str, object]]:
    return [
        {
            "left": round(float(edges[i]), 4),
            "right": round(float(edges[i + 1]), 4),
            "bottom": round(float(slopes[j]), 4),
            "top": round(float(slopes[j + 1]), 4),
            "percent": min(100 * float(found.probability[i, j]), 100.0),
            "correct": study.level_label(level) if level else NONE,
            "rates": ", ".join(as_percent(float(rate)) for rate in found.truth[i, j].round(3)),
        }
        for i in range(PLACES)
        for j in range(STEEPNESS)
        for level in (int(found.correct[i, j]),)
    ]
