"""The variables of an SDTM domain, declared with their core and, if supplemental, as such.

In memory a domain is one wide table: its supplemental qualifiers (SUPP--) are columns of the
parent, marked `supp`; files hold them apart. Only the keys may not be null: data of other systems
are read as they are, and what breaks the guide is a finding.
"""

from typing import Any

from cartrial import schema as s
from cartrial.schema import Core


def usubjid() -> Any:
    """The unique subject identifier, first part of the key."""
    return s.text("Unique Subject Identifier", primary_key=True, private=False, core="Req")


def seq() -> Any:
    """The sequence number within subject and domain, second part of the key."""
    return s.count("Sequence Number", "number", min=1, primary_key=True, core="Req")


def char(label: str, core: Core = "Perm", *, private: bool = False, supp: bool = False) -> Any:
    """Text; `private` where it is free text or tells who a subject is."""
    return s.text(label, nullable=True, private=private, core=core, supp=supp)


def num(
    label: str,
    unit: str | None = None,
    core: Core = "Perm",
    *,
    unit_in: str | None = None,
    supp: bool = False,
) -> Any:
    """A number, with its unit or the variable that names it."""
    return s.number(label, unit, unit_in=unit_in, nullable=True, core=core, supp=supp)


def whole(label: str, unit: str = "count", core: Core = "Perm", *, supp: bool = False) -> Any:
    """A whole number."""
    return s.count(label, unit, min=None, nullable=True, core=core, supp=supp)


def dtc(label: str, core: Core = "Perm", *, private: bool = False, supp: bool = False) -> Any:
    """An ISO 8601 date or date and time, as far as it is known."""
    return s.partial_date(label, nullable=True, private=private, core=core, supp=supp)


def dy(label: str, core: Core = "Perm") -> Any:
    """A study day of SDTM: there is no day 0."""
    return s.count(label, "day", min=None, nullable=True, core=core)


def epoch() -> Any:
    """The epoch of the trial in which a record lies, from its date."""
    return char("Epoch")


def visit_number(core: Core = "Exp") -> Any:
    """The number of the visit to which a record belongs, as in SV."""
    return num("Visit Number", "number", core)


def visit() -> Any:
    """The name of the visit to which a record belongs."""
    return char("Visit Name")


def last_before_exposure(core: Core = "Exp") -> Any:
    """Y for the last result of a test before the first treatment."""
    return char("Last Observation Before Exposure Flag", core)
