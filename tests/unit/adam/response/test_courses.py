"""The courses of `tests/unit/response/courses`, from the forms of the ward to ADRS.

Each is a subject of one trial. What is measured goes into the forms in the units in which the
course tells it; the response that comes out of the other end is the one worked out by hand.
"""

from collections.abc import Iterator, Mapping

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from cartrial import schema as s
from cartrial.adam.dataset import Adam
from cartrial.adam.derive import derive_adam
from cartrial.forms.catalogue import FORMS, Forms
from cartrial.protocol.endpoints import ResponsePlan
from cartrial.protocol.read import packaged_study
from cartrial.sdtm.tabulate import tabulate
from tests.unit.response.by_hand import (
    FIXATION,
    INFUSED,
    LYMPHODEPLETION,
    Course,
    all_courses,
    lesions_of,
    on,
)

STUDY = packaged_study()
COURSES = [course for course in all_courses() if course.criteria == "as published"]
EACH = pytest.mark.parametrize("course", COURSES, ids=lambda course: course.name)
Cells = Mapping[str, object]
OTHER_UNITS = {  # the number in the other unit, by the unit of the form
    "m_protein": (["m_protein"], {"g/L": ("g/dL", 0.1), "mg/24h": ("g/24h", 0.001)}),
    "free_light_chain": (["kappa", "lambda_"], {"mg/L": ("mg/dL", 0.1)}),
}


@pytest.fixture(scope="module")
def adam() -> Adam:
    return derive_adam(STUDY, tabulate(STUDY, FORMS_OF_ALL))


@pytest.fixture(scope="module")
def adrs(adam: Adam) -> pl.DataFrame:
    return adam.tables["ADRS"]


@EACH
def test_the_derived_response_of_each_assessment(course, adrs):
    assert found(course, adrs, "DOVR") == [
        (on(day), response) for day, response in course.expected("response")
    ]


@EACH
def test_the_best_confirmed_response(course, adrs):
    assert [response for _, response in found(course, adrs, "DCBOR")] == [course.best[True]]


def test_the_same_courses_reported_in_other_units(adrs):
    tables = dict(FORMS_OF_ALL.tables)
    for name, (columns, units) in OTHER_UNITS.items():
        tables[name] = in_other_units(tables[name], columns, units)
    other = derive_adam(STUDY, tabulate(STUDY, Forms(tables))).tables["ADRS"]
    assert_frame_equal(shown(other), shown(adrs))


def in_other_units(
    table: pl.DataFrame, columns: list[str], units: Mapping[str, tuple[str, float]]
) -> pl.DataFrame:
    size = pl.col("unit").replace_strict({old: by for old, (_, by) in units.items()}, default=1.0)
    renamed = pl.col("unit").replace({old: new for old, (new, _) in units.items()})
    return table.with_columns([pl.col(name) * size for name in columns]).with_columns(renamed)


def shown(adrs: pl.DataFrame) -> pl.DataFrame:
    responses = adrs.filter(pl.col("PARAMCD").is_in(["DOVR", "DSTAT", "DCOVR", "DCBOR"]))
    return responses.select("USUBJID", "PARAMCD", "ADT", "AVALC")


def test_progression_free_survival_is_never_longer_than_survival():
    study = STUDY.model_copy(update={"response": ResponsePlan(primary="derived")})
    adtte = derive_adam(study, tabulate(study, FORMS_OF_ALL)).tables["ADTTE"]
    pfs, os = (adtte.filter(PARAMCD=code).select("USUBJID", "AVAL") for code in ("PFS", "OS"))
    both = pfs.join(os, on="USUBJID", suffix="_OS")
    assert both.height == len(COURSES)
    assert (both["AVAL"] <= both["AVAL_OS"]).all()


def found(course: Course, adrs: pl.DataFrame, code: str) -> list[tuple[object, str]]:
    about = pl.col("USUBJID").str.ends_with(course.subject) & (pl.col("PARAMCD") == code)
    return adrs.filter(about).sort("ADT").select("ADT", "AVALC").rows()


