"""What goes wrong around the server: a trigger is gone, the clock is set back, the disk is lost."""

import re
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

from cartrial.capture.people.models import Account
from tests.capture_server import Server, cartrial, serving
from tests.unit.capture.conftest import client_of

SUBJECT = "001-001"
KEPT = ("entry", "content", "record")
FORM = f"/forms/vital_signs/new?subject={SUBJECT}"


def database(study: Path) -> Path:
    return study / "web" / "trial.sqlite3"


def rows(file: Path) -> Mapping[str, list[tuple[object, ...]]]:
    """Every row of the tables that hold the trial."""
    with closing(sqlite3.connect(file)) as trial:
        return {table: trial.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()
                for table in KEPT}  # fmt: skip


def enter_pulse(server: Server, password: str, pulse: str) -> None:
    with closing(server.browser().log_in("coordinator", password)) as browser:
        browser.get(FORM)
        said = browser.post(FORM, at=f"2020-01-01T00:{pulse}", pulse=pulse, _base="0")
        if said[0] == 422:  # before the infusion: the soft check is answered
            asked = dict.fromkeys(re.findall(r'name="(_answer\.[^"]+)"', said[1]), "in the source")
            said = browser.post(FORM, at=f"2020-01-01T00:{pulse}", pulse=pulse, _base="0", **asked)
        assert said[0] == 302, said[1]


def test_the_server_does_not_start_without_a_trigger(study: Path) -> None:
    with closing(sqlite3.connect(database(study))) as trial:
        trial.execute("DROP TRIGGER entry_update")
    refused = cartrial("web", "serve", study, check=False)
    assert refused.returncode == 11
    assert "entry_update" in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1


def test_a_restored_trial_is_the_one_that_was_backed_up(study: Path, password: str) -> None:
    backup = study / "backup.sqlite3"
    with serving(study) as server:
        enter_pulse(server, password, "50")
        cartrial("web", "backup", study, "--out", backup)
        enter_pulse(server, password, "51")
    saved, lost = rows(backup), rows(database(study))
    assert len(lost["record"]) == len(saved["record"]) + 1
    said = cartrial("web", "restore", study, backup).stdout
    restored = rows(database(study))
    for table in ("entry", "content"):
        assert restored[table][: len(saved[table])] == saved[table]
    assert restored["record"] == saved["record"]
    assert f"{len(lost['entry']) - len(saved['entry'])} entr" in said
    assert cartrial("web", "verify", study).returncode == 0
    with serving(study) as server:
        enter_pulse(server, password, "52")


def test_a_clock_that_was_set_back_is_told_on_the_page(
    people: dict[str, Account], enter: Callable[..., int], passing: Callable[..., None]
) -> None:
    enter("demographics", subject=SUBJECT, consented="2026-01-05", age="60", sex="male")
    browser = client_of(people["coordinator"])
    passing(minutes=-5)
    typed = {"at": "2026-01-06T08:00", "pulse": "80"}
    answer = browser.post(FORM, typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Set the clock of this machine right" in page
    assert 'value="80"' in page, "what was typed is kept"
    passing(minutes=5)
    assert browser.post(FORM, typed).status_code == 302
