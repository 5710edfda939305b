"""Where the values of a variable come from: the fields of forms behind it, or none.

Source: CDISC Define-XML 2.1, origins.
"""

from collections.abc import Mapping
from functools import cache

from cartrial import schema as s
from cartrial.cdisc.define.model import Origin
from cartrial.forms.catalogue import NAMES as FORM_NAMES
from cartrial.sdtm.annotation import Annotation, annotations
from cartrial.sdtm.domain import DOMAINS

CHOSEN = ("code", "flag")  # kinds of fields whose values may be listed
ASSIGNED = Origin("Assigned", "Sponsor")
DERIVED = Origin("Derived", "Sponsor")
PROTOCOL = Origin("Protocol", "Sponsor")


@cache
def declared(domain: str) -> Mapping[str, s.Column]:
    """The variables of a domain as they are declared; none of a dataset that is no domain."""
    table = DOMAINS.get(domain)
    return {column.name: column for column in s.columns(table)} if table else {}


@cache
def fields_behind(domain: str) -> Mapping[tuple[str, str], tuple[Annotation, ...]]:
    """The fields behind a variable, for all records (no where) and for those of each test."""
    found: dict[tuple[str, str], tuple[Annotation, ...]] = {}
    for one in annotations():
        if one.domain == domain:
            for where in dict.fromkeys((one.where, "")):
                before = found.get((one.variable, where), ())
                found[one.variable, where] = (*before, one)
    return found


def from_forms(asked: tuple[Annotation, ...]) -> Origin:
    """Collected by the investigator on the forms, each of which is a place in the annotated PDF."""
    forms = dict.fromkeys(FORM_NAMES[one.form] for one in asked)
    return Origin("Collected", "Investigator", pages=tuple(forms))


def is_chosen(asked: tuple[Annotation, ...]) -> bool:
    """Whether the form lets one choose: its values are no free text."""
    kinds = {
        column.kind for one in asked for column in s.columns(one.form) if column.name == one.field
    }
    return kinds <= set(CHOSEN)
