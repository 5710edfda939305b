"""Soft checks: what is asked, and that each question and its answer are entries."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from cartrial.capture.ledger.models import Content, Entry, Record
from cartrial.capture.people.models import Account
from tests.unit.capture.conftest import client_of
from tests.unit.capture.entry.conftest import only

Filled = Callable[..., Any]
AT = "2026-02-11 08:00"


def asked(answer: Any) -> list[str]:
    """The names of the answers that a page asks for."""
    return re.findall(r'name="(_answer\.\w+)"', answer.content.decode())


def fired(answer: Any) -> str:
    found = re.search(r'name="_fired" value="([^"]+)"', answer.content.decode())
    assert found is not None
    return found[1]


def checks() -> list[dict[str, str]]:
    entries = Entry.objects.filter(action="check fired").order_by("seq")
    return [json.loads(Content.objects.get(entry=entry).text or "") for entry in entries]


def test_a_soft_check_is_confirmed_with_a_reason_and_entered_beside_the_row(
    enrolled: str, fill: Filled
) -> None:
    typed = {"at": AT, "temperature": "42.5"}
    page = fill("vital_signs", enrolled, **typed)
    assert page.status_code == 422
    assert "is outside the usual 34 to 42 °C" in page.content.decode()
    assert not Entry.objects.filter(form="vital_signs").exists()
    (name,) = asked(page)
    assert fill("vital_signs", enrolled, **typed, **{name: "  "}).status_code == 422
    done = fill("vital_signs", enrolled, **typed, **{name: "measured twice"}, _fired=fired(page))
    assert done.status_code == 302
    record = only("vital_signs")
    assert checks() == [
        {
            "of": str(record.seq),
            "rule": "plausible",
            "column": "temperature",
            "value": "42.5",
            "prompt": "is outside the usual 34 to 42 °C",
            "answer": "confirmed",
            "reason": "measured twice",
        }
    ]
    assert Entry.objects.get(action="check fired").key == record.key


def test_a_soft_check_that_prompts_a_correction_keeps_the_first_value(
    enrolled: str, fill: Filled
) -> None:
    page = fill("vital_signs", enrolled, at=AT, temperature="42.5")
    done = fill("vital_signs", enrolled, at=AT, temperature="38.5", _fired=fired(page))
    assert done.status_code == 302
    (said,) = checks()
    assert (said["value"], said["answer"], said["new"]) == ("42.5", "corrected", "38.5")


def test_what_was_asked_cannot_be_forged_or_taken_over(
    enrolled: str, fill: Filled, people: dict[str, Account]
) -> None:
    page = fill("vital_signs", enrolled, at=AT, temperature="42.5")
    other = client_of(people["investigator"])
    for text in (fired(page), fired(page)[:-2] + "xx", "nonsense", ""):
        other.post(
            "/forms/vital_signs/new?subject=001",
            {"at": AT, "temperature": "38.5", "_fired": text},
        )
        assert checks() == []


def test_what_was_confirmed_is_not_asked_again(enrolled: str, fill: Filled, change: Filled) -> None:
    typed = {"at": AT, "temperature": "42.5"}
    (name,) = asked(fill("vital_signs", enrolled, **typed))
    fill("vital_signs", enrolled, **typed, **{name: "measured twice"})
    assert change(only("vital_signs"), pulse="90", _reason="typing error").status_code == 302


@pytest.mark.parametrize(
    ("form", "cells", "said"),
    [
        ("vital_signs", {"at": "2126-01-01 08:00", "pulse": "80"}, "is in the future"),
        ("vital_signs", {"at": "0001-01-01 08:00", "pulse": "80"}, "is before 1900"),
        ("vital_signs", {"at": AT, "pulse": "18"}, "is outside the usual 40 to 180 beats/min"),
        ("vital_signs", {"at": AT, "systolic": "80", "diastolic": "95"}, "not below the systolic"),
        ("vital_signs", {"at": AT, "weight": "50"}, "is -29% from 70 kg on 2026-02-10"),
        ("vital_signs", {"at": "1959-01-01 08:00", "pulse": "80"}, "must not be before the date"),
        ("dlt_adjudication", {"verdict": "no DLT", "decided": "2026-02-12", "clause": "crs4"},
         "Did you mean"),
        ("adverse_event", {"number": "1", "term": "x", "scale": "CTCAE", "ctcae_term": "Rashh"},
         "must be a term of CTCAE"),
        ("laboratory", {"at": "2026-02-11", "analyte": "K", "specimen": "serum", "value": "45",
                        "unit": "mmol/L"}, "is outside the usual 2 to 7.5 mmol/L"),
        ("laboratory", {"at": "2026-02-11", "analyte": "K", "specimen": "serum", "value": "4",
                        "unit": "furlong"}, "must be a unit of K"),
        ("laboratory", {"at": "2026-02-11", "analyte": "K", "specimen": "serum"},
         "must be given where “Value” is missing"),
        ("car_transgene", {"at": "2026-02-11", "analyte": "other", "specimen": "blood",
                           "status": "value", "copies": "100"}, "must be an analyte of the study"),
        ("leukapheresis", {"on": "2025-12-01"}, "must not be before informed consent"),
        ("medication", {"number": "1", "drug": "x", "kind": "other", "event": "7"},
         "must be the number of an event of the subject"),
        ("medication", {"number": "1", "drug": "x", "kind": "other", "started": "2026-02-11",
                        "ended": "2026-02-10"}, "must not be before “Started” of its row"),
    ],
)  # fmt: skip
def test_what_is_asked(
    infused: str, enter: Filled, fill: Filled, form: str, cells: dict[str, str], said: str
) -> None:
    record = only("demographics")
    enter("demographics", base=record.seq, reason="found", subject="001", consented="2026-01-05",
          born="1960-05", age="60", sex="male", level="1")  # fmt: skip
    page = fill(form, infused, **cells)
    text = page.content.decode()
    assert page.status_code == 422
    assert said in text
    assert ".csv" not in text
    names = dict.fromkeys(asked(page), "checked against the source")
    assert fill(form, infused, **cells, **names).status_code == 302


def test_an_event_is_not_asked_for_the_grade_that_comes_after_it(
    enrolled: str, fill: Filled
) -> None:
    assert (
        fill("adverse_event", enrolled, number="1", term="Rash", scale="CTCAE").status_code == 302
    )
    assert fill("ae_grade", enrolled, number="1", since="2026-02", grade="2").status_code == 302


def test_taking_the_ground_from_under_a_row_is_asked_about(
    infused: str, browser: Client, change: Filled
) -> None:
    record = only("eligibility")
    page = change(record, eligible="no", _reason="source corrected")
    assert page.status_code == 422
    assert "leaves “CAR-T infusion”" in page.content.decode()
    (name,) = set(asked(page))
    done = change(record, eligible="no", _reason="source corrected", **{name: "found at audit"})
    assert done.status_code == 302


def test_withdrawing_what_others_name_is_asked_about(
    enrolled: str, fill: Filled, browser: Client
) -> None:
    fill("adverse_event", enrolled, number="1", term="Rash", scale="CTCAE")
    fill("ae_grade", enrolled, number="1", since="2026-02", grade="2")
    record = only("adverse_event")
    sent = {"_base": record.seq, "_reason": "wrong subject or record"}
    page = browser.post(f"/records/{record.pk}/withdraw", sent)
    assert page.status_code == 422
    answers = dict.fromkeys(asked(page), "the grade goes next")
    assert answers
    done = browser.post(f"/records/{record.pk}/withdraw", {**sent, **answers})
    assert done.status_code == 302
    assert {check["answer"] for check in checks()} == {"confirmed"}
    assert Record.objects.get(pk=record.pk).voided
