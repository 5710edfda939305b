import polars as pl

from cartrial.results.syndrome import crs, icans
from cartrial.results.table import Drawn
from tests.unit.results.made import cell, output, trial, who

ADSL = """
subject  TRT01AN  SAFFL
A        1        Y
B        1        Y
C        2        Y
D        2        Y
"""
ADCE = """
subject  ACAT  ATOXGRN  SAFFL  REGFL  ASTDT       ASTDAY  PKDAY  ADURN  ONGOFL  TOCIFL  STERFL
A        CRS   1        Y      Y      2025-03-05  4       4      3      -       -       -
A        CRS   3        Y      Y      2025-03-11  10      11     4      -       Y       Y
B        CRS   -        Y      Y      2025-03-06  5       -      -      Y       N       -
C        CRS   2        Y      -      2024-01-01  -30     -30    2      -       -       -
"""


def test_each_subject_counts_once_at_its_worst_grade():
    table = output(crs(trial(ADSL=ADSL, ADCE=ADCE)), "crs")
    assert cell(table, "Any CRS")["n"] == 2
    assert [cell(table, f"Grade {n}")["n"] for n in range(1, 6)] == [0, 0, 1, 0, 0]
    assert who(table, "Grade missing") == "B"
    assert who(table, "CRS of grade 3 or higher") == "A"


def test_the_interval_is_exact():
    found = cell(output(crs(trial(ADSL=ADSL, ADCE=ADCE)), "crs"), "CRS of grade 3 or higher")
    # 1 of 4: lower limit 1 - 0.975^(1/4), as a closed form
    assert abs(found["lower"] - 100 * (1 - 0.975**0.25)) < 1e-9


def test_onset_is_of_the_first_episode_and_an_open_one_has_no_duration():
    table = output(crs(trial(ADSL=ADSL, ADCE=ADCE)), "crs")
    assert cell(table, "Onset of the first episode (day)") == {
        "n": 2,
        "median": 4.5,
        "min": 4,
        "max": 5,
    }
    assert cell(table, "Duration of an episode (days)") == {
        "n": 1,
        "median": 3.5,
        "min": 3,
        "max": 4,
    }
    assert cell(table, "Episodes") == {"events": 3, "n": 2}
    assert who(table, "More than one episode") == "A"
    assert who(table, "Ongoing at the data cut") == "B"
    assert cell(table, "Tocilizumab given, of those with CRS") == {
        "n": 1,
        "of": 2,
        "percent": 50,
    }


def test_an_episode_outside_the_time_frame_is_said_and_not_counted():
    table = output(crs(trial(ADSL=ADSL, ADCE=ADCE)), "crs")
    assert any(note.endswith("1 episode.") for note in table.output.footnotes)


def test_collected_without_an_episode_is_a_table_of_zeros():
    table = output(icans(trial(ADSL=ADSL, ADCE=ADCE)), "icans")
    assert table.output.empty == ""
    assert cell(table, "Any ICANS")["n"] == 0


def test_the_shares_of_a_group_add_up_to_all_its_subjects():
    [figure] = [p for p in crs(trial(ADSL=ADSL, ADCE=ADCE)) if isinstance(p, Drawn)]
    shares = figure.data["crs_grades"]
    counted = dict(shares.group_by("group").agg(pl.col("n").sum()).iter_rows())
    assert counted == {"1 × 10⁶/kg": 2, "2 × 10⁶/kg": 2, "All": 4}
    assert shares.filter(group="All", grade="none")["subjects"].to_list() == ["C D"]


def test_margins_are_pointed_to_where_subjects_are_not_known():
    margins = """
    analysis  group  category   subjects  of  scale     source
    CRS       All    any grade  25        33  Lee 2014  Raje 2019
    """
    [table] = crs(trial(ADSL=ADSL, margins=margins))
    assert table.output.empty == (
        "Not collected by subject: CRS; published counts of CRS stand below."
    )


def test_treatment_that_was_not_collected_is_not_a_no():
    table = output(crs(trial(ADSL=ADSL, ADCE=ADCE)), "crs")
    assert cell(table, "Steroid given, of those with CRS") == {"n": 1, "of": 1, "percent": 100}


