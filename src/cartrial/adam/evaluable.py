"""Who is evaluable for an endpoint, from the datasets of that endpoint; lists of USUBJID.

Reading: where no myeloma laboratory value was collected at all, or the study has no criteria,
measurable disease cannot be asked and is not; where it was, a subject whose baseline does not prove
measurable disease is not response-evaluable. An assessment is one of the evaluator that the study
holds to; one that could not be evaluated (NE) is none.
"""

from collections.abc import Mapping

import polars as pl

from cartrial.adam.response.adrs import LETTER
from cartrial.adam.response.courses import Courses
from cartrial.adam.summed import Tables
from cartrial.protocol.study import Study

UNMEASURABLE = ("not measurable", "not known")


def dlt_evaluable(tables: Tables) -> list[str]:
    """The subjects with a DLT, or with the window completed without one."""
    if "ADDL" not in tables:
        return []
    decided = tables["ADDL"].filter(pl.col("DLTSTAT").is_in(["DLT", "complete"]))
    return decided["USUBJID"].to_list()


def kinetics_evaluable(tables: Tables) -> list[str]:
    """The infused subjects with a quantifiable CAR measurement after infusion."""
    if "ADPC" not in tables:
        return []
    shown = tables["ADPC"].filter(pl.col("PKFL") == "Y")
    return shown["USUBJID"].unique(maintain_order=True).to_list()


def response_evaluable(study: Study, courses: Courses, tables: Tables) -> list[str]:
    """The infused subjects with measurable disease and a response assessed after infusion."""
    if "ADRS" not in tables:
        return []
    code = f"{LETTER[study.response.primary]}UBOR"
    best = tables["ADRS"].filter(pl.col("PARAMCD") == code, pl.col("AVALC") != "NE")
    measured_by = disease_measured_by(courses)
    return [
        one
        for one in best["USUBJID"].to_list()
        if courses.tables is None or measured_by.get(one, "not known") not in UNMEASURABLE
    ]


def disease_measured_by(courses: Courses) -> Mapping[str, str]:
    """By what the disease of each subject can be measured; nobody's where nothing was derived."""
    if courses.tables is None:
        return {}
    return dict(courses.tables.baseline.select("subject", "measured_by").iter_rows())
