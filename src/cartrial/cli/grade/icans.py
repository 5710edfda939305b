"""`cartrial grade icans`: the grade of one bedside assessment of ICANS."""

from typing import Annotated

from cartrial import schema as s
from cartrial.cli.grade.case import read_case, show, sign
from cartrial.cli.trial import AsJson
from cartrial.forms.bedside import IcansAssessment
from cartrial.grading.icans import BASELINE, FULL_ICE, IcansSigns, icans_grade

Given = str | None


class IcansCase(IcansAssessment):
    """One assessment, and the ICE score before the infusion."""

    baseline_ice = s.count(BASELINE, "points", max=FULL_ICE, nullable=True)


def icans(
    orientation: Annotated[Given, sign(IcansCase, "orientation")] = None,
    naming: Annotated[Given, sign(IcansCase, "naming")] = None,
    command: Annotated[Given, sign(IcansCase, "command")] = None,
    writing: Annotated[Given, sign(IcansCase, "writing")] = None,
    attention: Annotated[Given, sign(IcansCase, "attention")] = None,
    why_no_ice: Annotated[Given, sign(IcansCase, "why_no_ice")] = None,
    consciousness: Annotated[Given, sign(IcansCase, "consciousness")] = None,
    seizure: Annotated[Given, sign(IcansCase, "seizure")] = None,
    motor_weakness: Annotated[Given, sign(IcansCase, "motor_weakness")] = None,
    pressure: Annotated[Given, sign(IcansCase, "pressure")] = None,
    other_cause: Annotated[Given, sign(IcansCase, "other_cause", "no unless given")] = "no",
    baseline_ice: Annotated[Given, sign(IcansCase, "baseline_ice")] = None,
    as_json: AsJson = False,
) -> None:
    """Grade one assessment of neurotoxicity, ICANS (ASTCT 2019).

    A sign that is not given, or given as `unknown`, is unknown: the grade is then shown as far as
    it is proven, with what is missing. Death is not graded here: a person adjudicates it.
    """
    given = read_case(IcansCase, locals())
    before = given.pop("baseline_ice")
    show(icans_grade(IcansSigns(**given), baseline_ice=before), as_json=as_json)
