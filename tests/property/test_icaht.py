"""What is always true of ICAHT and T-ICAHT, and both held against a plain form for one subject."""

from fractions import Fraction
from itertools import pairwise, product

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartrial.grading.daily_count import STOPS
from cartrial.grading.icaht import derive_icaht, icaht, run_grade
from cartrial.grading.t_icaht import days_grade, derive_t_icaht, t_icaht

# engine, its frame function, and a count that is as low and one that is as high as can be
ENGINES = {
    "ICAHT": (icaht, derive_icaht, 0.0, 5.0, [0.05, 0.1, 0.3, 0.5, 0.6, 1.0, 1.5, 2.0]),
    "T-ICAHT": (t_icaht, derive_t_icaht, 0.0, 300.0, [10, 19.9, 20, 40, 50, 70, 100, 150]),
}


both = pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)


DAYS = st.integers(-3, 110)


def counts(values, days=DAYS, **sizes):
    return st.lists(st.tuples(days, st.sampled_from(values)), max_size=25, **sizes)


def frames(rows, ends):
    """Counts (subject, day, value) and the ends of follow-up (day, stop) as the engines ask."""
    columns = {"subject": pl.String, "day": pl.Int64, "value": pl.Float64}
    followed = [(subject, *end) for subject, end in ends.items()]
    return (
        pl.DataFrame(rows, schema=columns, orient="row"),
        pl.DataFrame(followed, schema=["subject", "followed_to", "stop"], orient="row"),
    )


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
    grade, derive, low, recovered, _ = engine
    first, length = data.draw(st.integers(1, 21)), 8
    outside = [day for day in range(31) if not first <= day < first + length]
    given_ = [(day, data.draw(st.sampled_from([low, recovered]))) for day in outside]
    partial = grade(given_, followed_to=30).early
    fills = [
        (f"{number}", day, value)
        for number, fill in enumerate(product([low, recovered], repeat=length))
        for day, value in (*given_, *enumerate(fill, start=first))
    ]
    reached = derive(*frames(fills, {subject: (30, "ongoing") for subject, _, _ in fills}))["early"]
    assert (reached.min(), reached.max()) == (partial.lowest, partial.highest)


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
    ends = {"001-001": (60, "death"), "001-002": (120, "ongoing")}
    given_, followed = frames(rows, ends)
    shuffled, _ = frames(data.draw(st.permutations(rows)), ends)
    assert derive(given_, followed).equals(derive(shuffled, followed.reverse()))


# ---------------------------------------------------------------- one subject, in plain form
def plain_counts(given_, to):
    """The exact count of each day, the short gaps filled."""
    lowest = {}
    for day, value in sorted(given_):
        if day <= to:
            lowest.setdefault(day, Fraction(str(value)))
    filled = dict(lowest)
    for before, after in pairwise(lowest):
        step = (lowest[after] - lowest[before]) / (after - before)
        for day in range(before + 1, after if after - before <= 8 else before):
            filled[day] = lowest[before] + (day - before) * step
    return filled


def plain_runs(levels, level):
    runs = []
    for day in sorted(day for day, reached in levels.items() if reached >= level):
        if runs and day - runs[-1][-1] <= 3:
            runs[-1] = range(runs[-1][0], day + 1)
        else:
            runs.append(range(day, day + 1))
    return runs


def plain_icaht(levels):
    severe, profound = plain_runs(levels, 1), plain_runs(levels, 2)
    if severe and severe[-1][0] <= 3 and severe[-1][-1] == max(levels):
        return 4
    longest = {"severe": severe, "profound": profound}
    return int(
        run_grade(**{name: max(map(len, runs), default=0) for name, runs in longest.items()})
    )


def plain_t_icaht(levels):
    below = {"below_50": plain_runs(levels, 1), "below_20": plain_runs(levels, 2)}
    return int(days_grade(**{name: sum(map(len, runs)) for name, runs in below.items()}))


def plain_early(given_, to, stop, level, grade):
    """The grades of the early days with every unknown day recovered, and with every one low."""
    counts_ = plain_counts(given_, to)
    end = min(to, 30)
    seen = {day: level(counts_[day]) for day in range(end + 1) if day in counts_}
    unknown = {day for day in range(end + 1) if day not in seen}
    at_end = {day for day in unknown if day > max(seen, default=-1)}
    recovered = all(seen.get(day) == 0 for day in range(max(0, end - 2), end + 1))
    ended = stop in ("death", "progression", "new therapy")
    after = set() if ended and recovered else set(range(end + 1, 31))
    silent = set()
    if stop in ("death", "last contact"):
        short = len(at_end) <= 7 and max(counts_, default=0) <= 30
        silent = after | (at_end if short else set())
    lowest = grade(seen | dict.fromkeys((unknown | after) - silent, 0))
    return lowest, max(lowest, grade(seen | dict.fromkeys(unknown | after, 2)))


PLAIN = {
    "ICAHT": (lambda n: (n <= Fraction(1, 2)) + (n <= Fraction(1, 10)), plain_icaht),
    "T-ICAHT": (lambda n: (n < 50) + (n < 20), plain_t_icaht),
}
END = st.tuples(st.integers(0, 40), st.sampled_from(STOPS))


@pytest.mark.parametrize("name", ENGINES)
@given(st.data())
def test_all_subjects_together_are_graded_as_each_in_plain_form(name, data):
    _, derive, _, _, values = ENGINES[name]
    some = counts(values, days=st.integers(-9, 40))
    most = st.lists(st.sampled_from([*values, None]), min_size=45, max_size=45).map(
        lambda drawn: [(day, n) for day, n in enumerate(drawn, start=-5) if n is not None]
    )
    subjects = data.draw(st.lists(st.tuples(some | most, END), min_size=1, max_size=8))
    rows = [(f"{n}", *count) for n, (given_, _) in enumerate(subjects) for count in given_]
    found = derive(*frames(rows, {f"{n}": end for n, (_, end) in enumerate(subjects)}))
    assert list(found.select("early_lowest", "early_highest").iter_rows()) == [
        plain_early(given_, *end, *PLAIN[name]) for given_, end in subjects
    ]
