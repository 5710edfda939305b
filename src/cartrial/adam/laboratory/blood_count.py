"""The results of blood that scores are made from: dated, in the analyte's standard unit.

Reading: nothing from a retreatment on is of the first course. A result in another unit is not used.
"""

from collections.abc import Collection

import polars as pl

from cartrial import schema as s
from cartrial import units
from cartrial.adam.laboratory.adlb import Adlb
from cartrial.adam.laboratory.laboratory_grade import of_blood
from cartrial.adam.subject.adsl import Adsl

VALUE = (
    "USUBJID",
    "PARAMCD",
    "ADT",
    "LBSEQ",
    "ADAY",
    "AVAL",
    "ANRLO",
    "ANRHI",
    "BASE",
    "ABLFL",
)


def blood_values(
    adlb: s.DataFrame[Adlb], adsl: s.DataFrame[Adsl], codes: Collection[str]
) -> pl.DataFrame:
    """The results of some analytes that have a number, in the order of ADLB."""
    standard = {code: units.standard_unit(code) for code in codes}
    unit = pl.col("PARAMCD").replace_strict(standard, default=None, return_dtype=pl.String)
    again = adsl.filter(pl.col("SAFFL") == "Y", pl.col("RETRTDT").is_not_null())
    retreated = pl.col("USUBJID").replace_strict(
        again["USUBJID"], again["RETRTDT"], default=None, return_dtype=pl.Date
    )
    return (
        adlb.select(*VALUE, "AVALU", "SPEC")
        .filter(pl.col("AVAL").is_not_null(), pl.col("AVALU") == unit, of_blood())
        .filter((pl.col("ADT") < retreated).fill_null(True))
        .select(VALUE)
    )
