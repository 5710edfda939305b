"""CAR figure: the curve of each subject, with the results below the limit flagged."""

import polars as pl

from cartrial.adam.kinetics.adpc import NOT_DONE
from cartrial.results.figures import CarLimit, CarPoint
from cartrial.results.kinetics.analyte import Analyte
from cartrial.results.population import Trial
from cartrial.results.result import Figure
from cartrial.results.table import Drawn, counted, tidy


def curves(trial: Trial, analyte: Analyte) -> Drawn:
    """Every measured result of each infused subject, from the infusion on."""
    shown = analyte.rows.with_columns(day=pl.coalesce("ARELTM", "ADAY")).filter(
        (pl.col("status") != NOT_DONE) & pl.col("day").is_not_null() & (pl.col("day") >= 0)
    )
    measured = shown.height
    shown = shown.with_columns(shown=pl.coalesce("AVAL", "ALLOQ"))
    shown = shown.filter(pl.col("shown").is_not_null())
    shown = shown.unique(["subject", "day"], keep="first", maintain_order=True)
    missed = measured - shown.height
    points = [_point(trial, analyte, row) for row in shown.iter_rows(named=True)]
    in_force = shown["ALLOQ"].drop_nulls().unique().sort().to_list()
    limits: list[dict[str, object]] = [{"lloq": lloq, "unit": analyte.unit} for lloq in in_force]
    names = (f"{analyte.id}_points", f"{analyte.id}_limits")
    figure = Figure(
        analyte.id,
        "car",
        "car_curves",
        f"{analyte.name} by {analyte.method}: each subject",
        trial.infused.label,
        x="Days since the infusion",
        y=analyte.unit,
        data=names if points else (),
        footnotes=(*_notes(missed), analyte.retreated),
        empty="" if points else "No result to draw.",
    )
    data = {names[0]: tidy(CarPoint, points), names[1]: tidy(CarLimit, limits)}
    return Drawn(figure, data if points else {})


def _point(trial: Trial, analyte: Analyte, row: dict[str, object]) -> dict[str, object]:
    subject = str(row["subject"])
    return {
        "subject": subject,
        "group": trial.group_of(subject),
        "group_order": trial.group_order(subject),
        "day": row["day"],
        "value": row["AVAL"],
        "shown": row["shown"],
        "status": row["status"],
        "lloq": row["ALLOQ"],
        "unit": analyte.unit,
        "visit": row["VISIT"],
    }


def _notes(missed: int) -> tuple[str, ...]:
    notes = (
        "Open triangles: below the lower limit of quantification; open crosses: not detected; both "
        "drawn at the limit of that result, and no value.",
        "Samples before the infusion are not drawn. The axis is stretched up to day 28.",
        "Line: the lower limit of quantification; a band is from the lowest to the highest, where "
        "it differed between results.",
    )
    if not missed:
        return notes
    said = counted(missed, "result")
    return (*notes, f"Without a limit, or twice at one time, and not drawn: {said}.")
