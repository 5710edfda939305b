"""Course of each subject: disease, CAR and response on one axis of months.

Reading: M-protein of serum and of urine and the free light chains are shown where they have a
baseline above 0, as far as `measure` counts them; CAR is the first of the analytes in
blood, with a result below quantification, or not detected, at its limit.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import ceil

import polars as pl

from cartrial import schema as s
from cartrial.adam.kinetics.adpc import NOT_DONE
from cartrial.protocol.study import DAYS_PER_MONTH
from cartrial.results.kinetics.analyte import Analyte, analytes
from cartrial.results.population import Trial
from cartrial.results.response.figures import (
    CourseCar,
    CourseDisease,
    CourseMark,
    CourseResponse,
)
from cartrial.results.response.lane import Lane, lanes
from cartrial.results.response.measure import measured
from cartrial.results.result import Figure
from cartrial.results.table import Drawn, counted, tidy

ON_A_PAGE = 9  # subjects
MOST = 54  # subjects: more are not drawn, and how many is said
TITLE = "Course of each subject: disease, CAR and response"
TABLES: Mapping[str, type[s.Table]] = {
    "disease": CourseDisease,
    "car": CourseCar,
    "responses": CourseResponse,
    "marks": CourseMark,
}

Row = dict[str, object]


@dataclass(frozen=True)
class Panels:
    """The subjects in the order of their panels, and what all their panels share."""

    subjects: tuple[Lane, ...]
    disease: pl.DataFrame
    car: Analyte | None

    @property
    def pages(self) -> int:
        """How many figures there are."""
        return ceil(min(len(self.subjects), MOST) / ON_A_PAGE)

    @property
    def end(self) -> float:
        """The month at which the axis ends."""
        return max(lane.end for lane in self.subjects)


def course_figures(trial: Trial) -> tuple[Drawn, ...]:
    """Nine subjects in a figure, by dose level; nothing without values of the disease."""
    followed = lanes(trial)
    disease = measured(trial) if followed else pl.DataFrame()
    if disease.is_empty():
        return ()
    in_order = sorted(followed, key=lambda one: (not one.group_order, one.group_order, one.subject))
    panels = Panels(tuple(in_order), disease, next(iter(analytes(trial)), None))
    return tuple(_page(trial, panels, number) for number in range(1, panels.pages + 1))


def _page(trial: Trial, panels: Panels, number: int) -> Drawn:
    key = "subject_course" if number == 1 else f"subject_course_{number}"
    names = tuple(f"{key}_{part}" for part in TABLES)
    last = min(number * ON_A_PAGE, MOST)
    rows: dict[str, list[Row]] = {part: [] for part in TABLES}
    for order, lane in enumerate(panels.subjects[(number - 1) * ON_A_PAGE : last], start=1):
        for part, found in _rows(panels, lane).items():
            rows[part] += [{"subject": lane.subject, "order": order} | row for row in found]
    tables = [tidy(table, rows[part]) for part, table in TABLES.items()]
    figure = _figure(trial, panels, key, number, names)
    return Drawn(figure, dict(zip(names, tables, strict=True)))


def _rows(panels: Panels, lane: Lane) -> dict[str, list[Row]]:
    """The rows of each table for one subject."""
    group: Row = {"group": lane.group}
    return {
        "disease": [group | row for row in _disease(lane.subject, panels.disease)],
        "car": list(_car(lane, panels.car)),
        "responses": [
            group | {"start": start, "end": end, "status": status, "axis": panels.end}
            for start, end, status in lane.stretches
        ],
        "marks": [
            {"month": month, "mark": mark} for month, mark in lane.marks if mark != "first response"
        ],
    }


def _disease(subject: str, disease: pl.DataFrame) -> Iterator[Row]:
    """The values of a subject, each measure from its baseline at month 0 on."""
    for mine in disease.filter(subject=subject).partition_by("measure", maintain_order=True):
        first = mine.row(0, named=True)
        about = {"measure": first["measure"], "unit": first["unit"]}
        yield about | {"month": 0.0, "value": first["baseline"], "percent": 100.0}
        for month, value, percent in mine.select("month", "value", "percent").iter_rows():
            yield about | {"month": month, "value": value, "percent": percent}


def _car(lane: Lane, car: Analyte | None) -> Iterator[Row]:
    if car is None:
        return
    mine = car.rows.filter(
        pl.col("subject") == lane.subject, pl.col("status") != NOT_DONE
    ).with_columns(day=pl.coalesce("ARELTM", "ADAY"), shown=pl.coalesce("AVAL", "ALLOQ"))
    drawn = mine.filter(pl.col("day") >= 0, pl.col("shown") > 0)
    once = drawn.unique("day", keep="first", maintain_order=True)
    for day, shown, status in once.select("day", "shown", "status").iter_rows():
        yield {
            "month": day / DAYS_PER_MONTH,
            "shown": shown,
            "status": status,
            "unit": car.unit,
        }


def _figure(trial: Trial, panels: Panels, key: str, number: int, names: tuple[str, ...]) -> Figure:
    car, pages, more = panels.car, panels.pages, len(panels.subjects) - MOST
    notes = (
        "Top: M-protein and free light chains (involved less uninvolved) in % of baseline, on a "
        "logarithm that reaches 0; month 0 is the baseline. Values up to a new therapy.",
        f"Middle: CAR ({car.name} by {car.method}, {car.unit}); open triangles are below "
        "quantification or not detected, at the limit."
        if car
        else "",
        "Bottom: response as last assessed, confirmed or not; grey before the first.",
        f"Not drawn: {counted(more, 'more subject')}." if more > 0 and number == pages else "",
    )
    return Figure(
        key,
        "orr",
        "subject_course",
        TITLE if pages == 1 else f"{TITLE} ({number} of {pages})",
        trial.infused.label,
        x="Months since the infusion",
        y="% of baseline",
        data=names,
        footnotes=tuple(note for note in notes if note),
    )
