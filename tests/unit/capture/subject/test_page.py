"""The page of a subject: who may open it, what it says, and that nothing typed in it can run."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest
from django.test import Client

from cartrial.capture.ledger import action
from cartrial.capture.ledger.models import Record
from cartrial.capture.ledger.read import head, subjects
from cartrial.capture.ledger.write import SOFTWARE_ITSELF, writing
from cartrial.capture.people.models import Account
from cartrial.capture.serve.demonstration import rows_of_all
from cartrial.protocol.read import packaged_study
from cartrial.virtual.scenario import packaged_scenario
from cartrial.virtual.trial import simulate_trial
from tests.unit.capture.conftest import client_of
from tests.unit.capture.subject.conftest import SMALL, rows

Enter = Callable[..., int]
PAYLOAD = "</title><img src=x onerror=alert(1)>\"'&<script>alert(2)</script>"
SHORT = "<img src=x onerror=alert(1)>"


@pytest.fixture
def browser(people: dict[str, Account]) -> Client:
    """The investigator's browser."""
    return client_of(people["investigator"])


@pytest.fixture
def small_trial(people: dict[str, Account]) -> str:
    """The small subject, entered."""
    with writing(people["coordinator"].actor) as ledger:
        ledger.enter_all(list(rows(SMALL)), reason="entered")
    return "001"


