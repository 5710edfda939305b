"""`/board`: 304 without computing, the former one while another is made, no markup of data."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from cartrial.capture.board import views
from cartrial.capture.board.board import Board
from cartrial.capture.ledger.read import Head
from cartrial.capture.people.models import Account
from tests.unit.capture.conftest import client_of
from tests.unit.capture.dose.trial import cohort, together

Rows = dict[str, list[dict[str, str]]]
EnterAll = Callable[[Rows], None]
COHORT = cohort(1, "2024-05-01", "2024-05-08", "2024-05-15")


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The entries for which a board was made."""
    found: list[int] = []
    make = views._made

    def counted(at: Head) -> Board:
        found.append(at.seq)
        return make(at)

    monkeypatch.setattr(views, "_made", counted)
    return found


def test_nothing_new_is_304_and_nothing_is_made(
    people: dict[str, Account], enter_all: EnterAll, made: list[int]
) -> None:
    enter_all(COHORT)
    client = client_of(people["investigator"])
    first = client.get("/board")
    assert first.status_code == 200
    assert len(made) == 1
    again = client.get("/board", headers={"If-None-Match": first["ETag"], "HX-Request": "true"})
    assert (again.status_code, again.content, len(made)) == (304, b"", 1)
    part = client.get("/board", headers={"HX-Request": "true"})
    assert part.content.startswith(b'<div id="board"')
    assert len(made) == 1


def test_an_entry_makes_it_anew(
    people: dict[str, Account], enter: Callable[..., int], enter_all: EnterAll, made: list[int]
) -> None:
    enter_all(COHORT)
    client = client_of(people["investigator"])
    tag = client.get("/board")["ETag"]
    enter("slot_request", subject="001", requested="2024-09-01")
    again = client.get("/board", headers={"If-None-Match": tag})
    assert again.status_code == 200
    assert again["ETag"] != tag
    assert len(made) == 2


def test_while_another_reader_makes_it_the_former_is_shown_as_such(
    people: dict[str, Account], enter: Callable[..., int], enter_all: EnterAll, made: list[int]
) -> None:
    enter_all(COHORT)
    client = client_of(people["investigator"])
    former = client.get("/board")
    enter("slot_request", subject="001", requested="2024-09-01")
    with views.KEPT._making:
        shown = client.get("/board")
        again = client.get("/board", headers={"If-None-Match": shown["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert shown["ETag"] != former["ETag"]
    assert len(made) == 1
    assert "newer entries are being read" in shown.content.decode()
    assert "newer entries are being read" not in client.get("/board").content.decode()


def test_a_page_that_asks_again_has_the_former_board_for_a_while(
    people: dict[str, Account], enter: Callable[..., int], enter_all: EnterAll, made: list[int]
) -> None:
    enter_all(COHORT)
    client = client_of(people["investigator"])
    client.get("/board")
    enter("slot_request", subject="001", requested="2024-09-01")
    asked = client.get("/board", headers={"HX-Request": "true"}).content.decode()
    assert "newer entries are being read" in asked
    assert len(made) == 1
    assert "newer entries are being read" not in client.get("/board").content.decode()
    assert len(made) == 2


def test_a_trial_without_data_has_a_board(people: dict[str, Account]) -> None:
    page = client_of(people["monitor"]).get("/board")
    assert page.status_code == 200
    assert "No recommendation: no subject is entered yet" in page.content.decode()


def test_the_administrator_sees_no_board(people: dict[str, Account]) -> None:
    assert client_of(people["administrator"]).get("/board").status_code == 403


def test_texts_of_data_are_no_markup(people: dict[str, Account], enter_all: EnterAll) -> None:
    payload = '"><img src=x onerror=alert(1)></script>'
    event = {"subject": "001", "number": "1", "term": payload, "preferred": payload,
             "scale": "CTCAE", "started": "2024-05-03", "car_t": "related", "dlt": "yes",
             "dlt_met": "2024-05-04"}  # fmt: skip
    grade = {"subject": "001", "number": "1", "since": "2024-05-03", "grade": "4"}
    enter_all(together(COHORT, {"adverse_event": [event], "ae_grade": [grade]}))
    client = client_of(people["investigator"])
    for place in ("/board", "/dose", "/dose/dlt", "/dose/dlt/001", "/slots"):
        page = client.get(place)
        assert page.status_code == 200
        assert "<img" not in page.content.decode().lower()
    assert "onerror" in client.get("/board").content.decode()  # it is there, as text


def test_a_board_is_frozen(people: dict[str, Account], enter_all: EnterAll) -> None:
    enter_all(COHORT)
    client_of(people["investigator"]).get("/board")
    assert views.KEPT._newest is not None
    _, (_, board) = views.KEPT._newest
    assert replace(board, is_former=True) != board
