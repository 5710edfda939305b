"""Text spelt in printable ASCII, in which SDTM and ADaM travel: 1 × 10⁶/kg is 1 x 10^6/kg.

Reading: a sign of arithmetic says the same when it is spelt. A letter or a quotation mark does not
    quite, é is not e: who asks is told of those. What has no plain spelling stays as it is, for the
    writer to refuse.
"""

import re
import unicodedata
from functools import lru_cache

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
    "−": "-",
}
LETTERS = {
    "‘": "'",
    "’": "'",
    "“": '"',
    "”": '"',
    "–": "-",
    "—": "-",
    "⁄": "/",
    "ß": "ss",
    "Æ": "AE",
    "æ": "ae",
    "Ø": "O",
    "ø": "o",
    "Œ": "OE",
    "œ": "oe",
    "Ł": "L",
    "ł": "l",
    "Đ": "D",
    "đ": "d",
    "Ð": "D",
    "ð": "d",
    "Þ": "Th",
    "þ": "th",
    "ı": "i",
    "\t": " ",
    "\r": " ",
    "\n": " ",
}
GREEK = re.compile("GREEK (?:SMALL|CAPITAL) LETTER (?:FINAL )?([A-Z]+)")
RAISED = re.compile(f"[{''.join(POWERS)}]+")


def spelled(text: str) -> str:
    """The text spelt in ASCII, as far as that can be."""
    return "".join(_plain(sign) for sign in _calculated(text))


def _calculated(text: str) -> str:
    """The text with its signs of arithmetic spelt."""
    powers = RAISED.sub(lambda raised: "^" + "".join(POWERS[sign] for sign in raised[0]), text)
    return "".join(SIGNS.get(sign, sign) for sign in powers)


@lru_cache(maxsize=2**10)
def _plain(letter: str) -> str:
    """A letter without what stands on it, a Greek one by its name."""
    if " " <= letter <= "~":
        return letter
    if letter in LETTERS:
        return LETTERS[letter]
    apart = unicodedata.normalize("NFKD", letter)
    bare = "".join(LETTERS.get(sign, sign) for sign in apart if not unicodedata.combining(sign))
    if greek := GREEK.match(unicodedata.name(bare[:1], "") if bare else ""):
        return greek[1].lower() if bare.islower() else greek[1].capitalize()
    return bare if bare.isascii() and bare.isprintable() else letter


def all_spelled(values: pl.Series) -> pl.Series:
    """A column of text spelt in ASCII."""
    odd = _odd(values)
    return values.replace({word: spelled(word) for word in odd}) if odd else values


def altered(values: pl.Series) -> tuple[int, str]:
    """How many values are not quite the same when they are spelt in ASCII, and by what signs."""
    odd = {word: _calculated(word) for word in _odd(values)}
    lost = {word: said for word, said in odd.items() if said != spelled(said)}
    signs = sorted({sign for said in lost.values() for sign in said if _plain(sign) != sign})
    return int(values.is_in(list(lost)).sum()), " ".join(map(_shown, signs))


def _shown(sign: str) -> str:
    return sign if sign.isprintable() and not sign.isspace() else f"U+{ord(sign):04X}"


def _odd(values: pl.Series) -> list[str]:
    """The values that are not printable ASCII."""
    return values.filter(values.str.contains("[^ -~]").fill_null(False)).unique().sort().to_list()
