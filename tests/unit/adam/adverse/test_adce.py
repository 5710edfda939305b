"""Episodes of CRS and ICANS: when, how bad, how long, and what was given."""

import datetime as dt

import pytest

from tests.unit.adam.bedside import crs, icans
from tests.unit.adam.trial import INFUSED, adam, only, records

EPISODES = """
    subject  number  term   syndrome  scale  started           ended             outcome
    001      1       CRS    CRS       ASTCT  2024-01-12T20:00  2024-01-16T09:00  resolved
    001      2       ICANS  ICANS     ASTCT  2024-01-15        -                 not resolved
    001      3       Rash   -         CTCAE  2024-01-15        -                 -
"""
GRADES = """
    subject  number  since             grade
    001      1       2024-01-12T20:00  1
    001      1       2024-01-13T06:00  3
    001      1       2024-01-14        2
    001      2       2024-01-15        1
"""


def test_an_episode_has_its_worst_grade_its_peak_and_its_length():
    found = adam(infusion=INFUSED, adverse_event=EPISODES, ae_grade=GRADES)
    columns = ("ACAT", "ATOXGRN", "ASTDAY", "PKDAY", "AENDAY", "ADURN", "ONGOFL")
    assert records(found, "ADCE", *columns) == [
        ("CRS", 3, 2, 3, 6, 5, None),
        ("ICANS", 1, 5, 5, None, None, "Y"),
    ]


def test_at_an_early_cut_the_episode_is_ongoing_at_the_grade_reached():
    found = adam(
        infusion=INFUSED,
        adverse_event=EPISODES,
        ae_grade=GRADES,
        cutoff=dt.date(2024, 1, 12),
    )
    columns = ("ACAT", "ATOXGRN", "AENDT", "ONGOFL")
    assert only(found, "ADCE", *columns) == ("CRS", 1, None, "Y")


@pytest.mark.parametrize(
    ("started", "ended", "event", "crs", "icans"),
    [
        ("2024-01-13", "2024-01-13", "-", "Y", "N"),
        ("2024-01-13", "2024-01-20", "-", "Y", "Y"),
        ("2024-01-15", "2024-01-15", "2", "N", "Y"),
        ("2024-02-20", "2024-02-20", "1", "Y", "N"),
        ("2024-01-11", "2024-01-11", "-", "N", "N"),
        ("2024-01-18", "-", "-", "N", "Y"),
        ("2024-01", "-", "-", None, None),
        ("-", "-", "-", None, None),
        ("-", "-", "1", "Y", "N"),
        ("2024-01", "2024-01-14", "-", None, "N"),
        ("2024-03", "-", "-", "N", None),
    ],
)
def test_a_drug_was_given_for_the_event_it_names_or_the_days_it_covers(
    started, ended, event, crs, icans
):
    found = adam(
        infusion=INFUSED,
        adverse_event=EPISODES,
        medication=f"""
            subject  number  drug         kind         started    ended    event
            001      1       Tocilizumab  tocilizumab  {started}  {ended}  {event}
        """,
    )
    assert records(found, "ADCE", "ACAT", "TOCIFL", "STERFL") == [
        ("CRS", crs, "N"),
        ("ICANS", icans, "N"),
    ]


def test_where_medication_was_not_collected_nobody_knows_what_was_given():
    found = adam(infusion=INFUSED, adverse_event=EPISODES)
    assert records(found, "ADCE", "TOCIFL", "STERFL") == [(None, None)] * 2


@pytest.mark.parametrize(
    ("started", "ended", "event", "days"),
    [
        ("2024-01-13", "2024-01-13", "1", 1),
        ("2024-01-13", "2024-01-18", "1", 6),
        ("2024-01-15", "2024-01-20", "-", 2),
        ("2024-01-13T20:00", "2024-01-14T08:00", "1", 2),
        ("2024-01-13", "-", "1", None),
        ("2024-01-13", "2024-01", "1", None),
        ("2024-02-20", "2024-02-21", "-", 0),
        ("-", "-", "-", None),
    ],
)
def test_the_days_of_a_steroid_are_calendar_days_each_once(started, ended, event, days):
    found = adam(
        infusion=INFUSED,
        adverse_event="\n".join(EPISODES.splitlines()[:3]),
        medication=f"""
            subject  number  drug           kind     started    ended    event
            001      1       Dexamethasone  steroid  {started}  {ended}  {event}
        """,
    )
    assert only(found, "ADCE", "STERDAYS") == days
    assert only(found, "ADCE", "TOCIDAYS") == 0


