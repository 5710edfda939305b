"""The promises of the capture room, held on loopback against the disk that it stands on.

    writing    8 people enter vital signs for 30 s, each through the whole of a page (session,
               token, checks of the form and of the subject, one transaction with its hash), while
               32 readers hold the board. No write fails, the chain is whole after, and the 95th
               percentile of a write is under 150 ms, or under 15 times that of the disk's own
               fsync where the disk is slow. Writing and fsync are measured in the same seconds.
    size       what a page of a record, the board's forms, one write and `verify` cost with 200,000
               entries, and with 2,000,000, when 18 subjects share them: a page and a write take
               less than 50 ms at each. `verify`, the first reading of the forms, and the first
               pages after a start read everything, and are printed.

The server is that of `cartrial web`, on SQLite, in a folder of its own.

    python benchmarks/capture.py [SECONDS [ENTRIES ...]]
"""

import datetime as dt
import os
import subprocess
import sys
import threading
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, sleep

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.browser import Browser
from tests.capture_server import Server, cartrial, demonstration, serving

SECONDS, SIZES = 30, (200_000, 2_000_000)
READERS = 32
SUBJECTS = tuple(f"001-{n:03}" for n in (6, 7, 9, 11, 13, 14, 15, 19))  # alive and in the study
P95, FSYNCS = 0.150, 15
AT_ANY_SIZE = 0.050  # seconds of a page, and of a write by one person
FORM = "/forms/vital_signs/new?subject={}"
PATIENCE = 300  # seconds until the first page after a start
AROUND = 3  # seconds between two looks of a reader: the board asks every 20


@dataclass
class Load:
    """What was measured while everybody was at work."""

    writes: list[float] = field(default_factory=list)
    reads: list[float] = field(default_factory=list)
    unchanged: int = 0  # answers of 304
    fsyncs: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def write(server: Server, password: str, subject: str, nth: int, until: float, load: Load) -> None:
    """One person who enters vital signs as fast as the page answers."""
    form = FORM.format(subject)
    began = dt.datetime.combine(dt.date.today() - dt.timedelta(days=1), dt.time(0, 0, 1))
    with closing(server.browser().log_in("coordinator", password)) as browser:
        browser.get(form)
        n = 0
        while perf_counter() < until:
            at = (began + dt.timedelta(seconds=n)).isoformat()
            asked = perf_counter()
            status, said = browser.post(form, at=at, pulse=str(60 + n % 60), _base="0")
            load.writes.append(perf_counter() - asked)
            if status != 302:
                load.failed.append(f"{status}: {said[:200]}")
            n += 1


def read(browser: Browser, until: float, load: Load) -> None:
    """One reader who holds the board, and asks again as it does."""
    tag = ""
    while perf_counter() < until:
        asked = perf_counter()
        again = {"If-None-Match": tag, "HX-Request": "true"} if tag else {}
        status, _ = browser.get("/board", **again)
        load.reads.append(perf_counter() - asked)
        load.unchanged += status == 304
        if status not in (200, 304):
            load.failed.append(f"board {status}")
        tag = browser.answered.get("ETag", tag)
        sleep(AROUND)


def sync(folder: Path, until: float, load: Load) -> None:
    """What the disk takes to make one page safe, in the same seconds."""
    file = folder / "fsync"
    with file.open("wb", buffering=0) as page:
        while perf_counter() < until:
            began = perf_counter()
            page.write(b"x" * 4096)
            os.fsync(page.fileno())
            load.fsyncs.append(perf_counter() - began)
            sleep(0.05)


def under_load(folder: Path, seconds: int) -> bool:
    """Print what writing takes; whether it is as promised."""
    password = demonstration(folder, subjects=18)
    load = Load()
    with serving(folder) as server:
        readers = [server.browser().log_in("committee", password) for _ in range(READERS)]
        for reader in readers[:1]:
            reader.get("/board")  # the first look makes the board
        until = perf_counter() + seconds
        jobs = [
            threading.Thread(target=write, args=(server, password, subject, n, until, load))
            for n, subject in enumerate(SUBJECTS)
        ]
        jobs += [threading.Thread(target=read, args=(one, until, load)) for one in readers]
        jobs.append(threading.Thread(target=sync, args=(folder, until, load)))
        for job in jobs:
            job.start()
        for job in jobs:
            job.join()
        for reader in readers:
            reader.close()
    whole = cartrial("web", "verify", folder, check=False)
    p50, p95 = np.quantile(load.writes, [0.5, 0.95])
    f50, f95 = np.quantile(load.fsyncs, [0.5, 0.95])
    r50, r95 = np.quantile(load.reads, [0.5, 0.95])
    print(
        f"writing: {len(SUBJECTS)} people, {seconds} s: {len(load.writes):,} entries, "
        f"{len(load.writes) / seconds:.0f}/s, failed {len(load.failed)}; "
        f"p50 {1000 * p50:.0f} ms, p95 {1000 * p95:.0f} ms; "
        f"fsync p50 {1000 * f50:.1f} ms, p95 {1000 * f95:.1f} ms; "
        f"p95 of a write is {p95 / f95:.1f} fsyncs\n"
        f"reading: {READERS} boards beside them: {len(load.reads):,} looks, "
        f"{load.unchanged:,} unchanged, p50 {1000 * r50:.0f} ms, p95 {1000 * r95:.0f} ms\n"
        f"after: {whole.stdout.strip().splitlines()[-1]}"
    )
    for fault in load.failed[:3]:
        print(f"   {fault}")
    return not load.failed and whole.returncode == 0 and p95 <= max(P95, FSYNCS * f95)


