"""The lowest value before each assessment; `-` is not measured."""

import polars as pl
import pytest

from cartrial.response.course.lowest import with_lowest, with_lowest_confirmed


def visits(baseline, values):
    cells = [None if cell == "-" else float(cell) for cell in values.split()]
    start = None if baseline == "-" else float(baseline)
    return pl.DataFrame(
        {"subject": "001", "serum": cells, "serum_baseline": start},
        schema_overrides={"serum": pl.Float64, "serum_baseline": pl.Float64},
    )


def text(column):
    return "  ".join("-" if value is None else f"{value:g}" for value in column)


@pytest.mark.parametrize(
    ("baseline", "values", "confirmed", "lowest"),
    [
        ("30", "8  3  5  9", "30  30  8  5", "30  8  3  3"),
        ("30", "3  9  9  3", "30  30  9  9", "30  3  3  3"),
        ("30", "3  -  4  9", "30  30  30  4", "30  3  3  3"),
        ("30", "40  50  60", "30  30  30", "30  30  30"),
        ("-", "8  3  5  9", "-  -  8  5", "-  8  3  3"),
        ("-", "-  8  -  3", "-  -  -  -", "-  -  8  8"),
        ("2", "8  8  8", "2  2  2", "2  2  2"),
        ("-", "0  0  5", "-  -  0", "-  0  0"),
    ],
)
def test_a_value_is_confirmed_by_the_next_one(baseline, values, confirmed, lowest):
    known = visits(baseline, values)
    assert text(with_lowest_confirmed(known, "serum")["serum_lowest"]) == confirmed
    assert text(with_lowest(known, "serum")["serum_lowest"]) == lowest


def test_no_subject_looks_at_another():
    one = visits("-", "1  1").with_columns(subject=pl.lit("001"))
    other = visits("-", "5  5").with_columns(subject=pl.lit("002"))
    both = pl.concat([one, other])
    assert text(with_lowest_confirmed(both, "serum")["serum_lowest"]) == "-  -  -  -"
    assert text(with_lowest(both, "serum")["serum_lowest"]) == "-  1  -  5"
