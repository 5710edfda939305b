"""ICAHT and T-ICAHT; the ten published patients are in tests/oracle/icaht."""

import re

import polars as pl
import pytest

from cartrial.errors import DataError
from cartrial.grading.icaht import derive_icaht, icaht, run_grade
from cartrial.grading.t_icaht import days_grade, derive_t_icaht, t_icaht
from tests.unit.grading.cases import span

WELL = [(day, 2.0) for day in range(31)]


def table(text):
    header, *lines = (re.split(r"\s{2,}", line.strip()) for line in text.strip().splitlines())
    return [dict(zip(header, line, strict=True)) for line in lines]


def series(text):
    """`0:1.2 3-5:0.4` is 1.2 on day 0 and 0.4 on each day from 3 to 5."""
    found = []
    for part in text.split():
        days, value = part.split(":")
        first, _, last = days.partition("-")
        found += [(day, float(value)) for day in range(int(first), int(last or first) + 1)]
    return found


def replaced(text):
    """Counts of 2.0 on day 0 to 30, but for those in the text."""
    return sorted((dict(WELL) | dict(series(text))).items()) if text != "-" else WELL


def early(counts, followed_to=100, stop="ongoing"):
    return icaht(counts, followed_to=followed_to, stop=stop).early


def late(text, followed_to=100, stop="ongoing"):
    return icaht(series(text), followed_to=followed_to, stop=stop).late


# ---------------------------------------------------------------- the printed tables
@pytest.mark.parametrize(
    "row",
    table(
        """
        severe  profound  expected
        0       0         0
        1       0         1
        6       0         1
        6       6         1
        7       0         2
        13      6         2
        14      0         3
        30      6         3
        7       7         3
        13      13        3
        30      13        3
        31      0         4
        31      13        4
        14      14        4
        30      30        4
        31      31        4
        """
    ),
)
def test_early_grade_by_the_longest_runs(row):
    found = run_grade(severe=int(row["severe"]), profound=int(row["profound"]))
    assert found == int(row["expected"])


@pytest.mark.parametrize(
    "row",
    table(
        """
        ANC                           expected  because
        -                             0         never at or below 500/uL
        10:0.501                      0         501/uL is above
        10:0.5                        1         500/uL is not
        10-15:0.3                     1         6 days
        10-16:0.3                     2         7 days
        10-22:0.3                     2         13 days
        10-23:0.3                     3         14 days
        4-30:0.3                      3         27 days, began after day 3
        10-15:0.1                     1         6 days at 100/uL
        10-16:0.1                     3         7 days at 100/uL
        10-16:0.101                   2         7 days above 100/uL
        10-22:0.1                     3         13 days at 100/uL
        10-23:0.1                     4         14 days at 100/uL
        0-30:0.5                      4         never above 500/uL
        0-29:0.5                      3         30 days, recovered on day 30
        3-30:0.5                      4         began on day 3, still there at the last ANC
        0-5:0.3 9-15:0.3              2         the longest run, not the sum
        0-5:0.3 8-12:0.3              2         2 days of recovery: one run of 13 days
        0-5:0.3 9-13:0.3              1         3 days of recovery: two runs
        0-5:0.3 7-8:0.3 11-14:0.3     3         joined twice: 15 days
        5-30:0.3 31-40:0.3            3         the run is cut at day 30: 26 days
        """
    ),
)
def test_early_grade_from_the_counts(row):
    assert span(early(replaced(row["ANC"]))) == row["expected"], row["because"]


@pytest.mark.parametrize(
    "row",
    table(
        """
        ANC                     expected
        40:1.501 50:1.501       0
        40:1.5 50:1.5           1
        40:1.001 50:1.001       1
        40:1.0 50:1.0           2
        40:0.501 50:0.501       2
        40:0.5 50:0.5           3
        40:0.101 50:0.101       3
        40:0.1 50:0.1           4
        40:0.1 50:2.0           0
        40:0.1 50:0.7 60:0.4    3
        40:0.9                  2
        40:0.05                 4
        40:0.05 40:0.04 50:2    0
        30:0.1 31:2 100:2       0
        31:0.4 100:0.3 101:0.1  3
        """
    ),
)
def test_late_grade_by_the_second_lowest_day_or_the_only_one(row):
    assert span(late(row["ANC"])) == row["expected"]


@pytest.mark.parametrize(
    "row",
    table(
        """
        below 50  below 20  expected
        0         0         0
        1         0         1
        6         0         1
        7         0         2
        31        0         2
        1         1         3
        13        13        3
        31        13        3
        14        14        4
        31        31        4
        """
    ),
)
def test_early_grade_by_all_days_of_low_platelets(row):
    found = days_grade(below_50=int(row["below 50"]), below_20=int(row["below 20"]))
    assert found == int(row["expected"])


