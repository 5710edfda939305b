"""`cartrial web`, called as a person calls it: each command is a process of its own."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from shutil import copytree

import pytest

from cartrial.cli.main import GROUPS
from cartrial.protocol.read import packaged_text
from tests.command import cartrial

ASK = "from cartrial.cli.main import run; run()"


def web(*words: object, **environ: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", ASK, "web", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, env=_environ(environ))


def _environ(more: dict[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if "CARTRIAL" not in name}
    kept.pop("DJANGO_SETTINGS_MODULE", None)
    return kept | more


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    done = web("demo", "--folder", folder, "--subjects", 2, "--no-serve")
    assert done.returncode == 0, done.stderr
    assert "Password of each: " in done.stdout
    return folder


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("simulated") / "study"
    assert cartrial("simulate", "--subjects", "1", folder).code == 0
    return folder


def test_help_lists_every_command_and_a_study_alone_means_serve() -> None:
    said = cartrial("web", "--help")
    assert all(name in said.out for name in GROUPS["web"])
    done = web("--port", "8123", "nowhere")
    assert done.returncode == 10
    assert done.stderr == web("serve", "nowhere").stderr
    assert "nowhere: must be a study file, got no such file" in done.stderr


def test_a_demonstration_is_refused_outside_loopback_whatever_the_environment_says(
    demonstration: Path,
) -> None:
    done = web("serve", demonstration, CARTRIAL_HOSTS="trial.example.org", CARTRIAL_HTTPS="yes")
    assert done.returncode == 10
    assert "must be empty for a demonstration" in done.stderr
    done = web("serve", demonstration, "--host", "0.0.0.0")
    assert done.returncode == 10
    assert "must be loopback for a demonstration" in done.stderr


@pytest.mark.slow
def test_a_ledger_is_verified_backed_up_and_restored(demonstration: Path, tmp_path: Path) -> None:
    done = web("verify", demonstration)
    assert done.returncode == 0
    assert re.search(r"\d+ entries, \d+ records, head \d+:[0-9a-f]{64}: whole\n", done.stdout)
    backup = tmp_path / "backup.sqlite3"
    assert web("backup", demonstration, "--out", backup).returncode == 0
    assert web("backup", demonstration, "--out", backup).returncode == 13  # never over a file
    link = web("account", demonstration, "administrator", "--reason", "forgot it")
    assert "/link/" in link.stdout
    assert web("account", demonstration, "investigator", "--reason", "x").returncode == 11
    done = web("restore", demonstration, backup)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "kept beside it alone: 1\n" in done.stdout
    assert done.stdout.endswith("whole\n")
    assert web("verify", demonstration).returncode == 0
    elsewhere = web("restore", demonstration, backup, "--home", tmp_path / "test restore")
    assert elsewhere.stdout.endswith("whole\n"), elsewhere.stderr
    (tmp_path / "text.sqlite3").write_text("no database")
    assert web("restore", demonstration, tmp_path / "text.sqlite3").returncode == 11
    assert web("archive", demonstration, "--out", tmp_path / "archive").returncode == 0
    done = web("worksheets", demonstration, "--out", tmp_path / "binder")
    assert done.returncode == 0, done.stderr
    assert f"{tmp_path / 'binder' / 'forms.pdf'}\n" in done.stdout


@pytest.mark.slow
def test_forms_are_counted_before_they_are_entered(demonstration: Path, tmp_path: Path) -> None:
    study = tmp_path / "study"
    assert cartrial("simulate", "--subjects", "2", study).code == 0
    words = ("import", study, "--forms", study / "forms")
    done = web(*words)
    assert done.returncode == 0, done.stderr
    assert "Nothing was entered" in done.stdout
    assert web(*words, "--write").returncode == 2  # no reason
    assert "rows entered" in web(*words, "--write", "--reason", "from paper").stdout
    assert re.search(r"new in all +0\n", web(*words).stdout)
    assert web(*words, "--home", tmp_path / "new").returncode == 0
    file = study / "forms" / "vital_signs.csv"
    file.write_text(re.sub(r"(\d\d\.\d)", "77.7", file.read_text(), count=1))
    done = web(*words)
    assert done.returncode == 11
    assert "must be" in done.stderr


@pytest.mark.parametrize(
    ("form", "old", "new", "said"),
    [
        ("vital_signs", "36.8", "warm", "line 2, subject 001-001, at 2024-02-10T09:30: "
         "temperature: must be a number, got warm"),
        ("demographics", "2024-01-08", "2024-02-30", "line 2, subject 001-001: consented: must be "
         "a date as far as known, YYYY[-MM[-DD[THH:MM]]], got 2024-02-30"),
        ("demographics", "born", "birth", "must be"),
        ("demographics", "subject,consented", "subject,subject", "must"),
    ],
)  # fmt: skip
def test_faulty_forms_are_refused_once_and_nothing_is_made(
    simulated: Path, tmp_path: Path, form: str, old: str, new: str, said: str
) -> None:
    study = copytree(simulated, tmp_path / "study")
    file = study / "forms" / f"{form}.csv"
    file.write_text(file.read_text().replace(old, new, 1))
    done = web("import", study, "--forms", study / "forms", "--write", "--reason", "from paper")
    assert (done.returncode, done.stdout) == (11, "")
    first = done.stderr.splitlines()[1 if "\n" in done.stderr.strip() else 0]
    assert f"{form}.csv: " in first
    assert said in first
    assert not (study / "web").exists()


@pytest.mark.parametrize(
    "words",
    [
        ["verify"],
        ["backup", "--out", "backup.sqlite3"],
        ["archive", "--out", "archive"],
        ["worksheets", "--out", "binder"],
        ["account", "administrator", "--reason", "forgot it"],
        ["restore", "study.yaml"],
        ["restore", "nothing"],
        ["restore"],
    ],
)
@pytest.mark.parametrize("is_there", [False, True])
def test_a_wrong_folder_is_told_and_nothing_is_made_in_it(
    tmp_path: Path, words: list[str], is_there: bool
) -> None:
    (tmp_path / "study.yaml").write_text(packaged_text(), "utf-8")
    home = tmp_path / "elsewhere"
    if is_there:
        home.mkdir()
    command, *more = words
    done = web(command, tmp_path, *more, "--home", home)
    assert (done.returncode, done.stdout) == (11, "")
    assert len(done.stderr.splitlines()) == 1
    assert "must be there, got nothing" in done.stderr or "must be a backup" in done.stderr
    assert list(home.iterdir()) == [] if is_there else not home.exists()


def test_what_is_written_is_for_its_owner_alone_in_a_folder_that_was_there(
    tmp_path: Path, demonstration: Path
) -> None:
    backup, home = tmp_path / "backup.sqlite3", tmp_path / "home"
    home.mkdir(mode=0o755)
    assert web("backup", demonstration, "--out", backup).returncode == 0
    assert web("restore", demonstration, backup, "--home", home).returncode == 0
    assert [oct(one.stat().st_mode)[-3:] for one in (backup, home / "trial.sqlite3")] == [
        "600",
        "600",
    ]


@pytest.mark.slow
def test_a_new_trial_starts_with_a_link_for_the_first_administrator(tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_text(packaged_text(), "utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-c", ASK, "web", str(tmp_path), "--port", str(port)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=_environ({"PYTHONUNBUFFERED": "1"})
    ) as running:
        try:
            assert running.stdout is not None
            said = [running.stdout.readline() for _ in range(3)]
            link = said[2].removeprefix("First administrator, once: ").strip()
            assert link.startswith(f"http://127.0.0.1:{port}/link/")
            for _ in range(50):
                try:
                    page = urllib.request.urlopen(link).read().decode()
                    break
                except OSError:
                    time.sleep(0.2)
            assert "<form" in page
            assert web("backup", tmp_path, "--out", tmp_path / "backup").returncode == 0
            done = web("restore", tmp_path, tmp_path / "backup")
            assert "must not be served by another process" in done.stderr
        finally:
            running.send_signal(signal.SIGTERM)
    assert not (tmp_path / "web" / "server.pid").exists()
    assert oct((tmp_path / "web").stat().st_mode)[-3:] == "700"


def test_a_role_is_granted_on_postgresql_alone_and_nothing_is_made_before(tmp_path: Path) -> None:
    assert cartrial("new", tmp_path / "trial").code == 0
    done = web("migrate", tmp_path / "trial", "--grant", "trial_app")
    assert done.returncode == 11
    assert "--grant: must be for PostgreSQL, got SQLite" in done.stderr
    assert not (tmp_path / "trial" / "web" / "trial.sqlite3").exists()
