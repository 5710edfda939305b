"""CAR figure: the curve of each subject, with the results below the limit flagged."""

import polars as pl

from cartrial.adam.adpc import NOT_DONE
from cartrial.results.assay import Analyte
from cartrial.results.figures import BLQ_DRAWN_AT, CarLimit, CarPoint
from cartrial.results.population import Trial
from cartrial.results.result import Figure
from cartrial.results.table import Drawn, counted, tidy


def draw(trial: Trial, analyte: Analyte) -> Drawn:
    """Every measured result of each infused subject, from the infusion on."""
    shown = analyte.rows.with_columns(day=pl.coalesce("ARELTM", "ADAY")).filter(
        (pl.col("status") != NOT_DONE) & pl.col("day").is_not_null() & (pl.col("day") >= 0)
    )
    measured = shown.height
    drawn = pl.coalesce("AVAL", pl.col("ALLOQ") * BLQ_DRAWN_AT)
    shown = shown.with_columns(shown=drawn).filter(pl.col("shown").is_not_null())
    shown = shown.unique(["subject", "day"], keep="first", maintain_order=True)
    missed = measured - shown.height
    points: list[dict[str, object]] = [
        {
            "subject": row["subject"],
            "group": trial.group_of(row["subject"]),
            "group_order": trial.group_order(row["subject"]),
            "day": row["day"],
            "value": row["AVAL"],
            "shown": row["shown"],
            "status": row["status"],
            "lloq": row["ALLOQ"],
            "unit": analyte.unit,
            "visit": row["VISIT"],
        }
        for row in shown.iter_rows(named=True)
    ]
    in_force: list[float] = shown["ALLOQ"].drop_nulls().to_list()
    range_ = sorted({min(in_force), max(in_force)}) if in_force else []
    limits: list[dict[str, object]] = [{"lloq": lloq, "unit": analyte.unit} for lloq in range_]
    names = (f"{analyte.id}_points", f"{analyte.id}_limits")
    figure = Figure(
        analyte.id,
        "car",
        "car_curves",
        f"{analyte.name} by {analyte.method}: each subject",
        trial.infused.label,
        x="Days since the infusion",
        y=f"{analyte.name} ({analyte.unit})",
        data=names if points else (),
        footnotes=(*_notes(missed), analyte.retreated),
        empty="" if points else "No result to draw.",
    )
    data = {names[0]: tidy(CarPoint, points), names[1]: tidy(CarLimit, limits)}
    return Drawn(figure, data if points else {})


def _notes(missed: int) -> tuple[str, ...]:
    notes = (
        "Open triangles: below the lower limit of quantification; open crosses: not detected; both "
        "drawn at half the limit of that result.",
        "Samples before the infusion are not drawn.",
        "Line: the lower limit of quantification; two lines are the lowest and the highest, where "
        "it differed between results.",
    )
    if not missed:
        return notes
    said = counted(missed, "result")
    return (*notes, f"Without a limit, or twice at one time, and not drawn: {said}.")