@pytest.mark.parametrize(
    "row",
    table(
        """
        platelets                          early   late
        0-100:150                          0       0
        0-100:50                           0       1
        0-100:100                          0       0
        0-9:150 10:49.9 11-100:120         1       0
        0-9:150 10-15:30 16-100:120        1       0
        0-9:150 10-16:30 17-100:120        2       0
        0-5:30 6-9:60 10:30 11-100:120     2       0
        0-5:60 6:30 7-8:60 9:30 10-100:99  1       1
        0-9:60 10:20 11-100:99             1       1
        0-9:60 10:19 11-100:99             3       1
        0-9:60 10-22:19 23-100:99          3       1
        0-9:60 10-23:19 24-100:99          4       1
        0-40:120 41:49 42-100:120          0       0
        0-40:120 41-42:49 43-100:120       0       2
        0-40:120 41:19 42:49 43-100:120    0       2
        0-40:120 41-53:19 54-100:120       0       3
        0-40:120 41-54:19 55-100:120       0       4
        """
    ),
)
def test_both_grades_from_the_platelets(row):
    found = t_icaht(series(row["platelets"]), followed_to=100)
    assert (span(found.early), span(found.late)) == (row["early"], row["late"])


# ---------------------------------------------------------------- what is missing
def test_seven_missing_days_are_interpolated_and_eight_are_not():
    seven = icaht(series("0-2:2 3:0.5 11:0.5 12-30:2"), followed_to=30)
    assert (seven.early.certain, seven.severe.days) == (2, 9)
    assert seven.interpolated == tuple(range(4, 11))
    eight = icaht(series("0-2:2 3:0.5 12:0.5 13-30:2"), followed_to=30)
    assert span(eight.early) == "1 to 3"
    assert eight.unknown == tuple(range(4, 12))
    assert eight.early.missing == ("ANC on day 4 to 11",)
    assert eight.early.words == "at least grade 1"
    assert eight.early.rule == (
        "ANC ≤500/uL for 1 day (day 3); not known: day 4 to 11: at least grade 1"
    )


def test_interpolation_is_exact_on_the_limit():
    found = icaht(series("0-9:2 10:0.3 13:0.6 14-30:2"), followed_to=30)
    assert (found.severe.first, found.severe.last) == (10, 12)  # 0.3, 0.4, 0.5


def test_a_count_before_the_infusion_is_a_neighbour():
    found = icaht([(-2, 0.4), (1, 0.4), *series("2-30:2")], followed_to=30)
    assert (found.severe.first, found.severe.last) == (0, 1)


def test_a_gap_that_cannot_change_the_grade_is_not_missing():
    found = early(series("0-9:2 10-24:0.05 26-30:2"))
    assert (found.certain, found.missing) == (4, ())


@pytest.mark.parametrize(
    "row",
    table(
        """
        ANC               to   stop          expected  because
        0-16:0.3          16   death         4         began by day 3, there at the last ANC
        3-16:0.3          16   last contact  4         began on day 3
        0-2:2 3-9:0.3     9    progression   2 to 4    alive, and might have recovered
        0-3:2 4-16:0.3    16   death         2 to 4    began later: a lower bound
        0-16:0.3          16   ongoing       3 to 4    it may yet recover
        0-12:0.3          16   death         4         the last ANC was four days before the death
        0-12:0.3          20   death         2 to 4    the last ANC was eight days before
        0-2:2             2    ongoing       0 to 4    nobody has seen the rest
        0-20:2            20   last contact  0 to 3    nobody has seen the last ten days
        0-20:2            20   progression   0         the rest does not count
        0-4:2 5:0.3 6-9:2  9   new therapy   1         recovered for three days: closed
        0-4:2 5:0.3 6-7:2  7   new therapy   1 to 4    not stably recovered: open
        0-30:2            20   death         0         nothing after the end is used
        0-23:2            30   death         0 to 3    no ANC in the last week
        """
    ),
)
def test_the_end_of_follow_up(row):
    found = early(series(row["ANC"]), followed_to=int(row["to"]), stop=row["stop"])
    assert span(found) == row["expected"], row["because"]


@pytest.mark.parametrize(
    "row",
    table(
        """
        ANC              to   stop          expected
        0-30:2           16   death         0 to 4
        0-30:2           100  last contact  0 to 4
        40:0.9 50:0.8    100  ongoing       2
        40:0.9 50:0.8    60   ongoing       2 to 4
        40:0.9 50:0.8    60   last contact  2 to 4
        40:0.9 50:0.8    60   progression   2
        40:0.9 50:0.8    45   death         2
        40:0.9           60   ongoing       0 to 4
        40:0.1 50:0.1    60   ongoing       4
        """
    ),
)
def test_a_late_grade_needs_a_value_and_its_window(row):
    assert span(late(row["ANC"], int(row["to"]), row["stop"])) == row["expected"]


