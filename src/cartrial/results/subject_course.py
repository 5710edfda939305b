"""Course of each subject: disease, CAR and response on one axis of months.

Reading: M-protein of serum and of urine and the free light chains are shown where they have a
baseline above 0, as far as `results.measure` counts them; CAR is the first of the analytes in
blood, with a result below quantification, or not detected, at its limit.
"""

from collections.abc import Iterator, Sequence

import polars as pl

from cartrial.adam.adpc import NOT_DONE
from cartrial.protocol.study import DAYS_PER_MONTH
from cartrial.results.kinetics.analyte import Analyte, analytes
from cartrial.results.lane import Lane, lanes
from cartrial.results.measure import measured
from cartrial.results.population import Trial
from cartrial.results.response_figures import (
    CourseCar,
    CourseDisease,
    CourseMark,
    CourseResponse,
)
from cartrial.results.result import Figure
from cartrial.results.table import Drawn, tidy

ON_A_PAGE = 9  # subjects
MOST = 54  # subjects: more are not drawn, and how many is said
TITLE = "Course of each subject: disease, CAR and response"

Row = dict[str, object]


def course_figures(trial: Trial) -> tuple[Drawn, ...]:
    """Nine subjects in a figure, by dose level; nothing without values of the disease."""
    disease = measured(trial) if (followed := lanes(trial)) else pl.DataFrame()
    if disease.is_empty():
        return ()
    shown = sorted(
        followed, key=lambda lane: (lane.group_order == 0, lane.group_order, lane.subject)
    )
    pages = [shown[n : n + ON_A_PAGE] for n in range(0, min(len(shown), MOST), ON_A_PAGE)]
    found = analytes(trial)
    car, end = found[0] if found else None, max(lane.end for lane in shown)
    more = len(shown) - MOST
    return tuple(
        _page(trial, page, number, len(pages), disease, car, more, end)
        for number, page in enumerate(pages, start=1)
    )


def _page(
    trial: Trial,
    page: Sequence[Lane],
    number: int,
    pages: int,
    disease: pl.DataFrame,
    car: Analyte | None,
    more: int,
    end: float,
) -> Drawn:
    key = "subject_course" if number == 1 else f"subject_course_{number}"
    names = tuple(f"{key}_{part}" for part in ("disease", "car", "responses", "marks"))
    rows: tuple[list[Row], ...] = ([], [], [], [])
    for order, lane in enumerate(page, start=1):
        who: Row = {"subject": lane.subject, "order": order}
        group: Row = {"group": lane.group}
        rows[0].extend(who | group | row for row in _disease(lane.subject, disease))
        rows[1].extend(who | row for row in _car(lane, car))
        rows[2].extend(
            who | group | {"start": a, "end": b, "status": status, "axis": end}
            for a, b, status in lane.stretches
        )
        rows[3].extend(
            who | {"month": month, "mark": mark}
            for month, mark in lane.marks
            if mark != "first response"
        )
    tables = [
        tidy(table, part)
        for table, part in zip(
            (CourseDisease, CourseCar, CourseResponse, CourseMark), rows, strict=True
        )
    ]
    return Drawn(
        _figure(trial, key, number, pages, names, car, more), dict(zip(names, tables, strict=True))
    )


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


def _figure(
    trial: Trial,
    key: str,
    number: int,
    pages: int,
    names: tuple[str, ...],
    car: Analyte | None,
    more: int,
) -> Figure:
    notes = (
        "Top: M-protein and free light chains (involved less uninvolved) in % of baseline, on a "
        "logarithm that reaches 0; month 0 is the baseline. Values up to a new therapy.",
        f"Middle: CAR ({car.name} by {car.method}, {car.unit}); open triangles are below "
        "quantification or not detected, at the limit."
        if car
        else "",
        "Bottom: response as last assessed, confirmed or not; grey before the first.",
        f"Not drawn: {more} more subjects." if more > 0 and number == pages else "",
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
