"""A trial served on loopback by its own process, as its users run it, and stopped after."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.browser import Browser

CARTRIAL = Path(sys.executable).with_name("cartrial")
PATIENCE = 60  # seconds until a server answers
FROM_OUTSIDE = ("CARTRIAL_", "DJANGO_")


def cartrial(*words: str | Path, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run `cartrial` as a person would, with nothing of this process's environment on the trial."""
    return subprocess.run(
        [str(CARTRIAL), *map(str, words)],
        env=_environment(),
        capture_output=True,
        text=True,
        check=check,
    )


def demonstration(folder: Path, subjects: int = 1) -> str:
    """Make a demonstration in a folder; the password of its accounts."""
    made = cartrial(
        "web", "demo", "--folder", folder, "--subjects", str(subjects), "--no-serve"
    ).stdout
    found = re.search(r"^Password of each: (.+)$", made, re.M)
    assert found, made
    return found[1]


class Server:
    """The server of one trial."""

    def __init__(self, study: Path) -> None:
        self.port = _free_port()
        self.process = subprocess.Popen(
            [str(CARTRIAL), "web", "serve", str(study), "--port", str(self.port)],
            env=_environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,  # so that it is killed with its workers
        )

    def wait(self) -> None:
        """Wait until it answers; an AssertionError with what it said where it ends before."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if self.process.poll() is not None:
                said = self.process.stdout.read() if self.process.stdout else ""
                raise AssertionError(f"the server ended: {said}")
            try:
                with closing(self.browser()) as browser:
                    if browser.get("/login")[0] == 200:
                        return
            except OSError:
                time.sleep(0.05)
        raise AssertionError("the server does not answer")

    def browser(self) -> Browser:
        """A browser at this server."""
        return Browser(self.port)

    def kill(self) -> None:
        """End it at once and all its workers, as a power cut would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        if self.process.stdout:
            print(self.process.stdout.read())  # seen where a test fails
            self.process.stdout.close()


@contextmanager
def serving(study: Path) -> Iterator[Server]:
    """A server that answers; it is gone after."""
    server = Server(study)
    try:
        server.wait()
        yield server
    finally:
        if server.process.poll() is None:
            server.kill()


def _environment() -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if not k.startswith(FROM_OUTSIDE)}


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
