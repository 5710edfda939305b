"""`cartrial dose oc`: how a design does on average, exactly or by simulation."""

import json
from collections.abc import Iterator, Sequence
from typing import Annotated, Any

import typer

from cartrial.cli.dose.asked import (
    Cohort,
    DesignKind,
    MaxSubjects,
    Skeleton,
    StudyFile,
    Target,
    Truth,
    Window,
    design_of,
    name_of,
    overrides,
    subjects_of,
    target_of,
)
from cartrial.cli.dose.judged import as_data
from cartrial.cli.dose.setting import (
    AS_GIVEN,
    Accrual,
    Assume,
    Cluster,
    Keep,
    ScenarioFile,
    Seed,
    Sentinel,
    Workers,
    constraints_of,
    rates_of,
    scenarios_in,
    study_in,
)
from cartrial.cli.progress import counting
from cartrial.cli.trial import AsJson
from cartrial.dosing.characteristics.judge import TRIALS, Asked, Judged, Runs, judge
from cartrial.dosing.exact.enumeration import MOST_STATES
from cartrial.dosing.simulation.setting import ACCRUAL
from cartrial.protocol.study import Study


def oc(
    study: StudyFile = None,
    truth: Truth = None,
    scenarios: ScenarioFile = None,
    design: DesignKind = None,
    target: Target = None,
    cohort: Cohort = None,
    skeleton: Skeleton = None,
    max_subjects: MaxSubjects = None,
    window: Window = None,
    accrual: Accrual = ACCRUAL,
    assume: Assume = None,
    sentinel: Sentinel = None,
    trials: Annotated[
        int | None,
        typer.Option(
            min=2,
            metavar="N",
            help="Simulate so many trials. Without it, exact where the design allows it, "
            f"else {TRIALS:,}.",
            show_default=False,
        ),
    ] = None,
    seed: Seed = 1,
    workers: Workers = 1,
    cluster: Cluster = None,
    keep: Keep = None,
    as_json: AsJson = False,
) -> None:
    """Print the operating characteristics of a design, under true DLT rates.

    Under `--truth`, else under each scenario of a file or of the study, else under standard ones. A
    design that decides on counts is enumerated, with the rules of the study and without error; one
    that decides with patients in the window is simulated, as is any with `--trials`, `--assume` or
    `--sentinel`: then the duration is told, and the Monte Carlo error of everything.
    """
    given = overrides(design, target, cohort, skeleton, subjects=max_subjects, window=window)
    rates = rates_of(truth, scenarios)
    asked = study_in(study, given, rates)
    limits = constraints_of(asked, given, accrual, assume=assume or (), sentinel=sentinel)
    one = Asked(design_of(asked), limits)
    in_time = bool(trials or assume or sentinel)
    with counting("simulating") as progress:
        (found,) = judge(
            [one],
            scenarios_in(asked, given, rates),
            Runs(trials or TRIALS, seed, workers, cluster, keep, progress),
            means="simulated" if in_time else "exact where possible",
            most=MOST_STATES,
        )
    aimed = target_of(one.design, given)
    if as_json:
        told = [_as_data(asked, aimed, judged) for judged in found]
        single = told[0] if truth is not None else {"scenarios": told}
        typer.echo(json.dumps(single, ensure_ascii=False, indent=2))
        return
    for line in _lines(asked, aimed, found):
        typer.echo(line)


def _lines(study: Study, target: float, found: Sequence[Judged]) -> Iterator[str]:
    said = f"{name_of(design_of(study))}, target {target:g}, {subjects_of(study)} subjects"
    yield f"{said}, {found[0].method}"
    for one in found:
        yield ""
        yield from _table(one)


def _table(one: Judged) -> Iterator[str]:
    mean, levels = one.mean, len(one.scenario.truth)
    if one.scenario.name != AS_GIVEN:
        yield one.scenario.name
    yield _row("dose level", ["none", *map(str, range(1, levels + 1))])
    yield _row("true DLT rate", ["", *(f"{rate:.2f}" for rate in one.scenario.truth)])
    yield _row("selected, %", [f"{100 * share:.2f}" for share in mean.selection])
    yield _row("patients, mean", ["", *(f"{number:.2f}" for number in mean.patients)])
    yield _row("DLTs, mean", ["", *(f"{number:.2f}" for number in mean.dlts)])
    yield (
        f"patients above a rate of {one.target:g}: {100 * mean.over_target:.1f} %, ended early "
        f"{100 * mean.stopped:.1f} %, {mean.subjects:.1f} patients"
    )
    if one.error is not None and one.time is not None and one.time_error is not None:
        yield (
            f"{one.time.duration_days:.0f} days, {one.time.suspensions:.1f} suspensions; "
            f"Monte Carlo standard error of a selection at most "
            f"{100 * one.error.selection.max():.2f} %, of the duration "
            f"{one.time_error.duration_days:.1f} days"
        )
        gone = {"not evaluable": one.time.not_evaluable, "not infused": one.time.not_infused}
        if any(gone.values()):
            yield ", ".join(f"{mean:.1f} {what}" for what, mean in gone.items() if mean)


def _row(name: str, cells: Sequence[str]) -> str:
    return f"{name:15}" + "".join(f"{cell:>8}" for cell in cells)


def _as_data(study: Study, target: float, one: Judged) -> dict[str, Any]:
    return {
        "design": design_of(study).kind,
        "target": target,
        "subjects": subjects_of(study),
        "scenario": one.scenario.name,
        "truth": one.scenario.truth,
        **as_data(one),
    }
