"""The axis of time: days from the infusion, day 0, each a column around its number."""

import datetime as dt

import pytest

from cartrial.capture.subject.drawing.axis import MOST_TICKS, Axis, axis_of, usual_zoom

ZERO = dt.date(2025, 3, 1)
AXIS = Axis(ZERO, -10, 39)  # fifty days, two percent each


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2025-03-01", 0.0),
        ("2025-03-08", 7.0),
        ("2025-02-27", -2.0),
        ("2025-03-01T12:00", 0.0),
        ("2025-03-02T00:00", 0.5),
        ("2025-03-02T18:00", 1.25),
        ("2025-03", None),
        ("2025", None),
        ("", None),
    ],
)
def test_the_day_of_a_date(typed: str, day: float | None) -> None:
    assert AXIS.day(typed) == day


@pytest.mark.parametrize(
    ("typed", "start", "end"),
    [
        ("2025-03-01", -0.5, 0.5),
        ("2025-03", -0.5, 30.5),
        ("2025-02", -28.5, -0.5),
        ("2025", -59.5, 305.5),
        ("2025-03-02T12:00", 1.0, 1.0),
        ("", None, None),
    ],
)
def test_a_part_of_a_date_is_its_whole_interval(
    typed: str, start: float | None, end: float | None
) -> None:
    assert (AXIS.start(typed), AXIS.end(typed)) == (start, end)


def test_a_day_stands_in_the_middle_of_its_column() -> None:
    assert AXIS.at(-10.5) == 0
    assert AXIS.at(-10) == 1
    assert AXIS.at(0) == 21
    assert AXIS.at(39.5) == 100


def test_what_lies_outside_is_not_shown() -> None:
    assert AXIS.shows(39)
    assert not AXIS.shows(40)
    assert AXIS.shows(-30, -10)
    assert not AXIS.shows(-30, -11)
    assert (AXIS.within(-99), AXIS.within(99)) == (-10.5, 39.5)


@pytest.mark.parametrize("last", [3, 8, 29, 30, 84, 119, 120, 240, 400, 738, 1500, 2500])
def test_the_marks_have_room_on_a_phone(last: int) -> None:
    ticks = Axis(ZERO, -7, last).ticks
    assert 2 <= len(ticks) <= MOST_TICKS + 1
    assert all(0 <= tick.at <= 100 for tick in ticks)
    assert "0" in [tick.label for tick in ticks]


def test_a_long_axis_counts_months() -> None:
    assert AXIS.title == "Days from the infusion"
    assert Axis(ZERO, -30, 400).title == "Months from the infusion"


def test_the_zooms() -> None:
    said = {"infused": True, "first": dt.date(2025, 1, 1), "last": dt.date(2026, 3, 1)}
    ends = {zoom: axis_of(zoom, ZERO, event="infusion", **said) for zoom in ("30", "84", "all")}  # type: ignore[arg-type]
    assert [(axis.first, axis.last) for axis in ends.values()] == [(-7, 30), (-7, 84), (-66, 372)]
    assert [usual_zoom(day) for day in (None, 0, 30, 31, 84, 85)] == [
        "all", "30", "30", "84", "84", "all",
    ]  # fmt: skip
