"""DLT status from what was collected; the rules themselves are tested in unit/dosing/toxicity."""

import datetime as dt

import pytest

from cartrial.adam.state import dosing_state
from cartrial.dosing.state import Patient
from tests.unit.adam.trial import INFUSED, STUDY, adam, only

SEEN = "subject  visit  on  safety\n001  Week 12  2024-04-03  yes"
SEEN_EARLY = "subject  visit  on  safety\n001  Day 28  2024-02-07  yes"
TOXIC = """
    subject  number  term    preferred  organ_class  scale  started     dlt    dlt_met
    001      7       Sepsis  Sepsis     Infections   CTCAE  2024-01-20  {dlt}  {met}
"""
GRADED = "subject  number  since       grade\n001      7       2024-01-20  2"


def status(*columns: str, **forms: str):
    graded = {"ae_grade": GRADED} if "adverse_event" in forms else {}
    found = adam(**({"infusion": INFUSED} | graded | forms))
    return only(found, "ADDL", *(columns or ("DLTSTAT",)))


def test_a_subject_assessed_on_day_84_without_dlt_is_complete():
    assert status("DLTSTAT", "DLTFUP", "DLTLATFL", visit=SEEN) == ("complete", 84, None)


def test_a_subject_assessed_after_the_window_of_the_visit_is_complete_but_late():
    late = SEEN.replace("2024-04-03", "2024-04-11")
    assert status("DLTSTAT", "DLTFUP", "DLTLATFL", visit=late) == ("complete", 84, "Y")


def test_a_subject_is_pending_up_to_its_last_documented_assessment():
    found = status("DLTSTAT", "DLTFUP", "DLTINT", "DLTINTDY", visit=SEEN_EARLY)
    assert found == ("pending", 28, "complete", 28)


@pytest.mark.parametrize(
    ("dlt", "met", "expected"),
    [
        ("yes", "2024-01-23", ("DLT", 13, dt.date(2024, 1, 23), 7, "Sepsis")),
        ("yes", "-", ("DLT", None, None, 7, "Sepsis")),
        ("cannot be settled yet", "-", ("maturing", None, None, 7, "Sepsis")),
        ("no", "-", ("complete", None, None, None, None)),
    ],
)
def test_an_event_proposed_as_dlt_counts_from_the_day_its_clause_is_met(dlt, met, expected):
    columns = ("DLTSTAT", "DLTDAY", "DLTDT", "DLTAENO", "DLTTERM")
    assert status(*columns, visit=SEEN, adverse_event=TOXIC.format(dlt=dlt, met=met)) == expected


def test_a_clause_met_after_the_cut_could_not_be_settled_at_the_cut():
    event = TOXIC.format(dlt="yes", met="2024-02-20")
    assert status(adverse_event=event, visit=SEEN_EARLY, cutoff=dt.date(2024, 2, 7)) == "maturing"


@pytest.mark.parametrize(("verdict", "expected"), [("no DLT", "complete"), ("DLT", "DLT")])
def test_the_verdict_of_the_committee_drives(verdict, expected):
    judged = f"""
        subject  verdict    decided     number  met
        001      {verdict}  2024-02-01  7       2024-01-23
    """
    event = TOXIC.format(dlt="yes", met="2024-01-23")
    found = status("DLTSTAT", "DLTADJ", visit=SEEN, adverse_event=event, dlt_adjudication=judged)
    assert found == (expected, verdict)


def test_a_verdict_after_the_cut_is_not_known_yet():
    judged = "subject  verdict  decided     number  met\n001  no DLT  2024-06-01  7  2024-01-23"
    event = TOXIC.format(dlt="yes", met="2024-01-23")
    found = status(
        "DLTSTAT",
        "DLTADJ",
        visit=SEEN,
        adverse_event=event,
        dlt_adjudication=judged,
        cutoff=dt.date(2024, 5, 1),
    )
    assert found == ("DLT", None)


@pytest.mark.parametrize(
    ("given", "expected"),
    [("0.79", ("not evaluable", 1)), ("0.8", ("complete", 1)), ("2", ("complete", 2))],
)
def test_a_dose_outside_the_limits_counts_at_the_level_that_it_fits(given, expected):
    infusion = INFUSED.replace("1        1\n", f"1        {given}\n")
    assert status("DLTSTAT", "EVALLVL", visit=SEEN, infusion=infusion) == expected


@pytest.mark.parametrize(
    ("forms", "reason"),
    [
        (
            {
                "medication": """
                    subject  number  drug         kind                      started
                    001      1       Carfilzomib  new anti-myeloma therapy  2024-03-01
                """
            },
            "new anti-myeloma therapy on day 51",
        ),
        (
            {
                "death": """
                    subject  on          cause    adjudicated
                    001      2024-03-01  myeloma  no
                """
            },
            "died of the disease on day 51",
        ),
        (
            {
                "disposition": """
                    subject  milestone     on          reason
                    001      end of study  2024-03-01  withdrew consent
                """
            },
            "follow-up ended on day 51, last safety assessment on day 28",
        ),
    ],
)
def test_what_ends_the_window_makes_a_subject_not_evaluable(forms, reason):
    found = status("DLTSTAT", "DLTREAS", visit=SEEN_EARLY, **forms)
    assert found == ("not evaluable", reason)


