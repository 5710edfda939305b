"""Which worksheets a visit needs, and what stands on them before anybody writes."""

import datetime as dt

import pytest

from cartrial.capture.ledger.row import CAPTURED
from cartrial.capture.schedule.visit import PlannedVisit
from cartrial.capture.worksheet.sheet import blank, coming, forms_at, near, of_visit
from cartrial.protocol.read import packaged_study
from cartrial.protocol.study import Visit

STUDY = packaged_study()
assert STUDY.schedule is not None
VISITS = {visit.name: visit for visit in STUDY.schedule.visits}
ALWAYS = "visit vital_signs"
BEDSIDE = "crs_assessment icans_assessment"
CAR = "car_transgene car_flow"
RESPONSE = "m_protein free_light_chain marrow plasmacytoma response"
EVENTS = "adverse_event medication"


@pytest.mark.parametrize(
    ("visit", "forms"),
    [
        ("Screening", f"{ALWAYS} {EVENTS}"),
        ("Baseline", f"{ALWAYS} {EVENTS}"),
        ("Day 0", f"{ALWAYS} infusion {BEDSIDE} {CAR} {EVENTS}"),
        ("Day 14", f"{ALWAYS} {BEDSIDE} {CAR} {EVENTS}"),
        ("Day 28", f"{ALWAYS} {BEDSIDE} {CAR} {RESPONSE} {EVENTS}"),
        ("Month 2", f"{ALWAYS} {CAR} {RESPONSE} {EVENTS}"),
        ("Week 12", f"{ALWAYS} {EVENTS}"),
    ],
)
def test_a_visit_has_the_forms_that_the_schedule_says(visit: str, forms: str) -> None:
    assert forms_at(STUDY, VISITS[visit]) == tuple(forms.split())


def test_a_visit_that_is_not_counted_from_the_infusion_takes_no_day_of_it() -> None:
    aside = Visit(name="Aside", day=0, unanchored=True)
    assert forms_at(STUDY, aside) == (*ALWAYS.split(), *EVENTS.split())


@pytest.mark.parametrize(
    ("visit", "when"),
    [
        ("Day 28", "planned day 28 from the infusion, window day 25 to 31"),
        ("Baseline", "planned day -6 from the infusion, window day -8 to -6"),
        ("Screening", "not counted from the infusion"),
    ],
)
def test_without_the_day_of_infusion_a_window_is_told_in_days(visit: str, when: str) -> None:
    assert {sheet.when for sheet in of_visit(STUDY, VISITS[visit])} == {when}


def planned(name: str, status: str, due: dt.date | None = None) -> PlannedVisit:
    three = dt.timedelta(3)
    window = (due - three, due + three) if due else (None, None)
    return PlannedVisit(name, 28, due, *window, None, status)


def test_the_visits_to_come_stand_with_their_dates() -> None:
    visits = [
        planned("Day 14", "done"),
        planned("Day 21", "missed"),
        planned("Day 28", "later", dt.date(2026, 5, 29)),
        planned("Month 2", "not expected"),
        planned("Month 3", "overdue", dt.date(2026, 7, 31)),
        planned("A fall", "unscheduled"),
    ]
    sheets = coming(STUDY, "001-004", visits)
    assert {sheet.subject for sheet in sheets} == {"001-004"}
    assert list(dict.fromkeys(sheet.visit for sheet in sheets)) == ["Day 28", "Month 3"]
    assert sheets[0].when == "planned 2026-05-29, window 2026-05-26 to 2026-06-01"


def test_the_name_of_the_visit_is_written_already_where_a_form_asks_it() -> None:
    given = {sheet.form: dict(sheet.given) for sheet in of_visit(STUDY, VISITS["Day 28"])}
    assert given["visit"] == given["car_flow"] == {"visit": "Day 28"}
    assert given["vital_signs"] == {}


def test_every_form_that_is_captured_has_its_blank_worksheet() -> None:
    assert [sheet.form for sheet in blank()] == list(CAPTURED)


@pytest.mark.parametrize(
    ("due", "day", "is_near"),
    [("2026-05-03", 28, True), ("2026-06-05", 28, True), ("2026-06-06", 28, False),
     ("", -42, True), ("", 28, True), ("", 61, False)],
)  # fmt: skip
def test_a_ward_has_paper_for_the_next_weeks(due: str, day: int, is_near: bool) -> None:
    on = dt.date.fromisoformat(due) if due else None
    opens = on - dt.timedelta(3) if on else None
    visit = PlannedVisit("A visit", day, on, opens, on, None, "later")
    assert near([visit], dt.date(2026, 5, 3)) == ([visit] if is_near else [])
