"""Source verification, freezing and locking on their pages."""

from collections.abc import Callable

from cartrial.capture.ledger.models import Entry, Record
from cartrial.capture.ledger.write import writing
from cartrial.capture.people.models import Account
from cartrial.capture.state.act import Place
from cartrial.capture.state.fold.follow import follow
from cartrial.capture.state.verb.sign import sign
from tests.unit.capture.conftest import PASSWORD, client_of

Enter = Callable[..., int]
People = dict[str, Account]


def test_the_monitor_verifies_what_was_read_and_withdraws(enter: Enter, people: People) -> None:
    first = enter("demographics", subject="001", age="60")
    record, monitor = Record.objects.get().pk, client_of(people["monitor"])
    assert monitor.post(f"/sdv/{record}", {"seen": str(first)}).status_code == 302
    assert monitor.post(f"/sdv/{record}", {"seen": str(first)}).status_code == 422
    assert monitor.get(f"/sdv/{record}/withdraw").status_code == 200
    assert monitor.post(f"/sdv/{record}/withdraw", {"reason": ""}).status_code == 422
    assert monitor.post(f"/sdv/{record}/withdraw", {"reason": "wrong"}).status_code == 302
    enter("demographics", base=first, reason="source", subject="001", age="61")
    assert monitor.post(f"/sdv/{record}", {"seen": str(first)}).status_code == 409
    assert monitor.post("/sdv/99").status_code == 404


def test_a_record_is_frozen_and_thawed_with_a_reason(enter: Enter, people: People) -> None:
    enter("demographics", subject="001", age="60")
    record, manager = Record.objects.get().pk, client_of(people["data_manager"])
    assert "Freeze" in manager.get(f"/holds?record={record}").text
    assert manager.post("/holds/freeze", {"record": record, "reason": ""}).status_code == 422
    assert manager.post("/holds/freeze", {"record": record, "reason": "clean"}).status_code == 302
    assert "frozen" in manager.get("/holds").text
    assert manager.post("/holds/thaw", {"record": record, "reason": "a query"}).status_code == 302
    assert [e.action for e in Entry.objects.filter(action__in=("freeze", "thaw"))] == [
        "freeze",
        "thaw",
    ]


def test_a_subject_is_locked_when_finished_and_unlocked_by_signature(
    enter: Enter, people: People
) -> None:
    enter("demographics", subject="001", age="60")
    manager = client_of(people["data_manager"])
    locked = {"subject": "001", "reason": "finished"}
    refused = manager.post("/holds/lock", locked)
    assert refused.status_code == 422
    assert "must be of finished data" in refused.text
    assert "has not signed as it stands" in manager.get("/holds/lock?subject=001").text
    with writing(people["investigator"].actor) as ledger:
        sign(ledger, "casebook", Place("001"))
    assert manager.post("/holds/lock", locked).status_code == 302
    again = {"subject": "001", "reason": "an error was found"}
    assert manager.post("/holds/unlock", {**again, "password": "another"}).status_code == 422
    assert follow().holds[Place("001")].state == "locked"
    assert manager.post("/holds/unlock", {**again, "password": PASSWORD}).status_code == 302
    assert follow().holds[Place("001")].act.said("words")


def test_an_unknown_subject_is_not_found(people: People) -> None:
    manager = client_of(people["data_manager"])
    for url in ("/holds?subject=9", "/holds/freeze?subject=9", "/holds/lock?record=9"):
        assert manager.get(url).status_code == 404


def test_a_lock_is_not_offered_before_its_time(enter: Enter, people: People) -> None:
    enter("demographics", subject="001", age="60")
    page = client_of(people["data_manager"]).get("/holds/lock?subject=001").text
    assert "Not finished yet" in page
    assert "<button>Lock</button>" not in page


def test_who_enters_is_told_that_data_are_frozen_before_they_type(
    enter: Enter, people: People
) -> None:
    enter("demographics", subject="001", age="60")
    record, site = Record.objects.get().pk, client_of(people["coordinator"])
    pages = (f"/records/{record}", "/forms/visit/new?subject=001", "/subjects/001/day/2026-02-12",
             "/subjects/001/forms", "/subjects/001/forms/visit", "/bedside/001/crs")  # fmt: skip
    assert not any("No data can be entered" in site.get(page).text for page in pages)
    manager = client_of(people["data_manager"])
    manager.post("/holds/freeze", {"subject": "001", "reason": "the data cut"})
    for page in pages:
        text = site.get(page).text
        assert "by A data manager" in text, page
        assert "the data cut. No data can be entered or changed." in text, page
    for page in pages[:5]:
        text = site.get(page).text
        assert "data-save" not in text, page
        assert "/new?" not in text, page


def test_what_was_typed_before_a_freeze_is_not_lost(enter: Enter, people: People) -> None:
    cells = {"subject": "001", "consented": "2026-01-05", "age": "60", "sex": "male", "level": "1"}
    first = enter("demographics", **cells)
    record, site = Record.objects.get().pk, client_of(people["coordinator"])
    manager = client_of(people["data_manager"])
    manager.post("/holds/freeze", {"subject": "001", "reason": "the data cut"})
    typed = cells | {"age": "61", "_base": str(first), "_reason": "typing error"}
    answer = site.post(f"/records/{record}", typed)
    assert answer.status_code == 423
    assert 'value="61"' in answer.text
    assert "must be of data that are not frozen" in answer.text


def test_a_wrong_password_at_an_unlock_is_told_on_its_page(enter: Enter, people: People) -> None:
    enter("demographics", subject="001", age="60")
    with writing(people["investigator"].actor) as ledger:
        sign(ledger, "casebook", Place("001"))
    manager = client_of(people["data_manager"])
    manager.post("/holds/lock", {"subject": "001", "reason": "finished"})
    again = {"subject": "001", "reason": "an error was found", "password": "another"}
    answer = manager.post("/holds/unlock", again)
    assert answer.status_code == 422
    assert "must be with the password" in answer.text
    assert ">an error was found</textarea>" in answer.text
    assert 'name="subject" value="001"' in answer.text


def test_who_does_not_withdraw_a_verification_comes_back_to_the_record(
    enter: Enter, people: People
) -> None:
    first = enter("demographics", subject="001", age="60")
    record, monitor = Record.objects.get().pk, client_of(people["monitor"])
    monitor.post(f"/sdv/{record}", {"seen": str(first)})
    page = monitor.get(f"/sdv/{record}/withdraw").text
    assert f'<a href="/records/{record}">Cancel</a>' in page
