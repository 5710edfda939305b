"""What is always true of a response by the criteria, whatever was measured or is missing."""

import datetime as dt
from typing import Any

import polars as pl
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from cartrial import schema as s
from cartrial.forms.myeloma import BANDS, FIXATION
from cartrial.protocol.criteria_file import packaged_criteria
from cartrial.response.assessed import Assessed, Baseline, Component, ResponseTables
from cartrial.response.confirmation import best_responses, judge
from cartrial.response.derive import derive_response
from cartrial.response.judged import Judged, Overall
from cartrial.response.sample import CLONAL, FollowUp, Lesion, Sample
from cartrial.response.scale import RANK

CRITERIA = packaged_criteria()
TOGETHER = 6  # days of samples that make one assessment
INFUSED = dt.date(2024, 1, 1)
BASELINE, APART = -6, 31  # days

# around the limits of the criteria, so that small courses meet them
SERUM = st.sampled_from([0.0, 1.0, 3.0, 4.9, 5.0, 9.9, 10.0, 15.0, 20.0, 30.0, 50.0, 60.0])  # g/L
URINE = st.sampled_from([0.0, 50.0, 99.0, 100.0, 199.0, 200.0, 300.0, 1000.0, 1250.0])  # mg/24h
CHAIN = st.sampled_from([2.0, 10.0, 16.5, 20.0, 100.0, 110.0, 211.0, 510.0, 1010.0])  # mg/L
MARROW = st.sampled_from([0.0, 4.9, 5.0, 14.9, 15.0, 20.0, 30.0, 40.0])  # %
CELLS = st.sampled_from([0.0, 100.0, 200.0, 300.0, 500.0])  # /uL
SIZE = st.sampled_from([0.0, 8.0, 10.0, 11.0, 15.0, 20.0, 30.0])  # mm

Row = dict[str, Any]
Course = tuple[list[Row], list[Row], Row]  # samples, lesions, follow-up


def on(day: int) -> dt.date:
    return INFUSED + dt.timedelta(days=day)


@st.composite
def courses(draw: st.DrawFn, *, subject: str = "001", most: int = 5) -> Course:
    """A subject with a baseline and up to `most` assessments; anything may be missing."""
    days = [BASELINE, *(28 + APART * n for n in range(draw(st.integers(1, most))))]
    numbers = draw(st.integers(0, 2))
    samples = [draw(sampled(subject, day)) for day in days]
    lesions = [
        lesion
        for day in days
        if numbers and draw(st.booleans())
        for lesion in draw(imaged(subject, day, numbers))
    ]
    return samples, lesions, draw(followed(subject))


@st.composite
def sampled(draw: st.DrawFn, subject: str, day: int) -> Row:
    def seldom_missing(value: st.SearchStrategy[Any]) -> Any:
        return draw(st.one_of(value, value, value, st.none()))

    def fixed(name: str) -> Row:
        fixation = seldom_missing(st.sampled_from(FIXATION))
        band = draw(st.none() | st.sampled_from(BANDS)) if fixation == "positive" else None
        return {f"{name}_fixation": fixation, f"{name}_band": band}

    return {
        "subject": subject,
        "on": on(day),
        "serum": seldom_missing(SERUM),
        "urine": seldom_missing(URINE),
        "kappa": seldom_missing(CHAIN),
        "lambda_": seldom_missing(CHAIN),
        "marrow": seldom_missing(MARROW),
        "clonal": seldom_missing(st.sampled_from(CLONAL)),
        "circulating": draw(st.none() | CELLS),
        **fixed("serum"),
        **fixed("urine"),
    }


@st.composite
def imaged(draw: st.DrawFn, subject: str, day: int, numbers: int) -> list[Row]:
    found = []
    for number in range(1, numbers + 1):
        if draw(st.integers(0, 5)):
            short, long = sorted((draw(SIZE), draw(SIZE)))
            size = {"long": long, "short": short}
            new = draw(st.integers(0, 9)) == 0 and day > 0 and short > 0
            found.append(
                {"subject": subject, "on": on(day), "lesion": str(number), "new": new, **size}
            )
    return found


