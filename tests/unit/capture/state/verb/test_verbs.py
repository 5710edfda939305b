"""Each verb of work is one entry, by the right rules, and the database holds to them too."""

from collections.abc import Callable

import pytest

from cartrial.capture.ledger.fault import Conflict, Held, Refused
from cartrial.capture.ledger.models import Entry
from cartrial.capture.ledger.write import SOFTWARE_ITSELF, Actor, writing
from cartrial.capture.people.models import Account
from cartrial.capture.state.act import Place
from cartrial.capture.state.fold.follow import follow
from cartrial.capture.state.verb.asking import ask, close_system_query, open_system_query, proceed
from cartrial.capture.state.verb.holding import change_hold
from cartrial.capture.state.verb.marking import verify_source, withdraw
from cartrial.capture.state.verb.sign import sign

Enter = Callable[..., int]
People = dict[str, Account]
AGE = Place("001", "demographics", "[]")
RULE = {"rule": "crs grade", "text": "The recorded grade is 1, the signs give 2."}


def test_a_query_goes_its_way(enter: Enter, people: People) -> None:
    enter("demographics", subject="001", age="60")
    with writing(people["monitor"].actor) as ledger:
        number = ask(ledger, AGE, "age", "Is it 61?").seq
    with writing(people["coordinator"].actor) as ledger:
        proceed(ledger, number, "answer", "It is 60")
    with writing(people["monitor"].actor) as ledger:
        proceed(ledger, number, "close", "Agreed")
        with pytest.raises(Refused, match="got one closed"):
            proceed(ledger, number, "answer", "Once more")
    names = Entry.objects.filter(seq__gte=number).values_list("action", "actor")
    assert list(names) == [
        ("query open", "monitor"),
        ("query answer", "coordinator"),
        ("query close", "monitor"),
    ]


def test_a_query_says_something(people: People) -> None:
    with pytest.raises(Refused, match="got nothing"), \
            writing(people["monitor"].actor) as ledger:  # fmt: skip
        ask(ledger, AGE, "age", "  ")


def test_the_query_of_a_rule_is_opened_once_and_closed_when_its_cause_is_gone(
    enter: Enter, people: People
) -> None:
    enter("demographics", subject="001", age="60")
    with writing(SOFTWARE_ITSELF) as ledger:
        assert open_system_query(ledger, AGE, "age", **RULE)
        assert open_system_query(ledger, AGE, "age", **RULE) is None
    assert [query.rule for query in follow().open_queries()] == ["crs grade"]
    gone = {"rule": "crs grade", "text": "They agree now."}
    with writing(SOFTWARE_ITSELF) as ledger:
        assert close_system_query(ledger, AGE, "age", **gone)
        assert close_system_query(ledger, AGE, "age", **gone) is None
    assert follow().open_queries() == ()


def test_source_verification_is_of_what_was_read(enter: Enter, people: People) -> None:
    first = enter("demographics", subject="001", age="60")
    monitor = people["monitor"].actor
    with writing(monitor) as ledger:
        verify_source(ledger, AGE, seen=first)
    with writing(monitor) as ledger:
        withdraw(ledger, AGE, "wrong source")
    newest = enter("demographics", base=first, reason="source", subject="001", age="61")
    with pytest.raises(Conflict), writing(monitor) as ledger:
        verify_source(ledger, AGE, seen=first)
    with writing(monitor) as ledger:
        verify_source(ledger, AGE, seen=newest)
    with pytest.raises(Refused, match="got one that is verified"), writing(monitor) as ledger:
        verify_source(ledger, AGE, seen=newest)


def test_frozen_data_are_signed_queried_and_verified_but_not_changed(
    enter: Enter, people: People
) -> None:
    first = enter("demographics", subject="001", age="60")
    hold(people, "freeze", AGE)
    with writing(people["investigator"].actor) as ledger:
        sign(ledger, "subject", Place("001"))
        ask(ledger, AGE, "age", "Is it 61?")
        verify_source(ledger, AGE, seen=first)
    with pytest.raises(Held, match="frozen"):
        enter("demographics", base=first, reason="source", subject="001", age="61")
    hold(people, "thaw", AGE)
    enter("demographics", base=first, reason="source", subject="001", age="61")


@pytest.mark.parametrize(
    "what",
    ["create", "change", "void", "restore", "query open", "query answer", "query close", "sdv",
     "sdv withdraw", "sign", "check fired"],
)  # fmt: skip
@pytest.mark.parametrize("scope", [AGE, Place("001"), Place()])
def test_the_database_refuses_every_work_on_locked_data(
    enter: Enter, people: People, what: str, scope: Place
) -> None:
    enter("demographics", subject="001", age="60")
    actor = people["data_manager"].actor
    with writing(actor) as ledger:
        ledger.add("lock", **scope._asdict(), reason="clean")
    with pytest.raises(Held, match="locked"), writing(actor) as ledger:
        ledger.add(what, **AGE._asdict(), reason="a reason", content={})


@pytest.mark.parametrize(
    ("done", "verb"),
    [
        ([], "thaw"),
        ([], "unlock"),
        (["freeze"], "freeze"),
        (["freeze"], "unlock"),
        (["lock"], "freeze"),
        (["lock"], "thaw"),
        (["lock"], "lock"),
        (["freeze", "lock", "unlock"], "thaw"),
    ],
)
def test_the_database_refuses_a_hold_out_of_order(
    people: People, done: list[str], verb: str
) -> None:
    with writing(people["data_manager"].actor) as ledger:
        for each in done:
            ledger.add(each, subject="001", reason="a reason")
    with pytest.raises(Refused, match="holds and releases must be in order"), \
            writing(people["data_manager"].actor) as ledger:  # fmt: skip
        ledger.add(verb, subject="001", reason="a reason")


@pytest.mark.parametrize("verb", ["freeze", "thaw", "lock", "unlock", "sdv withdraw"])
def test_the_database_refuses_it_without_a_reason(people: People, verb: str) -> None:
    with pytest.raises(Refused, match="must have its reason"), \
            writing(people["data_manager"].actor) as ledger:  # fmt: skip
        ledger.add(verb, subject="001", reason=" ")


def test_a_subject_is_locked_when_nothing_is_left_to_do(enter: Enter, people: People) -> None:
    enter("demographics", subject="001", age="60")
    with writing(people["monitor"].actor) as ledger:
        number = ask(ledger, AGE, "age", "Is it 61?").seq
    with pytest.raises(Refused, match=r"got 1 open query \(and 1 more\)"):
        hold(people, "lock", Place("001"))
    with writing(people["monitor"].actor) as ledger:
        proceed(ledger, number, "close", "Clear")
    with pytest.raises(Refused, match="got a casebook of 001 that the investigator has not signed"):
        hold(people, "lock", Place())
    with writing(people["investigator"].actor) as ledger:
        sign(ledger, "casebook", Place("001"))
    hold(people, "lock", Place("001"))
    with pytest.raises(Held):
        hold(people, "sdv", AGE)
    hold(people, "unlock", Place("001"))
    assert (
        follow().holds[Place("001")].act.said("words")
        == "I release these locked data for correction."
    )


def hold(people: People, verb: str, place: Place) -> None:
    actor: Actor = people["data_manager"].actor
    with writing(actor) as ledger:
        if verb == "sdv":
            ledger.add("sdv", **place._asdict())
        else:
            change_hold(ledger, verb, place, "a reason")
