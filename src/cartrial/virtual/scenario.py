"""The scenario of a simulated trial: its calendar, what is true of it, what goes missing."""

import datetime as dt
from importlib.resources import files as resources
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from cartrial.errors import StudyError
from cartrial.protocol.study import Study

Rate = Annotated[float, Field(ge=0, le=1)]
DEFAULT = "default"


class Scenario(BaseModel):
    """How a trial is simulated; `scenarios/default.yaml` explains the keys and holds defaults."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    first_consent: dt.date
    accrual_per_month: float = Field(gt=0)
    waiting_list: int = Field(ge=0)
    data_cut: dt.date | None
    cut_after_last_infusion: int | None = Field(ge=0)
    screening_failure: Rate
    withdrawal: Rate
    manufacturing_failure: Rate
    under_dosed: Rate
    dlt_probability: tuple[Rate, ...] = Field(min_length=1)
    icans: Rate
    expansion_by_dose: float
    no_expansion: Rate
    second_expansion: Rate
    resistant_share: float = Field(gt=0, lt=1)
    resistant_spread: float = Field(ge=0)
    growth: float = Field(gt=0)
    missed_visit: Rate
    missing_sample: Rate
    unknown_sign: Rate
    misgraded: Rate
    unknown_day: Rate
    lost_per_year: Rate
    second_malignancy: Rate


def packaged_scenario(name: str = DEFAULT) -> Scenario:
    """A scenario that comes with cartrial."""
    return _parsed(_packaged(name), place=f"{name}.yaml")


def read_scenario(path: Path) -> Scenario:
    """The scenario in a file; a key that it leaves out has its default."""
    try:
        given = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise StudyError(f"{path}: must be a scenario file, got no such file") from None
    except yaml.YAMLError as fault:
        where = getattr(fault, "problem_mark", None)
        line = f", line {where.line + 1}" if where else ""
        problem = getattr(fault, "problem", None) or "unreadable text"
        raise StudyError(f"{path}{line}: must be YAML, got {problem}") from None
    except (OSError, UnicodeDecodeError) as fault:
        raise StudyError(f"{path}: must be readable text, got {fault}") from None
    if not isinstance(given, dict | None):
        raise StudyError(f"{path}: must be a mapping of names to values, got something else")
    return _parsed(_packaged(DEFAULT) | (given or {}), place=str(path))


def check_simulable(study: Study, scenario: Scenario) -> None:
    """Raise where the study or the scenario leaves out what a simulation needs."""
    for name in ("schedule", "dlt", "design"):
        if getattr(study, name) is None:
            raise StudyError(f"study.yaml: {name}: must be given to simulate a trial, got nothing")
    levels = len(study.doses.levels)
    for number, level in enumerate(study.doses.levels, start=1):
        if not level.dose:
            raise StudyError(
                f"study.yaml: doses.levels: level {number} must have a dose, got {level.dose}"
            )
    given = len(scenario.dlt_probability)
    if given != levels:
        raise StudyError(
            f"scenario: dlt_probability: must have one value for each of the {levels} dose levels, "
            f"got {given}. Give them in a file: --scenario FILE with `dlt_probability: [...]`"
        )


def _packaged(name: str) -> dict[str, Any]:
    text = (resources("cartrial.virtual") / "scenarios" / f"{name}.yaml").read_text("utf-8")
    values: dict[str, Any] = yaml.safe_load(text)
    return values


def _parsed(values: dict[str, Any], *, place: str) -> Scenario:
    try:
        return Scenario.model_validate(values)
    except ValidationError as fault:
        first = fault.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        must = first["msg"][0].lower() + first["msg"][1:]
        if first["type"] == "extra_forbidden":
            must = "be a key that a scenario knows"
        got = str(first["input"])[:60]
        raise StudyError(f"{place}: {where}: must {_as_rule(must)}, got {got}") from None


def _as_rule(told: str) -> str:
    """What pydantic says, as the rest of a sentence that begins with `must`."""
    return told.removeprefix("input should ").removeprefix("value error, ")
