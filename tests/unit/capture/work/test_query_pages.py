"""The pages of queries: asked by the monitor, answered by the site, closed by who asks."""

from collections.abc import Callable

import pytest

from cartrial.capture.ledger.models import Entry, Record
from cartrial.capture.ledger.write import writing
from cartrial.capture.people.models import Account
from cartrial.capture.state.fold.follow import follow
from tests.unit.capture.conftest import client_of

Enter = Callable[..., int]
People = dict[str, Account]


def test_a_query_from_question_to_close(enter: Enter, people: People) -> None:
    enter("demographics", subject="001", age="60")
    record = Record.objects.get().pk
    monitor, site = client_of(people["monitor"]), client_of(people["coordinator"])
    assert "Age at consent" in monitor.get(f"/queries/new?record={record}&field=age").text
    asked = monitor.post(
        "/queries/new", {"record": record, "field": "age", "text": "Is it <b>61</b>?"}
    )
    shown = site.get(asked.url)
    assert "Is it &lt;b&gt;61&lt;/b&gt;?" in shown.text
    assert site.post(f"{asked.url}/answer", {"text": "It is 60"}).status_code == 302
    assert "answered" in monitor.get("/queries").text
    assert monitor.post(f"{asked.url}/close", {"text": "Agreed"}).status_code == 302
    assert "No query is like this" in monitor.get("/queries").text
    assert "Agreed" in site.get(asked.url).text
    verbs = Entry.objects.filter(action__startswith="query").values_list("action", "role")
    assert list(verbs) == [
        ("query open", "monitor"),
        ("query answer", "coordinator"),
        ("query close", "monitor"),
    ]


def test_a_step_out_of_order_is_refused_and_nothing_is_entered(
    enter: Enter, people: People
) -> None:
    enter("demographics", subject="001", age="60")
    number = asked(people)
    monitor = client_of(people["monitor"])
    monitor.post(f"/queries/{number}/close", {"text": "Clear"})
    before = Entry.objects.count()
    assert monitor.post(f"/queries/{number}/close", {"text": "Clear"}).status_code == 422
    assert Entry.objects.count() == before


def test_what_is_unknown_is_not_found(enter: Enter, people: People) -> None:
    enter("demographics", subject="001", age="60")
    monitor = client_of(people["monitor"])
    record = Record.objects.get().pk
    asked = ("", "?record=x", f"?record={2**70}", f"?record={record}&field=secret")
    for url in ("/queries/77", f"/queries/{2**70}", *(f"/queries/new{one}" for one in asked)):
        assert monitor.get(url).status_code == 404, url


@pytest.mark.parametrize(
    ("asking", "count"),
    [("", 2), ("?by=software", 1), ("?by=person", 1), ("?subject=001", 2), ("?subject=9", 0),
     ("?form=death", 0), ("?status=closed", 0), ("?status=open", 2), ("?status=all", 2)],
)  # fmt: skip
def test_the_list_is_filtered(enter: Enter, people: People, asking: str, count: int) -> None:
    enter("demographics", subject="001", age="60")
    asked(people)
    asked(people, rule="crs grade")
    shown = client_of(people["monitor"]).get(f"/queries{asking}").text
    assert shown.count('<a href="/queries/') == count


def asked(people: People, rule: str = "") -> int:
    content = {"field": "age", "text": "Is it 61?"} | ({"rule": rule} if rule else {})
    with writing(people["monitor"].actor) as ledger:
        ledger.add("query open", subject="001", form="demographics", key="[]", content=content)
    return max(follow().queries)


def test_a_question_that_is_sent_twice_is_asked_once(enter: Enter, people: People) -> None:
    enter("demographics", subject="001", age="60")
    question = {"record": Record.objects.get().pk, "field": "age", "text": "Is it 61? "}
    monitor, manager = client_of(people["monitor"]), client_of(people["data_manager"])
    first, second = monitor.post("/queries/new", question), monitor.post("/queries/new", question)
    assert (second.status_code, second.url) == (302, first.url)
    manager.post("/queries/new", question)
    assert len(follow().queries) == 2
    client_of(people["coordinator"]).post(f"{first.url}/answer", {"text": "It is 60"})
    assert monitor.post("/queries/new", question).url != first.url


def test_a_query_of_today_has_no_days(enter: Enter, people: People) -> None:
    enter("demographics", subject="001", age="60")
    number = asked(people)
    monitor = client_of(people["monitor"])
    assert "Open for less than a day." in monitor.get(f"/queries/{number}").text
    monitor.post(f"/queries/{number}/close", {"text": "Clear"})
    assert "Took less than a day." in monitor.get(f"/queries/{number}").text
