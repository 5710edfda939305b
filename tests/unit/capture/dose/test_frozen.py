"""What a proposal freezes, and what is told when it is no longer so."""

import json
from dataclasses import replace

import pytest

from cartrial.capture.dose.frozen import (
    changed_since,
    follow_up,
    frozen,
    recommendation,
    recommended,
    table_of,
    thawed,
    word,
)
from cartrial.capture.ledger.read import Head
from cartrial.capture.trail.verify_trail import canonical, sha256
from cartrial.dosing.conduct.record import DecisionRecord
from cartrial.dosing.override import NOTHING
from cartrial.dosing.state import State, outcomes
from cartrial.protocol.read import packaged_study

STUDY = packaged_study()


def record(line: str, **of_state: object) -> DecisionRecord:
    """The record of a trial in one line."""
    state: State = replace(outcomes(line, levels=3), **of_state)  # type: ignore[arg-type]
    assert STUDY.design is not None
    made = DecisionRecord.model_construct(
        cartrial="0",
        study=STUDY.id,
        study_sha256=None,
        data_cut=None,
        overrides=NOTHING,
        design=STUDY.design,
        dlt=STUDY.dlt,
        rules=STUDY.rules,
        state=state,
        recommendation=None,
    )
    return made.again()


@pytest.mark.parametrize(
    ("line", "asked", "said"),
    [
        ("", ("escalate", 1), "3 in a new cohort"),
        ("1N", ("stay", 1), "2 to complete a cohort with 1 in it"),
        ("1NN.", ("wait", None), ""),
        ("1NNN", ("escalate", 2), "3 in a new cohort"),
        ("1NNT", ("stay", 1), "3 in a new cohort"),
        ("1NNN 2NTT", ("de-escalate", 1), "3 in a new cohort"),
        ("1TTT", ("stop", 0), ""),
    ],
)
def test_what_is_recommended(line: str, asked: tuple[str, int | None], said: str) -> None:
    made = record(line)
    assert (recommended(made), recommendation(STUDY, made)["places"]) == (asked, said)


@pytest.mark.parametrize(
    ("line", "what", "level"), [("", "start", 1), ("1NNN", "escalate", 2), ("1TTT", "stop", None)]
)
def test_a_page_says_that_the_first_cohort_starts(line: str, what: str, level: int | None) -> None:
    said = recommendation(STUDY, record(line))
    assert (said["what"], said["level"], bool(said["label"])) == (what, level, level is not None)


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [(1, 2, "escalate"), (2, 2, "stay"), (3, 1, "de-escalate"), (2, 0, "stop")],
)
def test_the_word_of_a_step(one: int, other: int, said: str) -> None:
    assert word(one, other) == said


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("1NN.[30]", "1NN.[30]", []),
        ("1NN.[30]", "1NN.[61]",
         ["003: was pending at dose level 1, 30 days documented, "
          "is pending at dose level 1, 61 days documented"]),
        ("1NN", "1NNN",
         ["003: new, complete at dose level 1",
          "the recommendation was stay (dose level 1), is escalate (dose level 2)"]),
        ("1NN.[30]", "1NN", ["003: was pending at dose level 1, 30 days documented, is gone",
                             "the recommendation was wait, is stay (dose level 1)"]),
    ],
)  # fmt: skip
def test_what_changed_is_told_by_subject(before: str, after: str, said: list[str]) -> None:
    assert list(changed_since(record(before), record(after))) == said


def test_a_decision_and_another_study_are_told() -> None:
    kept = record("1NNN")
    assert "the committee has decided since" in changed_since(kept, record("1NNN", decided=2))
    other = kept.model_copy(update={"study_sha256": "1"})
    assert changed_since(kept, other) == ("the study file is another",)


def test_what_is_frozen_can_be_hashed_and_thawed() -> None:
    made = record("1NN.[21]")
    content = frozen(made, Head(7, "a"), Head(9, "b"))
    assert json.loads(canonical(content)) == content
    assert thawed(content["record"]) == made
    assert content["sha256"] == sha256(content["record"])
    assert (content["data"], content["head"]) == ("7:a", "9:b")
    assert [row[-1] for row in follow_up(made)] == ["1.000", "1.000", "0.250"]
    assert ("3", "0", "2", "3") in list(table_of(made))