def test_days_on_which_two_records_overlap_count_once_and_tocilizumab_needs_no_end():
    found = adam(
        infusion=INFUSED,
        adverse_event="\n".join(EPISODES.splitlines()[:3]),
        medication="""
            subject  number  drug                kind         started           ended       event
            001      1       Tocilizumab         tocilizumab  2024-01-13T06:00  -           1
            001      2       Tocilizumab         tocilizumab  2024-01-13T18:00  -           1
            001      3       Tocilizumab         tocilizumab  2024-01-14T06:00  -           1
            001      4       Dexamethasone       steroid      2024-01-13        2024-01-15  1
            001      5       Methylprednisolone  steroid      2024-01-15        2024-01-16  1
        """,
    )
    assert only(found, "ADCE", "TOCIDAYS", "STERDAYS") == (2, 4)
    dates = [f"2024-01-{day}" for day in (13, 14, 15, 16)]
    assert only(found, "ADCE", "STERDTS") == " ".join(dates)


# Fever on 12 and 13 January, none on 14 and 15, fever and a mask on 17 and 18: two episodes.
BIPHASIC = crs("""
    at                temperature  oxygen     grade
    2024-01-12T08:00  38.4         none       1
    2024-01-13T08:00  38.1         none       1
    2024-01-14T08:00  36.8         none       0
    2024-01-15T08:00  36.8         none       0
    2024-01-17T08:00  38.2         none       1
    2024-01-18T08:00  38.9         face mask  3
    2024-01-19T08:00  36.9         none       0
""")
MATCHED = ("AENO", "EPNO", "ASRC", "ATOXGRN", "GRSRC", "DTOXGR", "ASTDAY", "DAYPEAK", "ADURN")


def crs_event(started: str, ended: str, number: int = 1) -> str:
    return f"""
        subject  number    term  syndrome  scale  started    ended    outcome
        001      {number}  CRS   CRS       ASTCT  {started}  {ended}  resolved
    """


def test_an_episode_that_was_not_recorded_counts_with_the_grade_of_the_bedside():
    found = adam(infusion=INFUSED, crs_assessment=BIPHASIC)
    assert records(found, "ADCE", *MATCHED) == [
        (None, 1, "assessments", 1, "bedside assessment", "grade 1", 2, 0, 2),
        (None, 2, "assessments", 3, "bedside assessment", "grade 3", 7, 1, 2),
    ]
    assert records(found, "ADCE", "ARELFL", "REGFL", "AGREEFL") == [("Y", "Y", "Y")] * 2


def test_one_event_for_a_biphasic_course_is_the_episode_with_the_nearer_onset():
    found = adam(
        infusion=INFUSED,
        adverse_event=crs_event("2024-01-12", "2024-01-18"),
        ae_grade="subject  number  since  grade\n001  1  2024-01-12  1\n001  1  2024-01-18  3",
        crs_assessment=BIPHASIC,
    )
    assert records(found, "ADCE", *MATCHED) == [
        (1, 1, "AE and assessments", 3, "adverse event", "grade 1", 2, 6, 7),
        (None, 2, "assessments", 3, "bedside assessment", "grade 3", 7, 1, 2),
    ]
    assert records(found, "ADCE", "AGREEFL") == ["N", "Y"]
    assert only(found, "ADAE", "ATOXGRN", "DTOXGRL", "DTOXGRH", "AGREEFL") == (3, 1, 1, "N")
    assert records(found, "ADTOX", "AENO") == [1, 1, None, None, None, None, None]


@pytest.mark.parametrize(
    ("started", "ended", "source"),
    [
        ("2024-01-12", "2024-01-13", "AE and assessments"),
        ("2024-01-14", "2024-01-15", "AE and assessments"),
        ("2024-01-10", "2024-01-11", "AE and assessments"),
        ("2024-01-15", "2024-01-15", "AE"),
        ("2024-02-15", "2024-02-15", "AE"),
        ("-", "2024-01-13", "AE and assessments"),
        ("2024-01", "-", "AE and assessments"),
    ],
)
def test_an_event_and_an_episode_are_the_same_within_a_day(started, ended, source):
    first = "\n".join(BIPHASIC.splitlines()[:5])
    found = adam(infusion=INFUSED, adverse_event=crs_event(started, ended), crs_assessment=first)
    assert source in records(found, "ADCE", "ASRC")
    assert len(records(found, "ADCE", "ASRC")) == (1 if "and" in source else 2)


def test_each_event_and_each_episode_is_matched_once_by_the_nearest_onset():
    events = (
        crs_event("2024-01-13", "2024-01-18", 1).rstrip()
        + "\n"
        + ("        001      2  CRS   CRS       ASTCT  2024-01-17    2024-01-18  resolved")
    )
    found = adam(infusion=INFUSED, adverse_event=events, crs_assessment=BIPHASIC)
    assert records(found, "ADCE", "AENO", "EPNO") == [(1, 1), (2, 2)]


def test_crs_is_never_matched_with_icans():
    seen = icans("""
        at                orientation  consciousness  grade
        2024-01-12T08:00  2            alert          1
        2024-01-13T08:00  4            alert          0
    """)
    found = adam(
        infusion=INFUSED,
        adverse_event=crs_event("2024-01-12", "2024-01-13"),
        icans_assessment=seen,
    )
    assert sorted(records(found, "ADCE", "ACAT", "ASRC")) == [
        ("CRS", "AE"),
        ("ICANS", "assessments"),
    ]


