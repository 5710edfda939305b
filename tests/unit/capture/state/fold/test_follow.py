"""The state of this process follows the chain, and begins anew where the chain is another."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from cartrial.capture.ledger.write import writing
from cartrial.capture.people.models import Account
from cartrial.capture.state.act import Place
from cartrial.capture.state.fold import follow as module
from cartrial.capture.state.fold.follow import State, follow

Enter = Callable[..., int]
People = dict[str, Account]
AGE = Place("001", "demographics", "[]")


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of the entries that are read, in the order in which they are."""
    seen: list[int] = []
    acts = module.acts

    def watched(after: int, upto: int) -> Any:
        for act in acts(after, upto):
            seen.append(act.seq)
            yield act

    monkeypatch.setattr(module, "acts", watched)
    monkeypatch.setattr(module, "_kept", module._Kept())
    return seen


@pytest.mark.django_db(transaction=True)
def test_each_entry_is_read_once(enter: Enter, people: People, read: list[int]) -> None:
    first = enter("demographics", subject="001", age="60")
    before = follow()
    assert follow() is before
    enter("demographics", base=first, reason="source", subject="001", age="61")
    assert follow().tracks["001"][AGE].newest == 2
    assert before.tracks["001"][AGE].newest == 1
    assert read == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_was_never_followed(
    enter: Enter, people: People, read: list[int]
) -> None:
    enter("demographics", subject="001", age="60")
    follow()
    with transaction.atomic(), writing(people["monitor"].actor) as ledger:
        ledger.add("query open", **AGE._asdict(), content={"field": "age", "text": "Why?"})
        assert len(follow().open_queries()) == 1
        transaction.set_rollback(True)
    assert follow().open_queries() == ()


@pytest.mark.django_db(transaction=True)
def test_another_chain_is_followed_from_its_beginning(enter: Enter, people: People) -> None:
    kept = module._Kept()
    enter("demographics", subject="001", age="60")
    there = module.head()
    kept.state, kept.head = State(holds={Place(): None}), type(there)(1, "f" * 64)  # type: ignore[dict-item]
    assert kept.upto(there, keep=True).holds == {}
    kept.state, kept.head = State(holds={Place(): None}), type(there)(9, there.hash)  # type: ignore[dict-item]
    assert kept.upto(there, keep=True).holds == {}
    assert kept.head == there


@pytest.mark.django_db(transaction=True)
def test_what_was_redacted_stands_nowhere_in_memory(enter: Enter, people: People) -> None:
    enter("demographics", subject="001", age="60")
    with writing(people["monitor"].actor) as ledger:
        asked = ledger.add("query open", **AGE._asdict(), content={"field": "age", "text": "Ana?"})
    assert follow().queries[asked.seq].text == "Ana?"
    with writing(people["data_manager"].actor) as ledger:
        ledger.redact(asked.seq, [], "a name was entered")
    assert follow().queries[asked.seq].text == ""