class Page(HTMLParser):
    """What a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def of(self, *names: str) -> Iterator[dict[str, str]]:
        """The attributes of each of these tags."""
        return (attrs for tag, attrs in self.tags if tag in names)


def faults_of(text: str) -> list[str]:
    """What a page lacks for who reads it with a screen reader, or that our policy forbids."""
    page = Page(text)
    faults = [f"{n} h1" for n in [sum(1 for _ in page.of("h1"))] if n != 1]
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    faults += [f"h{b} after h{a}" for a, b in pairwise(levels) if b > a + 1]
    ids = Counter(attrs["id"] for _, attrs in page.tags if "id" in attrs)
    faults += [f"id {id_} {n} times" for id_, n in ids.items() if n > 1]
    faults += ["style" for _, attrs in page.tags if "style" in attrs]
    faults += [name for _, attrs in page.tags for name in attrs if name.startswith("on")]
    drawn = [attrs for attrs in page.of("svg") if "role" in attrs]
    faults += ["svg without name" for attrs in drawn if not attrs.get("aria-label")]
    inner = [a["href"][1:] for a in page.of("a") if a.get("href", "").startswith("#")]
    faults += [f"no {target}" for target in inner if target not in ids]
    return faults


def test_a_small_subject(small_trial: str, browser: Client) -> None:
    before = head()
    answer = browser.get("/subjects/001")
    text = answer.content.decode()
    assert answer.status_code == 200
    for said in (
        "Subject 001",
        "1 × 10⁶/kg",
        "2025-03-01",
        "window to day 84",
        "Best response",
        "not signed",
        "/bedside/001/crs",
        "/bedside/001/icans",
        "/subjects/001/forms",
        "/forms/adverse_event/new?subject=001",
        "at least grade 1",
    ):
        assert said in text, said
    assert faults_of(text) == []
    assert head() == before


def test_each_mark_opens_its_record(small_trial: str, browser: Client) -> None:
    text = browser.get("/subjects/001?days=30").content.decode()
    numbers = dict(Record.objects.values_list("key", "pk").filter(form="car_transgene"))
    (value,) = [pk for key, pk in numbers.items() if "2025-03-08" in key]
    assert re.search(rf'<a href="/records/{value}" aria-label="[^"]*5000 copies', text)
    known = {f"/records/{pk}" for pk in Record.objects.values_list("pk", flat=True)}
    linked = {a["href"] for a in Page(text).of("a") if a.get("href", "").startswith("/records/")}
    assert linked
    assert linked <= known
    shown = re.search(r"/records/(\d+)", sorted(linked)[0])
    assert shown
    assert browser.get(shown[0]).status_code == 200


@pytest.mark.parametrize("days", ["30", "84", "all", "nonsense", ""])
def test_the_zooms(small_trial: str, browser: Client, days: str) -> None:
    text = browser.get("/subjects/001", {"days": days}).content.decode()
    assert text.count('aria-current="page"') == 1
    if days in ("30", "84", "all"):
        assert f'<a href="?days={days}" aria-current="page">' in text


def test_what_is_typed_cannot_run(small_trial: str, browser: Client, enter: Enter) -> None:
    enter("adverse_event", subject="001", number="9", term=PAYLOAD, scale="CTCAE",
          started="2025-03-02")  # fmt: skip
    enter("ae_grade", subject="001", number="9", since="2025-03-02", grade="2")
    enter("medication", subject="001", number="9", drug=PAYLOAD, kind="other", started="2025-03-05")
    enter("car_transgene", subject="001", at="2025-03-02", analyte=SHORT, specimen="blood",
          status="value", copies="100", lloq="50")  # fmt: skip
    enter("bridging", subject="001", number="1", drug=PAYLOAD, started="2025-02-10")
    for days in ("30", "all"):
        text = browser.get(f"/subjects/001?days={days}").content.decode()
        assert "<img" not in text
        assert "onerror=alert(1)&gt;" in text  # it is shown, as letters
        assert "alert(2)</script>" not in text
        assert text.count("&lt;/title&gt;") >= 6
        assert faults_of(text) == []


def test_a_subject_before_the_infusion(browser: Client, enter: Enter) -> None:
    enter("demographics", subject="002", consented="2026-01-05", age="60", sex="male", level="1")
    enter("disease_history", subject="002", light_chain="kappa", prior_lines="4")
    enter("m_protein", subject="002", on="2026-01-06", specimen="serum", m_protein="31", unit="g/L",
          immunofixation="positive")  # fmt: skip
    text = browser.get("/subjects/002").content.decode()
    for said in ("not yet", "Days from the consent", "Prior lines of therapy", "M-protein in serum",
                 "31 g/L", "Screening", "not entered"):  # fmt: skip
        assert said in text, said
    assert "DLT status" not in text
    assert faults_of(text) == []


def test_a_subject_of_whom_only_the_key_is_known(browser: Client, enter: Enter) -> None:
    enter("demographics", subject="003")
    answer = browser.get("/subjects/003")
    assert answer.status_code == 200
    assert faults_of(answer.content.decode()) == []


def test_an_entry_that_the_analysis_does_not_hold_is_told(
    small_trial: str, browser: Client, enter: Enter
) -> None:
    assert 'class="said"' not in browser.get("/subjects/001").content.decode()
    enter("laboratory", subject="001", at="2099-03-06", analyte="PLAT", specimen="blood",
          value="200", unit="10^9/L")  # fmt: skip
    text = browser.get("/subjects/001").content.decode()
    assert "1 entry is not in the analysis (" in text
    assert "Dated after today: 1." in text
    assert "not in the analysis</td>" in text


def test_a_trial_that_cannot_be_analysed_still_shows_what_was_entered(
    small_trial: str, browser: Client, enter: Enter
) -> None:
    enter("infusion", subject="001", number="2", at="2025-02-01", level="99", given="1")
    answer = browser.get("/subjects/001?days=all")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Nothing derived is shown, as the trial cannot be analysed: " in text
    assert "5000 copies/µg DNA" in text
    assert "recorded as grade 3" in text


def test_a_signature_and_a_query_in_the_head(
    small_trial: str, browser: Client, people: dict[str, Account], enter: Enter
) -> None:
    with writing(people["monitor"].actor) as ledger:
        ledger.add(action.QUERY_OPEN, subject="001", form="demographics", key="[]",
                   content={"field": "age", "text": "Is it 60?"})  # fmt: skip
    with writing(people["investigator"].actor) as ledger:
        content: dict[str, Any] = {"meaning": "subject", "words": "I have reviewed"}
        signed = ledger.add(action.SIGN, subject="001", content=content)
    text = browser.get("/subjects/001").content.decode()
    assert f'<a href="/signatures/{signed.seq}" class="good">valid</a>' in text
    assert '<a href="/queries?subject=001" class="warn">1</a>' in text
    enter("visit", subject="001", visit="Day 14", on="2025-03-15", safety="yes")
    assert "1 record came since" in browser.get("/subjects/001").content.decode()


def test_nobody_else(small_trial: str, people: dict[str, Account], browser: Client) -> None:
    assert browser.get("/subjects/no-such").status_code == 404
    assert browser.get("/subjects/%00").status_code == 404
    assert browser.post("/subjects/001").status_code == 405
    assert client_of(people["administrator"]).get("/subjects/001").status_code == 403
    assert Client().get("/subjects/001").status_code == 302
    monitor = client_of(people["monitor"]).get("/subjects/001").content.decode()
    assert "/bedside/001/crs" not in monitor


def test_every_subject_of_a_simulated_trial(db: None, browser: Client) -> None:
    forms = simulate_trial(packaged_study(), subjects=1, seed=3, scenario=packaged_scenario()).forms
    with writing(SOFTWARE_ITSELF) as ledger:
        ledger.enter_all(rows_of_all(forms), reason="simulated")
    known = {f"/records/{pk}" for pk in Record.objects.values_list("pk", flat=True)}
    for subject in subjects():
        answer = browser.get(f"/subjects/{subject}")
        text = answer.content.decode()
        assert answer.status_code == 200
        assert faults_of(text) == []
        assert 'class="said"' not in text
        assert not re.search(r"\d\.\d{6}", text)  # nothing with the tail of binary numbers
        links = {a["href"] for a in Page(text).of("a") if "/records/" in a.get("href", "")}
        assert links <= known
