"""Adverse events: which are treatment emergent, related, registered, tabulated, and how bad."""

import pytest

from tests.unit.adam.trial import INFUSED, adam, only, records

AT_NOON = """
    subject  number  at                level  given
    001      1       2024-01-10T12:00  1      1
"""


def event(started: str, ended: str = "-", grades: str = "", *, infusion: str = INFUSED, **forms):
    """One event of one subject; its grades as `2024-01-10 2`, one a line."""
    changes = [line.split() for line in grades.strip().splitlines()]
    graded = "\n".join(f"001  1  {since}  {grade}" for since, grade in changes)
    return adam(
        infusion=infusion,
        adverse_event=f"""
            subject  number  term   scale  started    ended
            001      1       Fever  CTCAE  {started}  {ended}
        """,
        ae_grade=f"subject  number  since  grade\n{graded}",
        **forms,
    )


@pytest.mark.parametrize(
    ("started", "emergent", "day"),
    [
        ("2024-01-09", None, -1),
        ("2024-01-10", "Y", 0),
        ("2024-01-10T11:00", None, 0),
        ("2024-01-10T12:00", "Y", 0),
        ("2024-01-11", "Y", 1),
        ("2024-01", "Y", 0),
        ("-", "Y", None),
    ],
)
def test_an_event_that_began_with_the_infusion_or_after_it_is_treatment_emergent(
    started, emergent, day
):
    found = event(started, infusion=AT_NOON)
    assert only(found, "ADAE", "TRTEMFL", "ASTDAY") == (emergent, day)


@pytest.mark.parametrize(
    ("grades", "emergent", "worst"),
    [
        ("2024-01-05 2\n 2024-01-20 3", "Y", 3),
        ("2024-01-05 3\n 2024-01-20 2", None, 3),
        ("2024-01-05 3\n 2024-01-08 1\n 2024-01-20 2", "Y", 2),
        ("2024-01-05 2", None, 2),
    ],
)
def test_an_event_that_worsened_after_the_infusion_is_treatment_emergent(grades, emergent, worst):
    found = event("2024-01-05", "2024-03-01", grades)
    assert only(found, "ADAE", "TRTEMFL", "ATOXGRN") == (emergent, worst)


def test_an_event_over_before_the_infusion_keeps_its_worst_grade():
    found = event("2023-12-20", "2024-01-02", "2023-12-20 3\n 2023-12-25 1")
    assert only(found, "ADAE", "TRTEMFL", "ATOXGRN") == (None, 3)


@pytest.mark.parametrize(
    ("started", "registered"), [("2026-01-09", "Y"), ("2026-01-10", None), ("2024-01-09", None)]
)
def test_the_registered_time_frame_is_day_0_to_730(started, registered):
    assert only(event(started), "ADAE", "REGFL") == registered


def test_an_event_without_a_grade_says_so():
    assert only(event("2024-01-12"), "ADAE", "ATOXGRN", "WHYMISS") == (None, "no grade recorded")


def test_an_event_of_an_undated_infusion_cannot_be_placed():
    undated = """
        subject  number  at  why_no_date  level
        001      1       -   unknown      1
        002      1       2024-03-01  -    1
    """
    people = "subject  consented\n001  2023-12-01\n002  2023-12-01"
    found = event("2024-01-12", infusion=undated, demographics=people)
    assert only(found, "ADAE", "TRTEMFL", "ASTDAY") == (None, None)
    assert "be before or after a known infusion" in " ".join(str(f) for f in found.findings)


FATAL = "2024-01-12 4\n 2024-01-15 5"
DEATH = """
    subject  on          cause     adjudicated  event
    001      2024-01-15  toxicity  {said}       {event}
"""


