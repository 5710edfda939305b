"""The first and the worst occurrence of adverse events: of a subject, an organ class, a term.

Source: ADaM Structure for Occurrence Data (OCCDS) 1.1, occurrence flags.
Reading: treatment-emergent events count. The first is by start date, one without a date last, then
    by AESEQ. The worst is of the highest grade, one without a grade last; of several the first.
"""

import polars as pl

from cartrial.adam.subject.record import yes_where

WITHIN = {
    "": ("USUBJID",),
    "S": ("USUBJID", "AEBODSYS"),
    "P": ("USUBJID", "AEBODSYS", "AEDECOD"),
}
FIRST, WORST = ("ASTDT", "AESEQ"), ("ATOXGRN", "ASTDT", "AESEQ")


def with_occurrences(events: pl.DataFrame) -> pl.DataFrame:
    """The events, in another order, with AOCCFL, AOCCSFL, AOCCPFL, and with I of the worst."""
    by_date = events.sort(FIRST, nulls_last=True).with_columns(_flags(""))
    worst_first = by_date.sort(WORST, descending=[True, False, False], nulls_last=True)
    return worst_first.with_columns(_flags("I"))


def _flags(kind: str) -> list[pl.Expr]:
    """The flags of the first row that counts, by what it is the first of."""
    return [_first_of(keys).alias(f"AOCC{letter}{kind}FL") for letter, keys in WITHIN.items()]


def _first_of(keys: tuple[str, ...]) -> pl.Expr:
    counts = (pl.col("TRTEMFL") == "Y").fill_null(False)
    known = pl.all_horizontal(pl.col(key).is_not_null() for key in keys)
    return yes_where(counts & known & (counts.cum_sum().over(keys) == 1))
