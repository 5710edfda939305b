"""`cartrial dose calibrate`: which values of a design's parameters select best."""

import json
from collections.abc import Iterator, Mapping, Sequence
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
from cartrial.cli.dose.setting import (
    Accrual,
    Assume,
    Cluster,
    Keep,
    ScenarioFile,
    Seed,
    Sentinel,
    Trials,
    Workers,
    constraints_of,
    rates_of,
    scenarios_in,
    study_in,
)
from cartrial.cli.dose.shown import show
from cartrial.cli.progress import counting
from cartrial.cli.trial import AsJson
from cartrial.dosing.characteristics.calibrate import Candidate, candidates_of
from cartrial.dosing.characteristics.calibrate import calibrate as search
from cartrial.dosing.characteristics.judge import TRIALS, Runs
from cartrial.dosing.characteristics.scenarios import Scenario
from cartrial.dosing.simulation.setting import ACCRUAL
from cartrial.errors import DataError
from cartrial.protocol.study import Study

SUBJECTS = "max_subjects"  # varied as a parameter is
SAME = 1e-9  # probabilities that are apart by less are equal
Values = Mapping[str, Sequence[Any]]
Row = Mapping[str, Any]


def calibrate(
    study: StudyFile = None,
    vary: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=VALUES",
            help="Parameter of the design, or max_subjects, with the values to try, as "
            "cohort=1,2,3. May be given more than once: every combination is tried.",
            show_default=False,
        ),
    ] = None,
    limit: Annotated[
        float,
        typer.Option(
            min=0, max=1, metavar="SHARE", help="Highest share of patients above the target."
        ),
    ] = 1.0,
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
    trials: Trials = TRIALS,
    seed: Seed = 1,
    workers: Workers = 1,
    cluster: Cluster = None,
    keep: Keep = None,
    as_json: AsJson = False,
) -> None:
    """Search the values of a design's parameters that select best.

    Every combination of the values is a candidate. The best has the highest mean probability of the
    correct selection over all scenarios, of those that keep to `--limit` in every scenario but one
    in which no level is safe; of equal ones, that with fewer subjects, then the one given first.
    """
    given = overrides(design, target, cohort, skeleton, subjects=max_subjects, window=window)
    rates, values = rates_of(truth, scenarios), _values(vary or [])
    asked = study_in(study, given, rates)
    subjects = [_subjects(value) for value in values.pop(SUBJECTS, [subjects_of(asked)])]
    candidates = candidates_of(design_of(asked), values, subjects=subjects)
    scenes = scenarios_in(asked, given, rates)
    with counting("simulating") as progress:
        found = search(
            candidates,
            scenes,
            constraints_of(asked, given, accrual, assume=assume or (), sentinel=sentinel),
            Runs(trials, seed, workers, cluster, keep, progress),
            limit=limit,
        )
    rows, aimed = found.to_dicts(), target_of(design_of(asked), given)
    if as_json:
        told = _as_data(asked, aimed, limit, scenes, candidates, rows)
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    _show(asked, aimed, limit, scenes, rows)


def _values(varied: Sequence[str]) -> dict[str, list[Any]]:
    """The values to try, by the name of their parameter."""
    found: dict[str, list[Any]] = {}
    for one in varied:
        name, _, listed = one.partition("=")
        values = [_value(part.strip()) for part in listed.split(",") if part.strip()]
        name = name.strip().replace("-", "_")
        if not name or not values:
            raise DataError(f"--vary: must be NAME=VALUES, as cohort=1,2,3, got {one}")
        if name in found:
            raise DataError(f"--vary: a parameter must be given once, got {name} again")
        found[name] = values
    return found


def _value(text: str) -> Any:
    """A value as a study file would have it."""
    known: dict[str, Any] = {"true": True, "false": False, "none": None}
    if text.lower() in known:
        return known[text.lower()]
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _subjects(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise DataError(f"--vary: {SUBJECTS}: must be whole numbers from 1 on, got {value}")
    return value


# ---------------------------------------------------------------- for a person
def _show(
    study: Study, target: float, limit: float, scenarios: Sequence[Scenario], rows: Sequence[Row]
) -> None:
    name = name_of(design_of(study))
    tried, in_ = _many(len(rows), "candidate"), _many(len(scenarios), "scenario")
    typer.echo(f"{name}, target {target:g}: {tried} in {in_}")
    for one in scenarios:
        rates = ", ".join(f"{rate:.2f}" for rate in one.truth)
        typer.echo(f"  {one.name}: {rates}")
    typer.echo("")
    simulated = any(row["method"] == "simulated" for row in rows)
    columns = ["parameters", "rank", "subjects", "correct", "lowest", "too high", "above target"]
    columns += ["patients", *(["error", "days"] if simulated else []), "method"]
    places = _places(rows)
    show(columns, [_cells(row, place, simulated) for row, place in zip(rows, places, strict=True)])
    for line in _notes(limit, rows):
        typer.echo(line)


def _many(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _places(rows: Sequence[Row]) -> list[str]:
    """The rank of each; `=` where the correct selection is as probable as that of the one before.

    One that does not keep to the limit has no rank.
    """
    found: list[str] = []
    for place, row in enumerate(rows):
        before = rows[place - 1] if place else None
        same = before is not None and before["keeps"] == row["keeps"]
        equal = same and before is not None and abs(before["correct"] - row["correct"]) < SAME
        found.append("-" if not row["keeps"] else "=" if equal else str(row["rank"]))
    return found


def _cells(row: Row, place: str, simulated: bool) -> list[str]:
    shares = (row[name] for name in ("correct", "lowest", "too_high", "over_target"))
    cells = [row["parameters"], place, str(row["subjects"]), *(f"{100 * x:.1f}" for x in shares)]
    cells.append(f"{row['patients']:.1f}")
    if simulated:
        error, days = row["correct_mcse"], row["duration"]
        cells += ["-" if error is None else f"{100 * error:.2f}"]
        cells += ["-" if days is None else f"{days:.0f}"]
    return [*cells, row["method"]]


def _notes(limit: float, rows: Sequence[Row]) -> Iterator[str]:
    kept = "" if limit == 1 else f", of those with at most {100 * limit:g} % above the target"
    yield ""
    yield f"Best first: the highest mean probability of the correct selection{kept}."
    yield "Of equal ones (=) that with fewer subjects comes first, then the one given first."
    out = sum(not row["keeps"] for row in rows)
    if out:
        yield f"{out} of {len(rows)} (-) do not keep to the limit."
    best, error = rows[0], rows[0]["correct_mcse"]
    if error is not None:
        near = [row for row in rows if row["keeps"] == best["keeps"]]
        near = [row for row in near if best["correct"] - row["correct"] < 2 * error]
        yield f"Within two standard errors of the first: {len(near) - 1} other."
    yield "In %: correct selection, mean and lowest over the scenarios; selection above the"
    yield "target, mean; patients above the target, in the scenario where they are most."


# ---------------------------------------------------------------- for a program
def _as_data(
    study: Study,
    target: float,
    limit: float,
    scenarios: Sequence[Scenario],
    candidates: Sequence[Candidate],
    rows: Sequence[Row],
) -> dict[str, Any]:
    return {
        "design": design_of(study).kind,
        "target": target,
        "limit": limit,
        "scenarios": [
            {"scenario": one.name, "truth": one.truth, "correct": one.correct} for one in scenarios
        ],
        "candidates": [
            {**row, "parameters": dict(candidates[row["candidate"] - 1].values)} for row in rows
        ],
    }
