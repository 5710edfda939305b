"""Numbers of a column as a sentence tells them."""

import polars as pl


def in_figures(values: pl.Expr, figures: int = 6) -> pl.Expr:
    """The values with at most so many significant figures, and no zeros that say nothing."""
    return values.map_elements(f"{{:.{figures}g}}".format, return_dtype=pl.String)
