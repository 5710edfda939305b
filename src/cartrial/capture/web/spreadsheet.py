"""CSV for a spreadsheet program: a text that it would take for a formula is made plain.

A cell of text that begins with `=`, `+`, `-`, `@`, their full-width forms, a tab or a line end gets
an apostrophe before it. Numbers, days and moments are left as they are, so a negative laboratory
value stays a number. Files for analysis (forms, SDTM, ADaM, the audit trail) are never changed
like this: they are read by programs that run no formula.

Source: OWASP ASVS 5.0, 1.2.10
"""

import polars as pl

BEGINS_A_FORMULA = r"^(?:\s*[=+\-@＝＋－＠]|[\t\r\n])"
CSV = "text/csv; charset=utf-8"
MARK = "\ufeff"  # by which Excel reads UTF-8


def spreadsheet_csv(frame: pl.DataFrame) -> bytes:
    """The frame as CSV, with every cell of text made plain."""
    plain = frame.with_columns(
        pl.when(text.str.contains(BEGINS_A_FORMULA))
        .then(pl.lit("'") + text)
        .otherwise(text)
        .alias(name)
        for name, kind in frame.schema.items()
        if kind in (pl.String, pl.Categorical, pl.Enum)
        for text in (pl.col(name).cast(pl.String),)
    )
    return (MARK + plain.write_csv()).encode()
