"""What only a browser shows: history at a field, input kept over a logout, two people at one row.

Each test has a subject of its own of one demonstration, so none waits for another.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.capture_server import Server, serving
from tests.e2e.capture.person import PHONE, Person, chromium

SUBJECT, OTHER = "001-001", "001-002"
SIGNS = f"/forms/vital_signs/new?subject={SUBJECT}"
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def server(made: tuple[Path, str]) -> Iterator[Server]:
    with serving(made[0]) as server:
        yield server


def signs_at(person: Person, at: str) -> str:
    return person.enter("vital_signs", SUBJECT, at=at, pulse="71", temperature="36.6")


def test_a_field_shows_its_history(browser: Browser, server: Server, password: str) -> None:
    person = Person(browser, server, "coordinator", password)
    record = signs_at(person, "2026-01-02 08:00")
    person.type(pulse="73", _reason="typing error")
    person.press("Save")
    person.answer("as in the source")
    person.go(record)
    person.press("History of Heart rate")
    past = person.find("#past-pulse")
    for word in ("71", "73", "typing error", "Demo coordinator"):
        expect(past).to_contain_text(word)
    person.close()


def test_what_was_typed_is_kept_over_a_logout(
    browser: Browser, server: Server, password: str
) -> None:
    person = Person(browser, server, "coordinator", password)
    person.go(SIGNS)
    person.type(at="2026-01-03 08:00", pulse="77")
    person.page.context.clear_cookies(name="session")  # as when the session has ended
    person.press("Save")
    person.log_in()
    person.go(SIGNS)
    assert person.find("[name=pulse]").input_value() == ""
    person.press("Put it back")
    assert person.find("[name=pulse]").input_value() == "77"
    person.press("Save")
    person.answer("as in the source")
    assert "Saved as entry" in person.text
    person.go(SIGNS)
    expect(person.find("[data-kept]")).to_be_hidden()
    person.close()


def test_two_people_at_one_row(browser: Browser, server: Server, password: str) -> None:
    first = Person(browser, server, "coordinator", password)
    second = Person(browser, server, "sub_investigator", password)
    record = signs_at(first, "2026-01-04 08:00")
    second.go(record)
    first.go(record)
    first.type(pulse="80", _reason="typing error")
    first.press("Save")
    first.answer("as in the source")
    second.type(pulse="90", _reason="typing error")
    second.press("Save")
    assert "Somebody changed this record meanwhile" in second.text
    for word in ("80", "90"):
        assert word in second.text
    second.picture("changed-meanwhile")
    second.find("[name=pulse][value='90']").check()
    second.press("Save what is chosen")
    second.answer("as in the source")
    second.go(record)
    assert second.find("[name=pulse]").input_value() == "90"
    first.close()
    second.close()


def test_a_locked_subject_takes_no_more_entries(
    browser: Browser, server: Server, password: str
) -> None:
    coordinator = Person(browser, server, "coordinator", password)
    coordinator.go(f"/forms/survival_contact/new?subject={OTHER}")
    investigator = Person(browser, server, "investigator", password)
    investigator.go(f"/sign/casebook?subject={OTHER}")
    investigator.sign("Sign")
    manager = Person(browser, server, "data_manager", password)
    manager.go("/holds")
    manager.press(f"Lock: {OTHER}")
    manager.type(reason="the subject is finished")
    manager.press("Lock")
    assert "locked" in manager.text
    coordinator.type(on="2026-01-05", status="alive")
    coordinator.press("Save")
    coordinator.answer("as in the source")
    assert "locked" in coordinator.text
    for one in (coordinator, investigator, manager):
        one.close()


def test_a_double_click_sends_once(browser: Browser, server: Server, password: str) -> None:
    monitor = Person(browser, server, "monitor", password)
    monitor.go(f"/subjects/{SUBJECT}/forms/demographics")
    monitor.find("main table a[href^='/records/']").first.click()
    monitor.press("Ask a query")
    monitor.type(text="Is this right?")
    sent = []

    def slow(route: Route) -> None:
        sent.append(route.request.method)
        route.fulfill(status=204)  # no answer that leads away while the second click comes

    monitor.page.route("**/queries/new", slow)
    for _ in range(2):
        monitor.press("Ask")
    monitor.page.wait_for_timeout(200)
    assert sent == ["POST"]
    monitor.close()


def test_the_forms_of_a_subject_fit_a_phone(
    browser: Browser, server: Server, password: str
) -> None:
    person = Person(browser, server, "investigator", password, size=PHONE)
    person.go(f"/subjects/{SUBJECT}/forms")
    person.page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true })")
    assert person.page.evaluate("document.documentElement.scrollWidth") == PHONE[0]
    person.close()


def test_the_menu_stands_in_one_line(browser: Browser, server: Server, password: str) -> None:
    person = Person(browser, server, "investigator", password)
    tops = person.page.eval_on_selector_all(
        ".bar nav a", "(links) => links.map((link) => link.getBoundingClientRect().top)"
    )
    assert len(tops) > 7
    assert len(set(tops)) == 1
    person.close()
