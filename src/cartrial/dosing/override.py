"""A study with some of its values given otherwise: what would be, with another design.

Reading: another kind of design keeps the target, cohort, start and skeleton of the study's. A
continual reassessment method without a skeleton gets one whose middle level (the lower of two) has
the target, with an indifference interval of 0.05 on each side. The 3+3 has cohorts of three, and
aims at no rate: a target is then what the doses are judged by.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import ValidationError

from cartrial.dosing.design.three_plus_three import HALF
from cartrial.dosing.model.skeleton import skeleton
from cartrial.errors import StudyError
from cartrial.protocol.breach import breach
from cartrial.protocol.design import Design, ThreePlusThree
from cartrial.protocol.model_design import WorkingModel
from cartrial.protocol.part import Part
from cartrial.protocol.read import packaged_study
from cartrial.protocol.rules import Rules
from cartrial.protocol.study import Dlt, DoseLevel, Doses, Study

KEPT = ("target", "cohort", "start", "skeleton")  # by another kind of design
HALFWIDTH = 0.05  # of the indifference interval of a skeleton
KINDS: Mapping[str, type[Part]] = {
    kind.model_fields["kind"].default: kind for kind in get_args(Design)
}


@dataclass(frozen=True)
class Overrides:
    """What is given otherwise; None for what is not."""

    design: str | None = None
    target: float | None = None
    cohort: int | None = None
    skeleton: tuple[float, ...] | None = None
    subjects: int | None = None
    window: int | None = None


NOTHING = Overrides()


def overridden(study: Study, given: Overrides) -> Study:
    """The study with what is given in place of its own values."""
    changes: dict[str, Any] = {}
    if given != Overrides(subjects=given.subjects, window=given.window):
        changes["design"] = _design(study, given)
    if given.subjects is not None:
        changes["subjects"] = given.subjects
    if given.window is not None:
        changes["dlt"] = _dlt(study.dlt, given.window)
    return _checked(study, changes) if changes else study


def plain_study(levels: int | None = None) -> Study:
    """The design of the packaged study and nothing around it, with so many dose levels."""
    study = packaged_study()
    doses = study.doses
    if levels is not None and levels != len(doses.levels):
        labels = (DoseLevel(label=f"dose level {n}") for n in range(1, levels + 1))
        doses = Doses(unit=doses.unit, levels=tuple(labels))
    assert study.dlt is not None
    dlt = Dlt(definition=study.dlt.definition, window=study.dlt.window)
    changes = {"doses": doses, "dlt": dlt, "rules": Rules(), "pause_rules": (), "scenarios": ()}
    return study.model_copy(update=changes)


def _design(study: Study, given: Overrides) -> dict[str, Any]:
    """The design as it would stand in a study file."""
    own = {} if study.design is None else study.design.model_dump()
    kind = given.design or own.get("kind")
    if kind is None:
        raise StudyError("design: must be given, got nothing. Give --design")
    part = KINDS.get(kind)
    if part is None:
        return {"kind": kind}  # refused where the study is checked
    same, fields = kind == own.get("kind"), part.model_fields
    kept = [name for name in own if same or name in KEPT]
    values = {name: own[name] for name in kept if name in fields} | {"kind": kind}
    values |= _fitting(part, kind, given)
    if issubclass(part, WorkingModel) and "skeleton" not in values and "target" in values:
        values["skeleton"] = _skeleton(values["target"], len(study.doses.levels))
    needed = [name for name, field in fields.items() if field.is_required() and name not in values]
    if set(needed) - {"target"}:
        raise StudyError(
            f"design: {kind} must have its {', '.join(needed)} in the study file, got none there"
        )
    return values


def _fitting(part: type[Part], kind: str, given: Overrides) -> dict[str, Any]:
    """What is given of the values that the design has; another one is refused."""
    told = {"target": given.target, "cohort": given.cohort, "skeleton": given.skeleton}
    values = {name: value for name, value in told.items() if value is not None}
    if "target" not in part.model_fields:
        values.pop("target", None)
    if part is ThreePlusThree and given.cohort == HALF:
        del values["cohort"]
    odd = next((name for name in values if name not in part.model_fields), None)
    if odd is not None:
        raise StudyError(f"{odd}: must not be given with {kind}, which has none, got {values[odd]}")
    return values


def _skeleton(target: float, levels: int) -> tuple[float, ...]:
    return skeleton(target=target, halfwidth=HALFWIDTH, middle=(levels + 1) // 2, levels=levels)


def _dlt(dlt: Dlt | None, window: int) -> dict[str, Any]:
    if dlt is None:
        return {"definition": "Given by its window alone.", "window": window}
    values = {name: getattr(dlt, name) for name in Dlt.model_fields} | {"window": window}
    if dlt.interim is not None and dlt.interim >= window:
        values["interim"] = None
    return values


def _checked(old: Study, changes: dict[str, Any]) -> Study:
    values = {name: getattr(old, name) for name in Study.model_fields}
    try:
        return Study.model_validate(values | changes)
    except ValidationError as fault:
        raise StudyError(breach(fault)) from None
