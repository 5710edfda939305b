"""In what a command of `dose` judges designs: scenarios, the setting of trials, who simulates."""

from collections.abc import Sequence
from math import isfinite
from pathlib import Path
from typing import Annotated, Any

import typer

from cartrial.cli.dose.asked import design_of, numbers, study_of, subjects_of, target_of
from cartrial.cli.option import option
from cartrial.dosing.characteristics.judge import Constraints
from cartrial.dosing.characteristics.scenarios import Scenario, limit_of, scenarios_of
from cartrial.dosing.override import Overrides
from cartrial.dosing.simulation.setting import setting_of
from cartrial.errors import DataError
from cartrial.protocol.read import read_scenarios
from cartrial.protocol.study import Study

AS_GIVEN = "as given"
SHARES = ("made", "late", "lost", "low", "response")
DAYS = ("lag", "matures", "committee")
RANGES = ("lag", "matures")  # a number, or the first and the last

ScenarioFile = Annotated[
    Path | None,
    option(
        "scenarios",
        "FILE",
        "YAML file with a list of scenarios, each {name: ..., rates: [...]}, or a study file "
        "with its own.",
    ),
]
Accrual = Annotated[float, typer.Option(metavar="RATE", help="Candidates that come each month.")]
Assume = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME=VALUE",
        help="What simulated trials meet; may be given again. Shares: made, low (products made, "
        "and below the range of the dose), lost, late (DLTs in the second half of the window), "
        "response. Days: lag, matures (from FIRST,LAST), committee.",
        show_default=False,
    ),
]
Sentinel = Annotated[
    int | None,
    typer.Option(
        min=1,
        metavar="DAYS",
        help="The first of a cohort is followed so long before the next is infused.",
        show_default=False,
    ),
]
Trials = Annotated[
    int, typer.Option(min=2, metavar="N", help="Trials simulated of a design in a scenario.")
]
Seed = Annotated[int, typer.Option(min=0, metavar="S", help="Same seed, same trials.")]
Workers = Annotated[
    int, typer.Option(min=1, metavar="N", help="Processes that simulate; not what comes out.")
]
Cluster = Annotated[
    str | None,
    option("cluster", "ADDRESS", "Dask cluster that simulates; `local` starts one with --workers."),
]
Keep = Annotated[
    Path | None,
    option("keep", "DIR", "Folder for finished parts: what is there is not simulated again."),
]

Rates = dict[str, tuple[float, ...]]


def rates_of(truth: str | None, place: Path | None) -> Rates:
    """The true DLT rates that are given, by the name of their scenario."""
    if truth is not None and place is not None:
        raise typer.BadParameter("true rates must be given once: --truth or --scenarios, got both")
    if truth is not None:
        return {AS_GIVEN: numbers("--truth", truth)}
    found = () if place is None else read_scenarios(place)
    twice = [one.name for one in found if [other.name for other in found].count(one.name) > 1]
    if twice:
        raise DataError(f"{place}: a name of a scenario must stand once, got {twice[0]} twice")
    return {one.name: one.rates for one in found}


def study_in(place: Path | None, given: Overrides, rates: Rates) -> Study:
    """The study in a file, else the plain one with as many dose levels as there are rates."""
    levels = next((len(one) for one in rates.values()), None)
    return study_of(place, given, levels=levels)


def scenarios_in(study: Study, given: Overrides, rates: Rates) -> tuple[Scenario, ...]:
    """The scenarios that are given, else those of the study, else the standard ones."""
    named = rates or {one.name: one.rates for one in study.scenarios}
    target = target_of(design_of(study), given)
    return scenarios_of(named, target, levels=len(study.doses.levels))


def constraints_of(
    study: Study,
    given: Overrides,
    accrual: float,
    *,
    assume: Sequence[str] = (),
    sentinel: int | None = None,
) -> Constraints:
    """What a design has to do with in the study, with what is assumed beside."""
    if not (isfinite(accrual) and accrual > 0):
        raise DataError(f"--accrual: must be a number above 0, got {accrual:g}")
    design = design_of(study)
    setting = setting_of(study.dlt, accrual=accrual, **_assumed(assume))
    named = "target" in type(design).model_fields
    limit = limit_of(design) if named or given.target is None else given.target
    own = {} if sentinel is None else {"sentinel": sentinel}
    rules = study.rules.model_copy(update=own)
    return Constraints(subjects_of(study), limit, setting, rules)


def _assumed(given: Sequence[str]) -> dict[str, Any]:
    """The values by the names that `Setting` has for them."""
    found: dict[str, Any] = {}
    for text in given:
        name, is_, value = text.partition("=")
        known = (*SHARES, *DAYS)
        if not is_ or name not in known:
            raise DataError(
                f"--assume: must be NAME=VALUE with a name of {', '.join(known)}, got {text}"
            )
        if name in found:
            raise DataError(f"--assume: {name} must be given once, got {text} too")
        values = numbers(f"--assume {name}", value)
        if len(values) != 1 and not (name in RANGES and len(values) == 2):
            most = "one or two numbers" if name in RANGES else "one number"
            raise DataError(f"--assume {name}: must be {most}, got {value or 'nothing'}")
        found[name] = (values[0], values[-1]) if name in RANGES else values[0]
    return found
