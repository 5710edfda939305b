"""`cartrial dose oc`: how a design does on average, exactly or by simulation."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Annotated, Any

import numpy as np
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
    numbers,
    overrides,
    study_of,
    subjects_of,
    target_of,
)
from cartrial.cli.progress import counting
from cartrial.cli.trial import AsJson
from cartrial.dosing.characteristics.operating import OperatingCharacteristics, true_rates
from cartrial.dosing.characteristics.scenarios import Scenario, scenarios_of
from cartrial.dosing.designs import DESIGNS, days_of
from cartrial.dosing.exact.enumeration import enumerate_ends, evaluate
from cartrial.dosing.exact.policy import policy_of
from cartrial.dosing.simulation.setting import Setting, Simulation
from cartrial.dosing.simulation.simulate import Timed, simulate_each
from cartrial.errors import DataError
from cartrial.protocol.rules import Rules
from cartrial.protocol.study import Study

TRIALS = 10_000
NO_CLOCK = "exact: the design is enumerated, without a course of time"
NO_ERROR = "exact: there is no Monte Carlo error"
ACTING = ("no_skipping", "too_toxic", "most_at_dose")  # rules that change what is selected


@dataclass(frozen=True)
class Found:
    """The operating characteristics of a scenario; `timed` and `error` where simulated."""

    scenario: Scenario
    mean: OperatingCharacteristics
    timed: Timed | None = None
    error: Timed | None = None


def oc(
    study: StudyFile = None,
    truth: Truth = None,
    design: DesignKind = None,
    target: Target = None,
    cohort: Cohort = None,
    skeleton: Skeleton = None,
    max_subjects: MaxSubjects = None,
    window: Window = None,
    accrual: Annotated[
        float, typer.Option(metavar="RATE", help="Candidates that come each month.")
    ] = 2.0,
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
    seed: Annotated[int, typer.Option(min=0, metavar="S", help="Same seed, same trials.")] = 1,
    workers: Annotated[
        int, typer.Option(min=1, metavar="N", help="Processes that simulate; not what comes out.")
    ] = 1,
    cluster: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="Dask cluster that simulates; `local` starts one with --workers.",
            show_default=False,
        ),
    ] = None,
    keep: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Folder for finished parts: what is there is not simulated again.",
            show_default=False,
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Print the operating characteristics of a design, under true DLT rates.

    Under `--truth`, else under each scenario of the study file, else under standard ones. A design
    that decides on counts is enumerated, without error; one that decides with patients in the
    window is simulated, as is any with `--trials`: then the duration is told, and the Monte Carlo
    error of everything.
    """
    given = overrides(design, target, cohort, skeleton, subjects=max_subjects, window=window)
    rates = None if truth is None else numbers("--truth", truth)
    asked = study_of(study, given, levels=None if rates is None else len(rates))
    aimed = target_of(design_of(asked), given)
    scenarios = _scenarios(asked, rates)
    if trials is None and not _needs_time(asked):
        found = _exact(asked, scenarios, aimed)
    else:
        simulations = _simulations(asked, scenarios, aimed, accrual, seed)
        with counting("simulating") as progress:
            made = simulate_each(
                simulations,
                trials=trials or TRIALS,
                workers=workers,
                cluster=cluster,
                kept=keep,
                progress=progress,
            )
        found = [
            Found(one, told.mean.characteristics, told.mean, told.mcse)
            for one, told in zip(scenarios, made, strict=True)
        ]
    if as_json:
        told = [_as_data(asked, aimed, one) for one in found]
        one = told[0] if rates is not None else {"scenarios": told}
        typer.echo(json.dumps(one, ensure_ascii=False, indent=2))
        return
    for line in _lines(asked, aimed, found):
        typer.echo(line)


def _scenarios(study: Study, rates: tuple[float, ...] | None) -> tuple[Scenario, ...]:
    levels = len(study.doses.levels)
    if rates is None:
        return scenarios_of(study.scenarios, design_of(study), levels=levels)
    return (Scenario("as given", tuple(true_rates(rates, levels=levels).tolist()), 0),)


def _needs_time(study: Study) -> bool:
    """Whether what the design does depends on who is in the window."""
    chosen = design_of(study)
    return DESIGNS[chosen.kind].late or chosen.kind == "bf-boin"


