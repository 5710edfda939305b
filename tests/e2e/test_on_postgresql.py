"""The capture room on PostgreSQL: every test of its ledger and its pages, once more."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.postgresql import server

ROOT = Path(__file__).parents[2]


@pytest.mark.postgres
def test_the_capture_room_holds_on_postgresql() -> None:
    with server() as url:
        run = subprocess.run(
            [
                sys.executable,
                "-m",
                "pytest",
                "-q",
                "-p",
                "no:cacheprovider",
                "tests/unit/capture/ledger",
            ],
            cwd=ROOT,
            env={**os.environ, "CARTRIAL_DATABASE_URL": url},
            capture_output=True,
            text=True,
            check=False,
        )
    assert run.returncode == 0, run.stdout[-4000:] + run.stderr[-2000:]
