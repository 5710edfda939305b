"""What is always true of ICAHT and T-ICAHT."""

from itertools import product

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartrial.grading.daily_count import STOPS
from cartrial.grading.icaht import derive_icaht, icaht
from cartrial.grading.t_icaht import derive_t_icaht, t_icaht

# engine, its frame function, and a count that is as low and one that is as high as can be
ENGINES = {
    "ICAHT": (icaht, derive_icaht, 0.0, 5.0, [0.05, 0.1, 0.3, 0.5, 0.6, 1.0, 1.5, 2.0]),
    "T-ICAHT": (t_icaht, derive_t_icaht, 0.0, 300.0, [10, 19.9, 20, 40, 50, 70, 100, 150]),
}


both = pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)


DAYS = st.integers(-3, 110)


def counts(values, days=DAYS, **sizes):
    return st.lists(st.tuples(days, st.sampled_from(values)), max_size=25, **sizes)


def grades(found):
    return found.early, found.late


@both
@given(st.data())
def test_a_lower_count_never_lowers_a_grade(engine, data):
    grade, _, _, _, values = engine
    given_ = data.draw(counts(values, min_size=1))
    place = data.draw(st.integers(0, len(given_) - 1))
    day, value = given_[place]
    lower = [*given_[:place], (day, data.draw(st.sampled_from(values))), *given_[place + 1 :]]
    if lower[place][1] > value:
        given_, lower = lower, given_
    end = {"followed_to": data.draw(st.integers(0, 120)), "stop": data.draw(st.sampled_from(STOPS))}
    before, after = grades(grade(given_, **end)), grades(grade(lower, **end))
    for high, low in zip(before, after, strict=True):
        assert high.lowest <= low.lowest
        assert high.highest <= low.highest


@both
@given(st.data())
def test_the_interval_holds_the_grade_of_any_completion(engine, data):
    grade, _, _, _, values = engine
    given_ = data.draw(counts(values, days=st.integers(0, 30)))
    to = data.draw(st.integers(0, 35))
    partial = grade(given_, followed_to=to)
    unseen = range(min(to, 30) + 1, 31)
    known = [(day, value) for day, value in given_ if day <= to]
    added = [(day, data.draw(st.sampled_from(values))) for day in (*partial.unknown, *unseen)]
    whole = grade(known + added, followed_to=35).early
    assert partial.early.lowest <= whole.certain <= partial.early.highest


@both
@settings(max_examples=15)
@given(st.data())
def test_every_completion_of_a_gap_is_in_the_interval_and_its_ends_are_reached(engine, data):
    grade, _, low, recovered, _ = engine
    first, length = data.draw(st.integers(1, 21)), 8
    outside = [day for day in range(31) if not first <= day < first + length]
    given_ = [(day, data.draw(st.sampled_from([low, recovered]))) for day in outside]
    partial = grade(given_, followed_to=30).early
    reached = {
        grade(
            given_ + [(first + n, value) for n, value in enumerate(fill)], followed_to=30
        ).early.certain
        for fill in product([low, recovered], repeat=length)
    }
    assert (min(reached), max(reached)) == (partial.lowest, partial.highest)


@both
@given(st.data())
def test_a_grade_that_is_not_settled_says_what_is_missing(engine, data):
    grade, _, _, _, values = engine
    end = {"followed_to": data.draw(st.integers(0, 120)), "stop": data.draw(st.sampled_from(STOPS))}
    early, late = grades(grade(data.draw(counts(values)), **end))
    ended = end["stop"] in ("death", "progression", "new therapy")
    assert (early.certain is None) == (bool(early.missing) or "not seen after" in early.rule)
    assert ended or "not seen after" not in early.rule
    never = end["followed_to"] < 31 and end["stop"] in ("death", "progression", "new therapy")
    assert (late.certain is None) == bool(late.missing) or never


@both
@given(st.data())
def test_the_order_of_the_rows_changes_nothing(engine, data):
    _, derive, _, _, values = engine
    rows = [
        (subject, day, float(value))
        for subject in ("001-001", "001-002")
        for day, value in data.draw(counts(values))
    ]
    columns = {"subject": pl.String, "day": pl.Int64, "value": pl.Float64}
    followed = pl.DataFrame(
        {"subject": ["001-001", "001-002"], "followed_to": [60, 120], "stop": ["death", "ongoing"]}
    )
    frames = [
        pl.DataFrame(order, schema=columns, orient="row")
        for order in (rows, data.draw(st.permutations(rows)))
    ]
    assert derive(frames[0], followed).equals(derive(frames[1], followed.reverse()))
