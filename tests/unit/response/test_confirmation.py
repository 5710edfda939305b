"""Confirmation, in a line: `PR 28  CR 61` is PR on day 28 and CR on day 61 after the infusion.

After a response stand + where it was recorded as confirmed, - as not, ! as shown by imaging.
"""

import datetime as dt

import pytest

from cartrial.response.confirmation import (
    Assessment,
    best_response,
    first_response,
    judge,
    progression,
)

INFUSED = dt.date(2024, 1, 1)


def assessments(line: str) -> list[Assessment]:
    words = line.split()
    return [assessment(word, int(day)) for word, day in zip(words[::2], words[1::2], strict=True)]


def assessment(word: str, day: int) -> Assessment:
    recorded = {"+": True, "-": False}.get(word[-1])
    return Assessment(on(day), word.rstrip("+-!"), recorded, word.endswith("!"))


def on(day: int) -> dt.date:
    return INFUSED + dt.timedelta(days=day)


def day_of(found: Assessment | None) -> int | None:
    return None if found is None else (found.on - INFUSED).days


@pytest.mark.parametrize(
    ("line", "unconfirmed", "confirmed"),
    [
        ("PR 28  PR 61", "PR", "PR"),
        ("PR 28  VGPR 61", "VGPR", "PR"),
        ("CR 28  PR 61", "CR", "PR"),
        ("CR 28  PR 61  CR 91", "CR", "PR"),
        ("CR 28  NE 61  CR 91", "CR", "CR"),
        ("PR 28", "PR", "SD"),
        ("PR 28  SD 61", "PR", "SD"),
        ("PR 28  PD 61", "PR", "SD"),
        ("SD 28", "SD", "SD"),
        ("NE 28", "NE", "NE"),
        ("PD! 28", "PD", "PD"),
        ("PD 28", "PD", "NE"),
        ("PD 28  PD 61", "PD", "PD"),
        ("PD! 28  CR 61  CR 91", "PD", "PD"),
        ("PR+ 28", "PR", "PR"),
        ("PR- 28  PR 61  PR 91", "PR", "PR"),
        ("PR- 28  PR- 61", "PR", "SD"),
        ("PR- 28  PR+ 61", "PR", "PR"),
        ("PR- 28  VGPR+ 61", "VGPR", "VGPR"),
        ("PR- 28  PR+ 61  CR- 91", "CR", "PR"),
        ("CR- 28  CR- 61  VGPR+ 91", "CR", "VGPR"),
        ("PR 28  PR- 61", "PR", "SD"),
    ],
)
def test_best_response(line, unconfirmed, confirmed):
    judged = judge(assessments(line))
    assert best_response(judged, confirmed=False).response == unconfirmed
    assert best_response(judged, confirmed=True).response == confirmed


def test_without_an_assessment_there_is_no_best_response():
    assert best_response(judge([]), confirmed=True) is None


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("PR 28  PR 61", 28),
        ("SD 28  PR 61  CR 91", 61),
        ("PR 28  SD 61  PR 91  PR 122", 91),
        ("MR 28  MR 61", None),
        ("PR 28", None),
        ("PD! 28  PR 61  PR 91", None),
        ("PR- 28  PR+ 61", 28),
        ("PR- 28  NE 61  VGPR+ 91", 28),
        ("MR- 28  PR- 61  VGPR- 91  VGPR+ 122", 61),
        ("PR- 28  SD 61  PR- 91  PR+ 122", 91),
        ("PR- 28  PD- 61  PR+ 91", 91),
        ("PR- 28  PR- 61", None),
    ],
)
def test_a_response_starts_at_the_first_assessment_that_shows_it_when_confirmed(line, day):
    assert day_of(first_response(judge(assessments(line)), confirmed=True)) == day


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("CR 28  PD 61  PD 91", 61),
        ("CR 28  PD 61  NE 91  PD 122", 61),
        ("CR 28  PD 61  CR 91", None),
        ("CR 28  PD 61", None),
        ("CR 28  PD! 61", 61),
        ("CR 28  PD+ 61", 61),
        ("CR 28  PD- 61  PD 91", 61),
        ("CR 28  PD- 61  PD+ 91", 61),
        ("CR 28  PD- 61  NE 91  PD+ 122", 61),
        ("CR 28  PD- 61  PD- 91  PD+ 122", 61),
        ("CR 28  PD- 61  PD! 91", 61),
        ("CR 28  PD- 61  CR 91  PD+ 122", 122),
        ("CR 28  PD 61  PD- 91", None),
        ("CR 28  PD- 61", None),
        ("CR 28  PD 61  CR 91  PD 122  PD 152", 122),
    ],
)
def test_progression_is_dated_at_the_first_assessment_that_shows_it_when_confirmed(line, day):
    assert day_of(progression(judge(assessments(line)))) == day


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("PR- 28  CR- 61  CR+ 91", 61),
        ("CR- 28  CR- 61  CR+ 91", 28),
        ("CR- 28  CR- 61  VGPR+ 91", 28),
        ("PR- 28  PR+ 61  SD 91  CR+ 122", 122),
    ],
)
def test_the_best_response_is_dated_at_the_first_assessment_that_shows_it(line, day):
    assert day_of(best_response(judge(assessments(line)), confirmed=True).first) == day


@pytest.mark.parametrize("line", ["CR 28  PD 61", "CR 28  PD- 61", "CR 28  PD- 61  PD- 91"])
def test_death_of_the_disease_confirms_the_last_progression(line):
    judged = judge(assessments(line), died_of_disease=True)
    assert day_of(progression(judged)) == 61
    recovered = judge(assessments("CR 28  PD 61  CR 91"), died_of_disease=True)
    assert progression(recovered) is None


def test_a_response_after_new_therapy_neither_counts_nor_confirms():
    judged = judge(assessments("PR 28  CR 61"), new_therapy=on(40))
    assert best_response(judged, confirmed=False).response == "PR"
    assert best_response(judged, confirmed=True).response == "SD"


def test_what_the_investigator_confirms_after_new_therapy_is_no_response():
    judged = judge(assessments("PR- 28  PR+ 61"), new_therapy=on(40))
    assert first_response(judged, confirmed=True) is None
    on_the_day = judge(assessments("PR- 28  PR+ 61"), new_therapy=on(61))
    assert day_of(first_response(on_the_day, confirmed=True)) == 28


def test_progression_seen_before_new_therapy_is_confirmed_after_it():
    judged = judge(assessments("PR 28  PR 61  PD 91  PD 122"), new_therapy=on(100))
    assert day_of(progression(judged)) == 91


def test_an_assessment_on_the_day_of_new_therapy_was_made_before_it():
    judged = judge(assessments("PR 28  PR 61"), new_therapy=on(61))
    assert best_response(judged, confirmed=True).response == "PR"
