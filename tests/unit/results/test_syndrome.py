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
