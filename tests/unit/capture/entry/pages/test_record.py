"""A record's life on its page: entered, changed with a reason, moved, withdrawn, put back."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from cartrial.capture.ledger.models import Entry, Record
from cartrial.capture.ledger.read import history
from cartrial.capture.people.models import Account
from tests.unit.capture.conftest import client_of
from tests.unit.capture.entry.conftest import only

Filled = Callable[..., Any]
AT = "2026-02-11 08:00"


def test_a_new_record_needs_no_reason(enrolled: str, fill: Filled) -> None:
    answer = fill("vital_signs", enrolled, at=AT, temperature="37.2")
    record = only("vital_signs")
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/records/{record.pk}?saved={record.seq}"
    assert json.loads(record.cells)["at"] == "2026-02-11T08:00"
    assert Entry.objects.get(seq=record.seq).reason == ""


def test_a_change_needs_its_reason_and_keeps_what_was_typed(
    enrolled: str, fill: Filled, change: Filled
) -> None:
    fill("vital_signs", enrolled, at=AT, temperature="37.2")
    record = only("vital_signs")
    refused = change(record, temperature="38.9")
    assert refused.status_code == 422
    assert b"a saved value is changed for a reason" in refused.content
    assert b'value="38.9"' in refused.content
    assert change(record, temperature="38.9", _reason="other").status_code == 422
    done = change(record, temperature="38.9", _reason="typing error", _words="a slip")
    assert done.status_code == 302
    step = history("001", "vital_signs", record.key)[-1]
    assert step.changes == {"temperature": ("37.2", "38.9")}
    assert step.entry.reason == "typing error: a slip"


def test_nothing_changed_is_nothing_written(enrolled: str, fill: Filled, change: Filled) -> None:
    fill("vital_signs", enrolled, at=AT, temperature="37.2")
    record = only("vital_signs")
    assert change(record, temperature="37.20").headers["Location"].endswith("saved=0")
    assert only("vital_signs").seq == record.seq


def test_every_fault_of_a_row_is_told_at_once(enrolled: str, fill: Filled) -> None:
    faulty = {"at": "2026-02-11\x00 08:00", "temperature": "38,5", "pulse": "400"}
    text = fill("vital_signs", enrolled, **faulty).content.decode()
    for said in ("got a control character", "not a comma, got 38,5", "must be at most 300"):
        assert said in text
    assert text.count('aria-invalid="true"') == len(faulty)
    assert "must be given" not in text


@pytest.mark.parametrize(
    ("cells", "field", "said"),
    [
        ({"at": ""}, "at", "must be given"),
        ({"at": AT, "temperature": "48"}, "temperature", "must be at most 45 °C, got 48"),
        (
            {"at": AT, "temperature": "38,5"},
            "temperature",
            "a decimal point, not a comma, got 38,5",
        ),
        ({"at": AT, "pulse": "1e308"}, "pulse", "must be at most 300"),
        ({"at": AT, "pulse": "nan"}, "pulse", "must be a finite number"),
        ({"at": "0001-13-45 10:00", "pulse": "80"}, "at", "must be a date and time"),
        ({"at": "2026-02-11\x00 08:00", "pulse": "80"}, "at", "got a control character"),
    ],
)
def test_a_hard_refusal_stands_at_its_field(
    enrolled: str, fill: Filled, cells: dict[str, str], field: str, said: str
) -> None:
    answer = fill("vital_signs", enrolled, **cells)
    text = answer.content.decode()
    assert answer.status_code == 422
    part = text.partition(f'id="f-{field}"')[2].partition("</div>\n</div>")[0]
    assert 'aria-invalid="true"' in text
    assert said in part
    assert not Record.objects.filter(form="vital_signs").exists()


def test_an_empty_flag_is_not_known_and_never_no(enrolled: str, fill: Filled) -> None:
    fill("crs_assessment", enrolled, at=AT, temperature="38.5", hypotension="", treated="no")
    cells = json.loads(only("crs_assessment").cells)
    assert "hypotension" not in cells
    assert cells["treated"] == "no"


def test_numbers_are_filled_in_and_a_withdrawn_one_is_not_used_again(
    browser: Client, enrolled: str, fill: Filled
) -> None:
    fill("adverse_event", enrolled, number="1", term="Headache", scale="CTCAE")
    record = only("adverse_event")
    browser.post(f"/records/{record.pk}/withdraw",
                 {"_base": record.seq, "_reason": "wrong subject or record"})  # fmt: skip
    page = browser.get(f"/forms/adverse_event/new?subject={enrolled}")
    assert b'name="number" value="2"' in page.content


def test_a_record_is_withdrawn_and_put_back(
    browser: Client, enrolled: str, fill: Filled, change: Filled
) -> None:
    fill("vital_signs", enrolled, at=AT, temperature="37.2")
    record = only("vital_signs")
    place = f"/records/{record.pk}"
    assert browser.post(f"{place}/withdraw", {"_base": record.seq}).status_code == 422
    reason = {"_reason": "wrong subject or record"}
    assert browser.post(f"{place}/withdraw", {"_base": record.seq, **reason}).status_code == 302
    assert only("vital_signs").voided
    assert b'class="values voided"' in browser.get(place).content
    listed = browser.get("/subjects/001/forms/vital_signs").content
    assert b'class="voided">2026-02-11 08:00' in listed
    assert change(record, temperature="38", _reason="typing error").status_code == 422
    record.refresh_from_db()
    back = {"_base": record.seq, "_reason": "other", "_words": "it was the right one"}
    assert browser.post(f"{place}/restore", back).status_code == 302
    assert not only("vital_signs").voided
    assert [step.entry.action for step in history("001", "vital_signs", record.key)] == [
        "create", "void", "restore",
    ]  # fmt: skip


def test_another_key_is_a_withdrawal_and_a_new_record_in_one(
    enrolled: str, fill: Filled, change: Filled
) -> None:
    fill("vital_signs", enrolled, at=AT, temperature="37.2")
    old = only("vital_signs")
    assert change(old, at="2026-02-11 09:00").status_code == 422
    done = change(old, at="2026-02-11 09:00", _reason="typing error")
    assert done.status_code == 302
    old.refresh_from_db()
    assert old.voided
    assert json.loads(only("vital_signs", voided=False).cells) == {
        "subject": "001", "at": "2026-02-11T09:00", "temperature": "37.2",
    }  # fmt: skip
    last = Entry.objects.order_by("-seq")[:2]
    assert [entry.action for entry in last] == ["create", "void"]


def test_a_key_that_is_there_is_refused_with_the_way_to_it(
    enrolled: str, fill: Filled, browser: Client
) -> None:
    fill("vital_signs", enrolled, at=AT, temperature="37.2")
    answer = fill("vital_signs", enrolled, at=AT, temperature="39")
    assert answer.status_code == 422
    assert f"/records/{only('vital_signs').pk}".encode() in answer.content


def test_sent_twice_is_one_row(enrolled: str, fill: Filled) -> None:
    first = fill("vital_signs", enrolled, at=AT, temperature="37.2")
    again = fill("vital_signs", enrolled, at=AT, temperature="37.2")
    assert first.headers["Location"] == again.headers["Location"]
    assert Entry.objects.filter(form="vital_signs").count() == 1


def test_sent_twice_leads_on_as_the_first_time(enrolled: str, fill: Filled) -> None:
    first, again = (fill("vital_signs", enrolled, at=AT, _then="another") for _ in range(2))
    assert first.headers["Location"] == again.headers["Location"]
    assert "/forms/vital_signs/new" in again.headers["Location"]


def test_a_lost_update_shows_both_values_and_is_chosen(
    enrolled: str, fill: Filled, browser: Client, people: dict[str, Account]
) -> None:
    fill("vital_signs", enrolled, at=AT, temperature="37.2", pulse="80")
    record = only("vital_signs")
    other = client_of(people["investigator"])
    base = {"_base": record.seq, "_reason": "typing error"}
    assert other.post(f"/records/{record.pk}", {**base, "pulse": "90"}).status_code == 302
    late = browser.post(f"/records/{record.pk}", {**base, "pulse": "95", "temperature": "38"})
    text = late.content.decode()
    assert late.status_code == 409
    assert "got a change by A principal investigator" in text
    assert 'name="pulse" value="95"' in text
    assert 'name="pulse" value="90"' in text
    assert 'name="temperature" value="38" required checked' in text
    record.refresh_from_db()
    unchosen = {"_base": record.seq, "_choose": "pulse temperature", "_reason": "typing error"}
    assert browser.post(f"/records/{record.pk}", unchosen).status_code == 422
    chosen = {**unchosen, "pulse": "90", "temperature": "38"}
    assert browser.post(f"/records/{record.pk}", chosen).status_code == 302
    cells = json.loads(only("vital_signs").cells)
    assert (cells["pulse"], cells["temperature"]) == ("90", "38")


def test_a_frozen_record_is_refused_and_what_was_typed_is_kept(
    enrolled: str, fill: Filled, change: Filled, people: dict[str, Account]
) -> None:
    from cartrial.capture.ledger.write import writing

    fill("vital_signs", enrolled, at=AT, temperature="37.2")
    with writing(people["data_manager"].actor) as ledger:
        ledger.add("freeze", subject="001", reason="clean")
    answer = change(only("vital_signs"), temperature="38.7", _reason="typing error")
    assert answer.status_code == 423
    assert b'value="38.7"' in answer.content


def test_what_is_not_a_field_is_not_taken(enrolled: str, fill: Filled, change: Filled) -> None:
    fill("vital_signs", enrolled, at=AT, temperature="37.2", seq="99", voided="yes", subject="002",
         form="infusion", actor="mallory")  # fmt: skip
    record = only("vital_signs")
    assert json.loads(record.cells).keys() == {"subject", "at", "temperature"}
    assert Entry.objects.get(seq=record.seq).actor == "coordinator"
    change(record, subject="002", pulse="80", _reason="typing error")
    assert json.loads(only("vital_signs").cells)["subject"] == "001"
    assert not Record.objects.filter(subject="002").exists()


@pytest.mark.parametrize(
    "path",
    [
        "/records/424242",
        f"/records/{10**30}",
        "/records/1x",
        "/records/424242/history",
        "/records/424242/history/pulse",
        "/forms/nothing/new?subject=001",
        "/forms/vital_signs/new?subject=999",
        "/forms/vital_signs/new",
        "/forms/published_margin/new?subject=001",
        "/subjects/999/forms",
        "/subjects/001/forms/nothing",
        "/subjects/999/day/2026-01-01",
        "/subjects/001/day/2026-13-01",
        "/subjects/001/day/yesterday",
    ],
)
def test_what_is_not_there_is_not_found(enrolled: str, browser: Client, path: str) -> None:
    assert browser.get(path).status_code == 404


def test_a_field_of_another_form_has_no_history(
    enrolled: str, browser: Client, fill: Filled
) -> None:
    fill("vital_signs", enrolled, at=AT, temperature="37.2")
    number = only("vital_signs").pk
    assert browser.get(f"/records/{number}/history/temperature").status_code == 200
    assert browser.get(f"/records/{number}/history/grade").status_code == 404


def test_the_history_of_a_field(
    enrolled: str, browser: Client, fill: Filled, change: Filled
) -> None:
    fill("vital_signs", enrolled, at=AT, temperature="37.2", pulse="80")
    record = only("vital_signs")
    change(record, temperature="38.2", _reason="source corrected")
    part = browser.get(f"/records/{record.pk}/history/temperature", headers={"HX-Request": "true"})
    text = part.content.decode()
    assert "<html" not in text
    for said in ("A coordinator", "Coordinator", "37.2", "38.2", "source corrected", "+00:00"):
        assert said in text
    assert "80" not in text.replace("+00:00", "").replace("08:00", "")


def test_readers_read_and_do_not_enter(
    enrolled: str, fill: Filled, people: dict[str, Account]
) -> None:
    fill("vital_signs", enrolled, at=AT, temperature="37.2")
    record, monitor = only("vital_signs"), client_of(people["monitor"])
    page = monitor.get(f"/records/{record.pk}")
    assert page.status_code == 200
    assert b"data-save" not in page.content
    for path in (f"/records/{record.pk}", f"/records/{record.pk}/withdraw",
                 "/forms/vital_signs/new?subject=001"):  # fmt: skip
        assert monitor.post(path, {"_base": record.seq}).status_code == 403


def test_a_dose_decision_is_not_entered_here(enrolled: str, browser: Client) -> None:
    assert browser.get("/forms/dose_decision/new").headers["Location"] == "/dose"
    assert browser.post("/forms/dose_decision/new", {"number": "1"}).headers["Location"] == "/dose"


def test_an_adverse_event_leads_to_its_grade_and_its_report(
    enrolled: str, browser: Client, fill: Filled
) -> None:
    answer = fill("adverse_event", enrolled, number="1", term="Sepsis", scale="CTCAE",
                  serious="yes", outcome="fatal")  # fmt: skip
    page = browser.get(answer.headers["Location"]).content.decode()
    assert "/forms/ae_grade/new?subject=001&amp;number=1" in page
    report = re.search(r'"(/forms/serious_event/new\?subject=001&amp;number=1[^"]*)"', page)
    assert report is not None
    assert "fatal=yes" in report[1]
    flags = dict.fromkeys(
        ("life_threatening", "hospitalisation", "disability", "congenital", "important"), "no"
    )
    report = fill(
        "serious_event", enrolled, number="1", fatal="yes", aware="2026-02-11 08:00", **flags
    )
    page = browser.get(report.headers["Location"]).content.decode()
    assert "2026-02-12 08:00" in page


def test_a_slot_is_not_granted_here(enrolled: str, fill: Filled, change: Filled) -> None:
    """O1: no slot at the next dose before its decision: `/slots` holds it to that."""
    fill("slot_request", enrolled, requested="2026-01-10", granted="2026-01-11", level="3")
    record = only("slot_request")
    assert json.loads(record.cells).keys() == {"subject", "requested"}
    done = change(record, level="3", granted="2026-01-11", _reason="typing error")
    assert done.headers["Location"].endswith("saved=0")


def test_the_history_of_a_field_tells_what_was_asked(
    enrolled: str, browser: Client, fill: Filled
) -> None:
    typed = {"at": AT, "temperature": "42.5"}
    name = re.findall(
        r'name="(_answer\.\w+)"', fill("vital_signs", enrolled, **typed).content.decode()
    )
    fill("vital_signs", enrolled, **typed, **{name[0]: "measured twice"})
    text = browser.get(f"/records/{only('vital_signs').pk}/history/temperature").content.decode()
    assert "is outside the usual" in text
    assert "measured twice" in text


def test_a_verdict_on_toxicity_is_entered_by_who_adjudicates(
    infused: str, fill: Filled, browser: Client
) -> None:
    verdict = {"verdict": "no DLT", "decided": "2026-02-12"}
    path = "/forms/dlt_adjudication/new?subject=001"
    refused = browser.post(path, verdict)
    assert refused.status_code == browser.get(path).status_code == 422
    for listed in ("/subjects/001/forms", "/subjects/001/forms/dlt_adjudication"):
        assert b"/forms/dlt_adjudication/new" not in browser.get(listed).content
    assert b"must be entered by the principal investigator or safety committee" in refused.content
    assert fill("dlt_adjudication", "001", **verdict).status_code == 302
    record = only("dlt_adjudication")
    sent = {"_base": str(record.seq), "_reason": "typing error", "verdict": "not evaluable"}
    for way in ("", "/withdraw"):
        assert browser.post(f"/records/{record.pk}{way}", sent).status_code == 422
    assert only("dlt_adjudication").seq == record.seq
    assert b'name="verdict"' not in browser.get(f"/records/{record.pk}").content
