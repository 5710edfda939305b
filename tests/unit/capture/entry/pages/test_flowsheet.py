"""The flowsheet: a day's rows in one transaction."""

import json
from collections.abc import Callable
from typing import Any

from django.test import Client

from cartrial.capture.ledger.models import Entry, Record
from cartrial.capture.people.models import Account
from tests.unit.capture.conftest import client_of
from tests.unit.capture.entry.check.test_prompt import asked, checks, fired
from tests.unit.capture.entry.conftest import only

Filled = Callable[..., Any]
DAY = "/subjects/001/day/2026-02-11"


def sent(prefix: str, **cells: str) -> dict[str, str]:
    return {f"{prefix}.{name}": cell for name, cell in cells.items()}


def test_a_day_is_saved_together(infused: str, browser: Client) -> None:
    before = Entry.objects.count()
    done = browser.post(
        DAY,
        {
            **sent("vital_signs.new", at="8:00", temperature="38.6", pulse="104"),
            **sent("crs_assessment.new", at="08:00", temperature="38.6", hypotension="no"),
            **sent("icans_assessment.new", at="08:05", orientation="4", motor_weakness=""),
            "laboratory.at": "07:30",
            **sent("laboratory.NEUT", value="0.3", unit="10^9/L"),
            **sent("laboratory.CRP", value="", unit="mg/L"),
        },
    )
    assert done.headers["Location"] == f"{DAY}?saved=4"
    assert Entry.objects.count() == before + 4
    assert json.loads(only("vital_signs").cells)["at"] == "2026-02-11T08:00"
    assert "motor_weakness" not in json.loads(only("icans_assessment").cells)
    assert json.loads(only("laboratory").cells) == {
        "subject": "001", "at": "2026-02-11T07:30", "analyte": "NEUT", "specimen": "blood",
        "value": "0.3", "unit": "10^9/L",
    }  # fmt: skip


def test_a_day_that_is_sent_twice_is_saved_once(infused: str, browser: Client) -> None:
    typed = {
        **sent("vital_signs.new", at="08:00", temperature="38.60"),
        **sent("laboratory.NEUT", value="0.3", unit="10^9/L"),
    }
    assert browser.post(DAY, typed).headers["Location"] == f"{DAY}?saved=2"
    before = Entry.objects.count()
    assert browser.post(DAY, typed).headers["Location"] == f"{DAY}?saved=0"
    assert Entry.objects.count() == before


def test_an_empty_column_is_no_assessment(infused: str, browser: Client) -> None:
    done = browser.post(DAY, sent("vital_signs.new", at="", temperature=""))
    assert done.headers["Location"] == f"{DAY}?saved=0"


def test_one_fault_keeps_all_of_it_back(infused: str, browser: Client) -> None:
    answer = browser.post(
        DAY,
        {
            **sent("vital_signs.new", at="08:00", temperature="38.6"),
            **sent("crs_assessment.new", at="", hypotension="no"),
        },
    )
    assert answer.status_code == 422
    assert b"must be given" in answer.content
    assert b'value="38.6"' in answer.content
    assert not Record.objects.filter(form="vital_signs").exists()


def test_a_change_in_place_needs_its_reason(infused: str, enter: Filled, browser: Client) -> None:
    enter("vital_signs", subject="001", at="2026-02-11T08:00", temperature="37", pulse="80")
    record = only("vital_signs")
    prefix = f"vital_signs.{record.pk}"
    typed = {**sent(prefix, temperature="39", pulse="80"), f"{prefix}._base": str(record.seq)}
    page = browser.post(DAY, typed)
    assert page.status_code == 422
    assert b"a saved value is changed for a reason" in page.content
    assert browser.post(DAY, {**typed, "_reason": "typing error"}).status_code == 302
    assert json.loads(only("vital_signs").cells)["temperature"] == "39"
    late = browser.post(DAY, {**typed, f"{prefix}.temperature": "40", "_reason": "typing error"})
    assert late.status_code == 409
    assert json.loads(only("vital_signs").cells)["temperature"] == "39"


def test_soft_checks_are_answered_on_the_flowsheet_too(infused: str, browser: Client) -> None:
    typed = {
        **sent("vital_signs.new", at="08:00", temperature="42.6"),
        **sent("crs_assessment.new", at="08:00", temperature="42.6"),
    }
    page = browser.post(DAY, typed)
    names = asked(page)
    assert (page.status_code, len(names)) == (422, 2)
    assert browser.post(DAY, {**typed, names[0]: "checked"}).status_code == 422
    answers = dict.fromkeys(names, "checked")
    done = browser.post(DAY, {**typed, **answers, "_fired": fired(page)})
    assert done.status_code == 302
    assert [check["answer"] for check in checks()] == ["confirmed", "confirmed"]


def test_the_day_shows_what_stands_there(infused: str, enter: Filled, browser: Client) -> None:
    enter("vital_signs", subject="001", at="2026-02-11T08:00", temperature="37.7")
    enter("vital_signs", subject="001", at="2026-02-12T08:00", temperature="39.9")
    text = browser.get(DAY).content.decode()
    assert "day 1" in text
    assert "37.7" in text
    assert "39.9" not in text
    assert 'href="2026-02-10"' in text
    assert 'href="2026-02-12"' in text


def test_another_record_is_not_reached_from_it(
    infused: str, enter: Filled, browser: Client
) -> None:
    enter("demographics", subject="002", consented="2026-01-05", age="50")
    enter("vital_signs", subject="002", at="2026-02-11T08:00", temperature="37")
    record = only("vital_signs", subject="002")
    prefix = f"vital_signs.{record.pk}"
    typed = {**sent(prefix, temperature="40"), f"{prefix}._base": str(record.seq)}
    browser.post(DAY, {**typed, "_reason": "typing error"})
    assert json.loads(only("vital_signs", subject="002").cells)["temperature"] == "37"


def test_a_reader_reads_it(infused: str, enter: Filled, people: dict[str, Account]) -> None:
    enter("vital_signs", subject="001", at="2026-02-11T08:00", temperature="37.7")
    monitor = client_of(people["monitor"])
    page = monitor.get(DAY)
    assert b"37.7" in page.content
    assert b"data-save" not in page.content
    assert monitor.post(DAY, sent("vital_signs.new", at="09:00", pulse="80")).status_code == 403


def test_the_ends_of_the_calendar(infused: str, browser: Client) -> None:
    assert browser.get("/subjects/001/day/0001-01-01").status_code == 200
    assert browser.get("/subjects/001/day/9999-12-31").status_code == 200
