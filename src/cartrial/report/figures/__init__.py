"""The figures: one module per kind, each an Altair chart from the tidy tables of `results`.

The chart is the same on the page, where it answers to the pointer, and as SVG in the PDF. To add a
kind: a module with `draw(tables) -> Chart`, and one line in `draw` below.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import polars as pl

from cartrial.report.figures import car_curves, dlt_window, grades, kaplan_meier, swimmer
from cartrial.results.result import Figure

if TYPE_CHECKING:
    from cartrial.report.figures.theme import Chart


def draw(figure: Figure, data: Mapping[str, pl.DataFrame]) -> "Chart":
    """The chart of a figure."""
    tables = tuple(data[name] for name in figure.data)
    match figure.kind:
        case "kaplan_meier":
            return kaplan_meier.draw(figure, tables)
        case "car_curves":
            return car_curves.draw(figure, tables)
        case "swimmer":
            return swimmer.draw(figure, tables)
        case "dlt_window":
            return dlt_window.draw(figure, tables)
        case "grades":
            return grades.draw(figure, tables)
