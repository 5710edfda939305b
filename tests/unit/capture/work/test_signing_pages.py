"""Signing on its pages: what is read is what is signed, by who proves it again."""

import json
from collections.abc import Callable

from django.test import Client

from cartrial.capture.ledger.models import Entry, Record
from cartrial.capture.ledger.read import head
from cartrial.capture.ledger.write import writing
from cartrial.capture.people.models import Account
from cartrial.capture.state.fold.follow import follow
from cartrial.capture.state.genuine import verify_signatures
from tests.unit.capture.conftest import PASSWORD, client_of

Enter = Callable[..., int]
People = dict[str, Account]


def test_a_subject_is_read_signed_broken_by_an_edit_and_signed_again(
    enter: Enter, people: People
) -> None:
    first = enter("demographics", subject="001", age="60", country="ESP")
    client = client_of(people["investigator"])
    page = client.get("/sign/subject?subject=001")
    for words in ("Age at consent", "60", "ESP", "they are accurate and complete"):
        assert words in page.text
    assert "What changed" not in page.text
    given = signs(client)
    shown = client.get(given.url).text
    for words in ("Signed by A principal investigator", "The centre", "+00:00", "State: valid"):
        assert words in shown
    enter("demographics", base=first, reason="source", subject="001", age="61", country="ESP")
    broken = client.get(given.url).text
    assert "State: broken" in broken
    assert "/sign/subject?subject=001" in broken
    assert "1 record changed" in client.get("/sign").text
    page = client.get("/sign/subject?subject=001").text
    assert "What changed since the last signature" in page
    assert "<del>60</del>" in page
    signs(client)
    assert [one.state for one in follow().standings] == ["signed again", "valid"]
    assert verify_signatures() == []


def test_a_wrong_password_signs_nothing_and_counts(enter: Enter, people: People) -> None:
    enter("demographics", subject="001", age="60")
    client = client_of(people["investigator"])
    answer = signs(client, password="not mine at all")
    assert answer.status_code == 422
    assert "must be with the password" in answer.text
    assert not follow().signatures
    assert Entry.objects.filter(action="login failed").count() == 1


def test_after_five_wrong_passwords_the_right_one_is_refused(enter: Enter, people: People) -> None:
    enter("demographics", subject="001", age="60")
    client = client_of(people["investigator"])
    for _ in range(5):
        signs(client, password="not mine at all")
    assert signs(client).status_code == 429
    assert not follow().signatures


def test_data_that_changed_while_they_were_read_are_not_signed(
    enter: Enter, people: People
) -> None:
    first = enter("demographics", subject="001", age="60")
    client, seen = client_of(people["investigator"]), head().seq
    enter("demographics", base=first, reason="source", subject="001", age="61")
    answer = signs(client, seen=str(seen))
    assert answer.status_code == 409
    assert "changed since" in answer.text
    assert signs(client, seen="").status_code == 422


def test_an_open_query_is_told_and_does_not_hinder(enter: Enter, people: People) -> None:
    enter("demographics", subject="001", age="60")
    with writing(people["monitor"].actor) as ledger:
        ledger.add("query open", subject="001", form="demographics", key="[]",
                   content={"field": "age", "text": "Is it 61?"})  # fmt: skip
    client = client_of(people["investigator"])
    assert "1 open query on these data" in client.get("/sign/subject?subject=001").text
    assert signs(client).status_code == 302


def test_a_record_is_signed_alone(enter: Enter, people: People) -> None:
    enter("demographics", subject="001", age="60")
    client, record = client_of(people["sub_investigator"]), Record.objects.get().pk
    assert client.get(f"/sign/record?record={record}").status_code == 200
    client.post("/sign/record", {"record": record, "password": PASSWORD, "seen": head().seq})
    (one,) = follow().standings
    assert (one.signature.place.form, one.signature.meaning) == ("demographics", "record")


def test_a_sub_investigator_endorses_no_casebook(enter: Enter, people: People) -> None:
    enter("demographics", subject="001", age="60")
    client = client_of(people["sub_investigator"])
    assert client.get("/sign/casebook?subject=001").status_code == 403


def test_the_committee_signs_the_adjudication_of_a_dlt(enter: Enter, people: People) -> None:
    enter("demographics", subject="001", age="60")
    enter("dlt_adjudication", subject="001", verdict="no DLT", decided="2026-02-01")
    client = client_of(people["committee"])
    page = client.get("/sign/dlt?subject=001").text
    assert "no DLT" in page
    assert "Age at consent" not in page
    assert signs(client, meaning="dlt").status_code == 302
    said = json.loads(Entry.objects.order_by("-seq")[0].content.text or "")
    assert (said["records"], said["meaning"]) == ("1", "dlt")


def test_a_signature_is_in_the_spreadsheet(enter: Enter, people: People) -> None:
    enter("demographics", subject="001", age="60")
    client = client_of(people["investigator"])
    signs(client)
    text = client.get("/signatures.csv").content.decode()
    for words in ("A principal investigator", "they are accurate and complete", "valid"):
        assert words in text


def test_what_is_unknown_is_not_found(people: People) -> None:
    client = client_of(people["investigator"])
    for url in ("/sign/subject?subject=9", "/sign/subject", "/sign/record", "/signatures/7"):
        assert client.get(url).status_code == 404


def signs(client: Client, *, meaning: str = "subject", **given: str):  # type: ignore[no-untyped-def]
    asked = {"subject": "001", "password": PASSWORD, "seen": str(head().seq)} | given
    return client.post(f"/sign/{meaning}", asked)


def test_a_number_that_no_entry_can_have_is_refused(enter: Enter, people: People) -> None:
    enter("demographics", subject="001", age="60")
    record = Record.objects.get().pk
    many = "9" * 5000  # more digits than Python reads
    client = client_of(people["investigator"])
    assert client.post("/sign/subject", {"subject": "001", "seen": many}).status_code == 422
    assert client.post("/trail/review", {"upto": many}).status_code == 422
    assert client.get("/sign/record", {"record": many}).status_code == 404
    assert client.get("/holds", {"record": many}).status_code == 404
    client = client_of(people["monitor"])
    assert client.post(f"/sdv/{record}", {"seen": many}).status_code == 302  # as it stands
    assert client.get("/queries/new", {"record": many}).status_code == 404
    assert client.post(f"/sdv/{many}").status_code == 404


def test_a_signature_that_is_sent_twice_is_given_once(enter: Enter, people: People) -> None:
    enter("demographics", subject="001", age="60")
    client, seen = client_of(people["investigator"]), str(head().seq)
    first, second = signs(client, seen=seen), signs(client, seen=seen)
    assert (second.status_code, second.url) == (302, first.url)
    assert len(follow().signatures) == 1
    signs(client_of(people["sub_investigator"]), seen=seen)  # another person signs beside
    signs(client)  # and the page that is opened anew is another act
    assert len(follow().signatures) == 3


def test_a_review_that_is_sent_twice_is_signed_once(enter: Enter, people: People) -> None:
    enter("demographics", subject="001", age="60")
    client, upto = client_of(people["monitor"]), str(head().seq)
    client.post("/trail/review", {"upto": upto, "password": PASSWORD})
    client.post("/trail/review", {"upto": upto, "password": PASSWORD})
    assert len(follow().reviews) == 1
