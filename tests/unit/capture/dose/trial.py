"""Small trials for the dose: rows of forms as texts, known as of a day, without a database."""

import datetime as dt
from typing import Any

from cartrial.capture.dose.known import Known, known_of
from cartrial.capture.ledger.read import Head
from cartrial.capture.ledger.row import typed_rows
from cartrial.forms.catalogue import Forms
from cartrial.protocol.read import packaged_study

TODAY = dt.date(2026, 11, 23)


def forms_of(rows: dict[str, list[dict[str, str]]]) -> Forms:
    """Forms of rows of texts."""
    return Forms({form: typed_rows(form, cells) for form, cells in rows.items()})


def cohort(level: int, *infused: str, safe_on: int | None = None, first: int = 1) -> dict[str, Any]:
    """Rows of subjects infused at a level; with a visit so many days after, where one is given."""
    rows: dict[str, list[dict[str, str]]] = {
        form: [] for form in ("demographics", "slot_request", "infusion", "visit")
    }
    for number, at in enumerate(infused, start=first):
        subject, day = f"{number:03}", dt.date.fromisoformat(at)
        before = f"{day - dt.timedelta(days=40)}"
        rows["demographics"].append(
            {"subject": subject, "consented": before, "site": "001", "sex": "male", "age": "60",
             "country": "ESP", "level": f"{level}"}
        )  # fmt: skip
        rows["slot_request"].append(
            {"subject": subject, "requested": before, "granted": before, "level": f"{level}"}
        )
        dose = {1: "1", 2: "2", 3: "4"}[level]
        rows["infusion"].append(
            {"subject": subject, "number": "1", "at": at, "level": f"{level}", "planned": dose,
             "given": dose}
        )  # fmt: skip
        rows["visit"].append({"subject": subject, "visit": "Day 0", "on": at, "safety": "yes"})
        if safe_on is not None:
            on = f"{day + dt.timedelta(days=safe_on)}"
            rows["visit"].append(
                {"subject": subject, "visit": "Week 12", "on": on, "safety": "yes"}
            )
    return rows


def together(*trials: dict[str, list[dict[str, str]]]) -> dict[str, list[dict[str, str]]]:
    """The rows of several."""
    made: dict[str, list[dict[str, str]]] = {}
    for trial in trials:
        for form, rows in trial.items():
            made.setdefault(form, []).extend(rows)
    return made


def known(rows: dict[str, list[dict[str, str]]], day: dt.date = TODAY) -> Known:
    """What is known of rows at a day."""
    return known_of(packaged_study(), "0" * 64, forms_of(rows), Head(1, "a" * 64), day)
