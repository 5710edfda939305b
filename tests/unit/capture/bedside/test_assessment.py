"""The bedside pages: a grade as one types, unknown is not no, a query where grades disagree."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from cartrial.capture.bedside.target import targets
from cartrial.capture.entry.pages.page import shown_groups
from cartrial.capture.graded.syndrome import RULE, grades
from cartrial.capture.ledger.models import Entry, Record
from cartrial.capture.ledger.read import head
from cartrial.capture.ledger.row import read_row
from cartrial.capture.ledger.write import writing
from cartrial.capture.people.models import Account
from cartrial.capture.state.act import Place
from cartrial.capture.state.fold.follow import follow
from cartrial.capture.state.fold.query import Query
from cartrial.forms.bedside import CONSCIOUSNESS, PRESSURE, SEIZURE
from cartrial.grading.crs import ANSWERS
from cartrial.grading.icans import ITEMS
from tests.unit.capture.conftest import client_of

CRS, ICANS = "/bedside/001/crs", "/bedside/001/icans"
AT = "2026-02-12 08:00"
COMPLETE = {
    "at": AT,
    "temperature": "38.6",
    "other_cause": "no",
    "treated": "no",
    "hypotension": "yes",
    "pressure_other_cause": "no",
    "vasopressors": "0",
    "vasopressin": "no",
    "oxygen": "none",
    "oxygen_other_cause": "no",
}
ALERT = {
    "at": AT,
    "orientation": "4",
    "naming": "3",
    "command": "1",
    "writing": "0",
    "attention": "1",
    "consciousness": "alert",
    "seizure": "none",
    "motor_weakness": "no",
    "pressure": "none",
    "other_cause": "no",
}


def shown(answer: Any) -> str:
    """The words of a part of a page."""
    return " ".join(re.sub(r"<[^>]*>", " ", answer.content.decode()).split())


def system_queries() -> list[Query]:
    return [one for one in follow().queries.values() if one.rule == RULE]


def test_the_grade_appears_with_its_rule_and_nothing_is_written(
    infused: str, browser: Client
) -> None:
    before = head()
    said = shown(browser.post(f"{CRS}/grade", COMPLETE))
    assert "CRS by the signs: grade 2" in said
    assert "Hypotension, with fever: grade 2" in said
    assert "Missing" not in said
    assert head() == before
    assert not Record.objects.filter(form="crs_assessment").exists()


def test_what_is_missing_is_named_and_the_grade_is_at_least_what_is_proven(
    infused: str, browser: Client
) -> None:
    known = {name: COMPLETE[name] for name in ("at", "temperature", "other_cause")}
    said = shown(browser.post(f"{CRS}/grade", known))
    assert "at least grade 1" in said
    assert "could change it" in said
    assert "Hypotension" in said
    assert "Oxygen support" in said


CRS_SIGNS = {
    name: [str(a) if not isinstance(a, bool) else "yes" if a else "no" for a in answers]
    for name, answers in ANSWERS.items()
    if name != "was_open"
}
ICANS_SIGNS = {item: [str(n) for n in range(most + 1)] for item, most in ITEMS.items()} | {
    "consciousness": list(CONSCIOUSNESS),
    "seizure": list(SEIZURE),
    "motor_weakness": ["yes", "no"],
    "pressure": list(PRESSURE),
    "other_cause": ["yes", "no"],
}


@pytest.mark.parametrize(
    ("form", "answers"), [("crs_assessment", CRS_SIGNS), ("icans_assessment", ICANS_SIGNS)]
)
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_a_missing_input_never_narrows_the_grade(
    form: str, answers: dict[str, list[str]], data: st.DataObject
) -> None:
    def graded(cells: dict[str, str]) -> dict[str, Any]:
        row, _ = read_row(form, {"subject": "001", "at": "2026-02-12T08:00", **cells})
        assert row is not None
        (one,) = grades(form, [row], "2026-02-10T10:00")
        return one

    choices = {name: st.sampled_from(of) for name, of in answers.items()}
    signs = data.draw(st.fixed_dictionaries({}, optional=choices))
    left_out = data.draw(st.sets(st.sampled_from(sorted(answers))))
    whole, part = graded(signs), graded({n: c for n, c in signs.items() if n not in left_out})
    assert part["lowest"] <= whole["lowest"]
    assert part["highest"] >= whole["highest"]


def test_a_cell_that_cannot_be_read_is_unknown_and_told(infused: str, browser: Client) -> None:
    said = shown(browser.post(f"{CRS}/grade", COMPLETE | {"temperature": "388"}))
    assert "not assessable" in said
    assert "Highest temperature since the last assessment: cannot be read" in said
    assert browser.post(f"{CRS}/grade", {"at": "\x00", "oxygen": "x" * 9000}).status_code == 200


def test_the_points_of_ice_and_what_was_not_asked(infused: str, browser: Client) -> None:
    said = shown(browser.post(f"{ICANS}/grade", ALERT))
    assert "ICE score 9 of 10" in said
    assert "ICE score 9: grade 1" in said
    part = {name: cell for name, cell in ALERT.items() if name != "naming"}
    said = shown(browser.post(f"{ICANS}/grade", part))
    assert "6 of 7 so far, 3 not asked" in said
    assert "at least grade 1" in said
    assert "ICE naming (three objects)" in said


def test_an_assessment_is_saved_with_one_write_and_stands_beside_the_next(
    infused: str, browser: Client
) -> None:
    before = Entry.objects.count()
    done = browser.post(CRS, COMPLETE | {"grade": "2"})
    record = Record.objects.get(form="crs_assessment")
    assert done.headers["Location"] == f"{CRS}?saved={record.seq}"
    assert Entry.objects.count() == before + 1
    assert json.loads(record.cells)["hypotension"] == "yes"
    assert system_queries() == []
    page = browser.get(CRS).content.decode()
    assert "Last: 2026-02-12 08:00" in page
    assert "investigator 2" in page
    assert f"/records/{record.pk}" in page


def test_sending_it_twice_gives_one_row(infused: str, browser: Client) -> None:
    first, second = browser.post(CRS, COMPLETE), browser.post(CRS, COMPLETE)
    assert first.headers["Location"] == second.headers["Location"]
    assert Record.objects.filter(form="crs_assessment").count() == 1


def test_a_disagreement_opens_one_query_and_the_software_closes_it(
    infused: str, browser: Client
) -> None:
    assert "outside what the signs allow (2)" in shown(
        browser.post(f"{CRS}/grade", COMPLETE | {"grade": "1"})
    )
    browser.post(CRS, COMPLETE | {"grade": "1"})
    (query,) = system_queries()
    assert query.text.startswith("CRS grade 1 is recorded, the signs allow 2 (")
    assert (query.field, query.is_open) == ("grade", True)
    browser.post(CRS, COMPLETE | {"at": "2026-02-12 16:00", "grade": "2"})
    assert len(system_queries()) == 1  # another assessment asks nothing anew
    record = Record.objects.get(form="crs_assessment", key__contains="08:00")
    mended = {"_base": str(record.seq), "grade": "2", "_reason": "typing error"}
    assert browser.post(f"/records/{record.pk}", mended).status_code == 302
    (query,) = system_queries()
    assert not query.is_open
    assert len(query.steps) == 2


def test_a_query_that_a_person_closed_stays_closed_until_the_signs_change(
    infused: str, browser: Client, people: dict[str, Account]
) -> None:
    browser.post(CRS, COMPLETE | {"grade": "1"})
    (query,) = system_queries()
    monitor = client_of(people["monitor"])
    monitor.post(f"/queries/{query.number}/close", {"text": "seen with the investigator"})
    assert not system_queries()[0].is_open
    browser.post(CRS, COMPLETE | {"at": "2026-02-12 16:00", "grade": "2"})
    assert len(system_queries()) == 1
    record = Record.objects.get(form="crs_assessment", key__contains="08:00")
    worse = {"_base": str(record.seq), "oxygen": "CPAP", "_reason": "source corrected"}
    browser.post(f"/records/{record.pk}", worse)
    assert [one.is_open for one in system_queries()] == [False, True]


AFEBRILE = COMPLETE | {"at": "2026-02-12 16:00", "temperature": "37.0", "treated": "yes"}


def test_an_assessment_entered_late_may_contradict_one_that_stands(
    infused: str, browser: Client
) -> None:
    browser.post(CRS, AFEBRILE | {"grade": "0"})  # 0 to 2: whether an episode is open is unknown
    assert system_queries() == []
    browser.post(CRS, COMPLETE | {"grade": "2"})  # eight hours earlier: now one is open
    (query,) = system_queries()
    assert query.place.key == '["2026-02-12T16:00"]'
    assert "the signs allow 2 " in query.text


def test_a_locked_assessment_is_left_alone(
    infused: str, browser: Client, people: dict[str, Account]
) -> None:
    browser.post(CRS, AFEBRILE | {"grade": "0"})
    with writing(people["data_manager"].actor) as ledger:
        place = Place("001", "crs_assessment", '["2026-02-12T16:00"]')
        ledger.add("lock", **place._asdict(), reason="closed")
    assert browser.post(CRS, COMPLETE | {"grade": "2"}).status_code == 302
    assert system_queries() == []


def test_what_was_seen_before_the_infusion_opens_no_episode(infused: str, browser: Client) -> None:
    browser.post(CRS, COMPLETE | {"at": "2026-02-10 09:00", "grade": "2"})
    said = shown(browser.post(f"{CRS}/grade", AFEBRILE | {"at": "2026-02-10 11:00"}))
    assert "An episode of CRS is open" in said  # it is not known, as after the infusion none was


def test_the_form_of_the_record_shows_the_grade_too(infused: str, browser: Client) -> None:
    browser.post(CRS, COMPLETE)
    record = Record.objects.get(form="crs_assessment")
    assert f"{CRS}/grade" in browser.get(f"/records/{record.pk}").content.decode()
    on_form = browser.post(f"{CRS}/grade", COMPLETE).content.decode()
    assert "hx-swap-oob" not in on_form
    at_bedside = browser.post(f"{CRS}/grade", COMPLETE, headers={"HX-Target": "grade"})
    assert 'hx-swap-oob="true"' in at_bedside.content.decode()


def test_a_withdrawn_assessment_takes_its_query_with_it(infused: str, browser: Client) -> None:
    browser.post(CRS, COMPLETE | {"grade": "4"})
    record = Record.objects.get(form="crs_assessment")
    gone = {"_base": str(record.seq), "_reason": "wrong subject or record"}
    assert browser.post(f"/records/{record.pk}/withdraw", gone).status_code == 302
    assert [one.is_open for one in system_queries()] == [False]


def test_a_grade_within_an_open_interval_is_no_disagreement(infused: str, browser: Client) -> None:
    known = {name: COMPLETE[name] for name in ("at", "temperature", "other_cause")}
    browser.post(CRS, known | {"grade": "3"})
    assert system_queries() == []
    browser.post(CRS, known | {"at": "2026-02-12 12:00", "grade": "0"})
    assert [one.text.partition(" (")[0] for one in system_queries()] == [
        "CRS grade 0 is recorded, the signs allow 1 to 4"
    ]


def test_a_refused_assessment_keeps_what_was_typed(infused: str, browser: Client) -> None:
    answer = browser.post(CRS, COMPLETE | {"temperature": "48"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "must be at most 45 °C, got 48" in page
    assert re.search(r'name="hypotension" value="yes" checked', page)
    assert browser.post(CRS, COMPLETE | {"at": ""}).status_code == 422


def test_a_soft_check_is_answered_at_the_bedside(infused: str, browser: Client) -> None:
    answer = browser.post(CRS, COMPLETE | {"temperature": "42.5"})
    assert answer.status_code == 422
    page = answer.content.decode()
    name = re.findall(r'name="(_answer\.[0-9a-f]+)"', page)[0]
    fired = re.findall(r'name="_fired" value="([^"]*)"', page)[0]
    kept = {"temperature": "42.5", name: "measured again", "_fired": fired}
    assert browser.post(CRS, COMPLETE | kept).status_code == 302
    assert Entry.objects.filter(action="check fired").count() == 1


def test_every_sign_is_a_target_with_an_unknown_choice(infused: str, browser: Client) -> None:
    for form, path in (("crs_assessment", CRS), ("icans_assessment", ICANS)):
        page = browser.get(path).content.decode()
        made = [one for _, listed in targets(form, shown_groups(form, "001", {})) for one in listed]
        for one in made:
            assert f'name="{one.shown.name}"' in page
            if one.choices:
                assert f'name="{one.shown.name}" value="" checked' in page
            else:
                assert one.step or one.shown.field.kind == "moment"


@pytest.mark.parametrize("path", [CRS, ICANS, f"{CRS}/grade", f"{ICANS}/grade"])
def test_another_subject_or_role_gets_nothing(
    path: str, infused: str, browser: Client, people: dict[str, Account]
) -> None:
    ask: Callable[..., Any] = browser.post if path.endswith("grade") else browser.get
    assert ask(path.replace("001", "999")).status_code == 404
    for role in ("monitor", "laboratory", "administrator"):
        other = client_of(people[role])
        assert other.post(path, COMPLETE).status_code == 403


def test_typed_text_is_escaped(infused: str, browser: Client) -> None:
    attack = '"><img src=x onerror=alert(1)>'
    for path in (CRS, f"{CRS}/grade", ICANS, f"{ICANS}/grade"):
        answer = browser.post(path, {"at": attack, "temperature": attack, "oxygen": attack})
        assert "<img" not in answer.content.decode()
