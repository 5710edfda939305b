"""A trial that people enter page by page, and the same forms as files, give the same bytes.

Every row of a simulated trial is posted to its page by the coordinator, soft checks are answered,
the first dose is proposed and decided by two people and each slot granted, on its day. What the
command line makes of the trial's forms is compared, file by file, with what it makes of the CSV.
"""

import datetime as dt
import os
import re
import subprocess
import sys
from collections.abc import Collection, Mapping
from html import unescape
from pathlib import Path

import polars as pl
import pytest
import time_machine
from django.test import Client

from cartrial.capture.ledger.read import forms_now
from cartrial.capture.ledger.row import Row, rows_of
from cartrial.capture.ledger.verify import verify
from cartrial.capture.people.models import Account
from cartrial.capture.serve.demonstration import simulated
from cartrial.forms.catalogue import Forms
from cartrial.forms.folder import write_forms
from cartrial.protocol.read import packaged_study, packaged_text
from tests.command import cartrial
from tests.postgresql import server
from tests.unit.capture.conftest import PASSWORD, client_of

ROOT = Path(__file__).parents[3]
TODAY = dt.date(2026, 3, 2)
COMMANDS = {
    "sdtm": ("tabulate",),
    "adam": ("derive", "--cutoff", TODAY),
    "report": ("report", "--cutoff", TODAY),
}
MANY = ("laboratory", "vital_signs")  # forms that a short trial has only the first rows of
GRANTED = ("granted", "level")  # what the page of slots sets
ENROLMENT = ("demographics", "eligibility", "disease_history", "slot_request")
HIDDEN = re.compile(r'name="(_fired|sha256)" value="([^"]*)"')
ASKED = re.compile(r'name="(_answer\.[^"]+)"')
People = dict[str, Account]


def hidden(page: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in HIDDEN.findall(page)}


def type_in(browser: Client, row: Row) -> None:
    """Fill in a row on its page; whatever is asked is answered."""
    subject = "" if row.form == "demographics" else f"?subject={row.subject}"
    address = f"/forms/{row.form}/new{subject}"
    answer = browser.post(address, dict(row.cells))
    if answer.status_code == 422:
        page = answer.content.decode()
        answers = dict.fromkeys(ASKED.findall(page), "as in the source")
        assert answers, page
        answer = browser.post(address, {**row.cells, **hidden(page), **answers})
    assert answer.status_code == 302, answer.content.decode()


def decide_first_dose(people: People, reason: str) -> None:
    statistician = client_of(people["statistician"])
    read = hidden(statistician.get("/dose").content.decode())
    sent = {**read, "level": "1", "reason": reason}
    address = statistician.post("/dose/propose", sent)["Location"]
    committee = client_of(people["committee"])
    read = hidden(committee.get(address).content.decode())
    signed = committee.post(f"{address}/approve", {**read, "password": PASSWORD})
    assert signed.status_code == 302, signed.content.decode()


def enrol(people: People, rows: Mapping[str, list[Row]], reason: str) -> None:
    """Each subject on the day of its slot request, with its slot granted where it was."""
    for n, request in enumerate(sorted(rows["slot_request"], key=lambda r: r.cells["requested"])):
        with time_machine.travel(f"{request.cells['requested']}T09:00:00Z", tick=True):
            browser = client_of(people["coordinator"])
            for form in ENROLMENT:
                for row in rows[form]:
                    if row.subject == request.subject:
                        cells = {k: c for k, c in row.cells.items() if k not in GRANTED}
                        kept = cells if form == "slot_request" else row.cells
                        type_in(browser, Row(form, row.subject, row.key, kept))
            if n == 0:
                decide_first_dose(people, reason)
            if "granted" in request.cells:
                slot = {"subject": request.subject, "level": request.cells["level"]}
                assert browser.post("/slots", slot).status_code == 302


def enter_by_pages(people: People, forms: Forms, reason: str) -> None:
    rows = {name: rows_of(name, frame) for name, frame in forms if name != "dose_decision"}
    enrol(people, rows, reason)
    with time_machine.travel(f"{TODAY}T09:00:00Z", tick=True):
        browser = client_of(people["coordinator"])
        for form, every in rows.items():
            for row in every if form not in ENROLMENT else []:
                type_in(browser, row)


def a_trial(subjects: int, most: int) -> tuple[Forms, str]:
    """A simulated trial whose first dose is decided when its first subject has come."""
    forms = simulated(packaged_study(), subjects=subjects, seed=2, today=TODAY)
    first = forms.tables["slot_request"]["requested"].min()
    decision = forms.tables["dose_decision"].with_columns(decided=pl.lit(first))
    tables = {name: frame.head(most) if name in MANY else frame for name, frame in forms}
    reason = str(decision["reason"][0])
    filled = {name: frame for name, frame in tables.items() if frame.height}
    return Forms({**filled, "dose_decision": decision}), reason


def made_of(forms: Forms, folder: Path, products: Collection[str]) -> dict[str, bytes]:
    """Every file that the command line makes of the forms."""
    write_forms(forms, folder / "forms")
    (folder / "study.yaml").write_text(packaged_text(), "utf-8")
    for name in products:
        command, *options = COMMANDS[name]
        done = cartrial(command, folder, *options, "--out", folder / "out" / name)
        assert done.code == 0, done.err
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted((folder / "out").rglob("*"))
        if file.is_file()
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("subjects", "most", "products"),
    [(1, 9, ("adam",)), pytest.param(2, 10_000, COMMANDS, marks=pytest.mark.slow)],
)
def test_a_trial_of_pages_and_one_of_files_give_the_same_bytes(
    subjects: int, most: int, products: Collection[str], people: People, tmp_path: Path
) -> None:
    forms, reason = a_trial(subjects, most)
    enter_by_pages(people, forms, reason)
    assert verify().findings == ()
    entered, _ = forms_now()
    by_pages = made_of(entered, tmp_path / "pages", products)
    by_files = made_of(forms, tmp_path / "files", products)
    assert by_pages.keys() == by_files.keys()
    assert len(by_pages) > 10
    assert [name for name in by_pages if by_pages[name] != by_files[name]] == []


@pytest.mark.postgres
@pytest.mark.slow
def test_so_it_is_on_postgresql() -> None:
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "not postgres"]
    with server() as url:
        run = subprocess.run(
            [*words, str(Path(__file__).relative_to(ROOT))],
            cwd=ROOT,
            env={**os.environ, "CARTRIAL_DATABASE_URL": url},
            capture_output=True,
            text=True,
            check=False,
        )
    assert run.returncode == 0, run.stdout[-4000:] + run.stderr[-2000:]
