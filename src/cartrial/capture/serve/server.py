"""The web server: gunicorn with threads, in a process that starts fresh.

Reading: on SQLite one process with eight threads, as the queue of writers is within a process; on
PostgreSQL as many processes as wanted. The server is another process than the one that prepared the
database: neither open connections nor a thread pool outlive a fork. A home is held by a lock of the
system on a file in it: it goes with the process, however that ends, as a number in a file does not.
"""

import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from socket import AF_INET, AF_INET6, SO_REUSEADDR, SOL_SOCKET, socket
from subprocess import Popen

from cartrial.capture.deployment import LOOPBACK, Deployment
from cartrial.errors import OutputError, StudyError

THREADS = 8
PID, LOCK = "server.pid", "server.lock"
PATIENCE = 120  # seconds until a worker that no longer answers is begun anew


def check_address(here: Deployment, host: str, workers: int) -> None:
    """Refuse an address beyond this machine without TLS and names, or processes SQLite cannot."""
    if host not in LOOPBACK and here.demo:
        raise StudyError(f"--host: must be loopback for a demonstration, got {host}")
    if host not in LOOPBACK and (not here.https or here.hosts == LOOPBACK):
        raise StudyError(
            f"--host: must be loopback without CARTRIAL_HTTPS=yes and CARTRIAL_HOSTS, got {host}. "
            "See docs/how-to/deploy.md"
        )
    if workers > 1 and not here.database_url:
        raise StudyError(f"--workers: must be 1 on SQLite, got {workers}. Use PostgreSQL for more")


def take(home: Path) -> int:
    """Hold a home for as long as this process, or what it becomes or begins, lasts."""
    held = os.open(home / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    if not _locked(held):
        os.close(held)
        raise _served(home)
    (home / PID).unlink(missing_ok=True)  # of a server that was killed
    os.set_inheritable(held, True)
    return held


def check_stopped(home: Path) -> None:
    """Refuse while a server runs on this home."""
    if (home / LOCK).exists():
        os.close(take(home))


def _locked(held: int) -> bool:
    import fcntl  # of Unix alone, as the server is

    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _served(home: Path) -> OutputError:
    file = home / PID
    who = f"process {file.read_text().strip()} ({file})" if file.exists() else "one"
    return OutputError(f"{home}: must not be served by another process, got {who}")


def check_free(host: str, port: int) -> None:
    """Refuse a port that another program answers on."""
    with socket(AF_INET6 if ":" in host else AF_INET) as tried:
        tried.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
        try:
            tried.bind((host, port))
        except OSError as fault:
            must = "be a free port of this machine"
            raise StudyError(
                f"--port: must {must}, got {port} at {host}: {fault.strerror}"
            ) from None


def address(here: Deployment, host: str, port: int) -> str:
    """Where a browser finds it: behind TLS by its name."""
    return f"https://{here.hosts[0]}" if here.https else f"http://{host}:{port}"


def words(home: Path, host: str, port: int, workers: int) -> list[str]:
    """The command line of the server."""
    return [
        sys.executable,
        "-m",
        "gunicorn",
        "cartrial.capture.wsgi",
        f"--bind={host}:{port}",
        "--worker-class=gthread",
        f"--workers={workers}",
        f"--threads={THREADS}",
        f"--timeout={PATIENCE}",
        "--log-level=warning",
        "--no-control-socket",
        f"--pid={home / PID}",
    ]


def become(command: Sequence[str]) -> None:
    """Become the server: this process is now it."""
    os.execv(command[0], list(command))


def wait_for(command: Sequence[str], held: int) -> int:
    """Run the server until it ends; what is told to end this process ends it too."""
    with Popen(list(command), pass_fds=(held,)) as running:
        signal.signal(signal.SIGTERM, lambda *_: running.terminate())
        while True:
            try:
                return running.wait()
            except KeyboardInterrupt:
                running.terminate()