@pytest.mark.parametrize(
    ("said", "event_", "grade"), [("yes", "1", 5), ("yes", "2", 4), ("no", "1", 4), ("yes", "-", 4)]
)
def test_grade_5_stands_where_a_person_has_judged_the_death(said, event_, grade):
    found = event("2024-01-12", grades=FATAL, death=DEATH.format(said=said, event=event_))
    assert only(found, "ADAE", "ATOXGRN") == grade


def test_grade_5_alone_awaits_the_verdict():
    found = event("2024-01-12", grades="2024-01-15 5", death=DEATH.format(said="no", event="-"))
    why = "grade 5 awaits adjudication of the death"
    assert only(found, "ADAE", "ATOXGRN", "WHYMISS") == (None, why)


def test_an_adjudicated_death_is_grade_5_whatever_was_graded():
    found = event("2024-01-12", grades="2024-01-12 3", death=DEATH.format(said="yes", event="1"))
    assert only(found, "ADAE", "ATOXGRN") == 5


EVENTS = """
    subject  number  term      preferred                 syndrome  component_of  scale  car_t
    001      1       CRS       Cytokine release syndrome  CRS       -             ASTCT  related
    001      2       Fever     Pyrexia                   -         1             CTCAE  possibly
    001      3       Nausea    Nausea                    -         -             CTCAE  unlikely
    001      4       Rash      Rash                      -         3             CTCAE  not
    001      5       CRS       Cytokine Release Syndrome  -         -             CTCAE  -
"""


def test_crs_its_signs_and_the_ctcae_term_leave_the_table_by_term():
    found = adam(infusion=INFUSED, adverse_event=EVENTS)
    assert records(found, "ADAE", "AENO", "TABFL") == [
        (1, None),
        (2, None),
        (3, "Y"),
        (4, "Y"),
        (5, None),
    ]
    said = " ".join(str(finding) for finding in found.findings)
    assert "number of a CRS or ICANS event" in said
    assert "CTCAE's own CRS term is not used" in said


def test_a_missing_cause_counts_as_related_and_is_flagged():
    found = adam(infusion=INFUSED, adverse_event=EVENTS)
    assert records(found, "ADAE", "AENO", "ARELFL", "ARELMFL") == [
        (1, "Y", None),
        (2, "Y", None),
        (3, None, None),
        (4, None, None),
        (5, "Y", "Y"),
    ]


def test_the_first_and_the_worst_event_of_a_subject_an_organ_class_and_a_term_are_flagged():
    found = adam(
        infusion=INFUSED,
        adverse_event="""
            subject  number  term      preferred  organ_class             scale  started
            001      1       Nausea    Nausea     Gastrointestinal        CTCAE  2024-01-05
            001      2       Nausea    Nausea     Gastrointestinal        CTCAE  2024-01-12
            001      3       Nausea    Nausea     Gastrointestinal        CTCAE  2024-01-20
            001      4       Vomiting  Vomiting   Gastrointestinal        CTCAE  2024-01-12
            001      5       Cough     Cough      Respiratory             CTCAE  -
            001      6       Fatigue   -          General                 CTCAE  2024-01-11
        """,
        ae_grade="""
            subject  number  since       grade
            001      1       2024-01-05  4
            001      2       2024-01-12  1
            001      3       2024-01-20  3
            001      4       2024-01-12  3
            001      6       2024-01-11  2
        """,
    )
    flags = ("AOCCFL", "AOCCSFL", "AOCCPFL", "AOCCIFL", "AOCCSIFL", "AOCCPIFL")
    flagged = {
        number: " ".join(name for name, flag in zip(flags, flagged, strict=True) if flag)
        for number, *flagged in records(found, "ADAE", "AENO", *flags)
    }
    assert flagged == {
        1: "",  # before the infusion
        6: "AOCCFL AOCCSFL AOCCSIFL",
        2: "AOCCSFL AOCCPFL",
        4: "AOCCPFL AOCCIFL AOCCSIFL AOCCPIFL",
        3: "AOCCPIFL",
        5: "AOCCSFL AOCCPFL AOCCSIFL AOCCPIFL",
    }
