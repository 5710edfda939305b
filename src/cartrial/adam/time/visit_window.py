"""Analysis visits: to which planned visit a day belongs, and which record stands for it.

Source: ADaM Implementation Guide 1.3, sections 3.3.2 (AVISIT) and 3.3.8 (ANLzzFL).
Reading: a day belongs to the planned visit in whose window it lies, of two to the nearer, of two as
near to the later. Visits that do not count from the infusion have no window. Of several records of
a visit the one nearest to its planned day stands for it, of those as near the last.
"""

from collections.abc import Sequence

import polars as pl

from cartrial.protocol.study import Study, Visit

VISIT = ("USUBJID", "PARAMCD", "AVISIT")
LATER = ("ADT", "ADTM", "SRCSEQ")  # of two records as near to the planned day
ROW = "\x00row"


def analysis_visit(study: Study) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """AVISIT, AVISITN and the planned day (AVISDAY) of a record by its ADAY; null outside."""
    visits = study.schedule.visits if study.schedule else ()
    numbers = {visit.name: number for number, visit in enumerate(visits, start=1)}
    by_day = _by_day(visits)
    day = pl.col("ADAY")

    def of_day(value: dict[int, object], dtype: type[pl.DataType]) -> pl.Expr:
        return day.replace_strict(value, default=None, return_dtype=dtype)

    return (
        of_day({at: visit.name for at, visit in by_day.items()}, pl.String).alias("AVISIT"),
        of_day({at: numbers[v.name] for at, v in by_day.items()}, pl.Int64).alias("AVISITN"),
        of_day({at: visit.day for at, visit in by_day.items()}, pl.Int64).alias("AVISDAY"),
    )


def with_visit_records(records: pl.DataFrame) -> pl.DataFrame:
    """The records with ANL01FL on the one that stands for its subject, parameter and visit."""
    off = (pl.col("ADAY") - pl.col("AVISDAY")).abs()
    usable = records.select(*VISIT, *LATER, "AVAL", off=off).with_row_index(ROW)
    ordered = usable.drop_nulls(("AVAL", "AVISIT")).sort(-pl.col("off"), *LATER)
    last = ordered.unique(VISIT, keep="last", maintain_order=True)[ROW]
    stands = pl.int_range(pl.len()).is_in(last.implode())
    return records.with_columns(ANL01FL=pl.when(stands).then(pl.lit("Y")))


def _by_day(visits: Sequence[Visit]) -> dict[int, Visit]:
    """The planned visit of each day that lies in a window."""
    found: dict[int, Visit] = {}
    for visit in visits:
        if visit.unanchored:
            continue
        for day in range(visit.day - visit.before, visit.day + visit.after + 1):
            nearer = day not in found or abs(day - visit.day) <= abs(day - found[day].day)
            found[day] = visit if nearer else found[day]
    return found
