import datetime as dt

import polars as pl

from cartrial.forms.bedside import CrsAssessment, IcansAssessment
from cartrial.grading.episodes import derive_crs_grades, derive_episodes, derive_icans_grades
from tests.unit.grading.cases import assessments

WELL = {
    "temperature": "36.8",
    "other_cause": "no",
    "treated": "no",
    "hypotension": "no",
    "pressure_other_cause": "no",
    "vasopressors": "0",
    "vasopressin": "no",
    "oxygen": "none",
    "oxygen_other_cause": "no",
}


def crs(text: str) -> pl.DataFrame:
    """The derived grades; the columns `shown` and `in` are held against them."""
    given = assessments(CrsAssessment, text, **WELL)
    graded = derive_crs_grades(given)
    spans = [
        str(low) if low == high else f"{low} to {high}"
        for low, high in graded.select("lowest", "highest").iter_rows()
    ]
    ordered = given.sort("subject", "at")
    if "shown" in given.columns:
        assert spans == ordered["shown"].to_list()
    numbers = [str(number or "-") for number in graded["episode"]]
    assert numbers == ordered["in"].to_list()
    return graded


def episodes(graded: pl.DataFrame) -> list[tuple[str, ...]]:
    """Onset, end, words, days to peak, duration and whether it goes on, of each episode."""
    return [
        (
            f"{row['onset']:%d %H:%M}",
            f"{row['end']:%d %H:%M}",
            row["words"],
            row["days_to_peak"],
            row["duration_days"],
            row["ongoing"],
        )
        for row in derive_episodes(graded).to_dicts()
    ]


def test_an_episode_runs_from_the_first_to_the_last_assessment_with_a_sign() -> None:
    graded = crs(
        """
        at                temperature  hypotension  shown  in
        2025-03-01T08:00  36.8         no           0      -
        2025-03-02T08:00  38.4         no           1      1
        2025-03-02T20:00  37.2         no           0      1
        2025-03-03T08:00  38.9         yes          2      1
        2025-03-04T08:00  38.1         no           1      1
        2025-03-05T08:00  36.9         no           0      -
        """
    )
    assert episodes(graded) == [("02 08:00", "04 08:00", "grade 2", 1, 3, False)]


def test_a_course_that_is_free_for_48_hours_and_comes_back_is_two_episodes() -> None:
    graded = crs(
        """
        at                temperature  in
        2025-03-01T08:00  38.4         1
        2025-03-02T08:00  36.8         -
        2025-03-03T08:00  38.2         2
        2025-03-04T08:00  36.8         -
        """
    )
    assert [episode[:2] for episode in episodes(graded)] == [
        ("01 08:00", "01 08:00"),
        ("03 08:00", "03 08:00"),
    ]


def test_a_course_that_comes_back_within_48_hours_is_one_episode() -> None:
    graded = crs(
        """
        at                temperature  in
        2025-03-01T08:00  38.4         1
        2025-03-02T08:00  36.8         1
        2025-03-03T07:59  38.2         1
        2025-03-04T08:00  36.8         -
        """
    )
    assert episodes(graded) == [("01 08:00", "03 07:59", "grade 1", 0, 3, False)]


def test_the_hours_that_part_episodes_are_a_parameter() -> None:
    given = assessments(
        CrsAssessment,
        """
        at                temperature
        2025-03-01T08:00  38.4
        2025-03-02T08:00  36.8
        2025-03-03T08:00  38.2
        """,
        **WELL,
    )
    assert derive_crs_grades(given)["episode"].to_list() == [1, None, 2]
    longer = derive_crs_grades(given, apart=dt.timedelta(hours=72))
    assert longer["episode"].to_list() == [1, 1, 1]


def test_days_in_which_nobody_looked_part_nothing() -> None:
    crs(
        """
        at                temperature  in
        2025-03-01T08:00  38.4         1
        2025-03-04T08:00  38.2         1
        """
    )


def test_an_unsettled_assessment_between_two_signs_keeps_them_one_episode() -> None:
    graded = crs(
        """
        at                temperature  shown   in
        2025-03-01T08:00  38.4         1       1
        2025-03-02T08:00  36.8         0       1
        2025-03-02T20:00  ?            0 to 1  1
        2025-03-03T20:00  38.2         1       1
        2025-03-04T20:00  36.8         0       -
        """
    )
    assert episodes(graded) == [("01 08:00", "03 20:00", "grade 1", 0, 3, False)]


def test_signs_are_apart_when_all_since_an_unsettled_assessment_is_free_for_48_hours() -> None:
    crs(
        """
        at                temperature  shown   in
        2025-03-01T08:00  38.4         1       1
        2025-03-01T20:00  ?            0 to 1  1
        2025-03-02T20:00  36.8         0       -
        2025-03-03T20:00  38.2         1       2
        """
    )


def test_unsettled_assessments_alone_make_no_episode() -> None:
    graded = crs(
        """
        at                temperature  shown   in
        2025-03-01T08:00  ?            0 to 1  -
        2025-03-02T08:00  36.8         0       -
        """
    )
    assert episodes(graded) == []


def test_an_unsettled_assessment_counts_for_the_worst_grade_and_not_for_the_dates() -> None:
    graded = crs(
        """
        at                temperature  vasopressors  shown   in
        2025-03-01T08:00  ?            0             0 to 1  1
        2025-03-01T20:00  38.4         0             1       1
        2025-03-02T08:00  38.6         ?             1 to 4  1
        2025-03-03T08:00  36.8         0             0       -
        """
    )
    assert episodes(graded) == [("01 20:00", "02 08:00", "at least grade 1", 0, 2, False)]


