from dataclasses import replace

import polars as pl
import pytest

from cartrial.report.table import ReportTable, lay_out
from cartrial.results.result import Group, Output, Results, Row
from cartrial.results.statistic import shown_number
from tests.unit.report.sample import ODD, every_cell, listing, long, result


@pytest.fixture
def cells() -> ReportTable:
    output, values = every_cell()
    return lay_out(output, long(values))


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("n (%)", "3 (16.7%)"),
        ("n/N (%)", "3/18 (16.7%)"),
        ("n/N (%) [interval]", "15/18 (83.3%) [58.6, 96.4]"),
        ("n", "7"),
        ("value", "123,457"),
        ("value (cv)", "12.3 (67%)"),
        ("value [interval]", "12.3 [4.1, –]a"),
        ("percent [interval]", "61.1% [35.3, 79.2]"),
        ("mean (sd)", "61.3 (8.0)"),
        ("median (min, max)", "0.0040 (−3.0, 2.50 × 10⁸)"),
        ("median [q1, q3]", "5.0 [4.0, 7.5]"),
        ("events (subjects)", "9 (4)"),
        ("text", ODD),
        ("short reason", "not collected"),
        ("long reason", "not estimableb"),
        ("zero", "0 (0.0%)"),
    ],
)
def test_each_kind_of_cell(cells, label, expected):
    (row,) = (row for row in cells.rows if row.label == label)
    assert str(row.cells[0]) == expected


def test_a_reason_that_is_too_long_for_the_cell_stands_under_the_table(cells):
    assert cells.reasons == (
        ("a", "the upper limit of the curve stays above 50 %"),
        ("b", "nobody is at risk at the landmark any more"),
    )


def test_a_cell_keeps_the_subjects_behind_it(cells):
    assert {cell.subjects for row in cells.rows for cell in row.cells} == {("001", "002", "003")}


def test_a_cell_without_any_result_is_a_dash_and_not_a_zero():
    output = Output(
        "x", "ae", "X", "table", "All", (Group("All", "All"),), (Row(1, "nobody asked", "n (%)"),)
    )
    (row,) = lay_out(output, long([])).rows
    assert str(row.cells[0]) == "–"


def test_a_percent_of_nobody_is_a_dash():
    output = Output(
        "x", "ae", "X", "table", "All", (Group("All", "All"),), (Row(1, "r", "n/N (%)"),)
    )
    values = [
        result("x", 1, "All", "n", 0),
        result("x", 1, "All", "of", 0),
        result("x", 1, "All", "percent", why="nobody in this group"),
    ]
    (row,) = lay_out(output, long(values)).rows
    assert str(row.cells[0]) == "0/0 (–)"


def test_an_interval_without_limits_leaves_its_reason():
    output = Output(
        "x", "ae", "X", "table", "All", (Group("All", "All"),), (Row(1, "r", "value [interval]"),)
    )
    why = "exact only when all have completed"
    values = [
        result("x", 1, "All", "value", 2),
        result("x", 1, "All", "lower", why=why),
        result("x", 1, "All", "upper", why=why),
    ]
    table = lay_out(output, long(values))
    assert str(table.rows[0].cells[0]) == "2.0a"
    assert table.reasons == (("a", why),)


def test_the_same_reason_has_one_mark():
    output = Output(
        "x",
        "ae",
        "X",
        "table",
        "All",
        (Group("A", "A"), Group("B", "B")),
        (Row(1, "r", "value"),),
    )
    why = "nobody is at risk at this time"
    values = [result("x", 1, group, "value", why=why) for group in ("A", "B")]
    table = lay_out(output, long(values))
    assert [str(cell) for cell in table.rows[0].cells] == ["not estimablea", "not estimablea"]
    assert table.reasons == (("a", why),)


def test_the_header_names_each_column_and_how_many_it_holds(sample: Results):
    crs = next(output for output in sample.outputs if output.id == "crs")
    table = lay_out(crs, sample.values)
    assert table.header == ("1 × 10⁶/kg", "2 × 10⁶/kg", "4 × 10⁶/kg", "All")
    assert table.sizes == ("N = 6", "N = 6", "N = 6", "N = 18")


def test_a_listing_by_subject_says_so():
    output, values = listing()
    table = lay_out(output, long(values))
    assert table.stub == "Subject"
    assert table.rows[2].subjects == ("017",)


def test_a_heading_has_no_cells(sample: Results):
    terms = next(output for output in sample.outputs if output.id == "teae")
    assert lay_out(terms, sample.values).rows[0].cells == ()


def test_rows_of_other_outputs_are_left(sample: Results):
    crs = next(output for output in sample.outputs if output.id == "crs")
    alone = sample.values.filter(pl.col("output") == "crs")
    assert lay_out(crs, sample.values) == lay_out(crs, alone)


def test_an_output_without_data_keeps_its_line():
    output = replace(every_cell()[0], rows=(), groups=(), empty="Not collected: nothing.")
    assert lay_out(output, long([])).empty == "Not collected: nothing."


@pytest.mark.parametrize(
    ("value", "digits", "expected"),
    [
        (0.0, 1, "0.0"),
        (16.666, 1, "16.7"),
        (-0.25, 2, "−0.25"),
        (999.94, 1, "999.9"),
        (1234.5, 1, "1,235"),
        (424.5, 0, "425"),
        (87.25, 1, "87.3"),
        (-0.25, 1, "−0.3"),
        (1.005, 2, "1.01"),  # below a half in binary, a half as it is written
        (100 * 0.07 / 0.8, 1, "8.8"),  # 8.75 with the noise of binary arithmetic
        (0.0996, 0, "0.10"),
        (99_950_000, 1, "1.00 × 10⁸"),
        (0.04, 1, "0.040"),
        (0.000123, 2, "0.00012"),
        (9_999_999, 1, "9,999,999"),
        (12_345_678, 1, "1.23 × 10⁷"),
        (99_999_999, 1, "1.00 × 10⁸"),
    ],
)
def test_numbers_are_rounded_for_the_eye(value, digits, expected):
    assert shown_number(value, digits) == expected