@st.composite
def followed(draw: st.DrawFn, subject: str) -> Row:
    therapy = draw(st.none() | st.integers(1, 200))
    died = draw(st.booleans())
    return {
        "subject": subject,
        "infused": INFUSED,
        "before": on(-5),
        "new_therapy": None if therapy is None else on(therapy),
        "died": died,
        "death": on(400) if died else None,
        "died_of_disease": died and draw(st.booleans()),
    }


def table(of: type[s.Table], rows: list[Row]) -> Any:
    return of.validate(pl.DataFrame(rows, schema=s.empty(of).schema, orient="row"))


def derive(*given: Course) -> ResponseTables:
    samples = table(Sample, [row for course in given for row in course[0]])
    lesions = table(Lesion, [row for course in given for row in course[1]])
    bounds = table(FollowUp, [course[2] for course in given])
    return derive_response(CRITERIA, samples, lesions, bounds, together=TOGETHER)


def judged(course: Course) -> s.DataFrame[Judged]:
    nothing_said = derive(course).assessed.with_columns(confirmed=pl.lit(None, dtype=pl.Boolean))
    overall = Overall.validate(nothing_said.select(list(Overall.columns())))
    return judge(overall, table(FollowUp, [course[2]]))


@given(course=courses())
@settings(max_examples=20)
def test_what_is_derived_keeps_to_its_declaration(course):
    found = derive(course)
    for of, part in (
        (Baseline, found.baseline),
        (Assessed, found.assessed),
        (Component, found.components),
    ):
        assert s.check(of, part, place=of.__name__).findings == []


@given(course=courses())
@settings(max_examples=30)
def test_a_later_sample_never_changes_an_earlier_response(course):
    samples, lesions, bounds = course
    whole = derive(course)
    last = samples[-1]["on"]
    shorter = [row for row in samples if row["on"] < last], [r for r in lesions if r["on"] < last]
    before = derive((*shorter, bounds))
    kept = whole.assessed.filter(pl.col("number").is_in(before.assessed["number"].implode()))
    assert_frame_equal(before.assessed, kept)
    parts = whole.components.filter(pl.col("number").is_in(before.assessed["number"].implode()))
    assert_frame_equal(before.components, parts)


@given(course=courses(), days=st.lists(st.integers(1, 90), min_size=1, max_size=12, unique=True))
@settings(max_examples=20)
def test_samples_of_any_days_are_each_in_one_assessment(course, days):
    samples, _, bounds = course
    some = [samples[-1] | {"on": on(day)} for day in days]
    assessed = derive((samples[:1] + some, [], bounds)).assessed
    measured = some[0]["serum"] is not None or some[0]["urine"] is not None
    assume(measured)
    spans = list(assessed.select("first", "last").iter_rows())
    assert all((last - first).days <= TOGETHER for first, last in spans)
    assert all(sum(a <= on(day) <= b for a, b in spans) == 1 for day in days)


@given(course=courses(), data=st.data())
@settings(max_examples=60)
def test_a_worse_value_never_makes_a_better_response(course, data):
    samples, lesions, bounds = course
    measured = [name for name in WORSE if samples[-1][name] not in (None, "not done")]
    assume(measured)
    name = data.draw(st.sampled_from(measured))
    given = derive(course)
    worse = samples[-1] | WORSE[name](samples[-1], given.baseline)
    before = last_response(given, samples)
    after = last_response(derive(([*samples[:-1], worse], lesions, bounds)), samples)
    assert is_no_better(after, before), f"{before} became {after} by more {name}"


@given(course=courses(), factor=st.sampled_from([1.1, 1.5, 2.0, 4.0]))
@settings(max_examples=30)
def test_a_larger_lesion_never_makes_a_better_response(course, factor):
    samples, lesions, bounds = course
    last = samples[-1]["on"]
    assume(any(row["on"] == last for row in lesions))
    larger = [
        row | {side: row[side] * factor + 1 for side in ("long", "short")}
        if row["on"] == last
        else row
        for row in lesions
    ]
    before, after = derive(course), derive((samples, larger, bounds))
    assert is_no_better(last_response(after, samples), last_response(before, samples))


