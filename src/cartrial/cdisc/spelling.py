"""Signs spelt in printable ASCII, in which SDTM and ADaM travel: 1 × 10⁶/kg is 1 x 10^6/kg.

Reading: a sign that is not listed stays as it is, for the writer to refuse.
"""

import re

import polars as pl

POWERS = dict(zip("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789", strict=True))
SIGNS = {
    "×": "x",
    "·": "*",
    "≤": "<=",
    "≥": ">=",
    "±": "+/-",
    "µ": "u",  # the micro sign
    "μ": "u",  # the Greek letter
    "°": "deg ",
    "–": "-",
    "—": "-",
    "−": "-",
    "‘": "'",
    "’": "'",
    "“": '"',
    "”": '"',
    "…": "...",
    "\u00a0": " ",
}
RAISED = re.compile(f"[{''.join(POWERS)}]+")


def spelled(text: str) -> str:
    """The text with its signs spelt in ASCII."""
    powers = RAISED.sub(lambda raised: "^" + "".join(POWERS[sign] for sign in raised[0]), text)
    return "".join(SIGNS.get(sign, sign) for sign in powers)


def all_spelled(values: pl.Series) -> pl.Series:
    """A column of text with its signs spelt in ASCII."""
    odd = values.str.contains("[^ -~]").fill_null(False)
    if not odd.any():
        return values
    words = values.filter(odd).unique().sort().to_list()
    return values.replace({word: spelled(word) for word in words})
