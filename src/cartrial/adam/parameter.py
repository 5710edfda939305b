"""The name of a parameter: one code and one name for one thing that is measured.

    Albumin (g/L)                                   the unit is that of the parameter, for results
                                                    without a number too
    Monoclonal Protein by Immunofixation, Urine     a test that is made of blood as well has the
                                                    first letter of any other specimen in its code

Source: ADaM Implementation Guide 1.3, section 3.3.4 (PARAM holds all that tells the parameter, one
    to one with PARAMCD).
Reading: results of one test in several units are several parameters; nothing is converted here.
"""

import polars as pl

CODE = 8  # characters of PARAMCD


def with_units() -> pl.Expr:
    """PARAM with its unit: that of the result, else the one most used for the parameter."""
    own = pl.col("AVALU")
    usual = own.drop_nulls().mode().min().over("PARAMCD")
    unit = pl.coalesce(own, usual)
    named = pl.format("{} ({})", "PARAM", unit)
    return pl.when(unit.is_not_null()).then(named).otherwise("PARAM").alias("PARAM")


def apart_from_blood(of_blood: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """PARAMCD and PARAM of a test that is made of blood and of something else too."""
    apart = ~of_blood & of_blood.any().over("PARAMCD")
    code = pl.col("PARAMCD").str.slice(0, CODE - 1) + pl.col("SPEC").str.slice(0, 1)
    name = pl.format("{}, {}", "PARAM", pl.col("SPEC").str.to_titlecase())
    return (
        pl.when(apart).then(code.str.to_uppercase()).otherwise("PARAMCD").alias("PARAMCD"),
        pl.when(apart).then(name).otherwise("PARAM").alias("PARAM"),
    )
