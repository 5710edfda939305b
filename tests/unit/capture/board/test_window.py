"""A subject's DLT window as a bar, and the board of a trial that cannot be analysed."""

import datetime as dt

import pytest

from cartrial.capture.board.board import Window
from cartrial.capture.board.make import Around, board_of
from cartrial.capture.dose.known import Known, known_of
from cartrial.capture.dose.slots import opening_of
from cartrial.capture.ledger.read import Head
from cartrial.protocol.read import packaged_study
from tests.unit.capture.dose.trial import TODAY, cohort, forms_of, known, together

DAY = dt.date(2026, 5, 1)


def window(**given: object) -> Window:
    """A pending window, but for what is given."""
    cells = {"subject": "001", "level": 1, "status": "pending", "why": "", "infused": DAY,
             "days": 21, "elapsed": 42, "window": 84, "interim": 28, "met": None}  # fmt: skip
    return Window(**(cells | given))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "documented", "passed", "mark"),
    [
        ({}, 25.0, 50.0, None),
        ({"days": 84, "elapsed": 200}, 100.0, 100.0, None),
        ({"days": None, "elapsed": None}, 0.0, 0.0, None),
        ({"elapsed": -1}, 25.0, 0.0, None),  # infused on a day that has not come here
        ({"met": 21}, 25.0, 50.0, 25.0),
        ({"met": 100}, 25.0, 50.0, 100.0),  # an event of the window that lasted beyond it
    ],
)
def test_how_far_the_bar_is_filled(
    given: dict[str, object], documented: float, passed: float, mark: float | None
) -> None:
    one = window(**given)
    assert (one.documented, one.passed, one.mark) == (documented, passed, mark)


def around(now: Known) -> Around:
    """Nothing beside what is known."""
    return Around(Head(1, "a" * 64), "now", opening_of(now), (), (), "never")


def test_nothing_entered_says_so() -> None:
    now = known({})
    board = board_of(now, around(now))
    assert (board.advice, board.why_not) == (None, "no subject is entered yet")
    assert board.open_places == "No slot can be granted: no subject is entered yet"
    assert [len(level.windows) for level in board.levels] == [0, 0, 0]


def test_nobody_infused_starts_at_the_dose_of_the_protocol() -> None:
    asked = {"subject": "009", "requested": "2026-11-01"}
    now = known({"demographics": [{"subject": "009"}], "slot_request": [asked]})
    board = board_of(now, around(now))
    assert board.advice is not None
    assert (board.advice.what, board.advice.level) == ("start", 1)
    (slot,) = board.queue
    assert (slot.dose, slot.why) == (
        "Dose level 1, 1 × 10⁶/kg",
        "a place is free, opened by the protocol",
    )


def test_a_row_that_stops_the_analysis_is_told_in_one_line_and_the_rest_is_shown() -> None:
    stranger = {"adverse_event": [{"subject": "077", "number": "1", "term": "x", "scale": "CTCAE"}]}
    now = known(together(cohort(1, "2026-10-01"), stranger))
    board = board_of(now, around(now))
    assert board.advice is None
    assert "077" in board.why_not
    assert "\n" not in board.why_not
    assert board.accrual is not None
    assert board.levels
    assert board.outlook == ()


def test_a_wait_names_whom_it_waits_for() -> None:
    now = known(cohort(1, "2026-10-01", "2026-10-08", "2026-10-15"))
    board = board_of(now, around(now))
    assert board.advice is not None
    assert board.advice.what == "wait"
    assert [one.subject for one in board.advice.waits_for] == ["001", "002", "003"]
    assert str(board.advice.waits_for[0].until) == "2026-12-24"


@pytest.mark.parametrize(
    ("lacks", "why"),
    [
        ("design", "study.yaml: design: must be given to recommend a dose, got nothing"),
        ("dlt", ""),
    ],
)
def test_a_study_that_names_no_design_or_judges_no_dlt_has_a_board(lacks: str, why: str) -> None:
    study = packaged_study().model_copy(update={lacks: None})
    forms = forms_of(cohort(1, "2026-10-01"))
    now = known_of(study, "0" * 64, forms, Head(1, "a" * 64), TODAY)
    board = board_of(now, around(now))
    assert board.why_not == why or (not why and board.why_not)
    assert board.accrual is not None
