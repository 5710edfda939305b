"""Worksheets from a page and from the command line: of whom, of which visit, and who may."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from cartrial.capture.deployment import deployment
from cartrial.capture.ledger.centre import today
from cartrial.capture.ledger.models import Entry
from cartrial.capture.ledger.read import head
from cartrial.capture.people.models import Account
from cartrial.capture.serve.importing import console
from cartrial.capture.worksheet.binder import write_binder
from tests.unit.capture.conftest import client_of, said
from tests.unit.capture.worksheet.test_worksheet import read

People = dict[str, Account]
Enter = Callable[..., int]


@pytest.fixture
def subject(enter: Enter) -> str:
    """A subject infused 14 days ago, whose visit of day 14 is not yet held."""
    infused = today() - dt.timedelta(14)
    enter("demographics", subject="001", consented=f"{infused - dt.timedelta(40)}")
    enter("infusion", subject="001", number="1", at=f"{infused}", level="1", planned="1", given="1")
    held = {"on": f"{infused + dt.timedelta(10)}", "safety": "yes"}
    enter("visit", subject="001", visit="Day 10", **held)
    return "001"


def pages(client: Client, address: str, folder: Path) -> list[str]:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    return read(answer.content, folder)


def test_the_visits_to_come_of_a_subject(subject: str, people: People, tmp_path: Path) -> None:
    client = client_of(people["coordinator"])
    last = head().short
    found = pages(client, "/subjects/001/worksheets", tmp_path)
    assert all("Subject 001 " in page for page in found)
    assert all(f"chain head {last}" in page for page in found)
    assert any(f"Visit Day 14 · planned {today()}, window" in page for page in found)
    assert not any("Visit Day 10 " in page for page in found)
    assert head().short == last, "to print enters nothing"


def test_one_visit_and_one_form_of_a_subject(subject: str, people: People, tmp_path: Path) -> None:
    client = client_of(people["coordinator"])
    found = pages(client, "/subjects/001/worksheets?visit=Day 14", tmp_path)
    assert [page.split(" Subject")[0].split(" · ")[-1] for page in found] == [
        "Visit",
        "Vital signs",
        "CRS assessment",
        "ICE and ICANS assessment",
        "CAR copies (qPCR)",
        "CAR+ cells (flow)",
        "Adverse event",
        "Medication",
    ]
    (page,) = pages(client, "/subjects/001/worksheets?form=death", tmp_path)
    assert "worksheet · Death Subject 001 " in page


def test_every_form_blank(people: People, tmp_path: Path) -> None:
    client = client_of(people["monitor"])
    (page,) = pages(client, "/worksheets?form=vital_signs", tmp_path)
    assert "Systolic blood pressure mmHg 30 to 300" in page
    assert client.get("/worksheets").content.startswith(b"%PDF")


@pytest.mark.parametrize(
    "address",
    [
        "/worksheets?form=published_margin",
        "/subjects/002/worksheets",
        "/subjects/001/worksheets?visit=Day 10",  # held
        "/subjects/001/worksheets?visit=no such visit",
        "/subjects/001/worksheets?form=none",
    ],
)
def test_what_there_is_not_is_not_printed(subject: str, people: People, address: str) -> None:
    assert client_of(people["coordinator"]).get(address).status_code == 404


def test_the_pages_lead_to_them(subject: str, people: People) -> None:
    client = client_of(people["coordinator"])
    assert 'href="/worksheets"' in client.get("/subjects").content.decode()
    assert 'href="/subjects/001/worksheets"' in client.get("/subjects/001").content.decode()
    forms = client.get("/subjects/001/forms").content.decode()
    assert 'href="/subjects/001/worksheets?visit=Day%2014"' in forms
    assert 'href="/subjects/001/worksheets?visit=Day%2010"' not in forms
    assert 'href="/subjects/001/worksheets?form=death"' in forms


def test_an_administrator_prints_nothing(subject: str, people: People) -> None:
    assert client_of(people["administrator"]).get("/worksheets").status_code == 403


def test_the_binder_holds_each_subject_and_every_form(
    subject: str, enter: Enter, tmp_path: Path
) -> None:
    enter("demographics", subject="002", consented="2020-01-09")
    enter("death", subject="002", on="2020-02-01", cause="other", adjudicated="no")
    (tmp_path / "002.pdf").write_text("of an earlier day")
    written = write_binder(deployment(), tmp_path, console())
    assert [path.name for path in written] == ["forms.pdf", "001.pdf"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["001.pdf", "forms.pdf"]
    assert said("export") == [{"product": "worksheets", "folder": tmp_path.name}]
    first = read((tmp_path / "001.pdf").read_bytes(), tmp_path)[0]
    assert f"chain head {Entry.objects.latest('seq').seq}:" in first
