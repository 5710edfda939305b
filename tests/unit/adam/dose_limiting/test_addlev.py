"""Events held against the clauses and pause rules; the rules themselves: unit/dosing/toxicity."""

import datetime as dt

import pytest

from tests.unit.adam.bedside import icans
from tests.unit.adam.trial import INFUSED, STUDY, adam, records

SEEN = "subject  visit  on  safety\n001  Week 12  2024-04-03  yes"
EVENT = {
    "subject": "001",
    "number": "3",
    "term": "reported",
    "preferred": "Cardiac failure",
    "organ_class": "Cardiac disorders",
    "syndrome": "-",
    "scale": "CTCAE",
    "started": "2024-01-14",
    "ended": "2024-01-20",
    "outcome": "-",
    "car_t": "possibly",
    "dlt": "-",
}
LAB = "subject  at  analyte  specimen  value  unit  low  high\n"


def event(**more):
    cells = EVENT | more
    return "\n".join(["  ".join(cells), "  ".join(cells.values())])


def grades(*changes):
    lines = [f"001  3  {since}  {grade}" for since, grade in changes]
    return "\n".join(["subject  number  since  grade", *lines])


def held(*columns, kind="DLT CLAUSE", **forms):
    found = adam(**({"infusion": INFUSED, "visit": SEEN} | forms))
    rows = records(found, "ADDLEV", "RULETYP", *columns)
    return [row[1:] for row in rows if row[0] == kind]


def test_an_event_stands_with_each_clause_that_it_meets():
    found = held(
        "CLAUSE",
        "VERDICT",
        "AENO",
        "ASTDAY",
        "METDAY",
        "EVIDENCE",
        adverse_event=event(),
        ae_grade=grades(("2024-01-14", 1), ("2024-01-15", 3)),
    )
    assert found == [("organ", "Y", 3, 4, 5, "day 5 grade 3")]


@pytest.mark.parametrize(
    ("dlt", "grade", "expected"),
    [
        ("yes", 3, ("organ", "Y", "Y")),
        ("no", 3, ("organ", "Y", "N")),
        ("-", 3, ("organ", "Y", "N")),
        ("cannot be settled yet", 3, ("organ", "Y", None)),
        ("yes", 2, (None, "N", "N")),
        ("cannot be settled yet", 2, (None, "N", None)),
    ],
)
def test_the_clauses_are_held_against_the_investigator(dlt, grade, expected):
    found = held(
        "CLAUSE",
        "VERDICT",
        "AGREEFL",
        adverse_event=event(dlt=dlt),
        ae_grade=grades(("2024-01-14", grade)),
    )
    assert found == [expected]


@pytest.mark.parametrize(
    ("dlt", "grade", "verdict", "expected"),
    [
        ("yes", 3, "DLT", ("DLT", "Y")),
        ("yes", 3, "no DLT", ("no DLT", "N")),
        ("yes", 2, "no DLT", ("no DLT", "N")),
        ("no", 3, "no DLT", ("no DLT", "N")),
        ("no", 2, "DLT", ("DLT", "N")),
        ("yes", 3, "not evaluable", ("not evaluable", None)),
    ],
)
def test_what_was_proposed_is_held_against_the_committee(dlt, grade, verdict, expected):
    judged = f"""
        subject  verdict    decided     number  met
        001      {verdict}  2024-03-01  3       2024-01-14
    """
    found = held(
        "DLTADJ",
        "ADJAGRFL",
        adverse_event=event(dlt=dlt),
        ae_grade=grades(("2024-01-14", grade)),
        dlt_adjudication=judged,
    )
    assert found == [expected]


def test_an_event_that_nobody_proposes_and_no_clause_meets_is_no_record():
    assert held("CLAUSE", adverse_event=event(), ae_grade=grades(("2024-01-14", 2))) == []


def test_an_event_without_a_grade_is_not_settled():
    assert held("CLAUSE", "VERDICT", "WHYOPEN", adverse_event=event()) == [
        ("organ", "U", "the grade on day 4 is not known: 1 to 4")
    ]


@pytest.mark.parametrize("seen", ["2024-01-18", "2024-04-03"])
def test_when_an_end_that_was_not_written_down_was_nobody_knows(seen):
    fatigue = {"preferred": "Fatigue", "organ_class": "General disorders", "ended": "-"}
    told = grades(("2024-01-14", 3))
    over = event(**fatigue, outcome="resolved")
    visit = f"subject  visit  on  safety\n001  V  {seen}  yes"
    found = held("CLAUSE", "VERDICT", "WHYOPEN", visit=visit, adverse_event=over, ae_grade=told)
    assert found == [("lasting", "U", "when it was over is not known")]