def _exact(study: Study, scenarios: Sequence[Scenario], target: float) -> list[Found]:
    subjects = subjects_of(study)
    policy = policy_of(design_of(study), subjects=subjects)
    ends = enumerate_ends(policy, levels=len(study.doses.levels), subjects=subjects)
    return [Found(one, evaluate(ends, one.truth, target=target)) for one in scenarios]


def _simulations(
    study: Study, scenarios: Sequence[Scenario], target: float, accrual: float, seed: int
) -> list[Simulation]:
    if not (isfinite(accrual) and accrual > 0):
        raise DataError(f"--accrual: must be a number above 0, got {accrual:g}")
    chosen, dlt = design_of(study), study.dlt
    setting = Setting(
        window=days_of(chosen, dlt.window if dlt else None),
        accrual=accrual,
        escalate_after=dlt.escalate_after if dlt else 0,
        escalate_complete=dlt.escalate_complete if dlt else 0,
    )
    return [
        Simulation(chosen, one.truth, setting, subjects_of(study), target, study.rules, seed)
        for one in scenarios
    ]


# ---------------------------------------------------------------- for a person
def _lines(study: Study, target: float, found: Sequence[Found]) -> Iterator[str]:
    method = "exact" if found[0].timed is None else "simulated"
    yield f"{name_of(design_of(study))}, target {target:g}, {subjects_of(study)} subjects, {method}"
    for one in found:
        yield ""
        yield from _table(one)
    apart = _left_out(study) if found[0].timed is None else []
    if apart:
        yield ""
        yield f"The rules {', '.join(apart)} of the study are not in it; `--trials N` has them."


def _table(one: Found) -> Iterator[str]:
    mean, levels = one.mean, len(one.scenario.truth)
    if one.scenario.name != "as given":
        yield one.scenario.name
    yield _row("dose level", ["none", *map(str, range(1, levels + 1))])
    yield _row("true DLT rate", ["", *(f"{rate:.2f}" for rate in one.scenario.truth)])
    yield _row("selected, %", [f"{100 * share:.2f}" for share in mean.selection])
    yield _row("patients, mean", ["", *(f"{number:.2f}" for number in mean.patients)])
    yield _row("DLTs, mean", ["", *(f"{number:.2f}" for number in mean.dlts)])
    yield f"patients above the target {100 * mean.over_target:.1f} %, ended early " + (
        f"{100 * mean.stopped:.1f} %, {mean.subjects:.1f} patients"
    )
    if one.timed is not None and one.error is not None:
        yield (
            f"{one.timed.duration_days:.0f} days, {one.timed.suspensions:.1f} suspensions; "
            f"Monte Carlo standard error of a selection at most "
            f"{100 * one.error.characteristics.selection.max():.2f} %, of the duration "
            f"{one.error.duration_days:.1f} days"
        )


def _row(name: str, cells: Sequence[str]) -> str:
    return f"{name:15}" + "".join(f"{cell:>8}" for cell in cells)


# ---------------------------------------------------------------- for a program
def _as_data(study: Study, target: float, one: Found) -> dict[str, Any]:
    told: dict[str, Any] = {
        "design": design_of(study).kind,
        "target": target,
        "subjects": subjects_of(study),
        "scenario": one.scenario.name,
        "truth": one.scenario.truth,
        "method": "exact" if one.timed is None else "simulated",
        **_numbers(one.mean),
    }
    if one.timed is None or one.error is None:
        why = {"duration_days": NO_CLOCK, "mcse": NO_ERROR}
        told |= {"duration_days": None, "mcse": None, "why_missing": why}
        return told | {"rules_left_out": _left_out(study)}
    error = {**_numbers(one.error.characteristics), **_times(one.error)}
    return told | _times(one.timed) | {"mcse": error}


def _numbers(mean: OperatingCharacteristics) -> dict[str, Any]:
    names = ("selection", "patients", "dlts", "over_target", "stopped")
    return {name: np.asarray(getattr(mean, name)).tolist() for name in names}


def _times(timed: Timed) -> dict[str, float]:
    return {
        "duration_days": timed.duration_days,
        "suspensions": timed.suspensions,
        "suspended_days": timed.suspended_days,
        "not_evaluable": timed.not_evaluable,
        "not_infused": timed.not_infused,
    }


def _left_out(study: Study) -> list[str]:
    """The rules of the study that would change what is selected, and are not enumerated."""
    usual = Rules()
    return [name for name in ACTING if getattr(study.rules, name) != getattr(usual, name)]
