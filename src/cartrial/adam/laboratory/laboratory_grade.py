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

BLOOD = ["BLOOD", "SERUM", "PLASMA"]
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


def with_laboratory_grades(study: Study, results: pl.DataFrame, series: str) -> pl.DataFrame:
    """The results with their grades in both directions, and the baseline grade of their series.

    `series` numbers the series that have a baseline.
    """
    criteria = criteria_of(study.standards.adverse_events)
    if criteria is None:
        return results
    grades = [_graded(criteria, results, direction) for direction in COLUMNS]
    graded = pl.concat([results, *grades], how="horizontal")
    at_baseline = (
        graded.select(series, "ABLFL", *(pl.col(of).alias(name) for of, name in BASELINE.items()))
        .filter(pl.col("ABLFL") == "Y")
        .drop("ABLFL")
        .unique(series, keep="first", maintain_order=True)
    )
    return graded.join(at_baseline, on=series, how="left", maintain_order="left")


def _graded(criteria: Criteria, results: pl.DataFrame, direction: str) -> pl.DataFrame:
    """The grade of each result in this direction; null where the result has no term in it."""
    codes = [g.analyte for g in criteria.gradings if g.direction == direction]
    has_term = results.select(pl.col("PARAMCD").is_in(codes) & of_blood()).to_series()
    grades = grade_laboratory(
        results.select(
            test="PARAMCD",
            direction=pl.lit(direction),
            value="AVAL",
            unit="AVALU",
            low="ANRLO",
            high="ANRHI",
            baseline="BASE",
            baseline_indicator="BNRIND",
            is_baseline=pl.col("ABLFL") == "Y",
        ).filter(has_term),
        criteria,
    )
    row = pl.select(pl.when(has_term).then(has_term.cum_sum() - 1)).to_series()
    return grades.select(pl.col(of).gather(row).alias(to) for of, to in COLUMNS[direction].items())


def of_blood() -> pl.Expr:
    """Whether a result is of blood, serum or plasma; one that names no specimen is taken to be."""
    named = pl.col("SPEC").str.contains_any(BLOOD, ascii_case_insensitive=True)
    return named.fill_null(True)
