"""What define.xml can say of SDTM that another system made: what the data show, not their origin.

Reading: no form of ours stands behind such data and no rule of ours made them, so origins are not
    available, and a list of values stands only where it is a published one.
"""

from dataclasses import replace
from typing import TypeVar

from cartrial.cdisc.define.model import (
    DatasetDefinition,
    Origin,
    ValueLevel,
    VariableDefinition,
)
from cartrial.sdtm.define.origin import PROTOCOL

UNKNOWN = Origin("Not Available", said="SDTM of another system")

T = TypeVar("T", VariableDefinition, ValueLevel)


def of_another_system(dataset: DatasetDefinition) -> DatasetDefinition:
    """The dataset as described, without what holds for our own alone."""
    variables = tuple(
        replace(_without(one), levels=tuple(_without(level) for level in one.levels))
        for one in dataset.variables
    )
    return replace(dataset, variables=variables, comment="")


def _without(one: T) -> T:
    published = one.codelist if one.codelist and one.codelist.code else None
    origin = one.origin if one.origin == PROTOCOL else UNKNOWN
    return replace(one, origin=origin, method=None, codelist=published)
