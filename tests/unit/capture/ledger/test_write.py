"""What the ledger takes, and what it refuses."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction

from cartrial.capture.ledger.fault import Conflict, Held, Refused
from cartrial.capture.ledger.models import Content, Entry
from cartrial.capture.ledger.read import Snapshot, history
from cartrial.capture.ledger.row import Row, read_row
from cartrial.capture.ledger.verify import verify
from cartrial.capture.ledger.write import SOFTWARE_ITSELF, writing
from cartrial.capture.people.models import Account

Enter = Callable[..., int]


def test_a_change_lists_only_what_changed(enter: Enter) -> None:
    first = enter("demographics", subject="001", consented="2026-01-05", age="60", sex="male")
    enter("demographics", base=first, reason="typing error", subject="001", consented="2026-01-05",
          age="61", sex="male")  # fmt: skip
    assert history("001", "demographics", "[]")[-1].changes == {"age": ("60", "61")}
    assert verify().findings == ()


def test_a_change_without_reason_is_refused(enter: Enter) -> None:
    first = enter("demographics", subject="001", age="60")
    with pytest.raises(Refused, match="must have its reason"):
        enter("demographics", base=first, subject="001", age="61")


def test_a_lost_update_is_a_conflict(enter: Enter) -> None:
    enter("demographics", subject="001", age="60")
    with pytest.raises(Conflict, match="got a change by A coordinator"):
        enter("demographics", subject="001", age="61", reason="another")


def test_nothing_is_entered_while_held(enter: Enter, people: dict[str, Account]) -> None:
    enter("demographics", subject="001", age="60")
    manager = people["data_manager"].actor
    with writing(manager) as ledger:
        ledger.add("lock", subject="001", reason="clean")
    with pytest.raises(Held, match="locked"):
        enter("vital_signs", subject="001", at="2026-01-05T10:00", pulse="80")
    enter("demographics", subject="002", age="60")
    with writing(manager) as ledger:
        ledger.add("unlock", subject="001", reason="a query")
    enter("vital_signs", subject="001", at="2026-01-05T10:00", pulse="80")


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE entry SET actor = 'mallory' WHERE seq = 1",
        "DELETE FROM entry WHERE seq = 1",
        "UPDATE content SET text = '{}' WHERE seq = 1",
        "UPDATE content SET text = NULL WHERE seq = 1",
        "DELETE FROM content WHERE seq = 1",
        "DELETE FROM record",
        "UPDATE record SET seq = 7",
    ],
)
def test_nothing_is_written_around_it(enter: Enter, attack: str) -> None:
    enter("demographics", subject="001", age="60")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attack)
    assert verify().findings == ()


def test_a_redacted_entry_keeps_the_chain_valid(enter: Enter, people: dict[str, Account]) -> None:
    told = {"subject": "001", "number": "1", "kind": "dose", "on": "2026-01", "major": "no"}
    seq = enter("protocol_deviation", **told, what="the name of a patient")
    manager = people["data_manager"].actor
    with pytest.raises(Refused, match="Correct the record first"), writing(manager) as ledger:
        ledger.redact(seq, ["what"], "a name was entered")
    after = enter("protocol_deviation", base=seq, reason="a name", **told, what="too much given")
    with writing(manager) as ledger:
        ledger.redact(seq, ["what"], "a name was entered")
    assert not Content.objects.filter(text__contains="name of a patient").exists()
    assert Content.objects.get(entry_id=after).text is None  # it named the value before
    assert verify().findings == ()


def test_the_forms_follow_the_ledger(enter: Enter) -> None:
    snapshot = Snapshot()
    first = enter("demographics", subject="001", age="60")
    assert snapshot.forms()[0].tables["demographics"]["age"].to_list() == [60]
    enter("demographics", base=first, subject="001", age="61", reason="typing error")
    assert snapshot.forms()[0].tables["demographics"]["age"].to_list() == [61]


def test_a_row_is_brought_to_one_spelling() -> None:
    row, findings = read_row("vital_signs", {"subject": "001", "at": "2026-01-05 10:00:00",
                                             "temperature": " 38.50 "})  # fmt: skip
    assert not findings
    assert row is not None
    assert row.cells == {"subject": "001", "at": "2026-01-05T10:00", "temperature": "38.5"}
    assert row.key == '["2026-01-05T10:00"]'


def test_a_transaction_within_another_joins_it_and_may_fail_alone(
    people: dict[str, Account],
) -> None:
    outer, inner = people["coordinator"].actor, people["monitor"].actor
    with writing(outer) as ledger:
        ledger.add("export")
        with writing(inner) as joined:
            joined.add("query open", subject="001", content={"said": "which day?"})
        with pytest.raises(Refused, match="must have its reason"), writing(inner) as failing:
            failing.add("lock", subject="001")
        ledger.add("export")
    assert [entry.actor for entry in Entry.objects.order_by("seq")] == [
        outer.username,
        inner.username,
        outer.username,
    ]
    assert verify().findings == ()


def test_a_redaction_reaches_every_entry_that_says_the_value(
    enter: Enter, people: dict[str, Account]
) -> None:
    told = {"subject": "001", "number": "1", "kind": "dose", "on": "2026-01", "major": "no"}
    place = {"subject": "001", "form": "protocol_deviation", "key": '["1"]'}
    seq = first = enter("protocol_deviation", **told, what="Ana Ruiz")
    with writing(people["coordinator"].actor) as ledger:
        ledger.add("check fired", **place, content={"column": "what", "value": "Ana Ruiz"})
        other = ledger.add("check fired", **place, content={"column": "what", "value": "few"}).seq
    for what in ("too much", "Ana Ruiz", "too much given"):  # it came back by mistake
        seq = enter("protocol_deviation", base=seq, reason="a name", **told, what=what)
    with writing(people["data_manager"].actor) as ledger:
        blanked = ledger.redact(first, ["what"], "a name was entered")
    assert not Content.objects.filter(text__contains="Ana Ruiz").exists()
    assert [entry.key for entry in blanked] == ["1", "2", "4", "5", "6"]
    assert Content.objects.get(entry_id=other).text is not None
    assert verify().findings == ()


@pytest.mark.parametrize("reason", ["\u200b", "\u2060 \u00ad", "\x07"])
def test_a_reason_that_nobody_can_read_is_none(enter: Enter, reason: str) -> None:
    first = enter("demographics", subject="001", age="60")
    with pytest.raises(Refused, match="must be of letters that print"):
        enter("demographics", base=first, subject="001", age="61", reason=reason)


@pytest.mark.parametrize("subject", ["../../out", "..", "a/b", "=1+1", 'x";y', "<b>", "x\ny", " x"])
def test_a_subject_is_named_so_that_a_file_can_be(enter: Enter, subject: str) -> None:
    row = Row("demographics", subject, "[]", {"subject": subject, "age": "60"})
    with writing(SOFTWARE_ITSELF) as ledger:
        with pytest.raises(Refused, match="subject must be of letters, digits"):
            ledger.enter(row, base=0)
        with pytest.raises(Refused, match="subject must be of letters, digits"):
            ledger.enter_all([row])
