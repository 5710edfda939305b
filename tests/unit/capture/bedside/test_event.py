"""An event with its grades and its report: the clock, what changed since, one step each."""

import datetime as dt
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from cartrial.capture.ledger.models import Record
from cartrial.capture.ledger.read import head
from cartrial.capture.people.models import Account
from cartrial.capture.schedule.serious import moment_here, report_clock
from tests.unit.capture.bedside.test_assessment import shown
from tests.unit.capture.conftest import client_of

MADRID = ZoneInfo("Europe/Madrid")
Enter = Callable[..., int]


@pytest.fixture
def event(infused: str, enter: Enter) -> int:
    """The record of an event that is serious."""
    enter("adverse_event", subject="001", number="1", term="Febrile neutropenia", scale="CTCAE",
          ctcae_term="Febrile neutropenia", started="2026-02-11", serious="yes")  # fmt: skip
    enter("ae_grade", subject="001", number="1", since="2026-02-11", grade="3")
    return Record.objects.get(form="adverse_event").pk


def hours_ago(hours: float) -> str:
    return (dt.datetime.now(dt.UTC) - dt.timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M")


def serious(enter: Enter, *, base: int = 0, reason: str = "", **cells: str) -> int:
    flags = ("fatal", "life_threatening", "hospitalisation", "disability", "congenital")
    reasons = dict.fromkeys(flags, "no") | {"important": "yes"}
    named = {"subject": "001", "number": "1"}
    return enter("serious_event", base=base, reason=reason, **named, **reasons, **cells)


def test_one_button_opens_the_report_with_number_and_aware(event: int, browser: Client) -> None:
    before = head()
    answer = browser.get(f"/events/{event}/report")
    given = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert given["number"] == ["1"]
    assert given["subject"] == ["001"]
    aware = dt.datetime.fromisoformat(given["aware"][0])
    assert abs(dt.datetime.now(dt.UTC).replace(tzinfo=None) - aware) < dt.timedelta(minutes=2)
    page = browser.get(answer.headers["Location"]).content.decode()
    assert f'value="{given["aware"][0].replace("T", " ")}"' in page
    assert head() == before
    assert f"/events/{event}" in browser.get(f"/records/{event}").content.decode()


def test_the_report_that_is_there_is_opened(event: int, browser: Client, enter: Enter) -> None:
    serious(enter, aware=hours_ago(1))
    there = Record.objects.get(form="serious_event").pk
    assert browser.get(f"/events/{event}/report").headers["Location"] == f"/records/{there}"


@pytest.mark.parametrize(
    ("hours", "told"), [(2, "To be reported by"), (30, "Not reported: it was due by")]
)
def test_the_clock_stands_on_the_event_and_on_its_report(
    hours: int, told: str, event: int, browser: Client, enter: Enter
) -> None:
    serious(enter, aware=hours_ago(hours))
    assert told in shown(browser.get(f"/events/{event}"))
    there = Record.objects.get(form="serious_event").pk
    assert told in shown(browser.get(f"/records/{there}"))


@pytest.mark.parametrize(
    ("aware", "now", "left"),
    [
        ("2026-02-10T10:00", "2026-02-10T22:00+01:00", 12.0),
        ("2026-03-28T10:00", "2026-03-28T10:00+01:00", 24.0),  # summer time begins on the 29th
        ("2026-03-28T10:00", "2026-03-29T10:00+02:00", 1.0),  # one hour did not exist
        ("2026-10-24T10:00", "2026-10-25T10:00+01:00", -1.0),  # one hour was twice
        ("2026-10-25T02:30", "2026-10-25T02:30+02:00", 24.0),  # of two, the first
    ],
)
def test_the_24_hours_are_hours_that_pass(aware: str, now: str, left: float) -> None:
    clock = report_clock(aware, dt.datetime.fromisoformat(now), MADRID)
    assert clock is not None
    assert clock.left == dt.timedelta(hours=left)
    assert clock.is_overdue == (left < 0)


def test_a_due_time_is_by_the_clock_on_the_wall() -> None:
    now = dt.datetime(2026, 3, 28, 12, tzinfo=MADRID)
    clock = report_clock("2026-03-28T10:00", now, MADRID)
    assert clock is not None
    assert clock.due_here == "2026-03-29 11:00"
    assert clock.words == "To be reported by 2026-03-29 11:00: 22 h 0 min left"
    assert report_clock("no time", now, MADRID) is None
    assert report_clock("9999-12-31T23:59", now, MADRID) is None
    tokyo = ZoneInfo("Asia/Tokyo")
    assert report_clock("9999-12-31T00:30", now, tokyo) is None
    assert moment_here("0001-01-01T00:00", tokyo) is None


def test_data_that_come_late_are_no_news(event: int, browser: Client, enter: Enter) -> None:
    serious(enter, aware="2026-02-11T08:00", reported="2026-02-11T12:00")
    assert "as they were reported" in shown(browser.get(f"/events/{event}"))
    browser.post(f"/events/{event}", {"since": "2026-02-12", "grade": "4"})
    page = shown(browser.get(f"/events/{event}"))
    assert "as they were reported" not in page
    assert "Grade from 2026-02-12 – 4" in page
    assert "Grade from 2026-02-11" not in page


def test_a_grade_from_after_the_report_is_news_though_it_was_entered_first(
    event: int, browser: Client, enter: Enter
) -> None:
    browser.post(f"/events/{event}", {"since": "2026-02-12", "grade": "4"})
    serious(enter, aware="2026-02-11T08:00", reported="2026-02-11T12:00")
    page = shown(browser.get(f"/events/{event}"))
    assert "Grade from 2026-02-12 – 4" in page
    assert "Grade from 2026-02-11" not in page


def test_a_new_report_begins_the_list_anew(event: int, browser: Client, enter: Enter) -> None:
    serious(enter, aware="2026-02-11T08:00", reported="2026-02-11T12:00")
    browser.post(f"/events/{event}", {"since": "2026-02-12", "grade": "4"})
    report = Record.objects.get(form="serious_event")
    later = f"{dt.datetime.now(dt.UTC) + dt.timedelta(minutes=2):%Y-%m-%dT%H:%M}"
    serious(enter, base=report.seq, reason="other: sent", aware="2026-02-11T08:00", reported=later)
    assert "as they were reported" in shown(browser.get(f"/events/{event}"))


def test_each_change_names_old_new_and_who(
    event: int, browser: Client, enter: Enter, passing: Callable[..., None]
) -> None:
    now = dt.datetime.now(dt.UTC)
    serious(enter, aware=hours_ago(1), reported=f"{now + dt.timedelta(minutes=5):%Y-%m-%dT%H:%M}")
    passing(minutes=10)
    browser.post(f"/events/{event}", {"since": "2026-02-12", "grade": "4"})
    record = Record.objects.get(pk=event)
    change = {"_base": str(record.seq), "outcome": "resolved", "_reason": "source found later"}
    assert browser.post(f"/records/{event}", change).status_code == 302
    page = shown(browser.get(f"/events/{event}"))
    since = page.partition("Changed since that report")[2]
    assert "Grade from 2026-02-12 – 4" in since
    assert "Outcome – resolved" in since
    assert "A coordinator" in since
    assert "Event as reported" not in since


def test_a_grade_is_added_in_one_step(event: int, browser: Client) -> None:
    done = browser.post(f"/events/{event}", {"since": "2026-02-12", "grade": "4"})
    assert done.status_code == 302
    page = shown(browser.get(f"/events/{event}"))
    assert page.index("2026-02-11 3") < page.index("2026-02-12 4")
    assert "3, 4, 5" in page  # what CTCAE has for the term
    twice = browser.post(f"/events/{event}", {"since": "2026-02-12", "grade": "4"})
    assert twice.status_code == 302
    assert Record.objects.filter(form="ae_grade").count() == 2
    assert browser.post(f"/events/{event}", {"since": "x", "grade": "9"}).status_code == 422


def test_the_number_of_the_event_is_fixed(event: int, browser: Client) -> None:
    browser.post(f"/events/{event}", {"since": "2026-02-12", "grade": "4", "number": "2"})
    assert not Record.objects.filter(form="ae_grade", key__startswith='["2"').exists()


def test_only_an_event_has_the_page(
    event: int, browser: Client, people: dict[str, Account]
) -> None:
    other = Record.objects.get(form="infusion").pk
    for path in (f"/events/{other}", f"/events/{other}/report", "/events/99999"):
        assert browser.get(path).status_code == 404
    monitor = client_of(people["monitor"])
    assert monitor.get(f"/events/{event}").status_code == 200
    assert monitor.post(f"/events/{event}", {"since": "2026", "grade": "1"}).status_code == 403
