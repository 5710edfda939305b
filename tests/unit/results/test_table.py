import pytest

from cartrial import schema as s
from cartrial.results.population import Column, Population
from cartrial.results.result import Result
from cartrial.results.statistic import geometric_mean, summary
from cartrial.results.table import Table, listing, results

PEOPLE = Population(
    "Infused subjects",
    (
        Column("one", "Dose one", frozenset("AB")),
        Column("two", "Dose two", frozenset()),
        Column("All", "All", frozenset("AB")),
    ),
)


def test_a_count_keeps_its_subjects_and_takes_nobody_from_outside():
    table = Table("t", PEOPLE, source="ADSL")
    table.count("Any", ["B", "X"])
    [n] = [c for c in table.cells if c["group"] == "All" and c["statistic"] == "n"]
    assert (n["value"], n["subjects"], n["source"]) == (1, "B", "ADSL")


def test_a_share_of_nobody_is_missing_with_its_reason():
    table = Table("t", PEOPLE)
    table.count("Any", ["B"])
    [share] = [c for c in table.cells if c["group"] == "two" and c["statistic"] == "percent"]
    assert (share["value"], share["why_missing"]) == (None, "nobody in this group")


def test_every_number_is_found_by_output_row_group_and_statistic():
    table = Table("t", PEOPLE)
    table.count("Any", ["B"], level=0.95)
    table.events("Events", ["A", "A"])
    table.summary("Age", [("A", 50.0), ("B", 60.0)], unit="years")
    long = results([table.fill("ae", "Title")])
    assert s.key(Result) == ["output", "row", "group", "statistic"]
    assert not s.check(Result, long, place="results").findings
    assert long.filter(statistic="events", group="All")["value"].to_list() == [2]


def test_a_listing_without_lines_says_so():
    empty = listing(
        "l", "listing", "Deaths", population="All", columns=("Day",), lines=[], none="No death."
    )
    assert empty.output.empty == "No death."


@pytest.mark.parametrize(
    ("name", "expected"),
    [("mean", 4), ("sd", 4**0.5), ("median", 4), ("min", 2), ("max", 6), ("q1", 3), ("q3", 5)],
)
def test_the_statistics_of_2_4_and_6(name, expected):
    assert summary(name, [2, 4, 6]) == pytest.approx(expected)


def test_there_is_no_geometric_mean_with_a_zero():
    assert geometric_mean([0, 10]) is None
    assert geometric_mean([1, 100]) == pytest.approx(10)
