"""The scale upward, and numbers as they are read."""

import pytest

from cartrial.capture.subject.drawing.part import close_scale_of, line, number, scale_of


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, "0"),
        (0.3, "0.3"),
        (2.4000000000000004, "2.4"),
        (0.00012, "0.00012"),
        (123.456, "123.5"),
        (9999, "9999"),
        (12345.6, "12\N{NO-BREAK SPACE}346"),
    ],
)
def test_a_number(value: float, expected: str) -> None:
    assert number(value) == expected


def test_a_logarithm_gives_each_decade_the_same_room() -> None:
    scale = scale_of([10, 10_000], 108, is_log=True)
    assert (scale.low, scale.high) == (10, 10_000)
    assert [scale.y(value) for value in (10, 100, 1000, 10_000)] == [99, 69, 39, 9]
    assert scale.y(0) == 99  # what is no logarithm stands at the foot
    assert [tick.label for tick in scale.ticks] == ["10", "100", "1000", "10\N{NO-BREAK SPACE}000"]


def test_an_even_scale_begins_at_nothing() -> None:
    scale = scale_of([3, 28], 118, is_log=False)
    assert (scale.low, scale.high) == (0, 50)
    assert [tick.label for tick in scale.ticks] == ["0", "10", "20", "30", "40", "50"]


def test_a_close_scale_holds_its_values() -> None:
    scale = close_scale_of([84, 108], 92)
    assert (scale.low, scale.high) == (80, 110)


@pytest.mark.parametrize("values", [[], [0], [0.0001], [5, 5], [1e9]])
@pytest.mark.parametrize("is_log", [True, False])
def test_any_values_have_a_scale(values: list[float], is_log: bool) -> None:
    scale = scale_of(values, 92, is_log=is_log)
    assert scale.low < scale.high
    assert all(9 <= scale.y(value) <= 83 for value in values)
    assert scale.ticks
    gaps = [a.y - b.y for a, b in zip(scale.ticks, scale.ticks[1:], strict=False)]
    assert all(gap >= 14 for gap in gaps)


@pytest.mark.parametrize("y", [9, 30, 50, 83])
def test_a_place_has_its_value_back(y: int) -> None:
    for scale in (scale_of([1, 900], 92, is_log=True), close_scale_of([84, 108], 92)):
        assert scale.y(scale.value(y)) == y


def test_one_point_makes_no_line() -> None:
    assert line([(1, 1)], "s1") == ()
    assert line([(1, 2), (50, 3.5)], "s1")[0].points == "10,2 500,3.5"
