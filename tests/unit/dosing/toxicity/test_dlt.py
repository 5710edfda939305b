"""The DLT status of one subject."""

from dataclasses import replace

import pytest

from cartrial.dosing.toxicity.dlt import Adjudication, Course, dlt_status
from cartrial.dosing.toxicity.proposal import ToxicityEvent
from cartrial.protocol.study import Dlt

RULE = Dlt(definition="any", window=84, interim=28)
DOSES = (1.0, 2.0, 4.0)
SEEN = (7, 14, 28, 61, 84)
FREE = Course(level=2, given=2.0, assessed=SEEN)


def status(course, *, cutoff=200, **options):
    return dlt_status(RULE, course, doses=DOSES, cutoff=cutoff, **options)


def event(number=1, onset=10, **more):
    return ToxicityEvent(number, onset, **more)


def test_a_documented_assessment_on_day_84_completes_the_window():
    found = status(FREE)
    assert (found.status, found.level, found.days, found.late) == ("complete", 2, 84, False)
    assert found.reason == "assessed on day 84"


def test_without_one_the_subject_is_pending_up_to_the_last_assessment_not_to_the_cut():
    found = status(replace(FREE, assessed=(7, 14, 28, 61)), cutoff=300)
    assert (found.status, found.days) == ("pending", 61)
    assert found.reason == "61 of 84 days documented"


def test_an_assessment_after_the_cut_is_not_used():
    found = status(FREE, cutoff=70)
    assert (found.status, found.days) == ("pending", 61)


def test_a_late_assessment_completes_and_is_flagged():
    found = status(replace(FREE, assessed=(28, 95)))
    assert (found.status, found.late) == ("complete", True)
    assert found.reason == "assessed on day 95, 11 days late"


def test_a_proposed_dlt_counts_until_it_is_adjudicated():
    course = replace(FREE, events=(event(dlt="yes", met=13),))
    found = status(course)
    assert (found.status, found.met, found.onset, found.event) == ("DLT", 13, 10, 1)
    judged = replace(course, adjudication=Adjudication("no DLT", decided=20, number=1))
    assert status(judged).status == "complete"


def test_the_committee_decides_against_the_investigator():
    judged = Adjudication("DLT", decided=30, number=1, met=12, reason="clause b")
    found = status(replace(FREE, events=(event(dlt="no"),), adjudication=judged))
    assert (found.status, found.met, found.onset) == ("DLT", 12, 10)
    assert found.reason == "adjudicated as DLT; clause b"


def test_a_dlt_met_after_the_verdict_counts_again():
    verdict = Adjudication("no DLT", decided=20, number=1)
    later = (event(), event(number=2, onset=18, dlt="yes", met=32))
    found = status(replace(FREE, events=later, adjudication=verdict))
    assert (found.status, found.event) == ("DLT", 2)


def test_the_committee_can_call_a_subject_not_evaluable():
    verdict = Adjudication("not evaluable", decided=60, reason="wrong product")
    found = status(replace(FREE, adjudication=verdict))
    assert (found.status, found.reason) == (
        "not evaluable",
        "adjudicated as not evaluable; wrong product",
    )


def test_the_first_of_two_dlts_gives_the_day():
    events = (event(1, 30, dlt="yes", met=40), event(2, 5, dlt="yes", met=8))
    assert status(replace(FREE, events=events)).met == 8


def test_an_event_of_the_window_may_meet_its_clause_after_it():
    assert status(replace(FREE, events=(event(onset=80, dlt="yes", met=88),))).met == 88


def test_an_event_that_began_after_the_window_is_none_of_its_business():
    assert status(replace(FREE, events=(event(onset=85, dlt="yes", met=86),))).status == "complete"


def test_an_event_without_any_day_is_taken_to_be_in_the_window():
    found = status(replace(FREE, events=(event(onset=None, dlt="yes"),)))
    assert (found.status, found.met) == ("DLT", None)
    assert found.reason.endswith("the day its clause was met is not known")


def test_an_event_that_worsened_after_the_infusion_counts():
    assert status(replace(FREE, events=(event(onset=-3, dlt="yes", met=4),))).status == "DLT"


def test_an_event_that_cannot_be_settled_yet_is_maturing_even_after_day_84():
    found = status(replace(FREE, events=(event(onset=80, dlt="open"),)))
    assert (found.status, found.event) == ("maturing", 1)


def test_a_dlt_counts_whatever_dose_was_given():
    course = replace(FREE, given=0.5, events=(event(dlt="yes", met=13),))
    assert (status(course).status, status(course).level) == ("DLT", 2)


@pytest.mark.parametrize(
    ("given", "expected", "level"),
    [
        (1.6, "complete", 2),  # exactly 80 %
        (2.4, "complete", 2),  # exactly 120 %
        (1.2, "complete", 1),  # 60 % of level 2, 120 % of level 1
        (1.0, "complete", 1),
        (1.4, "not evaluable", 2),
        (3.2, "complete", 3),  # 160 % of level 2, 80 % of level 3
        (0.5, "not evaluable", 2),
        (None, "not evaluable", 2),
    ],
)
def test_the_dose_given_decides_where_a_subject_without_dlt_counts(given, expected, level):
    found = status(replace(FREE, given=given))
    assert (found.status, found.level) == (expected, level)


def test_an_unknown_dose_is_said():
    assert status(replace(FREE, given=None)).reason == "the dose given is not known"


def test_a_pending_subject_may_be_counted_at_another_level():
    found = status(replace(FREE, given=1.1, assessed=(28,)), cutoff=30)
    assert (found.status, found.level) == ("pending", 1)
    assert found.reason == (
        "28 of 84 days documented; 55 % of the dose of level 2 given, counted at level 1"
    )