def chain(involved: str) -> Any:
    def worse(row: Row, baseline: pl.DataFrame) -> Row:
        other = "lambda_" if involved == "kappa" else "kappa"
        leans = baseline["involved"].item()
        assume(leans == involved.rstrip("_") and row[other] is not None)
        # A chain below the other one may become normal by rising: that is no worse a value.
        assume(row[involved] >= row[other])
        return {involved: row[involved] * 3 + 30}

    return worse


WORSE: dict[str, Any] = {
    "serum": lambda row, _: {"serum": row["serum"] * 1.5 + 3},
    "urine": lambda row, _: {"urine": row["urine"] * 1.5 + 60},
    "kappa": chain("kappa"),
    "lambda_": chain("lambda_"),
    "marrow": lambda row, _: {"marrow": min(row["marrow"] + 6, 100)},
    "circulating": lambda row, _: {"circulating": row["circulating"] * 2 + 100},
    "serum_fixation": lambda row, _: {"serum_fixation": "positive", "serum_band": None},
    "urine_fixation": lambda row, _: {"urine_fixation": "positive", "urine_band": None},
    "clonal": lambda row, _: {"clonal": "found"},
}


def last_response(found: ResponseTables, samples: list[Row]) -> str | None:
    """The response of the last sample; null where it is no assessment."""
    shown = found.assessed.filter(pl.col("last") == samples[-1]["on"])["response"]
    return None if shown.is_empty() else shown.item()


def is_no_better(after: str | None, before: str | None) -> bool:
    """NE is neither better nor worse than a response; from NE a worse value leads to PD alone."""
    if before is None or after is None or before == "NE":
        return after == before or after == "PD"
    return RANK[after] <= RANK[before] and (before != "PD" or after == "PD")


@given(course=courses(), data=st.data())
@settings(max_examples=20)
def test_the_order_of_the_rows_changes_nothing(course, data):
    samples, lesions, bounds = course
    shuffled = data.draw(st.permutations(samples)), data.draw(st.permutations(lesions)), bounds
    assert_same(derive(course), derive(shuffled))


@given(one=courses(subject="001"), other=courses(subject="002"))
@settings(max_examples=20)
def test_a_subject_does_not_depend_on_another(one, other):
    together = derive(one, other)
    alone = derive(one)
    mine = pl.col("subject") == "001"
    parts = (together.baseline, together.assessed, together.components)
    assert_same(alone, ResponseTables(*(part.filter(mine) for part in parts)))


def assert_same(one: ResponseTables, other: ResponseTables) -> None:
    assert_frame_equal(one.baseline, other.baseline)
    assert_frame_equal(one.assessed, other.assessed)
    assert_frame_equal(one.components, other.components)


@given(course=courses(most=7))
@settings(max_examples=30)
def test_the_best_response_so_far_never_falls_before_progression(course):
    best = judged(course)["best_so_far"].to_list()
    ranks = [RANK[one] for one in best if one is not None]
    until = ranks.index(RANK["PD"]) if RANK["PD"] in ranks else len(ranks)
    assert ranks[:until] == sorted(ranks[:until])
    assert set(ranks[until:]) <= {RANK["PD"]}


@given(course=courses(most=7))
@settings(max_examples=30)
def test_confirmed_is_never_better_than_assessed(course):
    found = judged(course)
    for row in found.iter_rows(named=True):
        assert RANK[row["confirmed_as"] or "NE"] <= max(RANK[row["response"]], RANK["SD"])
    confirmed, assessed = (
        best_responses(found, confirmed=confirmed)["response"].to_list()
        for confirmed in (True, False)
    )
    assert len(confirmed) == len(assessed)
    assert all(RANK[a] <= RANK[b] for a, b in zip(confirmed, assessed, strict=True))