def test_a_death_that_nobody_has_judged_is_maturing():
    death = "subject  on  cause  adjudicated\n001  2024-03-01  infection  no"
    assert status(visit=SEEN_EARLY, death=death) == "maturing"


def test_a_missed_visit_counts_on_its_planned_day():
    visits = """
        subject  visit    on          why_missed    safety
        001      Day 28   2024-02-07  -             yes
        001      Month 2  -           visit missed  no
    """
    found = status("DLTSTAT", "DLTREAS", visit=visits, cutoff=dt.date(2024, 5, 1))
    assert found == ("not evaluable", "safety assessment missed on day 61, none since day 28")


UNDATED = "subject  number  at  why_no_date  level  given\n001  1  -  not published  1  1"


def test_without_the_day_of_infusion_only_a_dlt_can_be_told():
    event = TOXIC.format(dlt="yes", met="-").replace("2024-01-20", "-")
    assert status(infusion=UNDATED, adverse_event=event) == "DLT"
    found = status("DLTSTAT", "DLTREAS", infusion=UNDATED, visit=SEEN)
    assert found == ("not evaluable", "the day of infusion is not known")


def test_without_events_and_visits_there_is_no_dlt_status():
    assert "ADDL" not in adam(infusion=INFUSED).tables


def test_the_escalation_knows_how_many_are_planned_and_the_day_of_a_dlt():
    found = adam(infusion=INFUSED, adverse_event=CRS.format(car_t="related", dlt="yes"))
    state = dosing_state(STUDY, found)
    (patient,) = state.patients
    assert (state.planned, patient.status) == (STUDY.subjects, "DLT")
    assert patient.met == found.tables["ADDL"]["DLTDAY"].item()


def test_the_escalation_sees_the_subjects_in_the_order_of_infusion():
    found = adam(
        demographics="subject  consented   level\n001      2023-12-01  1\n002      2023-12-01  1",
        infusion="""
            subject  number  at          level  given
            001      1       2024-03-10  1      1
            002      1       2024-01-10  1      1
        """,
        visit="""
            subject  visit    on          safety
            002      Week 12  2024-04-03  yes
        """,
    )
    assert dosing_state(STUDY, found).patients == (
        Patient("002", 1, "complete", 84, 1),
        Patient("001", 1, "pending", 0, 1),
    )


CRS = """
    subject  number  term  preferred  syndrome  scale  started           car_t    dlt
    001      7       CRS   CRS        CRS       ASTCT  2024-01-12T08:00  {car_t}  {dlt}
"""
SEVERE = """
    subject  number  since             grade
    001      7       2024-01-12T08:00  1
    001      7       2024-01-13T08:00  3
    001      7       2024-01-16T20:00  1
"""


def crs(dlt="no", car_t="related", grades=SEVERE, **forms):
    return {"adverse_event": CRS.format(dlt=dlt, car_t=car_t), "ae_grade": grades} | forms


def test_an_event_that_meets_a_clause_counts_though_the_investigator_said_no():
    columns = ("DLTSTAT", "DLTDAY", "DLTONSDY", "DLTCLAUS", "DLTREAS")
    assert status(*columns, visit=SEEN, **crs()) == (
        "DLT",
        6,
        2,
        "crs-3",
        "proposed by clause crs-3, not yet adjudicated",
    )


def test_the_committee_decides_against_the_clause():
    judged = "subject  verdict  decided     number\n001      no DLT   2024-02-01  7"
    assert status(visit=SEEN, **crs(dlt_adjudication=judged)) == "complete"


def test_the_clause_of_a_verdict_is_kept_where_its_words_name_one():
    judged = """
        subject  verdict  decided     number  met         clause
        001      DLT      2024-02-01  7       2024-01-16  CRS-3
    """
    found = status("DLTCLAUS", "DLTREAS", visit=SEEN, **crs(dlt_adjudication=judged))
    assert found == ("crs-3", "adjudicated as DLT; clause crs-3")


def test_a_clause_that_is_not_settled_leaves_the_subject_maturing():
    lasting = SEVERE.rsplit("    001", 1)[0]
    found = status("DLTSTAT", "DLTREAS", **crs(grades=lasting), cutoff=dt.date(2024, 1, 15))
    assert found == (
        "maturing",
        "event 7 (CRS) cannot be settled yet: clause crs-3, not over when last seen on day 5",
    )


def test_a_toxicity_of_another_cause_meets_no_clause():
    assert status(visit=SEEN, **crs(car_t="not")) == "complete"


def test_a_clause_that_is_switched_off_proposes_nothing():
    clauses = tuple(c.model_copy(update={"active": c.id != "crs-3"}) for c in STUDY.dlt.clauses)
    rule = STUDY.dlt.model_copy(update={"clauses": clauses})
    study = STUDY.model_copy(update={"dlt": rule})
    assert only(adam(study=study, infusion=INFUSED, visit=SEEN, **crs()), "ADDL", "DLTSTAT") == (
        "complete"
    )