@pytest.mark.parametrize(
    ("course", "reason"),
    [
        (replace(FREE, new_therapy=83), "new anti-myeloma therapy on day 83"),
        (
            replace(FREE, assessed=(28,), death=50, death_cause="disease"),
            "died of the disease on day 50",
        ),
        (
            replace(FREE, assessed=(28,), death=50, death_cause="other"),
            "died of another cause on day 50",
        ),
        (
            replace(FREE, assessed=(28,), left=90),
            "follow-up ended on day 90, last safety assessment on day 28",
        ),
        (
            replace(FREE, assessed=(28,), missed=(61, 84)),
            "safety assessment missed on day 61, none since day 28",
        ),
    ],
)
def test_a_window_that_can_no_longer_be_documented_is_not_evaluable(course, reason):
    found = status(course)
    assert (found.status, found.reason) == ("not evaluable", reason)


def test_the_same_things_from_day_84_on_change_nothing():
    late = replace(FREE, new_therapy=84, death=84, death_cause="disease", left=84, missed=(91,))
    assert status(late).status == "complete"


def test_a_missed_assessment_is_made_good_by_a_later_one():
    assert status(replace(FREE, assessed=(28, 84), missed=(61,))).status == "complete"
    assert status(replace(FREE, assessed=(28, 70), missed=(61,))).status == "pending"


def test_inside_the_window_a_missed_assessment_leaves_the_subject_pending():
    assert status(replace(FREE, assessed=(28,), missed=(61,)), cutoff=70).status == "pending"


def test_a_death_that_nobody_has_judged_is_maturing_not_free_of_toxicity():
    dead = replace(FREE, assessed=(28,), death=50, death_cause="unsettled")
    assert status(dead).status == "maturing"
    judged = replace(dead, adjudication=Adjudication("no DLT", decided=60))
    assert status(judged).status == "not evaluable"


def test_the_interim_status_stands_beside_the_formal_one():
    found = status(replace(FREE, events=(event(onset=40, dlt="yes", met=45),)))
    assert found.status == "DLT"
    assert found.interim is not None
    assert (found.interim.status, found.interim.days) == ("complete", 28)


def test_a_verdict_on_a_later_event_leaves_the_interim_status_alone():
    judged = Adjudication("DLT", decided=60, number=1, met=45)
    found = status(replace(FREE, events=(event(onset=40),), adjudication=judged))
    assert found.interim is not None
    assert (found.status, found.interim.status) == ("DLT", "complete")


def test_an_early_dlt_is_in_both():
    found = status(replace(FREE, events=(event(dlt="yes", met=13),)))
    assert found.interim is not None
    assert found.interim.status == "DLT"


def test_the_escalation_sees_level_status_and_days():
    patient = status(FREE).patient("001-001")
    assert (patient.subject, patient.level, patient.status, patient.followed) == (
        "001-001",
        2,
        "complete",
        84,
    )


def test_the_limits_of_the_dose_belong_to_the_level():
    for given in (2.4, 3.6):  # 80 % and 120 % of 3, which binary numbers miss by a hair
        course = Course(level=1, given=given, assessed=SEEN)
        assert dlt_status(RULE, course, doses=(3.0,), cutoff=200).status == "complete"


def test_a_death_after_the_window_leaves_an_undocumented_window_undocumented():
    course = replace(FREE, assessed=(7, 14, 28, 61), death=90, death_cause="disease")
    found = status(course)
    assert found.status == "not evaluable"
    assert found.reason == "follow-up ended on day 90, last safety assessment on day 61"
    assert status(replace(course, assessed=SEEN)).status == "complete"


@pytest.mark.parametrize(
    ("given", "percent"), [(1.25, "63 %"), (1.249, "62 %"), (0.57, "29 %"), (0.01, "1 %")]
)
def test_a_share_of_the_dose_is_rounded_half_up(given, percent):
    found = status(replace(FREE, given=given))
    assert found.reason.startswith(f"{percent} of the dose of level 2 given")


def test_what_a_clause_proposes_says_so():
    found = status(replace(FREE, events=(event(dlt="yes", met=13, clause="crs-3", began=10),)))
    assert (found.clause, found.reason) == (
        "crs-3",
        "proposed by clause crs-3, not yet adjudicated",
    )


def test_the_day_from_which_the_grade_counts_decides_on_the_window():
    before = event(onset=-3, dlt="yes", met=90, began=82)
    assert status(replace(FREE, events=(before,))).status == "DLT"
    late = event(onset=10, dlt="yes", met=95, began=87)
    assert status(replace(FREE, events=(late,))).status == "complete"


def test_a_clause_that_is_open_says_which_and_why():
    unsettled = event(dlt="open", clause="crs-3", began=10, why="the hour is not recorded")
    found = status(replace(FREE, events=(unsettled,)))
    assert (found.clause, found.reason) == (
        "crs-3",
        "event 1 cannot be settled yet: clause crs-3, the hour is not recorded",
    )
    unnamed = replace(unsettled, number=-4)
    assert status(replace(FREE, events=(unnamed,))).reason.startswith("an event without a number")


def test_a_verdict_keeps_the_clause_it_rests_on():
    judged = Adjudication("DLT", decided=30, number=1, met=12, clause="icans-4")
    proposed = event(dlt="yes", met=13, clause="crs-3")
    assert status(replace(FREE, events=(proposed,), adjudication=judged)).clause == "icans-4"
    unnamed = replace(judged, clause="")
    assert status(replace(FREE, events=(proposed,), adjudication=unnamed)).clause == "crs-3"
