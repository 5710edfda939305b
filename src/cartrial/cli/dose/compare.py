"""`cartrial dose compare`: designs side by side, under the constraints of one study."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from cartrial.cli.dose.asked import (
    Cohort,
    MaxSubjects,
    Skeleton,
    StudyFile,
    Target,
    Truth,
    Window,
    design_of,
    name_of,
    overrides,
    study_of,
    target_of,
)
from cartrial.cli.dose.judged import as_data
from cartrial.cli.dose.setting import (
    Accrual,
    Assume,
    Cluster,
    Keep,
    Rates,
    ScenarioFile,
    Seed,
    Sentinel,
    Trials,
    Workers,
    constraints_of,
    rates_of,
    scenarios_in,
)
from cartrial.cli.dose.shown import show
from cartrial.cli.progress import counting
from cartrial.cli.trial import AsJson
from cartrial.dosing.characteristics.compare import compare as side_by_side
from cartrial.dosing.characteristics.judge import TRIALS, Constraints, Judged, Runs
from cartrial.dosing.designs import DESIGNS
from cartrial.dosing.override import KINDS, NOTHING, Overrides, overridden
from cartrial.dosing.simulation.setting import ACCRUAL
from cartrial.errors import DataError
from cartrial.protocol.study import Study

Found = Mapping[str, Sequence[Judged]]  # by the name of the design


def compare(
    study: StudyFile = None,
    designs: Annotated[
        str,
        typer.Option(
            metavar="KINDS",
            help="Designs, parted by commas; that of STUDY stands before them. "
            f"Known: {', '.join(KINDS)}.",
            show_default=False,
        ),
    ] = "",
    truth: Truth = None,
    scenarios: ScenarioFile = None,
    target: Target = None,
    cohort: Cohort = None,
    skeleton: Skeleton = None,
    max_subjects: MaxSubjects = None,
    window: Window = None,
    accrual: Accrual = ACCRUAL,
    assume: Assume = None,
    sentinel: Sentinel = None,
    trials: Trials = TRIALS,
    seed: Seed = 1,
    workers: Workers = 1,
    cluster: Cluster = None,
    keep: Keep = None,
    as_json: AsJson = False,
) -> None:
    """Compare designs under the same constraints, in the same scenarios.

    The characteristics of a design that decides on counts are exact; all others, and the time of
    every design, are simulated with the same patients, and stand with their Monte Carlo error. What
    a design has no use for, as a skeleton for BOIN, is not held against it.
    """
    given = overrides(None, target, cohort, skeleton, subjects=max_subjects, window=window)
    rates = rates_of(truth, scenarios)
    studies = _studies(study, _kinds(designs, study), given, rates)
    first = studies[0]
    constraints = constraints_of(first, given, accrual, assume=assume or (), sentinel=sentinel)
    with counting("simulating") as progress:
        found = side_by_side(
            {name_of(design_of(one)): design_of(one) for one in studies},
            scenarios_in(first, given, rates),
            constraints,
            Runs(trials, seed, workers, cluster, keep, progress),
        )
    aimed = target_of(design_of(first), given)
    if as_json:
        told = _as_data(found, constraints, aimed)
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    _show(found, constraints, aimed)


def _kinds(designs: str, study: Path | None) -> list[str]:
    """The kinds of design that are named, each once."""
    kinds = list(dict.fromkeys(designs.replace(",", " ").split()))
    if not kinds and study is None:
        raise DataError("--designs: must name a design, as boin,crm,3+3, got nothing")
    return kinds


def _studies(
    place: Path | None, kinds: Sequence[str], given: Overrides, rates: Rates
) -> list[Study]:
    """The study with its own design, where there is one, and with each kind in its place."""
    levels = next((len(one) for one in (*rates.values(), given.skeleton) if one), None)
    base = study_of(place, NOTHING, levels=levels)
    own = [base.design.kind] if place is not None and base.design is not None else []
    return [overridden(base, _fitting(given, kind)) for kind in dict.fromkeys([*own, *kinds])]


def _fitting(given: Overrides, kind: str) -> Overrides:
    """The kind, with what is given of the values that it has."""
    fields = KINDS[kind].model_fields if kind in KINDS else {}
    return replace(
        given,
        design=kind,
        cohort=given.cohort if "cohort" in fields else None,
        skeleton=given.skeleton if "skeleton" in fields else None,
    )


# ---------------------------------------------------------------- for a person
def _show(found: Found, constraints: Constraints, target: float) -> None:
    limit, levels = constraints.target, len(next(iter(found.values()))[0].scenario.truth)
    typer.echo(f"target {target:g}, {constraints.subjects} subjects")
    columns = ["design", "none", *map(str, range(1, levels + 1)), "correct"]
    columns += ["patients", "DLTs", f"above {limit:g}", "days", "suspensions", "method"]
    for judged in zip(*found.values(), strict=True):
        scenario = judged[0].scenario
        rates = ", ".join(f"{rate:.2f}" for rate in scenario.truth)
        typer.echo(f"\n{scenario.name}: true DLT rates {rates}")
        rows = [[name, *_cells(one)] for name, one in zip(found, judged, strict=True)]
        show(columns, rows)
    for line in _notes(found, constraints):
        typer.echo(line)


def _cells(one: Judged) -> Iterator[str]:
    for share in (*one.mean.selection, one.correct):
        yield f"{100 * share:.1f}"
    yield f"{one.mean.subjects:.1f}"
    yield f"{one.mean.dlts.sum():.1f}"
    yield f"{100 * one.mean.over_target:.1f}"
    yield f"{one.time.duration_days:.0f}" if one.time else "-"
    yield f"{one.time.suspensions:.1f}" if one.time else "-"
    yield one.method


def _notes(found: Found, constraints: Constraints) -> Iterator[str]:
    every = [one for judged in found.values() for one in judged]
    errors = [float(one.error.selection.max()) for one in every if one.error is not None]
    times = [one.time_error.duration_days for one in every if one.time_error is not None]
    yield ""
    yield "In %: no level and each level selected, the correct selection, patients at a level with"
    yield f"a true DLT rate above {constraints.target:g}. Patients, DLTs, days, suspensions: means."
    if setting := constraints.setting:
        yield (
            f"{setting.accrual:g} candidates a month, a window of {setting.window:g} days, "
            f"{every[0].trials:,} trials simulated."
        )
    yield "exact: enumerated, without error; days and suspensions are simulated all the same."
    selection = f"of a selection at most {100 * max(errors):.2f} %, " if errors else ""
    yield f"Monte Carlo standard error: {selection}of the days at most {max(times):.1f}."


# ---------------------------------------------------------------- for a program
def _as_data(found: Found, constraints: Constraints, target: float) -> dict[str, Any]:
    kinds = {kind.name: name for name, kind in DESIGNS.items()}
    return {
        "target": target,
        "limit": constraints.target,
        "subjects": constraints.subjects,
        "scenarios": [
            {
                "scenario": judged[0].scenario.name,
                "truth": judged[0].scenario.truth,
                "correct": judged[0].scenario.correct,
                "designs": [
                    {
                        "design": kinds[name],
                        "correct": one.correct,
                        "too_high": one.too_high,
                        **as_data(one),
                    }
                    for name, one in zip(found, judged, strict=True)
                ],
            }
            for judged in zip(*found.values(), strict=True)
        ],
    }
