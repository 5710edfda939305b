"""A figure as a chart: each kind has its module. To add a kind, add a module and a line here."""

from collections.abc import Mapping
from typing import Any

import polars as pl
from altair.utils.schemapi import debug_mode

from cartrial.report.figures import (
    agreement,
    car_curves,
    car_summary,
    correct_selection,
    dlt_window,
    escalation,
    grades,
    heat_map,
    incidence,
    individual_fits,
    kaplan_meier,
    outlook,
    power_model,
    relations,
    response_by_dose,
    selection,
    spider,
    subject_course,
    swimmer,
    vpc,
    waterfall,
)
from cartrial.results.result import Figure

KINDS = {
    "kaplan_meier": kaplan_meier.draw,
    "car_curves": car_curves.draw,
    "car_summary": car_summary.draw,
    "relations": relations.draw,
    "power_model": power_model.draw,
    "agreement": agreement.draw,
    "individual_fits": individual_fits.draw,
    "vpc": vpc.draw,
    "swimmer": swimmer.draw,
    "waterfall": waterfall.draw,
    "spider": spider.draw,
    "response_by_dose": response_by_dose.draw,
    "subject_course": subject_course.draw,
    "incidence": incidence.draw,
    "dlt_window": dlt_window.draw,
    "grades": grades.draw,
    "heat_map": heat_map.draw,
    "escalation": escalation.draw,
    "outlook": outlook.draw,
    "selection": selection.draw,
    "correct_selection": correct_selection.draw,
}


def draw(figure: Figure, data: Mapping[str, pl.DataFrame]) -> dict[str, Any]:
    """The chart of a figure as a Vega-Lite specification.

    Altair's own check of each part takes ten times as long as the drawing; the tests make it.
    """
    tables = tuple(data[name] for name in figure.data)
    with debug_mode(False):
        spec: dict[str, Any] = KINDS[figure.kind](figure, tables).to_dict(validate=False)
    return spec
