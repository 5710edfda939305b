"""Identifiers in define.xml, and of the places in its view: readable, each used once."""

import re
from collections.abc import Iterable

from cartrial.cdisc.define.model import Condition


def value_list_oid(dataset: str, variable: str) -> str:
    """The identifier of what a variable is for each value of others."""
    return f"VL.{dataset}.{variable}"


def leaf_id(name: str) -> str:
    """The identifier of a file."""
    return f"LF.{name}"


def codelist_oid(codelist: str) -> str:
    """The identifier of a code list, as wanted."""
    return f"CL.{re.sub(r'[^A-Za-z0-9.]+', '_', codelist)}"


def words(conditions: Iterable[Condition]) -> str:
    """Conditions as a part of an identifier: the values alone."""
    values = [value or "none" for one in conditions for value in one.values]
    return ".".join(re.sub(r"[^A-Za-z0-9]+", "_", value).strip("_") or "sign" for value in values)


class Names:
    """Identifiers for things: the same thing has one, and no two things have the same."""

    def __init__(self) -> None:
        self.things: dict[object, str] = {}
        self.taken: set[str] = set()

    def of(self, thing: object, wanted: str) -> str:
        """The identifier of a thing, as wanted or, where that is taken, with a number."""
        if thing in self.things:
            return self.things[thing]
        name, number = wanted, 1
        while name in self.taken:
            number += 1
            name = f"{wanted}.{number}"
        self.taken.add(name)
        self.things[thing] = name
        return name
