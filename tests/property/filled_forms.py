"""Forms filled at random, every row within its declaration."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

import polars as pl
from hypothesis import strategies as st

from cartrial import schema as s
from cartrial.forms.adverse import SeriousEvent
from cartrial.forms.catalogue import FORMS, Forms
from cartrial.forms.enrolment import Demographics
from cartrial.forms.laboratory import CarFlow, CarTransgene
from cartrial.forms.myeloma import FreeLightChain

SUBJECTS = ("001-001", "001-002", "002-001")
FEWEST, MOST = dt.date(2000, 1, 1), dt.date(2035, 12, 31)

dates = st.dates(FEWEST, MOST)
moments = st.datetimes(
    dt.datetime.combine(FEWEST, dt.time()), dt.datetime.combine(MOST, dt.time())
).map(lambda at: at.replace(microsecond=0))
partials = st.one_of(
    dates.map(dt.date.isoformat),
    dates.map(lambda on: f"{on:%Y}"),
    dates.map(lambda on: f"{on:%Y-%m}"),
    moments.map(lambda at: f"{at:%Y-%m-%dT%H:%M}"),
    moments.map(lambda at: f"{at:%Y-%m-%dT%H:%M:%S}"),
)
words = (
    st.text(st.sampled_from("abcXYZ019 ,;\"<-_/%'éµ"), min_size=1, max_size=12)
    .map(str.strip)
    .filter(bool)
)


def cell(column: s.Column) -> st.SearchStrategy[Any]:
    """Any value that the column may hold."""
    low, high = column.least, column.most
    match column.kind:
        case "text":
            given: st.SearchStrategy[Any] = words.map(lambda text: cut(text, int(high or 24)))
        case "code":
            given = st.sampled_from(column.codes)
        case "number":
            given = st.floats(
                -1e6 if low is None else low, 1e6 if high is None else high, allow_subnormal=False
            )
        case "count":
            given = st.integers(int(low or 0), int(high or 30))
        case "flag":
            given = st.booleans()
        case "date":
            given = dates
        case "moment":
            given = moments
        case _:
            given = partials
    return st.none() | given if column.nullable and not column.key else given


def cut(text: str, most: int) -> str:
    """The text within a limit, which counts bytes."""
    while len(text.encode()) > most:
        text = text[:-1].strip()
    return text or "x"


def row(form: type[s.Table]) -> st.SearchStrategy[dict[str, Any]]:
    """Any row of a form; most keep its rules."""
    cells = {column.name: cell(column) for column in s.columns(form)}
    if "subject" in cells:
        cells["subject"] = st.sampled_from(SUBJECTS)
    return st.fixed_dictionaries(cells).map(lambda one: mended(form, one))


def mended(form: type[s.Table], one: dict[str, Any]) -> dict[str, Any]:
    """The row with a result that agrees with its status, its unit, and reasons where missing."""
    if form in (CarTransgene, CarFlow):
        value = "copies" if form is CarTransgene else "cells"
        one[value] = (one[value] or 0.0) if one["status"] == "value" else None
        if one["status"] == "below quantification":
            one["lloq"] = one["lloq"] or 1.0
        one["why_not_done"] = "sample lost" if one["status"] == "not done" else None
    if form is FreeLightChain and not (one["kappa"] is None and one["lambda_"] is None):
        one["unit"] = one["unit"] or "mg/L"
    for column in s.columns(form):
        measured = [name for name in column.reason_of if name != "status"]
        if measured and all(one[name] is not None for name in measured):
            one[column.name] = None
    return one


@st.composite
def filled(draw: st.DrawFn, some: Iterable[type[s.Table]] | None = None, rows: int = 3) -> Forms:
    """Some forms (or all of a subject) with up to `rows` rows; demographics of every subject."""
    tables: dict[str, pl.DataFrame] = {}
    wanted = {Demographics, *(FORMS.values() if some is None else some)}
    for name, form in FORMS.items():
        if form not in wanted:
            continue
        given = draw(st.lists(row(form), max_size=rows))
        if form is Demographics:
            given = [draw(row(form)) | {"subject": subject} for subject in SUBJECTS]
        raw = pl.DataFrame(given, schema=s.empty(form).schema, orient="row")
        kept, _ = form.filter(raw.unique(s.key(form), keep="first", maintain_order=True))
        tables[name] = kept.sort(s.key(form))
    if SeriousEvent in wanted:
        events = tables["adverse_event"].select("subject", "number")
        serious = tables["serious_event"].join(events, on=["subject", "number"], how="semi")
        tables["serious_event"] = serious
    return Forms(tables)