def test_an_event_that_is_not_over_lasts_until_it_was_last_seen():
    fatigue = event(preferred="Fatigue", organ_class="General disorders", ended="-")
    told = grades(("2024-01-14", 3))
    assert held("VERDICT", adverse_event=fatigue, ae_grade=told) == [("Y",)]
    early = "subject  visit  on  safety\n001  V  2024-01-18  yes"
    assert held("VERDICT", visit=early, adverse_event=fatigue, ae_grade=told) == [("U",)]


def test_ctcaes_own_term_for_crs_has_no_grade_by_astct():
    term = event(preferred="Cytokine release syndrome", organ_class="Immune system disorders")
    found = held("CLAUSE", "VERDICT", adverse_event=term, ae_grade=grades(("2024-01-14", 4)))
    assert found == [("crs-3", "U"), ("crs-4", "U")]


def counts(*values):
    lines = [f"001  {day}T07:00  NEUT  blood  {value}  10^9/L  1.8  6.3" for day, value in values]
    return LAB + "\n".join(lines)


LONG = (("2024-01-03", 3), ("2024-01-12", 0.3), ("2024-01-30", 0.2), ("2024-02-10", 0.4))
BACK = (*LONG, ("2024-02-12", 2))


def test_laboratory_values_stand_without_an_adverse_event():
    found = held(
        "CLAUSE", "VERDICT", "SRCDOM", "AENO", "ASTDAY", "METDAY", laboratory=counts(*BACK)
    )
    assert found == [("neutropenia", "Y", "LB", None, 2, 31)]


@pytest.mark.parametrize(
    ("car_t", "expected"), [("possibly", [(3,)]), ("-", [(3,)]), ("unlikely", [])]
)
def test_values_have_the_attribution_of_the_event_of_their_ctcae_term(car_t, expected):
    low = event(preferred="Neutrophil count decreased", organ_class="Investigations", car_t=car_t)
    told = grades(("2024-01-14", 4))
    found = held("AENO", adverse_event=low, ae_grade=told, laboratory=counts(*BACK))
    assert found == expected


def test_values_that_have_not_come_back_are_open():
    found = held("VERDICT", "WHYOPEN", laboratory=counts(*LONG[:3]))
    assert found == [("U", "not over when last seen on day 20")]


BEDSIDE = """
    subject  at                temperature  other_cause  grade
    001      2024-01-14T08:00  39.0         no           4
    001      2024-01-15T08:00  38.5         no           1
"""


def test_an_episode_at_the_bedside_counts_without_an_adverse_event():
    found = held("CLAUSE", "SRCDOM", "AENO", "METDAY", crs_assessment=BEDSIDE)
    assert found == [("crs-4", "FA", None, 4)]


@pytest.mark.parametrize("cut", range(14, 100, 7))
def test_a_safety_visit_without_an_assessment_of_icans_ends_no_episode(cut):
    found = adam(
        infusion=INFUSED,
        visit="subject  visit  on  safety\n001  Day 14  2024-01-26  yes\n001  W  2024-04-03  yes",
        icans_assessment=icans("at  seizure  grade\n2024-01-24T08:14  resolving rapidly  3"),
        cutoff=dt.date(2024, 1, 10) + dt.timedelta(days=cut),
    )
    told = records(found, "ADDLEV", "CLAUSE", "VERDICT", "WHYOPEN")
    assert told == [("icans-3", "U", "not over when last seen on day 14")]
    assert records(found, "ADDL", "DLTSTAT") == ["maturing"]
    assert records(found, "ADCE", "ONGOFL") == ["Y"]


@pytest.mark.parametrize(
    ("free", "expected"),
    [("2024-01-26T08:00", []), ("2024-01-27T08:14", []), ("2024-01-27T08:15", [("U",)])],
)
def test_the_next_assessment_free_of_every_sign_says_by_when_an_episode_was_over(free, expected):
    rows = ["at  seizure  grade", "2024-01-24T08:14  resolving rapidly  3", f"{free}  none  0"]
    assert held("VERDICT", icans_assessment=icans("\n".join(rows))) == expected


