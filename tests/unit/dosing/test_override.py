import pytest

from cartrial.dosing.override import KINDS, Overrides, overridden, plain_study
from cartrial.errors import StudyError
from cartrial.protocol.design import Boin, ThreePlusThree
from cartrial.protocol.model_design import Crm, TiteCrm
from cartrial.protocol.read import packaged_study
from cartrial.protocol.rules import Rules

STUDY = packaged_study()


def design(study=STUDY, **given):
    return overridden(study, Overrides(**given)).design


def test_nothing_given_leaves_the_study_as_it_is():
    assert overridden(STUDY, Overrides()) is STUDY


def test_the_same_design_keeps_what_is_not_given():
    before = STUDY.model_copy(update={"design": Boin(target=0.3, extra_safe=True, cohort=3)})
    assert design(before, target=0.25) == Boin(target=0.25, extra_safe=True, cohort=3)


def test_another_design_keeps_target_cohort_start_and_skeleton():
    before = STUDY.model_copy(update={"design": Boin(target=0.25, cohort=2, start=2)})
    changed = design(before, design="keyboard")
    assert (changed.target, changed.cohort, changed.start) == (0.25, 2, 2)
    crm = before.model_copy(update={"design": Crm(target=0.3, skeleton=(0.1, 0.2, 0.4))})
    assert design(crm, design="tite-crm").skeleton == (0.1, 0.2, 0.4)
    assert design(crm, target=0.25).skeleton == (0.1, 0.2, 0.4)


@pytest.mark.parametrize(("levels", "middle"), [(3, 2), (4, 2), (5, 3)])
def test_a_skeleton_of_its_own_has_the_target_in_the_middle(levels, middle):
    found = design(plain_study(levels), design="crm")
    assert len(found.skeleton) == levels
    assert found.skeleton[middle - 1] == pytest.approx(0.3)
    assert isinstance(design(plain_study(levels), design="tite-crm"), TiteCrm)


def test_the_3_plus_3_takes_cohorts_of_three_and_no_target():
    assert design(design="3+3", target=0.3, cohort=3) == ThreePlusThree()


def test_a_shorter_window_has_no_interim_look_beyond_it():
    short = STUDY.model_copy(update={"dlt": STUDY.dlt.model_copy(update={"clauses": ()})})
    dlt = overridden(short, Overrides(window=21)).dlt
    assert (dlt.window, dlt.interim) == (21, None)
    assert overridden(STUDY, Overrides(window=90)).dlt.clauses == STUDY.dlt.clauses


def test_a_window_can_be_given_to_a_study_without_a_rule():
    without = STUDY.model_copy(update={"dlt": None})
    assert overridden(without, Overrides(window=28)).dlt.window == 28


def test_the_plain_study_has_no_rules_around_its_design():
    plain = plain_study(5)
    assert len(plain.doses.levels) == 5
    assert plain.rules == Rules()
    assert (plain.dlt.escalate_after, plain.dlt.escalate_complete) == (0, 0)
    assert plain_study().doses == STUDY.doses


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"table", "blrm"}))
def test_every_design_but_two_can_be_asked_by_its_name(kind):
    assert design(design=kind).kind == kind


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"design": "boin2"}, "design.kind: must be one of boin, "),
        ({"design": "crm", "skeleton": (0.1, 0.2)}, "a dose for each of the 3 dose levels, got 2"),
        ({"design": "crm", "skeleton": (0.1, 0.05, 0.3)}, "skeleton must rise from level to level"),
        ({"skeleton": (0.1, 0.2, 0.3)}, "skeleton: must not be given with boin, which has none"),
        ({"design": "3+3", "target": 0.3, "cohort": 2}, "cohort: must not be given with 3+3"),
        ({"design": "table"}, "design: table must have its rows in the study file"),
        ({"subjects": 0}, "subjects: "),
    ],
)
def test_what_does_not_fit_is_refused(given, says):
    with pytest.raises(StudyError, match=says.replace("+", r"\+")):
        overridden(STUDY, Overrides(**given))
