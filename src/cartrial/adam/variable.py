"""The variables of an ADaM dataset: those of SDTM, and dates as dates, flags as Y or null."""

from typing import Any

from cartrial import schema as s
from cartrial.sdtm.variable import char, num, seq, usubjid, whole

__all__ = ["char", "num", "seq", "stamp", "usubjid", "whole", "yes", "yes_no", "ymd"]


def ymd(label: str) -> Any:
    """A date."""
    return s.date(label, nullable=True)


def stamp(label: str) -> Any:
    """A date with its clock time."""
    return s.moment(label, nullable=True)


def yes(label: str) -> Any:
    """A flag: Y, or null where it does not apply."""
    return s.code(label, ("Y",), nullable=True)


def yes_no(label: str) -> Any:
    """An answer: Y, N, or null where it is unknown."""
    return s.code(label, ("Y", "N"), nullable=True)
