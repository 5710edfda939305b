"""What a frame has shown so far in each part, held against a plain loop over the part."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartrial.running import before, highest_so_far, last_so_far, lowest_so_far, number_in

VALUES = st.none() | st.sampled_from([-1.5, -0.0, 0.0, 0.1, 0.3, 7.0])
PARTS = st.lists(st.lists(VALUES, min_size=1, max_size=5), max_size=6)


def last(seen):
    return seen[-1]


@pytest.mark.parametrize(
    ("so_far", "plain"), [(highest_so_far, max), (lowest_so_far, min), (last_so_far, last)]
)
@given(parts=PARTS)
def test_what_was_seen_so_far_is_of_the_part_alone(so_far, plain, parts):
    expected = []
    for part in parts:
        seen = [[value for value in part[: n + 1] if value is not None] for n in range(len(part))]
        expected += [plain(values) if values else None for values in seen]
    assert found(parts, so_far) == expected


@given(parts=PARTS)
def test_the_value_before_is_of_the_part_alone(parts):
    assert found(parts, before) == [value for part in parts for value in [None, *part[:-1]]]


@given(parts=PARTS)
def test_the_rows_of_each_part_are_numbered_from_1(parts):
    numbers = found(parts, lambda _, part: number_in(part))
    assert numbers == [n for part in parts for n in range(1, len(part) + 1)]


def found(parts, made):
    rows = [(f"part {n}", value) for n, part in enumerate(parts) for value in part]
    frame = pl.DataFrame(rows, schema={"part": pl.String, "value": pl.Float64}, orient="row")
    return frame.select(made(pl.col("value"), pl.col("part"))).to_series().to_list()
