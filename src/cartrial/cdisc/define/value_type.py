"""The type, length and decimals of values, as they stand in the data.

Source: CDISC Define-XML 2.1, data types of an item.
Reading: the length of text is that of its longest value in bytes, at least 1; of a number it counts
    digits. Dates that are known in part are partial; a date without a clock time among dates with
    one makes the whole partial too.
"""

import polars as pl

from cartrial.cdisc.dataset import longest_text
from cartrial.cdisc.define.model import ValueType

DURATION = r"^-?P."
MOST_DIGITS = 15  # of a number as computers hold it


def value_type(values: pl.Series, *, dates: bool = False) -> ValueType:
    """The type of the values of a variable; `dates` where text is ISO 8601."""
    dtype = values.dtype
    if dtype.is_numeric():
        return number_type(values)
    if dtype == pl.Date:
        return ValueType("date")
    if dtype == pl.Datetime:
        return ValueType("datetime")
    return date_type(values) if dates else text_type(values)


def result_type(values: pl.Series) -> ValueType:
    """The type of results that are held as text: numbers where every one is a number."""
    known = values.drop_nulls()
    numbers = known.cast(pl.Float64, strict=False)
    is_numeric = known.len() > 0 and numbers.is_finite().fill_null(False).all()
    return number_type(numbers) if is_numeric else text_type(values)


def text_type(values: pl.Series) -> ValueType:
    """Text, as long as its longest value."""
    return ValueType("text", max(longest_text(values.cast(pl.String)), 1))


def number_type(values: pl.Series) -> ValueType:
    """A whole number, or one with as many decimals as any value has."""
    known = values.drop_nulls()
    if values.dtype.is_integer() or (known.len() and (known == known.round(0)).all()):
        most = known.abs().max() if known.len() else 0
        return ValueType("integer", len(str(int(str(most).partition(".")[0].partition("e")[0]))))
    if known.is_empty():
        return ValueType("float", 8, 2)
    parts = [format(value, f".{MOST_DIGITS}g").lstrip("-") for value in known.unique().to_list()]
    plain = [_plain(part).partition(".") for part in parts]
    whole, digits = max(len(left) for left, _, _ in plain), max(len(rest) for *_, rest in plain)
    return ValueType("float", whole + digits, digits)


def date_type(values: pl.Series) -> ValueType:
    """A date, a date with its time, or a part of one; a duration."""
    known = values.drop_nulls()
    if known.len() and known.str.contains(DURATION).all():
        return ValueType("durationDatetime")
    sizes = set(known.str.len_chars().unique().to_list())
    if not sizes or sizes == {10}:
        return ValueType("date" if sizes else "partialDatetime")
    if min(sizes) > 10:
        return ValueType("datetime" if min(sizes) >= 19 else "partialDatetime")
    return ValueType("partialDatetime" if max(sizes) > 10 else "partialDate")


def _plain(number: str) -> str:
    """A number without an exponent."""
    if "e" not in number:
        return number
    return format(float(number), ".15f").rstrip("0").rstrip(".")
