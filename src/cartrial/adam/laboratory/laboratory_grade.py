"""The CTCAE grades of laboratory results, low and high, as ADLB has them.

Reading: the version of the criteria is that of the study file; without laboratory criteria of it
there are no grades. Only results of blood, serum or plasma are graded, and those that name no
specimen. The grade is the one that the value settles; where a number or an answer is missing the
interval stands beside it, with the question. A grade that only a clinical finding gives is an
adverse event and does not stand here. The baseline grade is that of the baseline record, which is
held against the normal range.
"""

import polars as pl

from cartrial.grading.ctcae.criteria import Criteria, criteria_of
from cartrial.grading.ctcae.laboratory import grade_laboratory
from cartrial.protocol.study import Study

BLOOD = "BLOOD|SERUM|PLASMA"
COLUMNS = {
    "L": {
        "term": "ATOXDSCL",
        "grade": "ATOXGRLN",
        "lowest": "ATOXLLO",
        "highest": "ATOXLHI",
        "rule": "ATOXRULL",
        "question": "ATOXASKL",
        "why": "ATOXWHYL",
    },
    "H": {
        "term": "ATOXDSCH",
        "grade": "ATOXGRHN",
        "lowest": "ATOXHLO",
        "highest": "ATOXHHI",
        "rule": "ATOXRULH",
        "question": "ATOXASKH",
        "why": "ATOXWHYH",
    },
}
BASELINE = {"ATOXGRLN": "BTOXGRLN", "ATOXGRHN": "BTOXGRHN"}


def with_laboratory_grades(
    study: Study, results: pl.DataFrame, series: tuple[str, ...]
) -> pl.DataFrame:
    """The results with their grades in both directions, and the baseline grade of their series."""
    criteria = criteria_of(study.standards.adverse_events)
    if criteria is None:
        return results
    numbered = results.with_row_index("row")
    for direction, names in COLUMNS.items():
        graded = _graded(criteria, numbered, direction).rename(names)
        numbered = numbered.join(graded, on="row", how="left", maintain_order="left")
    at_baseline = (
        numbered.filter(pl.col("ABLFL") == "Y")
        .select(*series, *(pl.col(grade).alias(name) for grade, name in BASELINE.items()))
        .unique(series, keep="first", maintain_order=True)
    )
    known = numbered.join(
        at_baseline, on=series, how="left", maintain_order="left", nulls_equal=True
    )
    return known.drop("row")


def _graded(criteria: Criteria, results: pl.DataFrame, direction: str) -> pl.DataFrame:
    """The grades of the results that have a term in this direction, by row."""
    codes = [g.analyte for g in criteria.gradings if g.direction == direction]
    mine = results.filter(pl.col("PARAMCD").is_in(codes), of_blood())
    grades = grade_laboratory(
        mine.select(
            test="PARAMCD",
            direction=pl.lit(direction),
            value="AVAL",
            unit="AVALU",
            low="ANRLO",
            high="ANRHI",
            baseline="BASE",
            baseline_indicator="BNRIND",
            is_baseline=pl.col("ABLFL") == "Y",
        ),
        criteria,
    )
    return pl.concat([mine.select("row"), grades.select(*COLUMNS[direction])], how="horizontal")


def of_blood() -> pl.Expr:
    """Whether a result is of blood, serum or plasma; one that names no specimen is taken to be."""
    return pl.col("SPEC").str.to_uppercase().str.contains(BLOOD).fill_null(True)
