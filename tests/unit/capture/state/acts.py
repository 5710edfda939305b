"""Entries as a table: one a line, numbered from 1."""

import json

from cartrial.capture.state.act import Act, Place

KEY = '["1"]'


def acts(table: str) -> list[Act]:
    """`action | subject form | content | reason` in lines; a form has its record number 1."""
    made = []
    for line in table.strip().splitlines():
        what, where, text, reason = (part.strip() for part in (line + "|||").split("|")[:4])
        subject, _, form = where.partition(" ")
        place = Place(subject, form, KEY if form else "")
        content = json.loads(text) if text else {}
        at = f"2026-01-{len(made) + 1:02}T10:00:00.000000Z"
        made.append(
            Act(len(made) + 1, at, "kim", "Kim", "monitor", "Sponsor", what, place, reason, content)
        )
    return made


def record(subject: str = "001", form: str = "adverse_event") -> Place:
    """The record that a line of the table names."""
    return Place(subject, form, KEY)
