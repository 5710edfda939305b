"""`cartrial grade crs`: the grade of one bedside assessment of CRS."""

from typing import Annotated

from cartrial import schema as s
from cartrial.cli.grade.case import read_case, show, sign
from cartrial.cli.trial import AsJson
from cartrial.forms.bedside import CrsAssessment
from cartrial.grading.crs import OPEN, CrsSigns, crs_grade

Given = str | None
NO = "no unless given"


class CrsCase(CrsAssessment):
    """One assessment, and whether an episode was open before it."""

    was_open = s.flag(OPEN, nullable=True)


def crs(
    temperature: Annotated[Given, sign(CrsCase, "temperature")] = None,
    other_cause: Annotated[Given, sign(CrsCase, "other_cause", NO)] = "no",
    treated: Annotated[Given, sign(CrsCase, "treated")] = None,
    hypotension: Annotated[Given, sign(CrsCase, "hypotension")] = None,
    pressure_other_cause: Annotated[Given, sign(CrsCase, "pressure_other_cause", NO)] = "no",
    vasopressors: Annotated[Given, sign(CrsCase, "vasopressors")] = None,
    vasopressin: Annotated[Given, sign(CrsCase, "vasopressin")] = None,
    oxygen: Annotated[Given, sign(CrsCase, "oxygen")] = None,
    oxygen_flow: Annotated[Given, sign(CrsCase, "oxygen_flow")] = None,
    oxygen_other_cause: Annotated[Given, sign(CrsCase, "oxygen_other_cause", NO)] = "no",
    was_open: Annotated[
        Given, sign(CrsCase, "was_open", "yes unless given, where it was treated")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Grade one assessment of cytokine release syndrome (ASTCT 2019).

    A sign that is not given, or given as `unknown`, is unknown: the grade is then shown as far as
    it is proven, with what is missing. Death is not graded here: a person adjudicates it.
    """
    given = read_case(CrsCase, locals())
    known = given.pop("was_open")
    implied = True if was_open is None and given["treated"] else known
    show(crs_grade(CrsSigns(**given), was_open=implied), as_json=as_json)
