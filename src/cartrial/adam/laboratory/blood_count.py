"""The results of blood that scores are made from: dated, in the analyte's standard unit.

Reading: nothing from a retreatment on is of the first course. A result in another unit is not used.
"""

import polars as pl

from cartrial import schema as s
from cartrial import units
from cartrial.adam.laboratory.adlb import Adlb
from cartrial.adam.laboratory.laboratory_grade import of_blood
from cartrial.adam.subject.adsl import Adsl


def blood_values(adlb: s.DataFrame[Adlb], adsl: s.DataFrame[Adsl]) -> pl.DataFrame:
    """The results of infused subjects that have a number, in the order of time."""
    about = adsl.filter(pl.col("SAFFL") == "Y").select("USUBJID", "RETRTDT")
    codes = adlb["PARAMCD"].unique().to_list()
    standard = {code: units.standard_unit(code) for code in codes if units.is_analyte(code)}
    unit = pl.col("PARAMCD").replace_strict(standard, default=None, return_dtype=pl.String)
    return (
        adlb.join(about, on="USUBJID", maintain_order="left")
        .filter(
            pl.col("AVAL").is_not_null(),
            pl.col("AVALU") == unit,
            of_blood(),
            (pl.col("ADT") < pl.col("RETRTDT")).fill_null(True),
        )
        .sort("USUBJID", "PARAMCD", "ADT", "LBSEQ", nulls_last=True)
    )
