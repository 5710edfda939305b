"""Slots: the stages of a slot, the level that is open, and every grant that is refused (row O1)."""

import pytest

from cartrial.capture.dose.slot import Opening, check_grant, opening, slots, taken
from cartrial.capture.ledger.fault import Refused
from cartrial.dosing.state import outcomes
from cartrial.forms.conduct import DoseDecision
from cartrial.protocol.read import packaged_study
from tests.unit.capture.dose.trial import cohort, forms_of, known, together

STUDY = packaged_study()
ASKED = {"subject": "009", "requested": "2026-11-01"}
DECIDED = {
    "number": "1",
    "decided": "2026-09-20",
    "from_level": "1",
    "to_level": "2",
    "decision": "escalate",
}
FIRST = cohort(1, "2026-05-01", "2026-05-08", "2026-05-15", safe_on=85)
NOBODY = {"demographics": [{"subject": "009", "consented": "2026-10-01"}]}


def open_by(rows: dict[str, list[dict[str, str]]]) -> Opening:
    """What is open by the rows of a trial."""
    now = known(rows)
    assert now.record is not None, now.why_not
    return opening(STUDY, now.record.state, now.forms.of(DoseDecision))


@pytest.mark.parametrize(
    ("rows", "stage"),
    [
        ({}, "asked"),
        ({"slot_request": [ASKED | {"granted": "2026-11-02", "level": "1"}]}, "granted"),
        ({"slot_request": [ASKED | {"granted": "2026-11-02", "level": "1"}],
          "leukapheresis": [{"subject": "009", "on": "2026-11-05"}]}, "collected"),
        ({"slot_request": [ASKED | {"granted": "2026-11-02", "level": "1"}],
          "leukapheresis": [{"subject": "009", "on": "2026-11-05"}],
          "product_release": [{"subject": "009", "lot": "A", "released": "yes"}]}, "made"),
        ({"slot_request": [ASKED | {"granted": "2026-11-02", "level": "1"}],
          "product_release": [{"subject": "009", "lot": "A", "released": "no"}]}, "granted"),
        ({"infusion": [{"subject": "009", "number": "1", "at": "2026-11-20"}]}, "infused"),
        ({"disposition": [{"subject": "009", "milestone": "treatment not given",
                           "reason": "progression"}]}, "ended"),
        ({"death": [{"subject": "009", "on": "2026-11-10", "cause": "myeloma",
                     "adjudicated": "no"}]}, "ended"),
    ],
)  # fmt: skip
def test_the_stage_of_a_slot(rows: dict[str, list[dict[str, str]]], stage: str) -> None:
    (slot,) = slots(forms_of({"slot_request": [ASKED]} | rows))
    assert slot.stage == stage


def test_the_newest_request_of_a_subject_counts() -> None:
    older = {"subject": "009", "requested": "2026-01-01", "granted": "2026-01-02", "level": "1"}
    (slot,) = slots(forms_of({"slot_request": [older, ASKED]}))
    assert (str(slot.requested), slot.is_granted) == ("2026-11-01", False)


@pytest.mark.parametrize(
    ("rows", "level", "places"),
    [
        (NOBODY, 1, 3),  # the first cohort opens by the protocol
        (cohort(1, "2026-11-01"), 1, 2),  # a cohort that is running
        (cohort(1, "2026-10-01", "2026-10-08", "2026-10-15"), None, 0),  # it waits
        (FIRST, None, 0),  # a decision is due
        (together(FIRST, {"dose_decision": [DECIDED]}), 2, 3),  # and signed
    ],
)
def test_what_is_open(
    rows: dict[str, list[dict[str, str]]], level: int | None, places: int
) -> None:
    found = open_by(rows)
    assert (found.level, found.places) == (level, places)


def test_no_next_cohort_at_the_same_level_without_a_decision() -> None:
    state = outcomes("1NNN 2NNT", levels=3)
    found = opening(STUDY, state, forms_of({}).of(DoseDecision))
    assert found.level is None
    assert found.why.endswith("the committee has to decide")


def test_who_opened_it_is_told() -> None:
    assert open_by(NOBODY).opened_by == "the protocol"
    assert open_by(cohort(1, "2026-11-01")).opened_by == "the cohort that is running"
    decided = together(FIRST, {"dose_decision": [DECIDED]})
    assert open_by(decided).opened_by == "decision 1 of 2026-09-20"


def test_an_escalation_that_was_ended_opens_nothing() -> None:
    stop = DECIDED | {"to_level": "0", "decision": "stop"}
    found = open_by(together(FIRST, {"dose_decision": [stop]}))
    assert (found.level, found.why) == (None, "the committee has ended the escalation")


GRANTED = ASKED | {"granted": "2026-11-02", "level": "2"}
OTHERS = [
    {"subject": f"01{n}", "requested": "2026-10-01", "granted": "2026-10-02", "level": "2"}
    for n in range(3)
]


@pytest.mark.parametrize(
    ("rows", "open_", "level", "said"),
    [
        ({}, Opening(2, 3, "w"), 2, "must be requested"),
        ({"slot_request": [ASKED]}, Opening(None, 0, "3 pending: wait"), 2, "3 pending: wait"),
        ({"slot_request": [ASKED]}, Opening(2, 3, "w"), 3, "must be at dose level 2"),
        ({"slot_request": [ASKED]}, Opening(2, 3, "w"), 1, "must be at dose level 2"),
        ({"slot_request": [GRANTED]}, Opening(2, 3, "w"), 2, "must not be granted twice"),
        ({"slot_request": [ASKED, *OTHERS]}, Opening(2, 3, "w"), 2, "must be one of 3 open"),
        ({"slot_request": [ASKED], "infusion": [{"subject": "009", "number": "1"}]},
         Opening(2, 3, "w"), 2, "got one who is infused"),
        ({"slot_request": [ASKED], "disposition": [{"subject": "009", "milestone": "end of study",
          "reason": "other"}]}, Opening(2, 3, "w"), 2, "got one who is ended"),
    ],
)  # fmt: skip
def test_a_grant_that_is_refused(
    rows: dict[str, list[dict[str, str]]], open_: Opening, level: int, said: str
) -> None:
    with pytest.raises(Refused, match=said):
        check_grant(slots(forms_of(rows)), "009", level, open_)


def test_a_slot_of_a_level_that_closed_is_granted_anew_and_takes_no_place_there() -> None:
    every = slots(forms_of({"slot_request": [ASKED | {"granted": "2026-11-02", "level": "3"}]}))
    assert taken(every, 2) == 0
    assert check_grant(every, "009", 2, Opening(2, 3, "w")).subject == "009"
