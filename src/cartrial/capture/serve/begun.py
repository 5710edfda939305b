"""Work that people have begun in a demonstration, so that every page of it shows some.

Four subjects have it: one whose casebook is verified and signed, one whose signature a later change
broke, one with an open and an answered query, and the newest, with a serious event that nobody has
reported within 24 hours. A trial of fewer subjects has none of it.
"""

import datetime as dt

from cartrial.capture.ledger import read
from cartrial.capture.ledger.read import Held
from cartrial.capture.ledger.row import Row, read_row
from cartrial.capture.ledger.write import Actor, writing
from cartrial.capture.people.models import Account
from cartrial.capture.state.act import Place
from cartrial.capture.state.fold.query import ANSWER
from cartrial.capture.state.verb.asking import ask, proceed
from cartrial.capture.state.verb.marking import verify_source
from cartrial.capture.state.verb.sign import sign

NEEDED = 4  # subjects
VERIFIED = ("demographics", "infusion", "adverse_event")  # forms of the casebook with that mark
AWARE = dt.timedelta(hours=30)  # ago: six hours longer than the report may take


def begin(now: dt.datetime) -> None:
    """Let people work a little; `now` is the centre's time."""
    infused = sorted(read.records("infusion"), key=lambda held: held.row.cells["at"])
    subjects = list(dict.fromkeys(held.row.subject for held in infused))
    if len(subjects) < NEEDED:
        return
    _signed(subjects[0])
    _signed_and_changed(subjects[1])
    _asked(subjects[2])
    _overdue(subjects[-1], now)


def _signed(subject: str) -> None:
    with writing(_actor("monitor")) as ledger:
        for form in VERIFIED:
            for held in read.records(form, subject):
                verify_source(ledger, _place(held), seen=held.seq)
    with writing(_actor("investigator")) as ledger:
        sign(ledger, "casebook", Place(subject))


def _signed_and_changed(subject: str) -> None:
    with writing(_actor("investigator")) as ledger:
        sign(ledger, "subject", Place(subject))
    held = read.records("vital_signs", subject)[-1]
    weight = _row("vital_signs", {**held.row.cells, "weight": "71.5"})
    with writing(_actor("coordinator")) as ledger:
        ledger.enter(weight, base=held.seq, reason="source found later: sheet of the ward")


def _asked(subject: str) -> None:
    first, *_, last = read.records("vital_signs", subject)
    with writing(_actor("monitor")) as ledger:
        ask(ledger, _place(first), "pulse", "The chart of the ward has another heart rate.")
        text = "Was the temperature taken before paracetamol?"
        answered = ask(ledger, _place(last), "temperature", text).seq
    with writing(_actor("coordinator")) as ledger:
        proceed(ledger, answered, ANSWER, "Before: it was given an hour later.")


def _overdue(subject: str, now: dt.datetime) -> None:
    number = str(1 + max((int(h.row.cells["number"]) for h in _events(subject)), default=0))
    since, event = now - AWARE, {"subject": subject, "number": number}
    rows = [
        _row("adverse_event", event | {
            "term": "shingles", "preferred": "Herpes zoster", "ctcae_term": "Shingles",
            "organ_class": "Infections and infestations", "scale": "CTCAE",
            "started": f"{since:%Y-%m-%d}", "outcome": "not resolved", "serious": "yes",
            "car_t": "unlikely", "dlt": "no",
        }),
        _row("ae_grade", event | {"since": f"{since:%Y-%m-%d}", "grade": "2"}),
        _row("serious_event", event | {
            "aware": f"{since:%Y-%m-%dT%H:%M}", "fatal": "no", "life_threatening": "no",
            "hospitalisation": "yes", "disability": "no", "congenital": "no", "important": "no",
        }),
    ]  # fmt: skip
    with writing(_actor("coordinator")) as ledger:
        for row in rows:
            ledger.enter(row, base=0)


def _events(subject: str) -> list[Held]:
    return read.records("adverse_event", subject, voided=True)


def _row(form: str, cells: dict[str, str]) -> Row:
    row, findings = read_row(form, cells)
    assert row is not None, findings
    return row


def _place(held: Held) -> Place:
    return Place(held.row.subject, held.row.form, held.row.key)


def _actor(role: str) -> Actor:
    return Account.objects.get(username=role).actor
