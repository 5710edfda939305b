"""Every page that a role can reach by links: accessible, keeping to its policy, changing nothing.

The demonstration holds texts that would run as scripts where a page took them as markup.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import Resolver404, resolve

from tests.capture_server import Server, serving
from tests.e2e.capture.person import Person, chromium

SUBJECT = "001-001"
HOSTILE = "\"'><img src=x onerror=alert(1)></script><script>alert(2)</script> javascript:alert(3)"
WRONG = ("moderate", "serious", "critical")
LINKS = """() => [...document.querySelectorAll("a[href], [hx-get]")]
    .map((e) => e.getAttribute("hx-get") || e.getAttribute("href"))"""
ROLES = ("investigator", "coordinator", "data_manager", "monitor", "committee", "administrator")
Key = tuple[str, str]


def enter_hostile(person: Person) -> None:
    """Texts that would run, in the text fields of several forms, a reason, and a query."""
    person.enter("adverse_event", SUBJECT, number="90", term=HOSTILE, preferred=HOSTILE,
                 ctcae_term=HOSTILE, organ_class=HOSTILE, scale="CTCAE",
                 started="2026-01-01")  # fmt: skip
    person.type(outcome="not resolved", _reason="other", _words=HOSTILE)
    person.press("Save")
    person.answer(HOSTILE)
    assert "Saved as entry" in person.text
    person.enter("protocol_deviation", SUBJECT, number="90", on="2026-01-01", kind="other",
                 major="no", what=HOSTILE)  # fmt: skip
    person.enter("medication", SUBJECT, number="90", drug=HOSTILE, kind="other",
                 started="2026-01-01", unit=HOSTILE[:20])  # fmt: skip
    person.enter("ae_grade", SUBJECT, number="90", since="2026-01-01", grade="2")


def ask_hostile(person: Person) -> None:
    person.go(f"/subjects/{SUBJECT}/forms/adverse_event")
    person.find("main table a[href^='/records/']").first.click()
    person.press("Ask a query")
    person.type(text=HOSTILE)
    person.press("Ask")


def key_of(path: str) -> Key | None:
    """The route of a path, and its form where it has one; null for none of ours."""
    try:
        found = resolve(urlsplit(path).path)
    except Resolver404:
        return None
    return str(found.route), str(found.kwargs.get("form", ""))


def reached(person: Person, most: int) -> Iterator[tuple[Key, str]]:
    """Pages that links lead to, each route (and form) once; the browser stands on the page."""
    waiting, seen = ["/", "/me"], set[Key]()
    while waiting and len(seen) < most:
        path = waiting.pop(0)
        key = key_of(path)
        if key is None or key in seen:
            continue
        seen.add(key)
        answer = person.page.request.get(path)
        if answer.status >= 400:
            person.faults.append(f"{person.page.url} leads to {path}: {answer.status}")
            continue
        if "text/html" not in answer.headers.get("content-type", ""):
            yield key, path
            continue
        person.go(path)
        yield key, path
        new = person.page.evaluate(LINKS)
        waiting += [link for link in new if link.startswith("/") and not link.startswith("//")]


def wrong_for_some(person: Person, path: str) -> list[str]:
    """What hinders people on the page, by axe-core."""
    person.page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true })")
    return [
        f"{person.username} {path}: {one['id']}, {[n['html'][:150] for n in one['nodes'][:3]]}"
        for one in Axe().run(person.page).response["violations"]
        if one["impact"] in WRONG
    ]


def newest(study: Path) -> int:
    with closing(sqlite3.connect(study / "web" / "trial.sqlite3")) as trial:
        return int(trial.execute("SELECT max(seq) FROM entry").fetchone()[0])


def look_at(
    server: Server, study: Path, password: str, roles: tuple[str, ...], most: int
) -> set[str]:
    """Look at every page of the roles; the routes that were seen."""
    found, routes, looked = [], set[str](), set[Key]()
    with chromium() as browser:
        for username, act in (("coordinator", enter_hostile), ("monitor", ask_hostile)):
            person = Person(browser, server, username, password)
            act(person)
            person.close()
        for role in roles:
            person = Person(browser, server, role, password)
            before = newest(study)
            for key, path in reached(person, most):
                routes.add(key[0])
                if key not in looked and person.page.url.endswith(path):
                    found += wrong_for_some(person, path)
                looked.add(key)
            if newest(study) != before:
                found.append(f"reading as {role} entered something")
            found += person.faults
            person.page.context.close()
    assert found == []
    return routes


@pytest.mark.browser
def test_the_first_pages_of_a_coordinator(study: Path, password: str) -> None:
    with serving(study) as server:
        assert len(look_at(server, study, password, ("coordinator",), 5)) >= 4


@pytest.mark.browser
@pytest.mark.slow
def test_every_page_of_every_role(study: Path, password: str) -> None:
    with serving(study) as server:
        routes = look_at(server, study, password, ROLES, 500)
    assert len(routes) > 30
