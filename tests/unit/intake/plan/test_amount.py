"""Numbers as people write them."""

import pytest

from cartrial.intake.plan.amount import marks_of, read_amount, read_limit


@pytest.mark.parametrize(
    ("cell", "decimal", "expected"),
    [
        ("1.5", ".", "1.5"),
        ("1,5", ",", "1.5"),
        ("1.234,5", ",", "1234.5"),
        ("1,234.5", ".", "1234.5"),
        ("1.234", ".", "1.234"),
        ("1.234", ",", "1234"),
        ("1,234", ".", "1234"),
        ("0.125", ",", None),
        ("0,125", ".", None),
        ("1 234,5", ",", "1234.5"),
        ("1'234.5", ".", "1234.5"),
        ("5e-05", ".", "5e-05"),
        ("-3", ".", "-3"),
        ("1,5", ".", None),
        ("1.5", ",", None),
        ("12,34.5", ".", None),
        ("<5", ".", None),
        ("few", ".", None),
        ("nan", ".", None),
    ],
)
def test_a_number(cell, decimal, expected):
    assert read_amount(cell, decimal) == expected


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["1,5", "1.234"], (",",)),
        (["1.5", "1,234"], (".",)),
        (["1,234", "2,500"], (".", ",")),
        (["1,234", "12"], (".", ",")),
        (["12"], (".", ",")),
        (["1.234,5"], (",",)),
        (["<0,5", "BLQ"], (",",)),
        (["3.4.2024"], (".", ",")),
    ],
)
def test_the_whole_column_decides_the_decimal_mark(cells, expected):
    assert marks_of(cells) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("<50", "50"), ("< 0.5", "0.5"), ("≤5", "5"), ("<=5", "5"), ("below 10", "10"), ("5", None)],
)
def test_a_limit(cell, expected):
    assert read_limit(cell) == expected
