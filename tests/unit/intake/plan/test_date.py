"""Dates as people write them."""

import pytest

from cartrial.intake.plan.date import has_zone, leads_with_year, orders_of, read_date, read_time

DAY, MONTH = "day/month/year", "month/day/year"


@pytest.mark.parametrize(
    ("cell", "order", "expected"),
    [
        ("3.4.2024", DAY, "2024-04-03"),
        ("3.4.2024", MONTH, "2024-03-04"),
        ("03/04/2024", "", None),
        ("03/04/24", DAY, "2024-04-03"),
        ("2024-04-03", MONTH, "2024-04-03"),
        ("2024/4/3", "", "2024-04-03"),
        ("2024/3/4", "year/day/month", "2024-04-03"),
        ("20240403", "", "2024-04-03"),
        ("3-Apr-2024", "", "2024-04-03"),
        ("03APR2024", "", "2024-04-03"),
        ("April 3, 2024", "", "2024-04-03"),
        ("3. März 2024", "", "2024-03-03"),
        ("2024-Apr-03", "", "2024-04-03"),
        ("Apr 2024", "", "2024-04"),
        ("04/2024", "", "2024-04"),
        ("2024", "", "2024"),
        ("UN/04/2024", DAY, "2024-04"),
        ("UNK/UNK/2024", DAY, "2024"),
        ("UNAPR2024", "", "2024-04"),
        ("UN/UNK/UNKN", DAY, None),
        ("03/UN/2024", DAY, None),
        ("24/04/03", "year/month/day", "2024-04-03"),
        ("12.05.98", DAY, "1998-05-12"),
        ("12.05.68", DAY, "2068-05-12"),
        ("25-Jan", "", None),
        ("2024-04-03 9:05", "", "2024-04-03T09:05"),
        ("4/3/2024 3:05 PM", MONTH, "2024-04-03T15:05"),
        ("2024-04-03T09:05:30", "", "2024-04-03T09:05:30"),
        ("31.04.2024", DAY, None),
        ("2024-02-30", "", None),
        ("30-Feb-2024", "", None),
        ("2023-02-29T10:00", "", None),
        ("13/13/2024", DAY, None),
        ("2024-04-03 25:00", "", None),
        ("3.4.5.2024", DAY, None),
        ("ongoing", DAY, None),
        ("5.2", DAY, None),
        ("001-004", DAY, None),
    ],
)
def test_a_date(cell, order, expected):
    assert read_date(cell, order) == expected


def test_a_year_of_two_digits_is_refused_where_its_century_is_not_sure():
    assert read_date("03.04.61", DAY, century=False) is None
    assert read_date("03.04.1961", DAY, century=False) == "1961-04-03"


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["03/04/2024", "13/04/2024"], (DAY,)),
        (["03/04/2024", "04/13/2024"], (MONTH,)),
        (["03/04/2024", "05/06/2024"], (DAY, MONTH)),
        (["13/04/2024", "04/13/2024"], (DAY, MONTH)),
        (["13/04/2024", "14/04/2024", "04/15/2024"], (DAY,)),
        (["2024-04-03", "UN/04/2024"], (DAY, MONTH)),
    ],
)
def test_the_whole_column_decides_the_order(cells, expected):
    assert orders_of(cells) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("8:15", "08:15"),
        ("08:15:00", "08:15"),
        ("12:05 am", "00:05"),
        ("12:05 PM", "12:05"),
        ("8.15 Uhr", "08:15"),
        ("8h15", "08:15"),
        ("13:00 pm", None),
        ("24:00", None),
        ("8", None),
    ],
)
def test_a_clock_time(cell, expected):
    assert read_time(cell) == expected


def test_a_zone_is_seen_only_after_a_clock_time():
    assert has_zone("2024-04-03T09:05Z")
    assert has_zone("2024-04-03 09:05+02:00")
    assert not has_zone("2024-04-03")
    assert not has_zone("2024-04-03 09:05")


def test_a_year_stands_first_where_the_first_part_varies_less_than_the_last():
    assert leads_with_year(["25-03-04", "25-03-05", "25-04-01"])
    assert not leads_with_year(["04.03.25", "05.03.25", "01.04.25"])
    assert not leads_with_year(["04.03.2025", "04.03.2026"])
