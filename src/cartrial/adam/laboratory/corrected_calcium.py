"""Calcium corrected for albumin (CACR), beside the calcium that a laboratory reports.

Reading: calcium and albumin are of one sample where their date, and hour if known, are the same.
The normal range is that of the calcium. A corrected value that the laboratory reports itself stands
alone. A calcium without such an albumin makes a record without a value, and says why.
"""

import polars as pl

from cartrial import units
from cartrial.adam.laboratory.laboratory_grade import of_blood
from cartrial.grading.ctcae.calcium import corrected_calcium
from cartrial.sdtm.domains.lb import range_indicator

CALCIUM, ALBUMIN, CORRECTED = "CA", "ALB", "CACR"
DERIVED = "CORRECTED"
NO_ALBUMIN = "no albumin of the same sample"
DIGITS = 6  # decimals, so that the sum of two decimal numbers is one
SAMPLE = ("USUBJID", "LBDTC")


def corrected_for_albumin(results: pl.DataFrame) -> pl.DataFrame:
    """A record of CACR for every calcium with a value, in the variables of the results."""
    albumin = _values(results, ALBUMIN).select(*SAMPLE, albumin="AVAL")
    first = albumin.unique(SAMPLE, keep="first", maintain_order=True)
    reported = results.filter(pl.col("PARAMCD") == CORRECTED)
    calcium = _values(results, CALCIUM).join(reported, on=SAMPLE, how="anti")
    both = calcium.join(first, on=SAMPLE, how="left", maintain_order="left")
    value = corrected_calcium(pl.col("AVAL"), pl.col("albumin")).round(DIGITS)
    corrected = both.with_columns(
        PARAMCD=pl.lit(CORRECTED),
        PARAM=pl.lit(units.ANALYTES[CORRECTED].name),
        AVAL=value,
        AVALC=value.cast(pl.String),
        WHYMISS=pl.when(pl.col("albumin").is_null()).then(pl.lit(NO_ALBUMIN)),
        DTYPE=pl.lit(DERIVED),
    )
    return corrected.with_columns(ANRIND=range_indicator("AVAL", "ANRLO", "ANRHI")).drop("albumin")


def _values(results: pl.DataFrame, code: str) -> pl.DataFrame:
    """The results of an analyte of blood that have a number in its standard unit."""
    known = pl.col("AVAL").is_not_null() & (pl.col("AVALU") == units.standard_unit(code))
    mine = results.filter(pl.col("PARAMCD") == code)
    return mine.filter(known, of_blood(), pl.col("LBDTC").is_not_null()).sort(*SAMPLE, "LBSEQ")
