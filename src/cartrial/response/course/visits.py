"""The assessments of every subject with all that they are judged by, one wide row each."""

import polars as pl

from cartrial import schema as s
from cartrial.protocol.response_criteria import ResponseCriteria
from cartrial.response.course.baseline import difference
from cartrial.response.course.fixation import FLUIDS, is_free, myeloma_protein
from cartrial.response.course.gathering import assessments
from cartrial.response.course.imaging import derive_imaging
from cartrial.response.course.lowest import with_lowest, with_lowest_confirmed
from cartrial.response.sample import Lesion
from cartrial.running import last_so_far

CONFIRMED = ("serum", "urine", "difference")  # their lowest value needs confirmation
MEASURED = ("serum", "urine", "difference", "marrow", "circulating")
IMAGE = ("imaged_on", "incomplete", "gone", "spd", "spd_lowest", "image_progressed")
UNMEASURED = ("not measurable", "not known")


def derive_visits(
    criteria: ResponseCriteria,
    baseline: pl.DataFrame,
    lesions: s.DataFrame[Lesion],
    at_baseline: pl.DataFrame,
    gathered: pl.DataFrame,
) -> pl.DataFrame:
    """One row per assessment: values, baseline, lowest before, and the last marrow and imaging."""
    known = _beside_baseline(assessments(gathered), baseline)
    valued = _valued(known)
    free = CONFIRMED if criteria.lowest == "any" else ()
    known_free = valued.with_columns(
        pl.when(is_free(fluid)).then(0.0).otherwise(fluid).alias(fluid) for fluid in FLUIDS
    )
    lowest = with_lowest_confirmed(known_free, *(key for key in CONFIRMED if key not in free))
    lowest = with_lowest(lowest, "marrow", "circulating", *free).with_columns(valued.select(FLUIDS))
    imaging = derive_imaging(criteria.plasmacytoma.rise, at_baseline, lesions, gathered)
    return _held(
        lowest.join(imaging, on=["subject", "number"], how="left").sort("subject", "number")
    )


def _beside_baseline(visits: pl.DataFrame, baseline: pl.DataFrame) -> pl.DataFrame:
    kinds = ("serum", "urine", "chains", "marrow")
    about = baseline.select(
        "subject",
        "involved",
        "measured_by",
        "lesion_count",
        pl.col("measured_by").is_in(UNMEASURED).not_().alias("is_measurable"),
        *(pl.col(key).alias(f"{key}_baseline") for key in (*MEASURED, "spd")),
        *(pl.col(f"{kind}_measurable").fill_null(False) for kind in kinds),
    )
    return visits.join(about, on="subject", how="left").sort("subject", "number")


def _valued(visits: pl.DataFrame) -> pl.DataFrame:
    """With the M-protein that is of the myeloma, and the difference of the light chains."""
    return (
        visits.with_columns(pl.col(fluid).alias(f"{fluid}_reported") for fluid in FLUIDS)
        .with_columns(
            *(myeloma_protein(fluid).alias(fluid) for fluid in FLUIDS), difference=difference()
        )
        .rename({"kappa_on": "difference_on"})
    )


def _held(visits: pl.DataFrame) -> pl.DataFrame:
    """With the last marrow and the last imaging, which count until the next."""
    image = pl.col("imaged_on").is_not_null()
    rows = visits.with_row_index("row").with_columns(
        imaged_now=image,
        image_row=_row_of_last(image),
        marrow_row=_row_of_last(pl.col("marrow").is_not_null()),
    )
    at_image, at_marrow = pl.col("image_row"), pl.col("marrow_row")
    return rows.with_columns(
        *(pl.col(name).gather(at_image) for name in IMAGE),
        last_marrow=pl.col("marrow").gather(at_marrow),
        last_marrow_on=pl.col("marrow_on").gather(at_marrow),
        last_clonal=pl.col("clonal").gather(at_marrow),
    )


def _row_of_last(there: pl.Expr) -> pl.Expr:
    return last_so_far(pl.when(there).then("row"), pl.col("subject"))
