"""Every course of `courses/`, from raw values: baseline, response, confirmation, progression."""

import polars as pl
import pytest

from cartrial import schema as s
from cartrial.response.confirmation import best_responses, judge, progressions
from cartrial.response.derive import ResponseTables, derive_response
from cartrial.response.judged import Judged, Overall
from cartrial.response.mrd import judge_mrd
from cartrial.response.relapse import with_relapse
from tests.unit.response.by_hand import (
    CHANGES,
    Course,
    all_courses,
    criteria,
    follow_up,
    lesions,
    mrd,
    on,
    samples,
)

TOGETHER = 6  # days of samples that make one assessment
COURSES = all_courses()
EACH = pytest.mark.parametrize("course", COURSES, ids=lambda course: course.name)
Derived = dict[str, tuple[ResponseTables, s.DataFrame[Judged]]]


@pytest.fixture(scope="module")
def derived() -> Derived:
    """By the change of the criteria: what is derived of all its courses at once, and judged."""
    return {name: derive([c for c in COURSES if c.criteria == name], name) for name in CHANGES}


def derive(courses: list[Course], change: str) -> tuple[ResponseTables, s.DataFrame[Judged]]:
    bounds, of = follow_up(courses), criteria(change)
    tables = derive_response(of, samples(courses), lesions(courses), bounds, together=TOGETHER)
    nothing_said = tables.assessed.with_columns(confirmed=pl.lit(None, dtype=pl.Boolean))
    overall = Overall.validate(nothing_said.select(list(Overall.columns())))
    return tables, judge(overall, bounds)


def of(course: Course, table: pl.DataFrame) -> pl.DataFrame:
    return table.filter(pl.col("subject") == course.subject)


@EACH
def test_what_the_disease_is_measured_by(course, derived):
    tables, _ = derived[course.criteria]
    assert of(course, tables.baseline)["measured_by"].to_list() == [course.about["measured by"]]


@EACH
def test_the_response_at_each_assessment(course, derived):
    tables, _ = derived[course.criteria]
    expected = [(on(day), response) for day, response in course.expected("response")]
    assert of(course, tables.assessed).select("on", "response").rows() == expected


@EACH
def test_what_each_assessment_counts_as(course, derived):
    _, judged = derived[course.criteria]
    assert of(course, judged)["confirmed_as"].to_list() == [
        level for _, level in course.expected("counts as")
    ]


@pytest.mark.parametrize(
    "course", [c for c in COURSES if "status" in c.rows[0]], ids=lambda course: course.name
)
def test_the_confirmed_status_at_each_assessment(course, derived):
    _, judged = derived[course.criteria]
    assert of(course, judged)["status"].to_list() == [
        status for _, status in course.expected("status")
    ]


@EACH
@pytest.mark.parametrize("confirmed", [False, True])
def test_the_best_response(course, derived, confirmed):
    _, judged = derived[course.criteria]
    found = of(course, best_responses(judged, confirmed=confirmed))["response"].to_list()
    assert found == [course.best[confirmed]]


@pytest.mark.parametrize(
    "course", [c for c in COURSES if "progressed" in c.about], ids=lambda course: course.name
)
def test_the_day_of_confirmed_progression(course, derived):
    _, judged = derived[course.criteria]
    expected = [on(course.day("progressed"))] if course.day("progressed") else []
    assert of(course, progressions(judged))["on"].to_list() == expected


@pytest.mark.parametrize("kind", ["relapse from CR", "clinical relapse"])
def test_a_relapse_is_shown_beside_at_each_assessment_that_shows_it(kind, derived):
    told = [course for course in COURSES if kind in course.about]
    tables, _ = derived["as published"]
    relapsed = with_relapse(
        criteria("as published"),
        tables.assessed,
        tables.components,
        samples(told),
        follow_up(told),
    )
    shown = relapsed.filter(pl.col(kind.lower().replace(" ", "_")).is_not_null())
    for course in told:
        expected = [on(day) for day in course.days(kind)]
        assert of(course, shown)["on"].to_list() == expected, course.name


@pytest.mark.parametrize(
    "course", [c for c in COURSES if "MRD" in c.about], ids=lambda course: course.name
)
def test_residual_disease(course, derived):
    _, judged = derived[course.criteria]
    found = judge_mrd(
        criteria(course.criteria), mrd([course]), judged, follow_up([course]), together=TOGETHER
    )
    assert found.select("negative", "sustained", "imaging").rows() == [course.mrd]