# ---------------------------------------------------------------- size
GROW = """
import datetime as dt, sys
from pathlib import Path
from cartrial.capture.serve.stand import stand
folder, entries = Path(sys.argv[1]), int(sys.argv[2])
stand(folder, home=folder / "web", demo=True)
from cartrial.capture.ledger.read import head
from cartrial.capture.ledger.row import Row, key_of
from cartrial.capture.ledger.write import SOFTWARE_ITSELF, writing
began, there = dt.datetime(2000, 1, 1), head().seq
cells = [
    {"subject": f"001-{1 + n % 18:03}", "at": (began + dt.timedelta(seconds=n)).isoformat(),
     "pulse": str(50 + n % 80), "temperature": f"{36 + n % 40 / 10:g}",
     "systolic": str(90 + n % 60)}
    for n in range(there, entries)
]
for one in cells:
    one["at"] = one["at"].removesuffix(":00")
rows = [Row("vital_signs", one["subject"], key_of("vital_signs", one), one) for one in cells]
with writing(SOFTWARE_ITSELF) as ledger:
    ledger.enter_all(rows, reason="made to measure")
"""
COST = """
import sys
from pathlib import Path
from time import perf_counter
from cartrial.capture.serve.stand import stand
folder = Path(sys.argv[1])
stand(folder, home=folder / "web", demo=True)
from cartrial.capture.ledger.read import Snapshot
from cartrial.capture.serve.verifying import verify_all
began = perf_counter()
Snapshot().forms()
print(perf_counter() - began)
began = perf_counter()
found = verify_all([])
print(perf_counter() - began)
assert not found.findings, found.findings[:3]
"""


@dataclass(frozen=True)
class Cost:
    """Seconds, at one size."""

    first: float
    page: float
    write: float
    forms: float
    verify: float
    mib: float


def at_size(folder: Path, password: str, entries: int) -> Cost:
    """What everything costs with so many entries."""
    subprocess.run([sys.executable, "-c", GROW, str(folder), str(entries)], check=True)
    done = subprocess.run(
        [sys.executable, "-c", COST, str(folder)], check=True, capture_output=True, text=True
    )
    forms, verify = map(float, done.stdout.split())
    form = FORM.format(SUBJECTS[0])
    began = dt.datetime.combine(dt.date.today() - dt.timedelta(days=1), dt.time(0, 0, 1))
    began += dt.timedelta(seconds=entries / 1000)
    with serving(folder) as server, closing(server.browser()) as browser:
        browser.connection.timeout = PATIENCE
        browser.log_in("coordinator", password)
        asked = perf_counter()
        browser.get(form)
        browser.get("/records/50")
        first = perf_counter() - asked
        browser.post(form, at=began.isoformat(), pulse="80", _base="0")
        pages, writes = [], []
        for n in range(1, 21):
            asked = perf_counter()
            status, _ = browser.get("/records/50")
            pages.append(perf_counter() - asked)
            at = (began + dt.timedelta(seconds=n)).isoformat()
            asked = perf_counter()
            entered, said = browser.post(form, at=at, pulse="80", _base="0")
            writes.append(perf_counter() - asked)
            assert (status, entered) == (200, 302), said[:500]
    size = (folder / "web" / "trial.sqlite3").stat().st_size / 1024**2
    return Cost(first, float(np.median(pages)), float(np.median(writes)), forms, verify, size)


def by_size(folder: Path, sizes: tuple[int, ...]) -> bool:
    """Print what everything costs at each size; whether pages and writes stay as promised."""
    password = demonstration(folder, subjects=18)
    costs = []
    for entries in sizes:
        cost = at_size(folder, password, entries)
        costs.append(cost)
        print(
            f"{entries:,} entries, {cost.mib:,.0f} MiB: page of a record "
            f"{1000 * cost.page:.0f} ms, one write {1000 * cost.write:.0f} ms, "
            f"all forms read first {cost.forms:.1f} s, first pages after a start "
            f"{cost.first:.1f} s, verify {cost.verify:.1f} s"
        )
    return all(max(cost.page, cost.write) <= AT_ANY_SIZE for cost in costs)


def main(seconds: int, sizes: tuple[int, ...]) -> None:
    with TemporaryDirectory() as one, TemporaryDirectory() as two:
        kept = [under_load(Path(one), seconds), by_size(Path(two), sizes)]
    sys.exit(not all(kept))


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    main(given[0] if given else SECONDS, tuple(given[1:]) or SIZES)
