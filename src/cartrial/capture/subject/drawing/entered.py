"""What was entered on a subject: the records that stand, each with the page that opens it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from cartrial.capture.ledger.models import Record


@dataclass(frozen=True)
class Entered:
    """A record: its number in URLs, and its cells as they were typed."""

    number: int
    cells: Mapping[str, str]

    @property
    def href(self) -> str:
        """Where it opens, with its history."""
        return f"/records/{self.number}"

    def text(self, column: str) -> str:
        """A cell; empty where nothing stands in it."""
        return self.cells.get(column, "")

    def value(self, column: str) -> float | None:
        """A number; null where there is none."""
        cell = self.cells.get(column, "")
        return float(cell) if cell else None


Records = Mapping[str, tuple[Entered, ...]]


def entered(subject: str) -> dict[str, tuple[Entered, ...]]:
    """The records of a subject by form, in the order of their keys."""
    found: dict[str, list[Entered]] = {}
    held = Record.objects.filter(subject=subject, voided=False).order_by("form", "key")
    for number, form, cells in held.values_list("pk", "form", "cells"):
        found.setdefault(form, []).append(Entered(number, json.loads(cells)))
    return {form: tuple(records) for form, records in found.items()}