def test_a_late_grade_without_a_value_says_why():
    dead = late("0-30:2", 16, "death")
    assert (dead.words, dead.rule) == (
        "not assessable",
        "followed to day 16 (death): not assessable",
    )
    assert dead.missing == ()
    unseen = late("0-30:2")
    assert unseen.rule == "no ANC from day 31 on; not known: day 31 to 100: not assessable"
    assert unseen.missing == ("ANC on day 31 to 100",)


def test_days_after_a_death_are_not_asked_for():
    dead = early(series("0-3:2 4-12:0.3"), followed_to=20, stop="death")
    assert span(dead) == "2 to 4"
    assert dead.missing == ("ANC on day 13 to 20",)
    assert dead.questions == ("Were there counts of ANC on day 13 to 20?",)
    assert dead.rule == (
        "ANC ≤500/uL for 9 days (day 4 to 12); "
        "not known: day 13 to 20; not seen after day 20 (death): at least grade 2"
    )
    treated = early(series("0-3:2 4-12:0.3"), followed_to=12, stop="progression")
    assert (treated.missing, treated.questions) == ((), ())
    assert "not seen after day 12 (progression)" in treated.rule


def test_missing_days_that_adjoin_are_one_stretch():
    found = early(series("0-19:2"), followed_to=20, stop="ongoing")
    assert found.missing == ("ANC on day 20 to 30",)


def test_nothing_known_is_not_grade_0():
    found = icaht([], followed_to=100)
    assert (found.early.words, found.late.words) == ("not assessable", "not assessable")
    assert t_icaht([], followed_to=100).early.words == "not assessable"


def test_late_platelets_below_20_of_unknown_duration_are_an_interval():
    found = t_icaht(series("0-40:120 41:19 42:18 60:120 61-100:120"), followed_to=100).late
    assert span(found) == "3 to 4"
    assert found.missing == ("platelets on day 43 to 59",)


def test_a_grade_says_what_decided():
    found = early(series("0-16:0.3"), followed_to=16, stop="death")
    assert found.scale == "ICAHT-2023"
    assert found.rule == (
        "ANC ≤500/uL for 17 days (day 0 to 16), began on day 0 and still there at the last ANC: "
        "grade 4"
    )
    assert found.inputs == (
        ("Early days with an ANC", "17 days"),
        ("of them interpolated", "0 days"),
        ("Followed to", "day 16 (death)"),
    )


# ---------------------------------------------------------------- frames
def frames():
    counts = pl.DataFrame(
        {
            "subject": ["001-002", "001-001", "001-001", "001-001"],
            "day": [0, 0, 0, 1],
            "value": [0.4, 2.0, 0.3, None],
        }
    )
    followed = pl.DataFrame(
        {
            "subject": ["001-003", "001-002", "001-001"],
            "followed_to": [100, 0, 1],
            "stop": ["ongoing", "death", "progression"],
        }
    )
    return counts, followed


def test_every_followed_subject_has_a_row():
    found = derive_icaht(*frames())
    assert found["subject"].to_list() == ["001-001", "001-002", "001-003"]
    assert found["early"].to_list() == [None, 4, None]
    words = ["at least grade 1", "grade 4", "not assessable"]
    assert found["early_words"].to_list() == words
    assert found["severe_days"].to_list() == [1, 1, 0]
    assert found["unknown_days"].to_list() == [1, 0, 31]
    assert derive_t_icaht(*frames())["subject"].to_list() == ["001-001", "001-002", "001-003"]


def test_the_first_subject_that_lacks_a_count_may_be_a_late_one():
    many = [f"001-{number:03}" for number in range(120)]
    counts = pl.DataFrame({"subject": many, "value": 3.0}).join(
        pl.DataFrame({"day": range(101)}), how="cross"
    )
    followed = pl.DataFrame({"subject": many, "followed_to": 100, "stop": "ongoing"})
    given = counts.filter((pl.col("subject") < "001-110") | (pl.col("day") < 20))
    for derive in (derive_icaht, derive_t_icaht):
        found = derive(given, followed)
        assert (found.height, found["late_missing"].drop_nulls().len()) == (120, 10)


def test_nobody_followed_is_an_empty_table():
    counts, followed = frames()
    assert derive_icaht(counts.clear(), followed.clear()).height == 0


def test_counts_of_a_subject_without_follow_up_are_refused():
    counts, followed = frames()
    with pytest.raises(DataError, match="001-001: counts must have an end of follow-up, got none"):
        derive_icaht(counts, followed.filter(pl.col("subject") != "001-001"))
    with pytest.raises(DataError, match="001-001: the end of follow-up must be one of death"):
        derive_icaht(counts, followed.with_columns(stop=pl.lit("bored")))
    with pytest.raises(DataError, match="follow-up: must reach day 0, got -1"):
        icaht([], followed_to=-1)