@pytest.mark.parametrize(
    ("graded", "oxygen", "grade", "source", "why"),
    [
        ("3", "face mask", 3, "bedside assessment", None),
        ("-", "face mask", 3, "derived", None),
        ("-", "-", None, None, "no grade recorded, and the derived grade is not settled"),
        ("5", "face mask", 3, "derived", None),
    ],
)
def test_the_worst_grade_of_an_unrecorded_episode_says_where_it_is_from(
    graded, oxygen, grade, source, why
):
    seen = crs(f"at  temperature  oxygen  grade\n2024-01-12T08:00  38.4  {oxygen}  {graded}")
    found = adam(infusion=INFUSED, crs_assessment=seen)
    assert only(found, "ADCE", "ATOXGRN", "GRSRC", "WHYMISS") == (grade, source, why)


def test_an_episode_that_the_investigator_graded_0_throughout_is_shown_and_not_counted():
    seen = icans("""
        at                orientation  consciousness  grade
        2024-01-12T08:00  2            alert          0
        2024-01-13T08:00  4            alert          0
    """)
    found = adam(infusion=INFUSED, icans_assessment=seen)
    assert only(found, "ADCE", "ATOXGRN", "DTOXGR", "AGREEFL", "REGFL") == (0, "grade 1", "N", None)


def test_a_death_adjudicated_as_due_to_crs_is_grade_5_and_agrees_with_nothing():
    found = adam(
        infusion=INFUSED,
        adverse_event=crs_event("2024-01-12", "-"),
        ae_grade="subject  number  since  grade\n001  1  2024-01-12  3\n001  1  2024-01-14  5",
        crs_assessment=crs("at  temperature  oxygen  grade\n2024-01-12T08:00  38.4  face mask  3"),
        death="subject  on  cause  adjudicated  event\n001  2024-01-14  toxicity  yes  1",
    )
    assert only(found, "ADCE", "ATOXGRN", "GRSRC", "DTOXGR", "AGREEFL") == (
        5,
        "adverse event",
        "grade 3",
        None,
    )


NO_ANSWER = "the end is not known"
PARTIAL = "days: a date is known in part"


@pytest.mark.parametrize(
    ("started", "ended", "outcome", "expected"),
    [
        ("2024-01-12", "2024-01-16", "resolved", (6, None, 5, None)),
        ("2024-01-12", "2024-01", "resolved", (None, "D", None, f"1 to 20 {PARTIAL}")),
        ("2024-01-12", "2024-02", "resolved", (None, "D", None, f"21 to 49 {PARTIAL}")),
        ("2024-01-12", "2024", "resolved", (None, "M", None, f"1 to 355 {PARTIAL}")),
        ("2024-01-31", "2024-01", "resolved", (None, "D", 1, None)),
        ("2024-01", "2024-01-16", "resolved", (6, None, None, f"1 to 7 {PARTIAL}")),
        ("-", "2024-01-16", "resolved", (6, None, None, "the onset is not known")),
        ("2024-01-12", "-", "resolved", (None, None, None, NO_ANSWER)),
        ("2024-01-12", "-", "not resolved", (None, None, None, "not over at the data cut")),
    ],
)
def test_a_duration_is_a_number_only_where_its_dates_settle_it(started, ended, outcome, expected):
    event = crs_event(started, ended).replace("  resolved", f"  {outcome}")
    found = adam(infusion=INFUSED, adverse_event=event, cutoff=dt.date(2024, 12, 31))
    assert only(found, "ADCE", "AENDAY", "AENDTF", "ADURN", "WHYDUR") == expected


@pytest.mark.parametrize(
    ("started", "ended", "expected"),
    [
        ("2024-01-12", "2024-01", (2, None, 3, None, 2, None)),
        ("2024-01", "2024-01", (2, None, 3, None, 2, None)),
        ("2024-01-12", "2024-02", (2, None, None, "D", None, f"21 to 49 {PARTIAL}")),
        ("2024-01-12", "2024-01-14", (2, None, 4, None, 3, None)),
    ],
)
def test_a_date_known_in_part_is_that_of_the_sign_at_the_bedside_that_lies_in_it(
    started, ended, expected
):
    seen = "\n".join(BIPHASIC.splitlines()[:5])
    found = adam(
        infusion=INFUSED,
        adverse_event=crs_event(started, ended),
        crs_assessment=seen,
        cutoff=dt.date(2024, 12, 31),
    )
    columns = ("ASTDAY", "ASTDTF", "AENDAY", "AENDTF", "ADURN", "WHYDUR")
    assert only(found, "ADCE", *columns) == expected


def test_an_episode_graded_0_throughout_is_told_apart_from_one_outside_the_time_frame():
    seen = icans("""
        at                orientation  grade
        2024-01-12T08:00  2            0
        2024-01-13T08:00  4            0
    """)
    assert only(adam(infusion=INFUSED, icans_assessment=seen), "ADCE", "REGFL", "GR0FL") == (
        None,
        "Y",
    )
