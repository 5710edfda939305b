"""Grades while a form is typed: of laboratory values, and those that a CTCAE term has."""

from collections.abc import Callable

import pytest
from django.test import Client

from cartrial.capture.graded.term import terms_like
from cartrial.capture.ledger.read import head
from tests.unit.capture.bedside.test_assessment import shown

LABORATORY, TERM = "/bedside/001/laboratory", "/bedside/001/term"
NEUTROPHILS = {
    "at": "2026-02-12 07:00",
    "analyte": "NEUT",
    "specimen": "blood",
    "value": "0.4",
    "unit": "10^9/L",
}


def test_a_laboratory_grade_appears_and_nothing_is_written(infused: str, browser: Client) -> None:
    before = head()
    said = shown(browser.post(LABORATORY, NEUTROPHILS))
    assert "grade 4 Neutrophil count decreased (NEUT, low)" in said
    assert "&lt; 0.5 x 10^9/L: grade 4" in said
    assert head() == before


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"value": ""}, "appears here as you type"),
        ({"value": "many"}, "Value: cannot be read"),
        ({"analyte": "CRP", "unit": "mg/L"}, "CRP: no laboratory grade"),
        ({"analyte": "K", "value": "3.2", "unit": "mmol/L"}, "missing: lower limit of normal"),
        ({"analyte": "CA", "value": "2.0", "unit": "mmol/L"}, "albumin of the same sample"),
        ({"analyte": "ALT", "value": "90", "unit": "U/L", "specimen": "serum"}, "could be 0 to 4"),
        ({"analyte": "<b>x</b>"}, "&lt;b&gt;"),
    ],
)
def test_what_a_typed_value_says(
    cells: dict[str, str], told: str, infused: str, browser: Client
) -> None:
    answer = browser.post(LABORATORY, NEUTROPHILS | cells)
    assert answer.status_code == 200
    assert told in shown(answer)


def test_the_baseline_is_that_of_the_analysis(
    infused: str, browser: Client, enter: Callable[..., int]
) -> None:
    limits = {"analyte": "ALT", "specimen": "serum", "unit": "U/L", "high": "40"}
    enter("laboratory", subject="001", at="2026-02-01", value="80", **limits)
    enter("laboratory", subject="001", at="2026-02-09", value="500", **limits)  # after it began
    said = shown(browser.post(LABORATORY, NEUTROPHILS | limits | {"value": "130"}))
    assert "baseline 80 U/L" in said
    assert "grade 1" in said  # by multiples of an abnormal baseline; 130 is above 3 x 40


def test_the_flowsheet_grades_every_new_value(infused: str, browser: Client) -> None:
    sent = {
        "laboratory.at": "07:30",
        "laboratory.NEUT.value": "0.9",
        "laboratory.NEUT.unit": "10^9/L",
        "laboratory.PLAT.value": "22",
        "laboratory.PLAT.unit": "10^9/L",
        "laboratory.HGB.value": "",
    }
    said = shown(browser.post(LABORATORY, sent))
    assert "grade 3 Neutrophil count decreased" in said
    assert "grade 4 Platelet count decreased" in said
    assert "Anemia" not in said


def test_the_grades_of_a_term_and_terms_like_it(infused: str, browser: Client) -> None:
    said = shown(browser.post(TERM, {"ctcae_term": "Febrile neutropenia"}))
    assert "Febrile neutropenia Blood and lymphatic system disorders : grades 3, 4, 5" in said
    said = shown(browser.post(TERM, {"ctcae_term": "neutro"}))
    assert "is no term of CTCAE" in said
    assert "Neutrophil count decreased" in said
    assert "&lt;i&gt;" in shown(browser.post(TERM, {"ctcae_term": "<i>"}))


def test_the_term_of_an_event_by_its_number(
    infused: str, browser: Client, enter: Callable[..., int]
) -> None:
    event = {"term": "Fever", "ctcae_term": "Fever", "scale": "CTCAE", "started": "2026-02-11"}
    enter("adverse_event", subject="001", number="1", **event)
    assert "Fever" in shown(browser.post(TERM, {"number": "1"}))
    assert "grades 1, 2, 3, 4, 5" in shown(browser.post(TERM, {"number": "1"}))
    assert "has no CTCAE term" in shown(browser.post(TERM, {"number": "2"}))
    assert browser.post(TERM, {"number": "x\x00"}).status_code == 200


def test_the_forms_ask_for_them(infused: str, browser: Client) -> None:
    assert LABORATORY in browser.get("/forms/laboratory/new?subject=001").content.decode()
    assert LABORATORY in browser.get("/subjects/001/day/2026-02-12").content.decode()
    assert TERM in browser.get("/forms/adverse_event/new?subject=001").content.decode()


def test_terms_are_found_by_words_and_by_spelling() -> None:
    exact, like = terms_like("anemia")
    assert exact is not None
    assert exact.term == "Anemia"
    assert all(one.term != "Anemia" for one in like)
    assert terms_like("count decreased")[1][0].term.endswith("count decreased")
    assert terms_like("Anaemia")[1][0].term == "Anemia"
    assert terms_like("  ") == (None, [])
