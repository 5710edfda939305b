"""A script in what people write (names, queries, reasons, names of files) is shown as text."""

from collections.abc import Callable

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cartrial.capture.ledger.models import Entry, Record
from cartrial.capture.people import account as accounts
from cartrial.capture.people.models import Account
from tests.unit.capture.conftest import PASSWORD
from tests.unit.capture.web.test_matrix import seated

ATTACK = "\"'><img src=x onerror=alert(1)></script><script>alert(1)</script>{{7*7}}"
ROW = b"subject,at,analyte,specimen,value,unit\n001,2026-02-11,K,serum,4.1,mmol/L\n"
PAGES = (
    "/board", "/work", "/subjects/001", "/subjects/001/forms", "/queries", "/queries/{query}",
    "/signatures", "/signatures/{signature}", "/holds", "/trail", "/trail/{query}", "/trail/review",
    "/records/{record}", "/records/{record}/history", "/outputs", "/uploads", "/access", "/me",
)  # fmt: skip


def test_a_script_that_a_person_wrote_is_shown_as_text(
    enter: Callable[..., int], people: dict[str, Account]
) -> None:
    for account in people.values():
        account.name = account.organisation = ATTACK
        account.save()
    of_all = {role: seated(account) for role, account in people.items()}
    place = written(enter, of_all)
    place["signature"] = Entry.objects.get(action="sign").seq
    named = {"username": "ana", "role": "monitor", "identity_on": "2026-01-05"}
    named |= dict.fromkeys(("name", "organisation", "identity_by"), ATTACK)
    accounts.create(people["administrator"].actor, named)
    shown = [(of_all["data_manager"], page.format(**place)) for page in PAGES]
    shown += [(of_all["administrator"], "/accounts"), (of_all["coordinator"], "/uploads")]
    for client, page in shown:
        answer = client.get(page)
        text = answer.content.decode()
        assert answer.status_code == 200, page
        assert "<img src=x" not in text, page
        assert "<script>alert" not in text, page


def written(enter: Callable[..., int], of_all: dict[str, Client]) -> dict[str, int]:
    """What each role wrote; the numbers of what came of it."""
    enter("demographics", subject="001", consented="2026-01-05", age="60", sex="male", level="1")
    first = enter("medication", subject="001", number="1", drug="x", kind="other")
    enter("medication", base=first, reason=ATTACK, subject="001", number="1", drug=ATTACK,
          kind="other")  # fmt: skip
    record = Record.objects.get(form="medication").pk
    of_all["monitor"].post("/queries/new", {"record": record, "field": "drug", "text": ATTACK})
    query = Entry.objects.get(action="query open").seq
    of_all["coordinator"].post(f"/queries/{query}/answer", {"text": ATTACK})
    of_all["monitor"].post(f"/sdv/{record}")
    of_all["monitor"].post(f"/sdv/{record}/withdraw", {"reason": ATTACK})
    of_all["data_manager"].post("/holds/freeze", {"subject": "001", "reason": ATTACK})
    signed = {"record": record, "seen": Entry.objects.count(), "password": PASSWORD}
    of_all["investigator"].post("/sign/record", signed)
    file = SimpleUploadedFile("<img src=x>.csv", ROW)
    kept = of_all["coordinator"].post("/uploads", {"kind": "laboratory", "file": file})
    assert "&lt;img src=x&gt;.csv" in of_all["coordinator"].get(kept.headers["Location"]).text
    return {"query": query, "record": record}
