"""The first and the worst occurrence of adverse events: of a subject, an organ class, a term.

Source: ADaM Structure for Occurrence Data (OCCDS) 1.1, occurrence flags.
Reading: treatment-emergent events count. The first is by start date, one without a date last, then
    by AESEQ. The worst is of the highest grade, one without a grade last; of several the first.
"""

from collections.abc import Iterator

import polars as pl

from cartrial.adam.subject.record import yes_where

WITHIN = {
    "": ("USUBJID",),
    "S": ("USUBJID", "AEBODSYS"),
    "P": ("USUBJID", "AEBODSYS", "AEDECOD"),
}
FIRST, WORST = ("ASTDT", "AESEQ"), ("ATOXGRN", "ASTDT", "AESEQ")
ROW = "\x00row"


def with_occurrences(events: pl.DataFrame) -> pl.DataFrame:
    """The events with AOCCFL, AOCCSFL, AOCCPFL, and with I of the worst."""
    emergent = (
        events.select(*WITHIN["P"], *WORST, "TRTEMFL")
        .with_row_index(ROW)
        .filter(pl.col("TRTEMFL") == "Y")
    )
    by_date = emergent.sort(FIRST, nulls_last=True)
    worst_first = by_date.sort(WORST, descending=[True, False, False], nulls_last=True)
    return events.with_columns(*_flags(by_date, ""), *_flags(worst_first, "I"))


def _flags(ordered: pl.DataFrame, kind: str) -> Iterator[pl.Expr]:
    """The flags of the first rows of the ordered events, by what each is the first of."""
    for letter, keys in WITHIN.items():
        first = ordered.drop_nulls(keys).unique(keys, keep="first", maintain_order=True)[ROW]
        is_first = pl.int_range(pl.len()).is_in(first.implode())
        yield yes_where(is_first).alias(f"AOCC{letter}{kind}FL")
