"""The list of subjects, the forms of one, the records of a form."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from cartrial.capture.entry.pages import subjects as page
from cartrial.capture.ledger.row import read_row
from cartrial.capture.ledger.write import writing
from cartrial.capture.people.models import Account

Enter = Callable[..., int]


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "today", lambda: dt.date(2026, 3, 12))


def test_a_subject_in_the_list(infused: str, enter: Enter, browser: Client) -> None:
    enter("visit", subject="001", visit="Day 14", on="2026-02-24", safety="yes")
    text = browser.get("/subjects").content.decode()
    for said in ("001", "2026-02-10", "Day 14", "2026-02-24", ">30<", "overdue"):
        assert said in text
    assert "1 × 10⁶/kg" in text


def test_a_query_counts(infused: str, browser: Client, people: dict[str, Account]) -> None:
    with writing(people["monitor"].actor) as ledger:
        ledger.add("query open", subject="001", form="demographics", key="[]",
                   content={"field": "age", "text": "Is it 60?"})  # fmt: skip
    assert ">1</a>" in browser.get("/subjects").content.decode()
    assert "1 queried" in browser.get("/subjects/001/forms").content.decode()
    assert "queried" in browser.get("/subjects/001/forms/demographics").content.decode()


def test_the_forms_of_a_subject(infused: str, browser: Client) -> None:
    text = browser.get("/subjects/001/forms").content.decode()
    for said in (
        "Enrolment and demographics",
        "Day 28",
        "overdue",
        "CAR-T infusion",
        "day 30 today",
    ):
        assert said in text
    assert "ae_grade`" not in text
    assert "Dose decision" not in text


def test_the_records_of_a_form_are_in_the_order_of_their_numbers(
    infused: str, enter: Enter, browser: Client
) -> None:
    for number in (2, 10, 1):
        enter("adverse_event", subject="001", number=str(number), term="x", scale="CTCAE")
    text = browser.get("/subjects/001/forms/adverse_event").content.decode()
    places = [text.index(f">{number}</a></th>") for number in (1, 2, 10)]
    assert places == sorted(places)


def test_a_long_list_has_pages(
    infused: str, enter: Enter, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "MANY", 2)
    for number in range(1, 6):
        enter("adverse_event", subject="001", number=str(number), term="x", scale="CTCAE")
    path = "/subjects/001/forms/adverse_event"
    first, last = browser.get(path).content, browser.get(f"{path}?from=4").content
    assert b"?from=2" in first
    assert last.count(b'<th scope="row">') == 1
    assert browser.get(f"{path}?from=x").status_code == 200


def test_no_subject_yet(browser: Client) -> None:
    assert b"No subject yet" in browser.get("/subjects").content


@pytest.mark.parametrize("key", ["", "../x", "a b", "é", "x" * 21, "a/b", "<b>", "001\n"])
def test_a_key_of_a_subject_keeps_to_its_letters(browser: Client, key: str) -> None:
    answer = browser.post("/forms/demographics/new", {"subject": key, "age": "60",
                          "why_no_consent_date": "unknown"})  # fmt: skip
    good = key.strip() == "001"
    assert answer.status_code == (302 if good else 422)


def test_a_new_subject(browser: Client) -> None:
    answer = browser.post("/forms/demographics/new", {"subject": "001-026", "age": "60",
                          "consented": "2026-01-05"})  # fmt: skip
    assert answer.status_code == 302
    assert b"001-026" in browser.get("/subjects").content


def test_reading_writes_nothing(infused: str, browser: Client) -> None:
    from cartrial.capture.ledger.read import head

    before: Any = head()
    for path in ("/subjects", "/subjects/001/forms", "/subjects/001/forms/infusion",
                 "/subjects/001/day/2026-02-11", "/forms/visit/new?subject=001"):  # fmt: skip
        assert browser.get(path).status_code == 200
    assert head() == before


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("completed", "completed the study"),
        ("death", "died"),
        ("withdrew consent", "left the study: withdrew consent"),
    ],
)
def test_how_a_subject_ended(
    infused: str, browser: Client, people: dict[str, Account], reason: str, told: str
) -> None:
    cells = {"subject": "001", "milestone": "end of study", "on": "2026-03-01", "reason": reason}
    row, _ = read_row("disposition", cells)
    assert row is not None
    with writing(people["coordinator"].actor) as ledger:
        ledger.enter(row, base=0)
    assert f">{told}<" in browser.get("/subjects").content.decode()


def test_a_new_subject_leads_to_its_forms(browser: Client) -> None:
    new = {"subject": "001", "consented": "2026-01-05", "age": "60", "sex": "male"}
    answer = browser.post("/forms/demographics/new", new, follow=True)
    assert "Saved as entry" in answer.content.decode()
    assert '<a href="/subjects/001/forms">Forms of this subject' in answer.content.decode()


def test_the_forms_of_a_new_subject_say_what_comes_next(enrolled: str, browser: Client) -> None:
    text = browser.get("/subjects/001/forms").content.decode()
    assert '<b>Next:</b> <a href="/forms/visit/new?subject=001&amp;visit=Screening">' in text


def test_a_record_whose_source_is_to_be_seen_again_is_marked(
    enrolled: str, enter: Enter, browser: Client, people: dict[str, Account]
) -> None:
    first = enter("vital_signs", subject="001", at="2026-02-12T08:00", pulse="70")
    with writing(people["monitor"].actor) as ledger:
        ledger.add("sdv", subject="001", form="vital_signs", key='["2026-02-12T08:00"]')
    enter("vital_signs", base=first, reason="source", subject="001", at="2026-02-12T08:00",
          pulse="71")  # fmt: skip
    text = browser.get("/subjects/001/forms/vital_signs").content.decode()
    assert "source broken by a change" in text