def test_an_episode_at_the_bedside_is_over_with_the_death():
    rows = "at  seizure  grade\n2024-01-24T08:14  resolving rapidly  3"
    died = "subject  on  cause  adjudicated\n001  {}  myeloma  yes"
    for day, expected in (("2024-01-26", []), ("2024-01-28", [("U",)])):
        told = held("VERDICT", icans_assessment=icans(rows), death=died.format(day))
        assert told == expected


def test_a_grade_5_at_the_bedside_that_nobody_has_judged_is_what_the_signs_leave():
    fatal = BEDSIDE.replace("no           4", "no           5")
    found = held("CLAUSE", "VERDICT", "EVIDENCE", crs_assessment=fatal)
    assert found[0] == ("crs-4", "U", "day 4, 08:00 grade 1 to 4")


@pytest.mark.parametrize(
    ("adjudicated", "due", "car_t", "expected"),
    [
        ("yes", "3", "yes", [("death", "Y", 22, "day 22 grade 5")]),
        ("yes", "-", "no", []),
        ("no", "-", "-", [("death", "U", None, "day 22 grade 2 to 5")]),
    ],
)
def test_a_fatal_event_is_of_grade_5_once_somebody_has_judged_it(adjudicated, due, car_t, expected):
    died = f"""
        subject  on          cause     adjudicated    event  car_t
        001      2024-02-01  toxicity  {adjudicated}  {due}  {car_t}
    """
    fatal = event(preferred="Fatigue", organ_class="General", ended="2024-02-01", outcome="fatal")
    found = held(
        "CLAUSE",
        "VERDICT",
        "METDAY",
        "EVIDENCE",
        adverse_event=fatal,
        ae_grade=grades(("2024-01-14", 2)),
        death=died,
    )
    assert [row for row in found if row[0] == "death"] == expected


def test_a_death_related_to_the_product_counts_without_an_adverse_event():
    died = "subject  on  cause  adjudicated  car_t\n001  2024-02-01  toxicity  yes  yes"
    told = held("CLAUSE", "SRCDOM", "AENO", "METDAY", adverse_event=event(), death=died)
    assert ("death", "DS", None, 22) in told


@pytest.mark.parametrize(
    ("preferred", "organ_class", "clauses"),
    [
        ("Cardiac failure", "Cardiac disorders", {"death": "Y", "organ": "Y"}),
        ("Sepsis", "Infections and infestations", {"death": "Y", "infection": "Y"}),
        ("Nausea", "Gastrointestinal disorders", {"death": "Y"}),
        ("Nausea", "-", {"death": "Y", "infection": "U", "organ": "U"}),
    ],
)
def test_a_death_due_to_an_event_from_before_the_infusion_has_its_term_and_organ_class(
    preferred, organ_class, clauses
):
    died = "subject  on  cause  adjudicated  event  car_t\n001  2024-02-01  toxicity  yes  3  yes"
    found = held(
        "CLAUSE",
        "VERDICT",
        "SRCDOM",
        "AENO",
        adverse_event=event(
            preferred=preferred, organ_class=organ_class, started="2024-01-02", ended="-"
        ),
        ae_grade=grades(("2024-01-02", 2)),
        death=died,
    )
    assert found == [(clause, said, "DS", 3) for clause, said in clauses.items()]


def test_a_grade_that_is_dated_in_part_settles_no_duration():
    worst = event(preferred="Fatigue", organ_class="General", ended="2024-01-24")
    told = grades(("2024-01", 3))
    found = held("CLAUSE", "VERDICT", "WHYOPEN", adverse_event=worst, ae_grade=told)
    assert found == [("lasting", "U", "a date is known in part")]


def test_pause_rules_are_held_against_the_same_events():
    icans = event(preferred="ICANS", syndrome="ICANS", scale="ASTCT")
    told = grades(("2024-01-14", 4))
    found = held("CLAUSTXT", "AENO", kind="PAUSE RULE", adverse_event=icans, ae_grade=told)
    assert found == [("ICANS of grade 4 or higher", 3)]


def test_a_study_without_clauses_and_rules_has_no_such_records():
    rule = STUDY.dlt.model_copy(update={"clauses": ()})
    study = STUDY.model_copy(update={"dlt": rule, "pause_rules": ()})
    told = grades(("2024-01-14", 3))
    found = adam(study=study, infusion=INFUSED, adverse_event=event(), ae_grade=told)
    assert "ADDLEV" not in found.tables
    assert records(found, "ADDL", "DLTSTAT") == ["pending"]
