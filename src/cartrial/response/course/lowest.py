"""The lowest value before an assessment, from which a rise is counted.

    baseline   1    2    3    4      lowest confirmed before assessment 4
    30         8    3    5           5: the larger of 3 and 5; the 3 alone is not confirmed

A value is confirmed by the next one: the larger of the two is what both confirm. The baseline
counts as it is. Nothing of this assessment or later is looked at.

Source: Kumar 2016, Lancet Oncol 17:e328-e346 ("lowest confirmed response value").
    doi:10.1016/S1470-2045(16)30206-6
Reading: the next value is the next measured one, however late. A fluid that is free of M-protein by
immunofixation counts as 0 here, also where the amount was not measured.
"""

import polars as pl

from cartrial.running import before, last_so_far, lowest_so_far

SUBJECT = pl.col("subject")


def with_lowest_confirmed(visits: pl.DataFrame, *keys: str) -> pl.DataFrame:
    """Visits in the order of time with `<key>_lowest`, the lowest confirmed value before each."""
    earlier = [
        before(last_so_far(pl.col(key), SUBJECT), SUBJECT)
        .fill_null(pl.col(f"{key}_baseline"))
        .alias(f"{key}_before")
        for key in keys
    ]
    paired = visits.with_columns(earlier).with_columns(
        pl.when(pl.col(key).is_not_null() & pl.col(f"{key}_before").is_not_null())
        .then(pl.max_horizontal(key, f"{key}_before"))
        .alias(f"{key}_before")
        for key in keys
    )
    return paired.with_columns(
        _least_before(f"{key}_before", f"{key}_baseline").alias(f"{key}_lowest") for key in keys
    ).drop(f"{key}_before" for key in keys)


def with_lowest(visits: pl.DataFrame, *keys: str) -> pl.DataFrame:
    """Visits in the order of time with `<key>_lowest`, the lowest value before each."""
    return visits.with_columns(
        _least_before(key, f"{key}_baseline").alias(f"{key}_lowest") for key in keys
    )


def _least_before(value: str, baseline: str) -> pl.Expr:
    least = lowest_so_far(pl.col(value), SUBJECT)
    return pl.min_horizontal(pl.col(baseline), before(least, SUBJECT))