DERIVED = """
SAFFL = Y
REGFL = Y
ACAT = CRS
subject  ATOXGRN  DTOXGRL  DTOXGRH  AGREEFL  ASRC                TOCIFL  TOCIDAYS  DAYPEAK
A        1        1        1        Y        AE and assessments  N       -         0
A        3        2        2        N        AE and assessments  Y       2         1
B        2        1        4        -        AE and assessments  Y       4         2
C        1        0        4        -        assessments         N       -         -
D        2        -        -        -        AE                  -       -         -
"""
ADTOX = """
SAFFL = Y
PARAMCD = CRS
subject  ATOXGRN  AGREEFL
A        1        Y
A        3        N
B        2        -
C        -        -
"""


def derived():
    return output(crs(trial(ADSL=ADSL, ADCE=DERIVED, ADTOX=ADTOX)), "crs")


def test_the_derived_grades_stand_below_the_recorded_and_an_interval_is_no_number():
    rows = [row.label for row in derived().output.rows if row.cell == "events (subjects)"]
    assert rows[1:] == [
        "Grade 1",
        "Grade 2",
        "At least grade 1",
        "Not assessable",
        "No assessment of the episode",
        "Recorded grade disagrees with the derived one",
    ]
    assert who(derived(), "At least grade 1") == "B"
    assert who(derived(), "Not assessable") == "C"
    assert cell(derived(), "No assessment of the episode") == {"events": 1, "n": 1}


def test_a_recorded_grade_that_disagrees_is_counted_and_changes_no_count():
    assert who(derived(), "Recorded grade disagrees with the derived one") == "A"
    assert who(derived(), "Grade 3") == "A"
    said = (
        "Recorded grades that disagree with the derived ones: 1 of 3 assessments, 1 of 5 episodes"
    )
    assert any(note.startswith(said) for note in derived().output.footnotes)


def test_an_episode_without_an_adverse_event_is_counted_and_said():
    assert cell(derived(), "Any CRS")["n"] == 4
    assert any("without an adverse event: 1 episode," in n for n in derived().output.footnotes)


GRADED_0 = """
SAFFL = Y
ACAT = CRS
subject  ATOXGRN  DTOXGRL  DTOXGRH  AGREEFL  ASRC                REGFL  GR0FL
A        1        1        1        Y        AE and assessments  Y      -
B        0        2        2        N        assessments         -      Y
C        0        1        4        N        assessments         -      Y
D        2        2        2        Y        assessments         -      -
"""


def test_an_episode_graded_0_throughout_is_said_and_its_disagreement_counted():
    found = output(crs(trial(ADSL=ADSL, ADCE=GRADED_0, ADTOX=ADTOX)), "crs")
    assert cell(found, "Any CRS")["n"] == 1
    assert who(found, "Recorded grade disagrees with the derived one") == "B C"
    notes = " ".join(found.output.footnotes)
    assert "2 of 3 episodes, 2 graded 0 throughout among them; the episodes are listed" in notes
    assert "graded it 0 throughout: 2 episodes with signs" in notes
    assert "outside the registered time frame or cannot be placed in it: 1 episode." in notes


def test_a_date_known_in_part_gives_no_onset_and_no_duration():
    partial = """
        ACAT = CRS
        SAFFL = Y
        REGFL = Y
        subject  ATOXGRN  ASTDT       ASTDTF  ASTDAY  AENDTF  ADURN
        A        1        2025-03-05  -       4       -       3
        A        1        2025-03-20  -       19      -       5
        B        1        2025-03-01  D       0       -       -
        C        1        2025-03-06  -       5       D       -
    """
    found = output(crs(trial(ADSL=ADSL, ADCE=partial)), "crs")
    assert cell(found, "Onset of the first episode (day)")["n"] == 2
    assert cell(found, "Onset of the first episode (day)")["median"] == 4.5
    assert cell(found, "Duration of an episode (days)")["median"] == 4
    assert any(note.startswith("2 episodes with a date known") for note in found.output.footnotes)


def test_days_of_treatment_are_those_of_the_episodes_in_which_it_was_given():
    found = cell(derived(), "Days with tocilizumab, of an episode")
    assert (found["n"], found["median"], found["min"], found["max"]) == (2, 3, 2, 4)
    assert cell(derived(), "From onset to the worst grade (days)")["median"] == 1
