import os
import socket
import sys
from dataclasses import replace
from pathlib import Path
from subprocess import PIPE, Popen

import pytest

from cartrial.capture.deployment import Deployment, deployment
from cartrial.capture.serve.server import (
    PID,
    address,
    check_address,
    check_free,
    check_stopped,
    take,
    words,
)
from cartrial.errors import OutputError, StudyError


def here(**given: object) -> Deployment:
    return replace(deployment(), **given)  # type: ignore[arg-type]


def test_loopback_is_always_allowed() -> None:
    check_address(here(), "127.0.0.1", 1)
    check_address(here(demo=True), "localhost", 1)


@pytest.mark.parametrize(
    ("given", "host", "workers", "said"),
    [
        ({}, "0.0.0.0", 1, "must be loopback without CARTRIAL_HTTPS"),
        ({"https": True}, "0.0.0.0", 1, "must be loopback without CARTRIAL_HTTPS"),
        ({"demo": True, "https": True, "hosts": ("a.org",)}, "0.0.0.0", 1, "a demonstration"),
        ({"database_url": ""}, "127.0.0.1", 2, "must be 1 on SQLite"),
    ],
)
def test_an_address_beyond_this_machine_needs_tls_and_names_and_is_no_demonstration(
    given: dict[str, object], host: str, workers: int, said: str
) -> None:
    with pytest.raises(StudyError, match=said):
        check_address(here(**given), host, workers)


def test_behind_tls_with_names_and_on_postgresql_more_is_allowed() -> None:
    given = {"https": True, "hosts": ("trial.example.org",), "database_url": "postgresql://h/n"}
    check_address(here(**given), "0.0.0.0", 4)


def test_a_home_that_is_served_is_not_touched(tmp_path: Path) -> None:
    check_stopped(tmp_path)
    held = take(tmp_path)
    (tmp_path / PID).write_text("4711\n")
    for other in (take, check_stopped):
        with pytest.raises(OutputError, match=r"must not be served .* got process 4711"):
            other(tmp_path)
    os.close(held)
    check_stopped(tmp_path)
    check_stopped(tmp_path)


def test_a_server_that_was_killed_holds_nothing(tmp_path: Path) -> None:
    (tmp_path / PID).write_text(f"{os.getpid()}\n")  # its number is another program's by now
    check_stopped(tmp_path)
    os.close(take(tmp_path))


def test_a_home_is_held_by_what_the_process_begins(tmp_path: Path) -> None:
    held = take(tmp_path)
    with Popen([sys.executable, "-c", "input()"], stdin=PIPE, pass_fds=(held,)) as server:
        os.close(held)
        with pytest.raises(OutputError, match="must not be served by another process"):
            check_stopped(tmp_path)
        server.kill()
    check_stopped(tmp_path)


def test_a_port_in_use_is_told() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(StudyError, match=f"--port: must be a free port .* got {port}"):
            check_free("127.0.0.1", port)
    check_free("127.0.0.1", port)


def test_a_link_names_the_server_as_browsers_reach_it() -> None:
    assert address(here(), "127.0.0.1", 8001) == "http://127.0.0.1:8001"
    behind = here(https=True, hosts=("trial.example.org",))
    assert address(behind, "127.0.0.1", 8001) == "https://trial.example.org"


def test_the_server_has_one_process_with_threads_and_no_socket_of_its_own(tmp_path: Path) -> None:
    said = words(tmp_path, "127.0.0.1", 8000, 1)
    assert {"--worker-class=gthread", "--workers=1", "--threads=8"} < set(said)
    assert "--no-control-socket" in said
