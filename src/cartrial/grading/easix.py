"""Endothelial activation and stress index (EASIX).

    EASIX = LDH (U/L) x creatinine (mg/dL) / platelets (10^9/L)

Source: Luft 2017, Lancet Haematol 4:e414-e423
Reading: there is no limit that holds everywhere, so it is a number and no class. A published log2
is left to the reader.
"""

import polars as pl

from cartrial.grading.figures import in_figures
from cartrial.units import factor

IN_MG_DL = float(factor("CREAT", "mg/dL"))  # umol/L of creatinine
RULE = "LDH (U/L) x creatinine (mg/dL) / platelets (10^9/L)"
INPUTS = {"ldh": "LDH", "creatinine": "creatinine", "platelets": "platelets"}


def derive_easix(values: pl.DataFrame) -> pl.DataFrame:
    """The index of each row as `value`, or `why_missing`; `rule` has its numbers.

    `values` has LDH in U/L, creatinine in umol/L and platelets in 10^9/L as columns of `INPUTS`.
    """
    ldh, platelets = pl.col("ldh"), pl.col("platelets")
    divisor = pl.Series([IN_MG_DL] * values.height, dtype=pl.Float64)  # else by the inverse, times
    in_mg_dl = pl.col("creatinine") / divisor
    lost = [pl.when(pl.col(name).is_null()).then(pl.lit(said)) for name, said in INPUTS.items()]
    unknown = pl.format("{} not known", pl.concat_str(lost, separator=", ", ignore_nulls=True))
    missing = pl.any_horizontal(pl.col(name).is_null() for name in INPUTS)
    none = pl.when(platelets == 0).then(pl.lit("platelets are 0"))
    shown = pl.format(
        f"{RULE}: {{}} x {{}} / {{}}",
        in_figures(ldh),
        in_figures(in_mg_dl, 3),
        in_figures(platelets),
    )
    return values.select(
        value=pl.when(platelets != 0).then(ldh * in_mg_dl / platelets),
        why_missing=pl.when(missing).then(unknown).otherwise(none),
        rule=pl.when(platelets != 0).then(shown).fill_null(RULE),
    )
