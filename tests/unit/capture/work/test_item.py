"""The lines of the work list, each from the forms and the state of work."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from cartrial.capture.ledger.row import typed_rows
from cartrial.capture.state.fold.follow import State, state_of
from cartrial.capture.work.item import Item, Known, items
from cartrial.forms.catalogue import Forms
from cartrial.protocol.read import packaged_study
from tests.unit.capture.state.acts import acts

ZONE = ZoneInfo("UTC")
NOW = dt.datetime(2026, 3, 20, 12, 0)
INFUSED = [{"subject": "001", "number": "1", "at": "2026-03-10T09:00"}]


def known(state: State | None = None, *, now: dt.datetime = NOW, unreviewed: int = 0,
          since: dt.date | None = None, access: dt.date | None = None,
          **rows: list[dict[str, str]]) -> Known:  # fmt: skip
    forms = Forms({form: typed_rows(form, cells) for form, cells in rows.items()})
    return Known(packaged_study(), forms, state or State(), now, ZONE, unreviewed, since, access)


def of_kind(kind: str, given: Known) -> list[Item]:
    return [item for item in items(given) if item.kind == kind]


@pytest.mark.parametrize(
    ("aware", "expected", "days"),
    [
        ("2026-03-20T10:00", "event 3 to report within 24 h: 22 h left", -1),
        ("2026-03-19T12:30", "event 3 to report within 24 h: 0 h left", -1),
        ("2026-03-19T10:00", "event 3 to report within 24 h: 2 h over", 0),
        ("2026-03-17T10:00", "event 3 to report within 24 h: 50 h over", 2),
        ("", "event 3 is not reported, and nobody said since when it is known", None),
    ],
)
def test_a_serious_event_is_reported_within_24_hours(
    aware: str, expected: str, days: int | None
) -> None:
    event = {"subject": "001", "number": "3"} | ({"aware": aware} if aware else {})
    (item,) = of_kind("SAE clock", known(serious_event=[event]))
    assert (item.words, item.days, item.urgent) == (expected, days, True)


def test_a_reported_event_has_no_clock() -> None:
    event = {"subject": "001", "number": "3", "aware": "2026-03-17T10:00"}
    reported = event | {"reported": "2026-03-19T10:00"}
    assert of_kind("SAE clock", known(serious_event=[reported])) == []


def test_a_serious_event_needs_its_form() -> None:
    events = [
        {"subject": "001", "number": "1", "serious": "yes"},
        {"subject": "001", "number": "2", "serious": "no"},
        {"subject": "001", "number": "3", "serious": "yes"},
        {"subject": "001", "number": "4"},
    ]
    reports = [{"subject": "001", "number": "1", "reported": "2026-03-19T10:00"}]
    found = of_kind("serious event", known(adverse_event=events, serious_event=reports))
    assert [item.words for item in found] == ["event 3 is serious and has no report"]


@pytest.mark.parametrize(
    ("now", "more", "expected"),
    [
        ("2026-03-10", {}, None),
        ("2026-03-13", {}, "no ICE on day 1, 2"),
        ("2026-06-01", {}, "no ICE on day 1, 2, 4, 5, 6, 7, 8, 9, 10"),
        ("2026-06-01", {"death": "2026-03-14"}, "no ICE on day 1, 2"),
    ],
)
def test_ice_is_assessed_on_each_of_the_first_ten_days(
    now: str, more: dict[str, str], expected: str | None
) -> None:
    done = [
        {"subject": "001", "at": "2026-03-10T18:00", "orientation": "4"},
        {"subject": "001", "at": "2026-03-12T08:00", "consciousness": "alert"},
        {"subject": "001", "at": "2026-03-13T08:00", "why_no_ice": "sedated"},
    ]
    death = [{"subject": "001", "on": on, "cause": "other"} for on in more.values()]
    moment = dt.datetime.fromisoformat(f"{now}T12:00")
    given = known(now=moment, infusion=INFUSED, icans_assessment=done, death=death)
    assert [item.words for item in of_kind("ICE missing", given)] == [expected] * bool(expected)


def test_a_visit_is_overdue_when_its_window_is_over() -> None:
    early = known(now=dt.datetime(2026, 3, 10, 12), infusion=INFUSED)
    late = known(now=dt.datetime(2028, 6, 1, 12), infusion=INFUSED)
    assert len(of_kind("overdue visit", early)) < len(of_kind("overdue visit", late))
    held = [{"subject": "001", "visit": "Day 28", "on": "2026-04-07", "safety": "yes"}]
    words = [item.words for item in of_kind("overdue visit", known(
        now=dt.datetime(2028, 6, 1, 12), infusion=INFUSED, visit=held))]  # fmt: skip
    assert not any(word.startswith("Day 28,") for word in words)


def test_queries_wait_for_the_site_and_answers_for_who_asked() -> None:
    state = state_of(
        acts("""
        query open   | 001 adverse_event | {"field": "term", "text": "Which?"}
        query open   | 001 adverse_event | {"field": "started", "text": "When?"}
        query answer | 001 adverse_event | {"text": "In May"} | query 2
    """)
    )
    found = [item for item in items(known(state)) if "query" in item.kind]
    assert [(item.kind, item.permission, item.days) for item in found] == [
        ("query", "answer", 78),
        ("answered query", "query", 77),
    ]


@pytest.mark.parametrize(
    ("then", "expected"),
    [
        ("", []),
        ("change | 001 adverse_event", ["broken signature"]),
        ("create | 001 death", ["not signed"]),
        ('change | 001 adverse_event\nsign | 001 | {"meaning": "subject"}', []),
    ],
)
def test_data_are_signed_as_they_stand(then: str, expected: list[str]) -> None:
    before = 'create | 001 adverse_event\nsign | 001 | {"meaning": "subject"}\n'
    assert [item.kind for item in items(known(state_of(acts(before + then))))] == expected


def test_a_signed_record_that_changed_is_told() -> None:
    before = 'create | 001 adverse_event\nsign | 001 | {"meaning": "subject"}\n'
    one = 'sign | 001 adverse_event | {"meaning": "record"}\nchange | 001 adverse_event\n'
    again = 'sign | 001 | {"meaning": "subject"}\n'
    found = items(known(state_of(acts(before + one + again))))
    assert [(item.kind, item.href) for item in found] == [("broken signature", "/signatures/3")]


def test_a_subject_never_signed_and_a_verified_record_that_changed_are_told() -> None:
    said = "create | 001 adverse_event\nsdv | 001 adverse_event\nchange | 001 adverse_event"
    found = {item.kind: item for item in items(known(state_of(acts(said))))}
    assert set(found) == {"not signed", "source"}
    source = found["source"]
    assert (source.permission, source.words) == ("sdv", "Adverse event: 1 verified record changed")
    assert source.href == "/subjects/001/forms/adverse_event"


def test_reviews_are_told_when_they_are_due() -> None:
    given = known(unreviewed=12, since=dt.date(2026, 2, 1), access=dt.date(2026, 3, 19))
    assert [(item.kind, item.days) for item in items(given)] == [("review", 17), ("access", 1)]
    assert of_kind("access", known(access=dt.date(2026, 3, 21))) == []


def test_what_is_urgent_comes_first() -> None:
    given = known(
        state_of(acts('query open | 001 adverse_event | {"field": "term", "text": "Which?"}')),
        serious_event=[{"subject": "001", "number": "3"}],
    )
    assert [item.kind for item in items(given)] == ["SAE clock", "query"]


def test_a_proposal_of_a_dose_waits_for_who_decides() -> None:
    said = 'propose dose | | {"decision": "escalate", "to_level": "3"}'
    (item,) = items(known(state_of(acts(said))))
    assert (item.kind, item.permission, item.href) == ("dose decision", "decide", "/dose/1")
    assert item.words == "escalate to dose level 3, proposed by Kim"
    decided = f"{said}\ndecide dose | | {{}}"
    assert items(known(state_of(acts(decided)))) == []
    assert len(items(known(state_of(acts(f"{decided}\n{said}"))))) == 1
