"""A1: whatever is done on the pages, the entries replayed from nothing give the records."""

import json
from typing import Any

from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cartrial.capture.entry.saving import save as saving
from cartrial.capture.entry.saving.judge import Judged
from cartrial.capture.ledger.models import Content, Entry, Record
from cartrial.capture.ledger.read import forms_now
from cartrial.capture.ledger.verify import verify
from cartrial.capture.people.models import Account
from cartrial.capture.trail.verify_trail import canonical
from tests.unit.capture.conftest import client_of
from tests.unit.capture.entry.conftest import only

CLINICAL = ("create", "change", "void", "restore")
NEW = "/forms/{}/new?subject=001"


def replayed() -> dict[tuple[str, str, str], tuple[int, bool, str]]:
    """The records, from the entries alone."""
    made: dict[tuple[str, str, str], tuple[int, bool, str]] = {}
    for entry in Entry.objects.filter(action__in=CLINICAL).order_by("seq"):
        place = (entry.subject, entry.form, entry.key)
        cells = json.loads(made[place][2]) if place in made else {}
        for name, (_, new) in json.loads(Content.objects.get(entry=entry).text or "")[
            "changes"
        ].items():
            cells[name] = new
        kept = {name: cell for name, cell in cells.items() if cell is not None}
        made[place] = (entry.seq, entry.action == "void", canonical(kept))
    return made


def recorded() -> dict[tuple[str, str, str], tuple[int, bool, str]]:
    return {(r.subject, r.form, r.key): (r.seq, r.voided, r.cells) for r in Record.objects.all()}


HOURS = st.integers(0, 3)
VALUES = st.sampled_from(["", "36.5", "38.2", "39.9", "42.5", "bad"])
STEP = st.one_of(
    st.tuples(st.just("signs"), HOURS, VALUES),
    st.tuples(st.just("event"), st.integers(1, 3), st.sampled_from(["Rash", "Fever", ""])),
    st.tuples(st.just("change"), st.integers(0, 5), VALUES),
    st.tuples(st.just("move"), st.integers(0, 5), HOURS),
    st.tuples(st.just("withdraw"), st.integers(0, 5), st.none()),
    st.tuples(st.just("restore"), st.integers(0, 5), st.none()),
)


def gone(browser: Client, step: tuple[str, int, Any]) -> int:
    """One thing done on the pages; what was answered."""
    what, number, value = step
    reason = {"_reason": "typing error"}
    if what == "signs":
        typed = {"at": f"2026-02-11 0{number}:00", "temperature": value, "pulse": "80"}
        return browser.post(NEW.format("vital_signs"), typed).status_code
    if what == "event":
        typed = {"number": str(number), "term": value, "scale": "CTCAE"}
        return browser.post(NEW.format("adverse_event"), typed).status_code
    records = Record.objects.exclude(form="demographics").order_by("pk")
    if not records:
        return 0
    record = records[number % len(records)]
    sent = {"_base": str(record.seq), **reason}
    place = f"/records/{record.pk}"
    if what == "change":
        sent |= {"temperature": value, "term": f"Rash {value}"}
    elif what == "move":
        sent |= {"at": f"2026-02-11 0{value}:00", "number": str(value + 1)}
    else:
        place = f"{place}/{what}"
    return browser.post(place, sent).status_code


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(STEP, min_size=4, max_size=10))
def test_replaying_the_entries_gives_the_records(
    enrolled: str, browser: Client, steps: list[tuple[str, int, Any]]
) -> None:
    for step in steps:
        assert gone(browser, step) in (0, 302, 409, 422)
    assert replayed() == recorded()
    assert verify().findings == ()


def test_a_row_that_came_between_is_seen(
    enrolled: str, browser: Client, people: dict[str, Account], monkeypatch: Any
) -> None:
    """Between the look and the write another person enters the same row: one row, said so."""
    other, looks = client_of(people["investigator"]), []
    judge = saving.judge

    def then_another_enters(*given: Any) -> list[Judged]:
        looks.append(given)
        judged = judge(*given)
        if len(looks) == 1:
            typed = {"at": "2026-02-11 08:00", "pulse": "70"}
            assert other.post(NEW.format("vital_signs"), typed).status_code == 302
        return judged

    monkeypatch.setattr(saving, "judge", then_another_enters)
    late = browser.post(NEW.format("vital_signs"), {"at": "2026-02-11 08:00", "pulse": "90"})
    assert late.status_code == 422
    assert b"got the key of one that is there" in late.content
    assert json.loads(only("vital_signs").cells)["pulse"] == "70"
    assert len(looks) == 3


def test_the_forms_follow_what_the_pages_do(enrolled: str, browser: Client) -> None:
    browser.post(NEW.format("vital_signs"), {"at": "2026-02-11 08:00", "pulse": "70"})
    assert forms_now()[0].tables["vital_signs"]["pulse"].to_list() == [70]
    record = only("vital_signs")
    sent = {"_base": record.seq, "_reason": "typing error"}
    browser.post(f"/records/{record.pk}/withdraw", sent)
    assert forms_now()[0].tables["vital_signs"].height == 0
