"""How long the blood counts of an infused subject are followed, and what ends that time.

Reading: death, progression, new therapy and retreatment end it, whichever is first; on one day the
first named here. The day of a retreatment is of the retreatment. Without them it goes to the last
date known alive, which is the last contact of a subject who left the study, and leaves the rest
open for one who is still in it.
"""

import datetime as dt

import polars as pl

from cartrial import schema as s
from cartrial.adam.subject.adsl import Adsl
from cartrial.adam.survival.adtte import Adtte
from cartrial.adam.time.day import infusion_day

ONGOING = "ONGOING"
DAY = dt.timedelta(days=1)


def followed(adsl: s.DataFrame[Adsl], times: s.DataFrame[Adtte]) -> pl.DataFrame:
    """subject (USUBJID), followed_to (day) and stop of each subject whose infusion is dated."""
    shown = pl.col("EVNTDESC") == "Progression"
    progressed = times.filter(pl.col("PARAMCD") == "PFS", pl.col("CNSR") == 0, shown)
    known = (
        adsl.filter(pl.col("SAFFL") == "Y", pl.col("TRTSDT").is_not_null())
        .join(progressed.select("USUBJID", PDDT="ADT"), on="USUBJID", how="left")
        .with_columns(NEXTDT=pl.min_horizontal("NACTDT", pl.col("RETRTDT") - DAY))
    )
    ends = {"DTHDT": "death", "PDDT": "progression", "NEXTDT": "new therapy"}
    first = pl.min_horizontal(*ends)
    stop = pl.coalesce(
        *(pl.when(pl.col(name) == first).then(pl.lit(said)) for name, said in ends.items()),
        pl.when(pl.col("EOSSTT") == ONGOING).then(pl.lit("ongoing")),
        pl.lit("last contact"),
    )
    last = pl.coalesce(first, "LSTALVDT", "TRTSDT")
    return known.select(
        subject="USUBJID",
        followed_to=infusion_day(last, pl.col("TRTSDT")).clip(0),
        stop=stop,
    ).sort("subject")