def test_fever_is_not_needed_once_the_open_episode_is_treated() -> None:
    crs(
        """
        at                temperature  treated  hypotension  vasopressors  shown  in
        2025-03-01T08:00  38.4         no       no           0             1      1
        2025-03-01T20:00  36.9         yes      yes          1             3      1
        2025-03-02T08:00  36.9         yes      yes          0             2      1
        2025-03-03T08:00  36.9         yes      no           0             0      -
        """
    )


def test_a_sign_without_fever_or_treatment_is_unsettled_in_an_open_episode_and_0_before() -> None:
    crs(
        """
        at                temperature  hypotension  shown   in
        2025-03-01T08:00  36.8         yes          0       -
        2025-03-01T20:00  38.4         no           1       1
        2025-03-02T20:00  36.8         yes          0 to 2  1
        2025-03-03T20:00  36.8         no           0       -
        2025-03-05T20:00  36.8         yes          0       -
        """
    )


def test_treatment_for_an_episode_that_nobody_saw_leaves_it_unknown() -> None:
    graded = crs(
        """
        at                temperature  treated  hypotension  shown   in
        2025-03-01T08:00  36.8         yes      no           0       -
        2025-03-01T20:00  36.8         yes      yes          0 to 2  -
        """
    )
    assert graded["missing"].to_list() == [None, "An episode of CRS is open"]


def test_an_unanswered_treatment_leaves_open_what_a_yes_would() -> None:
    crs(
        """
        at                temperature  treated  hypotension  shown   in
        2025-03-01T08:00  36.8         no       yes          0       -
        2025-03-05T08:00  36.8         ?        yes          0 to 2  -
        2025-03-09T08:00  36.8         ?        no           0       -
        """
    )


def test_fever_alone_after_an_earlier_episode_is_asked_about() -> None:
    graded = crs(
        """
        at                temperature  in
        2025-03-01T08:00  38.4         1
        2025-03-03T08:00  36.8         -
        2025-03-09T08:00  38.3         2
        2025-03-09T20:00  38.3         2
        """
    )
    question = "Fever alone after an earlier episode: is it CRS again, or an infection?"
    assert graded["questions"].to_list() == [None, None, question, None]


def test_an_episode_goes_on_while_the_last_assessment_has_a_sign() -> None:
    going_on = crs(
        """
        at                temperature  in
        2025-03-01T08:00  38.4         1
        2025-03-02T08:00  38.6         1
        """
    )
    assert episodes(going_on) == [("01 08:00", "02 08:00", "grade 1", 0, None, True)]
    unsettled = crs(
        """
        at                temperature  in
        2025-03-01T08:00  38.4         1
        2025-03-02T08:00  ?            1
        """
    )
    assert episodes(unsettled) == [("01 08:00", "01 08:00", "grade 1", 0, None, None)]


def test_the_investigator_s_worst_grade_stands_beside_the_derived_one() -> None:
    graded = crs(
        """
        at                temperature  hypotension  grade  in
        2025-03-01T08:00  38.4         no           1      1
        2025-03-02T08:00  38.4         yes          3      1
        2025-03-03T08:00  36.8         no           ?      -
        """
    )
    assert graded["grade"].to_list() == [1, 3, None]
    (episode,) = derive_episodes(graded).to_dicts()
    assert (episode["lowest"], episode["highest"], episode["grade"]) == (2, 2, 3)


def test_subjects_are_apart() -> None:
    graded = crs(
        """
        subject  at                temperature  in
        001-002  2025-03-02T08:00  38.4         1
        001-001  2025-03-01T08:00  38.4         1
        001-002  2025-03-01T08:00  36.8         -
        """
    )
    found = derive_episodes(graded)
    assert found.select("subject", "episode").rows() == [("001-001", 1), ("001-002", 1)]


def test_a_sign_without_its_column_is_unknown() -> None:
    given = pl.DataFrame(
        {"subject": ["001-001"], "at": [dt.datetime(2025, 3, 1, 8)], "temperature": [38.4]}
    )
    assert derive_crs_grades(given)["words"].to_list() == ["not assessable"]


def test_nothing_assessed_is_no_grade_and_no_episode() -> None:
    nobody = CrsAssessment.create_empty()
    assert derive_episodes(derive_crs_grades(nobody)).height == 0
    assert derive_icans_grades(IcansAssessment.create_empty()).height == 0


def test_icans_has_episodes_too_and_knows_the_baseline() -> None:
    well = {
        "orientation": "4",
        "naming": "3",
        "command": "1",
        "writing": "1",
        "seizure": "none",
        "motor_weakness": "no",
        "pressure": "none",
        "other_cause": "no",
    }
    given = assessments(
        IcansAssessment,
        """
        at                attention  consciousness
        2025-03-05T08:00  1          alert
        2025-03-06T08:00  0          alert
        2025-03-07T08:00  0          awakens to voice
        2025-03-08T08:00  1          alert
        """,
        **well,
    )
    graded = derive_icans_grades(given, baseline_ice={"001-001": 9})
    assert graded["lowest"].to_list() == [0, 1, 2, 0]
    assert graded["episode"].to_list() == [None, 1, 1, None]
    assert episodes(graded) == [("06 08:00", "07 08:00", "grade 2", 1, 2, False)]
    assert graded["questions"][1] == (
        "Is the loss of points new? ICE was 9 of 10 before the infusion."
    )
