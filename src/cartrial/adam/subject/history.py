"""Myeloma history of a subject (SC, MH), one column for each characteristic.

Reading: a month is 30.4375 days. A diagnosis known to the month counts from the month's first day.
"""

import polars as pl

from cartrial.adam.time.imputation import first_day
from cartrial.protocol.study import DAYS_PER_MONTH
from cartrial.sdtm.domain import Sdtm
from cartrial.sdtm.domains.mh import DIAGNOSIS, Mh
from cartrial.sdtm.domains.sc import Sc

TEXT = {"MMHEAVY": "HVCHAIN", "MMLIGHT": "LTCHAIN", "ISS": "ISS", "RISS": "RISS"}
ANSWERS = {
    "HIGHRISK": "HIRISKFL",
    "EXTRAMED": "EMDFL",
    "PRIORASC": "PRIORTFL",
    "TRIPREF": "TRIPRFL",
}
NUMBERS = {"PRIORLIN": "PRIORLN", "ECOG": "ECOG", "BCMAPOS": "BCMAPOS"}


def histories(sdtm: Sdtm) -> pl.DataFrame:
    """One record per subject with a recorded history; DIAGDT is the date of diagnosis."""
    events = sdtm.of(Mh).filter(pl.col("MHEVDTYP") == DIAGNOSIS)
    diagnosed = events.group_by("USUBJID", maintain_order=True).agg(
        first_day(pl.col("MHSTDTC").first()).alias("DIAGDT")
    )
    said = {code: _of(code, "SCSTRESC") for code in (*TEXT, *ANSWERS)}
    told = (
        sdtm.of(Sc)
        .group_by("USUBJID", maintain_order=True)
        .agg(
            *(said[code].alias(name) for code, name in TEXT.items()),
            *(
                pl.when(said[code].is_in(["Y", "N"])).then(said[code]).alias(name)
                for code, name in ANSWERS.items()
            ),
            *(_of(code, "SCSTRESN").alias(name) for code, name in NUMBERS.items()),
        )
    )
    return diagnosed.join(told, on="USUBJID", how="full", coalesce=True)


def months_since_diagnosis(until: pl.Expr) -> pl.Expr:
    """The months from diagnosis to a date."""
    return (until - pl.col("DIAGDT")).dt.total_days() / DAYS_PER_MONTH


def _of(code: str, variable: str) -> pl.Expr:
    return pl.col(variable).filter(pl.col("SCTESTCD") == code).first()
