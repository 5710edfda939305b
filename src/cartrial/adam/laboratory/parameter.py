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
TOLD_BY = ("PARAMCD", "PARAM", "AVALU", "SPEC")


def with_parameters(results: pl.DataFrame, of_blood: pl.Expr | None = None) -> pl.DataFrame:
    """The results with PARAMCD and PARAM as above; `of_blood` tells specimens by SPEC."""
    told_by = [name for name in TOLD_BY if name in results.columns]
    given = results.select(told_by)
    kinds = given.unique(maintain_order=True)
    named = kinds if of_blood is None else kinds.with_columns(apart_from_blood(of_blood))
    new = kinds.hstack(named.select(code="PARAMCD", name=with_units()))
    found = given.join(new, on=told_by, how="left", maintain_order="left", nulls_equal=True)
    return results.with_columns(PARAMCD=found["code"], PARAM=found["name"])


def with_units() -> pl.Expr:
    """PARAM with its unit: that of the result, else the first of those of the parameter."""
    own = pl.col("AVALU")
    unit = pl.coalesce(own, own.min().over("PARAMCD"))
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
