"""Numbers as people write them: decimal commas, thousands, and results below a limit.

    1.234,5   with a decimal comma     1,234.5   with a decimal point
    <50       below quantification, whose limit is 50
    BLQ       below quantification     n.d.      is left to the plan: not detected, or not done

Reading: a number with one mark before three digits, `1,234`, does not say what its mark is; the
    other cells of the column do, else of the table, else the user is asked. `0,234` does.
"""

import re
from collections.abc import Iterable
from typing import Literal

Mark = Literal[".", ","]

PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)
GROUPED = {
    ".": re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?"),
    ",": re.compile(r"[+-]?[1-9]\d{0,2}(\.\d{3})+(,\d+)?"),
}
BELOW = re.compile(r"(?:<|≤|<=|below|under|unter)\s*=?\s*(?P<limit>[\d.,]+)", re.IGNORECASE)
OPEN = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")  # thousands or decimals
SPACES = re.compile("[\u00a0\u202f\u2009' ]")  # that part thousands


def read_amount(cell: str, decimal: str = ".") -> str | None:
    """The number in a cell as it is written with a decimal point; null where it is none."""
    if PLAIN.fullmatch(cell) and decimal == ".":
        return cell
    bare = cell.strip()
    if re.fullmatch(r"[+-]?\d{1,3}([\u00a0\u202f\u2009' ]\d{3})+([.,]\d+)?", bare):
        bare = SPACES.sub("", bare)
    if GROUPED["," if decimal == "," else "."].fullmatch(bare):
        bare = bare.replace("." if decimal == "," else ",", "")
    elif decimal == "," and "." in bare:
        return None
    if decimal == ",":
        bare = bare.replace(",", ".")
    return bare if PLAIN.fullmatch(bare) else None


def read_limit(cell: str, decimal: str = ".") -> str | None:
    """The limit in a result such as `<50`; null where it is none."""
    found = BELOW.fullmatch(cell.strip())
    return read_amount(found["limit"], decimal) if found else None


def marks_of(cells: Iterable[str]) -> tuple[Mark, ...]:
    """What the decimal mark can be: one where the cells decide it, both where they do not."""
    bare = [SPACES.sub("", BELOW.sub(lambda found: found["limit"], cell)) for cell in cells]
    marked = [cell for cell in bare if "." in cell or "," in cell]
    numbers = [cell for cell in marked if _reads(cell, ".") or _reads(cell, ",")]
    sure = [cell for cell in numbers if not OPEN.fullmatch(cell)]
    marks: tuple[Mark, ...] = (".", ",")
    fit = {mark: sum(_reads(cell, mark) for cell in sure) for mark in marks}
    if fit["."] == fit[","]:
        return marks
    return (".",) if fit["."] > fit[","] else (",",)


def is_open(cells: Iterable[str]) -> bool:
    """Whether a cell can be read in both ways, with another number each."""
    return any(OPEN.fullmatch(cell.strip()) for cell in cells)


def _reads(cell: str, mark: Mark) -> bool:
    return read_amount(cell, mark) is not None
