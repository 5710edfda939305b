"""The server is killed in the middle of writes: what it acknowledged is there, and it is whole."""

import datetime as dt
import random
import sqlite3
import threading
import time
from contextlib import closing
from http.client import HTTPException
from pathlib import Path

import pytest

from tests.capture_server import Server, cartrial, demonstration, serving

CLIENTS = 4
SUBJECT = "001-001"
FORM = f"/forms/vital_signs/new?subject={SUBJECT}"


def write_until_it_dies(
    server: Server, password: str, nth: int, writer: int, acked: list[str]
) -> None:
    midnight = dt.datetime.combine(dt.date.today() - dt.timedelta(days=nth + 1), dt.time())
    began = midnight + dt.timedelta(hours=6 * writer, seconds=1)  # no row of the ward
    with closing(server.browser().log_in("coordinator", password)) as browser:
        browser.get(FORM)
        for n in range(6 * 3600):
            at = (began + dt.timedelta(seconds=n)).isoformat()
            try:
                status, said = browser.post(FORM, at=at, pulse="80", _base="0")
            except (OSError, HTTPException):
                return
            assert status == 302, said
            acked.append(at)


def entered(study: Path) -> list[str]:
    with closing(sqlite3.connect(study / "web" / "trial.sqlite3")) as trial:
        rows = trial.execute("SELECT key FROM record WHERE form = 'vital_signs' AND subject = ?",
                             [SUBJECT])  # fmt: skip
        return [row[0] for row in rows]


def kill_during_writes(study: Path, password: str, nth: int, rng: random.Random) -> list[str]:
    acked: list[list[str]] = [[] for _ in range(CLIENTS)]
    with serving(study) as server:
        writers = [
            threading.Thread(target=write_until_it_dies, args=(server, password, nth, n, acked[n]))
            for n in range(CLIENTS)
        ]
        for writer in writers:
            writer.start()
        until = time.monotonic() + 30
        while not all(acked) and time.monotonic() < until:
            time.sleep(0.01)
        time.sleep(rng.uniform(0, 0.5))
        server.kill()
        for writer in writers:
            writer.join()
    assert all(acked)
    return [at for one in acked for at in one]


@pytest.mark.parametrize("kills", [2, pytest.param(20, marks=pytest.mark.slow)])
def test_every_acknowledged_entry_is_there(kills: int, tmp_path: Path) -> None:
    password, rng = demonstration(tmp_path), random.Random(1)
    acked: list[str] = []
    for nth in range(kills):
        acked += kill_during_writes(tmp_path, password, nth, rng)
        verified = cartrial("web", "verify", tmp_path, check=False)
        assert verified.returncode == 0, verified.stdout + verified.stderr
    there = {key.strip('[]"').removesuffix(":00") for key in entered(tmp_path)}
    assert len(acked) >= kills * CLIENTS
    assert {at.removesuffix(":00") for at in acked} <= there
