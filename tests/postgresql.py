"""A PostgreSQL server of the tests' own: in a temporary folder, on loopback, and gone after."""

import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest


def programs() -> Path:
    """The folder of PostgreSQL's programs; the test is skipped where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    beside = shutil.which("initdb")
    if not found and not beside:
        pytest.skip("needs the programs of a PostgreSQL server: apt install postgresql")
    return found[-1].parent if found else Path(str(beside)).resolve().parent


@contextmanager
def server() -> Iterator[str]:
    """The URL of a fresh server; its user `owner` may do everything."""
    bin_, as_ = programs(), _who()
    folder = Path(mkdtemp(prefix="cartrial-pg-"))
    if as_:
        shutil.chown(folder, user=as_["user"], group=as_["group"])
    port, log = _free_port(), folder / "log"
    data = folder / "data"
    try:
        _run([bin_ / "initdb", "-D", data, "-U", "owner", "-A", "trust", "-E", "UTF8"], as_)
        options = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder} -c fsync=off"
        _run([bin_ / "pg_ctl", "-D", data, "-l", log, "-o", options, "-w", "start"], as_)
        yield f"postgresql://owner@127.0.0.1:{port}/postgres"
    finally:
        _run([bin_ / "pg_ctl", "-D", data, "-m", "immediate", "stop"], as_, check=False)
        shutil.rmtree(folder, ignore_errors=True)


def _who() -> dict[str, Any]:
    """PostgreSQL does not run as root; then as its own user."""
    if os.geteuid():
        return {}
    try:
        account = pwd.getpwnam("postgres")
    except KeyError:
        pytest.skip("needs the user `postgres`, as PostgreSQL does not run as root")
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _run(words: list[Any], as_: dict[str, Any], *, check: bool = True) -> None:
    done = subprocess.run(
        [str(word) for word in words],
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        **as_,
    )
    if check and done.returncode:
        raise RuntimeError(done.stderr[-2000:])


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
