"""Calcium corrected for albumin: what CTCAE's limits of calcium are printed for.

    corrected = calcium + 0.02 x (40 - albumin)    calcium in mmol/L, albumin in g/L

Source: Payne 1973, Br Med J 4:643-646. doi:10.1136/bmj.4.5893.643, as commonly rounded
Reading: calcium and albumin are of one sample. Calcium without an albumin is not graded: a low
    albumin alone would pass for hypocalcemia. Ionized calcium needs no correction and has its own
    limits.
"""

import polars as pl

SLOPE = 0.02  # mmol/L of calcium for each g/L of albumin
USUAL_ALBUMIN = 40  # g/L


def corrected_calcium(calcium: pl.Expr, albumin: pl.Expr) -> pl.Expr:
    """The corrected calcium (CACR) in mmol/L, from mmol/L and g/L; null without an albumin."""
    return calcium + SLOPE * (USUAL_ALBUMIN - albumin)