def form(name: str) -> pl.DataFrame:
    """A form with the rows of all courses."""
    rows = [
        {"subject": course.subject} | {k: None if v is None else str(v) for k, v in cells.items()}
        for course in COURSES
        for cells in FILLED[name](course)
    ]
    raw = pl.DataFrame(rows, schema=dict.fromkeys(rows[0], pl.String), orient="row")
    parsed = s.parse(FORMS[name], raw, place=f"{name}.csv")
    assert not s.errors(parsed.findings), parsed.findings
    return parsed.frame


def demographics(_: Course) -> Iterator[Cells]:
    yield {"consented": on(-60), "level": 1}


def infusion(_: Course) -> Iterator[Cells]:
    yield {"number": 1, "at": INFUSED, "level": 1, "planned": 1, "given": 1}


def lymphodepletion(_: Course) -> Iterator[Cells]:
    yield {"drug": "fludarabine", "on": on(LYMPHODEPLETION), "dose": 30}


def bridging(course: Course) -> Iterator[Cells]:
    ended = course.day("bridging ended")
    if ended is not None:
        yield {"number": 1, "drug": "bortezomib", "started": on(ended - 10), "ended": on(ended)}


def medication(course: Course) -> Iterator[Cells]:
    day = course.day("new therapy")
    if day is not None:
        kind = "new anti-myeloma therapy"
        yield {"number": 1, "drug": "carfilzomib", "kind": kind, "started": on(day)}


def death(course: Course) -> Iterator[Cells]:
    day = course.day("died")
    if day is not None:
        cause = course.about["died"].rsplit(" of ")[1]
        yield {"on": on(day), "cause": cause, "adjudicated": "yes"}


def m_protein(course: Course) -> Iterator[Cells]:
    for specimen, column, fixation, standard in (
        ("serum", "serum", "IFE s", "g/L"),
        ("24 h urine", "urine", "IFE u", "mg/24h"),
    ):
        unit = (course.unit_of(column) or f"{column} {standard}").split()[-1]
        for row in course.rows:
            value, seen = row[column], row[fixation]
            if value is not None or seen is not None:
                result, band = FIXATION.get(seen or "", (None, None))
                yield {
                    "on": on(int(row["day"] or 0)),
                    "specimen": specimen,
                    "m_protein": value,
                    "unit": None if value is None else unit,
                    "immunofixation": result,
                    "band": band,
                }


def free_light_chain(course: Course) -> Iterator[Cells]:
    unit = (course.unit_of("kappa") or "mg/L").split()[-1]
    for row in course.rows:
        kappa, lambda_ = row.get("kappa"), row.get("lambda")
        if kappa is not None or lambda_ is not None:
            day = on(int(row["day"] or 0))
            yield {"on": day, "kappa": kappa, "lambda_": lambda_, "unit": unit}


def marrow(course: Course) -> Iterator[Cells]:
    for row in course.rows:
        if row.get("marrow") is not None:
            day = on(int(row["day"] or 0))
            yield {"on": day, "plasma_cells": row["marrow"], "clonal": row.get("clonal")}


def plasmacytoma(course: Course) -> Iterator[Cells]:
    for row in course.rows:
        for lesion in lesions_of(course, row):
            sizes = {"long": lesion["long"], "short": lesion["short"]}
            new = "yes" if lesion["new"] else "no"
            yield {"lesion": lesion["lesion"], "on": lesion["on"], "new": new} | sizes


def laboratory(course: Course) -> Iterator[Cells]:
    for row in course.rows:
        if row.get("circulating") is not None:
            yield {
                "at": on(int(row["day"] or 0)),
                "analyte": "PLSTCE",
                "specimen": "blood",
                "value": row["circulating"],
                "unit": "10^6/L",
            }


FILLED = {
    function.__name__: function
    for function in (
        demographics,
        infusion,
        lymphodepletion,
        bridging,
        medication,
        death,
        m_protein,
        free_light_chain,
        marrow,
        plasmacytoma,
        laboratory,
    )
}

FORMS_OF_ALL = Forms({name: form(name) for name in FILLED})
