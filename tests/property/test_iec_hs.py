"""The screen for IEC-HS of all subjects together, held against a plain form for one value."""

from itertools import pairwise

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from cartrial.grading.iec_hs import judge_iec_hs, screen_iec_hs
from cartrial.grading.iec_hs_criteria import MEASURED, IecHsLimits

AT = IecHsLimits()
LIMITS = {"neutrophils": 1.0, "platelets": 100.0, "haemoglobin": 90.0}
VALUES = {
    "ferritin": [240.0, 400.0, 401.0, 600.0, 601.0, 720.0, 721.0, 1200.0, 5000.0],
    "neutrophils": [0.1, 0.8, 0.81, 0.99, 1.0, 1.2, 3.0],
    "platelets": [40.0, 80.0, 96.0, 100.0, 120.0, 150.0],
    "haemoglobin": [70.0, 72.0, 88.0, 90.0, 110.0],
}
UPPER = {"ferritin": 300.0}
BASELINE = {"ferritin": 200.0, "neutrophils": 3.0, "platelets": 110.0, "haemoglobin": 89.0}


@st.composite
def value(draw):
    analyte = draw(st.sampled_from(list(VALUES)))
    baseline = draw(st.sampled_from([BASELINE[analyte], None]))
    number = draw(st.sampled_from(VALUES[analyte]))
    return analyte, draw(st.integers(0, 30)), number, None, UPPER.get(analyte), baseline


SUBJECT = st.tuples(
    st.lists(value(), max_size=25, unique_by=lambda v: v[:3]),
    st.sampled_from([True, False, None]),
    st.sampled_from([None, 4, 8]),
)


def judged(subjects):
    rows = [(n, *one) for n, (values, _, _) in enumerate(subjects) for one in values]
    about = [(n, crs, resolving) for n, (_, crs, resolving) in enumerate(subjects)]
    return judge_iec_hs(
        pl.DataFrame(rows, schema={"subject": pl.Int64, **MEASURED}, orient="row"),
        pl.DataFrame(
            about,
            schema={"subject": pl.Int64, "crs": pl.Boolean, "resolving": pl.Int64},
            orient="row",
        ),
        AT,
    )


# ---------------------------------------------------------------- one value, in plain form
def plain_level(number, upper, baseline):
    if number > 2 * upper or (baseline is not None and number > 2 * baseline):
        return True
    return None if baseline is None else False


def plain_rise(day, number, baseline, before, crs, since):
    if crs is None or since is None:
        return None
    if day < since:
        return False
    after = [n for d, n in before if d >= since]
    near = [n for d, n in before if day - d <= 2]
    if any(number >= 2 * n for n in (*near, *after)):
        return True
    height = max([n for d, n in before if d < since] or [n for _, n in before[:1]], default=0)
    if any(number <= n for _, n in before) or number <= 1.2 * max(height, baseline or 0):
        return False
    return None if not before and (crs or baseline is None) else True


def plain_both(values, crs, resolving):
    """Each ferritin with its day, and whether it meets both required criteria."""
    since = 0 if crs is False else None if resolving is None else resolving + 1
    course = sorted((d, n, upper, base) for a, d, n, _, upper, base in values if a == "ferritin")
    for day, number, upper, baseline in course:
        before = [(d, n) for d, n, *_ in course if d < day]
        level = plain_level(number, upper, baseline)
        rise = plain_rise(day, number, baseline, before, crs, since)
        both = False if False in (level, rise) else None if None in (level, rise) else True
        yield day, since, both


def plain_cytopenia(analyte, day, number, baseline, before):
    limit = LIMITS[analyte]
    if number >= limit or (baseline is not None and number >= baseline):
        return False
    first = next((i for i, (_, n) in enumerate(before) if n < limit), None)
    if first is None and day <= 21:
        return False
    if not before:
        return None
    since = [n for _, n in before[first or 0 :]]
    recovered = any(min(pair) >= limit for pair in pairwise(since))
    if (first is not None and not recovered) or number > 0.8 * max(since):
        return False
    return None if baseline is None else True


def worst(met):
    return next((found for found in (True, None, False) if found in met), None)


@given(st.lists(SUBJECT, min_size=1, max_size=6))
def test_the_ferritin_that_tells(subjects):
    found = judged(subjects).filter(pl.col("kind") == "required")
    both = found.group_by("subject", maintain_order=True).agg(met="met")["met"].to_list()
    for (values, crs, resolving), (level, rise) in zip(subjects, both, strict=True):
        plain = list(plain_both(values, crs, resolving))
        looked = any(since is None or day >= since for day, since, _ in plain)
        told = worst([met for *_, met in plain]) if looked else None
        assert told == (False if False in (level, rise) else (level and rise))


@given(st.lists(SUBJECT, min_size=1, max_size=6))
def test_a_new_cytopenia_near_the_ferritin(subjects):
    found = judged(subjects).filter(pl.col("name") == "new cytopenia")["met"].to_list()
    for (values, crs, resolving), met in zip(subjects, found, strict=True):
        days = [day for day, _, both in plain_both(values, crs, resolving) if both is not False]
        plain = []
        for analyte, day, number, _, _, baseline in values:
            if analyte in LIMITS and (not days or any(abs(day - d) <= 7 for d in days)):
                before = sorted((d, n) for a, d, n, *_ in values if a == analyte and d < day)
                plain.append(plain_cytopenia(analyte, day, number, baseline, before))
        assert met is worst(plain)


@settings(max_examples=20)
@given(st.lists(SUBJECT, min_size=2, max_size=6))
def test_a_subject_is_screened_as_if_alone(subjects):
    together = screen_iec_hs(judged(subjects), AT).drop("subject")
    alone = [screen_iec_hs(judged([subject]), AT).drop("subject") for subject in subjects]
    assert together.equals(pl.concat(alone))
