"""What a browser may send on purpose: scripts in every text, values of every kind."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cartrial import schema as s
from cartrial.capture.entry.form.layout import ELSEWHERE
from cartrial.capture.ledger.models import Record
from cartrial.capture.ledger.row import CAPTURED, SUBJECT
from cartrial.capture.people.models import Account
from tests.unit.capture.entry.check.test_prompt import asked
from tests.unit.capture.entry.conftest import put

Filled = Callable[..., Any]
ATTACK = "\"'><img src=x onerror=alert(1)><script>alert(1)</script>"
SHORT = '"><b>'  # where a text has few characters
NEEDED = {  # what a row must say besides
    "adverse_event": {"number": "3"},
    "car_transgene": {"status": "not detected"},
    "car_flow": {"status": "not detected"},
    "dlt_adjudication": {"verdict": "no DLT"},
}
FORMS = [form for form in CAPTURED if form not in ELSEWHERE]
TYPED = {
    "date": "2026-02-10",
    "moment": "2026-02-10 08:00",
    "partial": "2026-02-10",
    "flag": "no",
}


def attacked(form: str) -> dict[str, str]:
    """A row that can be saved, with the attack in every text."""
    cells = {}
    for column in s.columns(CAPTURED[form]):
        if column.name == SUBJECT:
            continue
        if column.kind == "text":
            most = column.most or 400
            cells[column.name] = ATTACK if most >= len(ATTACK) else SHORT[: int(most)]
        elif not column.nullable:
            cells[column.name] = TYPED.get(column.kind) or (column.codes or ("2",))[0]
    return cells


@pytest.mark.parametrize("form", FORMS)
def test_a_script_in_a_text_is_shown_as_text(
    infused: str,
    people: dict[str, Account],
    enter: Filled,
    browser: Client,
    fill: Filled,
    form: str,
) -> None:
    enter("adverse_event", subject="001", number="2", term="x", scale="CTCAE")
    if form == "infusion":
        put(people["coordinator"], "retreatment",
            {"number": "2", "decided": "2026-02-10", "reason": "relapse"})  # fmt: skip
    cells = attacked(form)
    cells |= NEEDED.get(form, {})
    subject = {SUBJECT: "002"} if form == "demographics" else {}
    key = subject.get(SUBJECT, "001")
    page = fill(form, "001", **cells, **subject)
    pages = [page]
    if page.status_code == 422:  # what is asked repeats the text
        answers = dict.fromkeys(asked(page), ATTACK)
        page = fill(form, "001", **cells, **subject, **answers)
    assert page.status_code == 302, page.content.decode()
    number = Record.objects.filter(form=form, subject=key).order_by("-seq")[0].pk
    pages += [
        browser.get(path)
        for path in (
            f"/records/{number}",
            f"/records/{number}/history",
            *(f"/records/{number}/history/{name}" for name in cells),
            f"/subjects/{key}/forms",
            f"/subjects/{key}/forms/{form}",
            f"/subjects/{key}/day/2026-02-10",
            "/subjects",
            f"/forms/medication/new?subject={key}",
        )
    ]
    for one in pages:
        assert one.status_code in (200, 302, 422)
        text = one.content.decode()
        assert "<img src=x" not in text
        assert "<script>alert" not in text
        assert not re.search(r'value="[^"]*"[^>\s]*><b>', text)
        assert SHORT not in text


def test_a_link_fills_in_no_script(enrolled: str, browser: Client) -> None:
    page = browser.get("/forms/medication/new", {"subject": "001", "drug": ATTACK, "_base": "9"})
    assert page.status_code == 200
    assert "<img src=x" not in page.content.decode()


CELLS = st.one_of(
    st.sampled_from(
        ["1e308", "-1e308", "1e400", "NaN", "inf", "\x00", "a\x00b", "0001-01-01", "9999-12-31",
         "0000-00-00", "9999-12-31 23:59:59", "2026-02-30", "2026-02-10T25:61", "-1", "9" * 30,
         "1.0000000001", "yes", "no", "", " ", "\u202e", "\ud7ff", "10**9", "9" * 400, "=1+1",
         "0001-01-01T00:00", "0x10", "1_000", "١٢"]
    ),
    st.text(max_size=60),
)  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
@settings(
    max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_nothing_that_is_sent_breaks_a_page(
    infused: str, browser: Client, form: str, data: st.DataObject
) -> None:
    names = [*CAPTURED[form].columns(), "_base", "_reason", "_words", "_fired", "_choose"]
    sent = data.draw(st.dictionaries(st.sampled_from(names), CELLS))
    answer = browser.post(f"/forms/{form}/new?subject=001", sent)
    assert answer.status_code in (302, 422)
    if answer.status_code == 422:
        again = {**sent, **dict.fromkeys(asked(answer), "x")}
        assert browser.post(f"/forms/{form}/new?subject=001", again).status_code in (302, 422)
    number = Record.objects.order_by("-seq")[0].pk
    assert browser.post(f"/records/{number}", {"_reason": "typing error", **sent}).status_code in (
        302, 409, 422,
    )  # fmt: skip
    assert browser.get("/subjects").status_code == 200


def test_ten_megabytes_are_refused(enrolled: str, browser: Client) -> None:
    answer = browser.post("/forms/medication/new?subject=001", {"drug": "x" * 10_000_000})
    assert answer.status_code in (400, 413)


def test_a_text_has_an_end(enrolled: str, fill: Filled) -> None:
    answer = fill("medication", enrolled, number="1", drug="x" * 5000, kind="other")
    assert answer.status_code == 422
    assert b"at most 4000 characters long, got 5000" in answer.content


def test_a_text_of_several_lines_is_kept(enrolled: str, fill: Filled, browser: Client) -> None:
    fill("protocol_deviation", enrolled, number="1", on="2026-02", kind="dose", major="no",
         what="one\r\ntwo")  # fmt: skip
    record = Record.objects.get(form="protocol_deviation")
    assert json.loads(record.cells)["what"] == "one\ntwo"
    assert b">one\ntwo</textarea>" in browser.get(f"/records/{record.pk}").content
