"""A signature is of one person, one meaning, one place and the rows as they were."""

import json
from collections.abc import Callable

import pytest

from cartrial.capture.ledger.fault import Conflict, Refused
from cartrial.capture.ledger.models import Content, Entry
from cartrial.capture.ledger.verify import verify
from cartrial.capture.ledger.write import writing
from cartrial.capture.people.models import Account
from cartrial.capture.people.permission import ROLES
from cartrial.capture.state.act import Place
from cartrial.capture.state.fold.follow import follow
from cartrial.capture.state.genuine import verify_signatures
from cartrial.capture.state.verb.meaning import MEANINGS
from cartrial.capture.state.verb.sign import sign

Enter = Callable[..., int]
People = dict[str, Account]
ONE = Place("001")


def signed(people: People, place: Place = ONE, meaning: str = "subject") -> Entry:
    with writing(people["investigator"].actor) as ledger:
        return sign(ledger, meaning, place)


def test_it_holds_its_meaning_its_rows_and_the_head(enter: Enter, people: People) -> None:
    enter("demographics", subject="001", age="60")
    before = Entry.objects.get(seq=1)
    said = json.loads(signed(people).content.text or "")
    assert (said["meaning"], said["of"]) == ("subject", ["001", "", ""])
    assert (said["records"], said["head"]) == ("1", f"1:{before.hash}")
    assert said["words"] == MEANINGS["subject"].words
    assert verify_signatures() == []
    assert verify().findings == ()


def test_an_edit_breaks_it_and_it_is_kept(enter: Enter, people: People) -> None:
    first = enter("demographics", subject="001", age="60")
    signed(people)
    enter("demographics", base=first, reason="source", subject="001", age="61")
    assert [one.state for one in follow().standings] == ["broken"]
    signed(people)
    assert [one.state for one in follow().standings] == ["signed again", "valid"]
    assert verify_signatures() == []


def test_what_changed_since_it_was_read_is_a_conflict(enter: Enter, people: People) -> None:
    first = enter("demographics", subject="001", age="60")
    enter("demographics", base=first, reason="source", subject="001", age="61")
    with pytest.raises(Conflict, match="got data that changed since"), \
            writing(people["investigator"].actor) as ledger:  # fmt: skip
        sign(ledger, "subject", ONE, seen=first)
    assert not follow().signatures


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"investigator", "sub_investigator"}))
def test_nobody_else_signs_data(enter: Enter, people: People, role: str) -> None:
    enter("demographics", subject="001", age="60")
    with pytest.raises(Refused, match="must be by the principal investigator or"), \
            writing(people[role].actor) as ledger:  # fmt: skip
        sign(ledger, "subject", ONE)


def test_an_administrator_has_no_meaning_to_sign(people: People) -> None:
    from cartrial.capture.people.permission import PERMISSIONS

    assert not [m for m in MEANINGS.values() if "administrator" in PERMISSIONS[m.permission]]


def test_nothing_there_is_not_signed(people: People) -> None:
    with pytest.raises(Refused, match="got none to sign"):
        signed(people)


def test_a_meaning_is_of_its_kind_of_place(enter: Enter, people: People) -> None:
    enter("demographics", subject="001", age="60")
    with pytest.raises(Refused, match="must be of a subject, got one of a record"):
        signed(people, Place("001", "demographics", "[]"))


@pytest.mark.parametrize("of", [None, ["002", "", ""]])
def test_copied_to_another_subject_it_does_not_verify(
    enter: Enter, people: People, of: list[str] | None
) -> None:
    for subject in ("001", "002"):
        enter("demographics", subject=subject, age="60")
    text = Content.objects.get(entry=signed(people)).text or ""
    content = json.loads(text) | ({"of": of} if of else {})
    with writing(people["investigator"].actor) as ledger:
        ledger.add("sign", subject="002", content=content)
    found = verify_signatures()
    moved = "signature 4: must be of the record it was given for, got one moved to another"
    assert found == ([moved] if of is None else [
        "signature 4: must name the head of the chain before it, got another",
        "signature 4: must be of the rows that it saw, got others",
    ])  # fmt: skip


def test_over_redacted_rows_the_scope_and_the_head_still_verify(
    enter: Enter, people: People
) -> None:
    seq = enter("protocol_deviation", subject="001", number="1", occurred="2026-01-05", kind="dose",
                on="2026-01", major="no", what="the name of a patient")  # fmt: skip
    signed(people)
    enter("protocol_deviation", base=seq, reason="a name", subject="001", number="1", kind="dose",
          occurred="2026-01-05", on="2026-01", major="no", what="a wrong dose")  # fmt: skip
    with writing(people["data_manager"].actor) as ledger:
        ledger.redact(seq, ["what"], "a name was entered")
    assert verify_signatures() == []


@pytest.mark.parametrize("seen", [0, 99])
def test_what_was_not_read_is_not_signed(enter: Enter, people: People, seen: int) -> None:
    enter("demographics", subject="001", age="60")
    actor = people["investigator"].actor
    with pytest.raises(Conflict, match="must be of what was read"), writing(actor) as ledger:
        sign(ledger, "subject", Place("001"), seen=seen)
