"""The goal: the SDTM of 100,000 virtual subjects becomes ADaM in less than 60 s and 8 GiB.

How far off the time is, is printed. What is promised, and ends the script with an error where it
is not kept: less than 8 GiB, and a time that grows no faster than the subjects. Two trials:

    sparse   laboratory, vital signs and bedside assessments at screening and every second week:
             about 300 records a subject, as many as the CDISC pilot study has
    dense    all that is simulated, with a blood count and several bedside assessments a day: about
             1,500 records a subject; 10,000 subjects of it

The subjects are those of one simulated trial again and again, with other keys, so the values repeat
and the work does not: what is remembered from one subject to the next are words, and the grades of
bedside signs (in one trial of 500 different subjects 96 % of them were seen before). The SDTM lies
in Parquet, in the order of its keys, as `tabulate` makes it: in folders of several thousand
subjects each (a thousand of the dense trial), as many for each core. Such a part is read, derived
and written by one process, on as many as there are cores; memory is the most that each of them
held, added up, with that of the process that starts them. The trials are simulated, the parts
written, and the growth measured by processes of their own, which have ended by then. Larger parts
are a little faster and need more memory. The growth is that of the time of a core for one subject,
in parts of several sizes.

    python benchmarks/sdtm_to_adam.py [SUBJECTS]
"""

import cProfile
import os
import pstats
import resource
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import TypeVar

import polars as pl

from cartrial.adam.derive import derive_adam
from cartrial.adam.file.folder import adam_datasets
from cartrial.cdisc.form import write_dataset
from cartrial.protocol.read import packaged_study
from cartrial.sdtm.domain import DOMAINS, Sdtm
from cartrial.sdtm.file.folder import read_sdtm, write_sdtm
from cartrial.sdtm.mapping import in_key_order
from cartrial.sdtm.tabulate import tabulate
from cartrial.virtual.scenario import packaged_scenario
from cartrial.virtual.trial import simulate_trial
from cartrial.workers import spread

SUBJECTS, SECONDS, GIB = 100_000, 60.0, 8.0
GROWTH = 1.2  # of the time of one subject, at most
OF_PROCESS = {  # what is set for each process, which are as many as the cores
    "POLARS_MAX_THREADS": "1",
    # Memory once used is kept for the next table, in one place for all threads and sizes: to give
    # it back and ask again is slow (Linux).
    "_RJEM_MALLOC_CONF": "dirty_decay_ms:-1,muzzy_decay_ms:-1,narenas:1,oversize_threshold:0",
}
SIMULATED = 500
DENSE = 10  # of the sparse trial's subjects, one in ten
REPEATS = {"sparse": 12, "dense": 2}  # of the simulated trial, at most, in one part
SIZES = {"sparse": (1, 2, 5), "dense": (1, 2)}  # repeats, of which the time is compared
STUDY = packaged_study()

Made = TypeVar("Made")


@dataclass(frozen=True)
class Part:
    """What one process did with one part of the trial."""

    process: int
    read: float  # seconds of its core
    derived: float
    written: float
    peak: float  # GiB
    records: int
    made: dict[str, int]


def alone(function: Callable[..., Made], *given: object) -> Made:
    """What the function makes in a process of its own, whose memory ends with it."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(function, *given).result()


def simulate(place: Path) -> None:
    """Write the SDTM of one simulated trial, dense and sparse, to folders of that name."""
    began = perf_counter()
    trial = simulate_trial(STUDY, subjects=SIMULATED, seed=3, scenario=packaged_scenario())
    dense = tabulate(STUDY, trial.forms)
    write_sdtm(dense, place / "dense", form="parquet")
    write_sdtm(sparse(dense), place / "sparse", form="parquet")
    print(
        f"simulated {SIMULATED} subjects beside {dense.tables['DM'].height - SIMULATED} who "
        f"were not enrolled, in {perf_counter() - began:.0f} s",
        flush=True,
    )


def sparse(sdtm: Sdtm) -> Sdtm:
    """The trial with findings at screening and every second week alone."""
    tables = dict(sdtm.tables)
    for code in ("LB", "VS", "FA"):
        day = pl.col(f"{code}DY")
        tables[code] = tables[code].filter(day.is_null() | (day <= 1) | (day % 14 == 0))
    return replace(sdtm, tables=tables)


def repeated(sdtm: Sdtm, first: int, times: int) -> Sdtm:
    """The trial several times, with a number behind the key of each subject; in key order."""
    tables = {
        code: in_key_order(
            DOMAINS[code],
            pl.concat(
                [table.with_columns(pl.col("USUBJID") + f"-{first + n:04}") for n in range(times)]
            ),
        )
        if "USUBJID" in table.columns
        else table
        for code, table in sdtm.tables.items()
    }
    return replace(sdtm, tables=tables)


def write_parts(one: Path, place: Path, subjects: int) -> tuple[list[Path], int]:
    """Write the whole trial, as many parts for each core; their folders, and all subjects."""
    sdtm, cores = read_sdtm(one), os.cpu_count() or 1
    times = ceil(subjects / sdtm.tables["DM"].height)
    count = min(times, cores * ceil(times / (cores * REPEATS[one.name])))
    parts = [place / f"{n:04}" for n in range(count)]
    bounds = pairwise(times * n // count for n in range(count + 1))
    for part, (first, end) in zip(parts, bounds, strict=True):
        write_sdtm(repeated(sdtm, first, end - first), part, form="parquet")
    return parts, times * sdtm.tables["DM"].height


def to_adam(folder: Path) -> Part:
    """Read, derive and write one part."""
    times = [process_time()]
    sdtm = read_sdtm(folder)
    times.append(process_time())
    adam = derive_adam(STUDY, sdtm)
    times.append(process_time())
    for dataset in adam_datasets(adam, "parquet"):
        write_dataset(dataset, folder / "adam", "parquet")
    times.append(process_time())
    return Part(
        os.getpid(),
        read=times[1] - times[0],
        derived=times[2] - times[1],
        written=times[3] - times[2],
        peak=peak(),
        records=sum(table.height for table in sdtm.tables.values()),
        made={name: table.height for name, table in adam.tables.items()},
    )


def peak() -> float:
    """The most memory that this process has held, in GiB."""
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size / 1024**2 if sys.platform != "darwin" else size / 1024**3


def measure(one: Path, subjects: int) -> bool:
    """Print what the whole trial takes; whether the memory is as promised."""
    with TemporaryDirectory() as place:
        parts, all_subjects = alone(write_parts, one, Path(place), subjects)
        began = perf_counter()
        done = spread(to_adam, parts, workers=None)
        taken = perf_counter() - began
    records = sum(part.records for part in done)
    by_process = {part.process: part.peak for part in sorted(done, key=lambda part: part.peak)}
    memory = sum(by_process.values()) + peak()
    read = sum(part.read for part in done)
    derived = sum(part.derived for part in done)
    written = sum(part.written for part in done)
    made = sum((Counter(part.made) for part in done), Counter())
    print(
        f"{one.name}: {all_subjects:,} subjects, {records:,} records "
        f"({records / all_subjects:.0f} a subject) to {sum(made.values()):,} of ADaM: "
        f"{taken:.0f} s by {len(by_process)} processes, {records / taken:,.0f} records/s, "
        f"{memory:.1f} GiB\n"
        f"   seconds of a core for 1,000 subjects: {read / all_subjects * 1000:.2f} to read, "
        f"{derived / all_subjects * 1000:.2f} to derive, "
        f"{written / all_subjects * 1000:.2f} to write"
    )
    print("   " + ", ".join(f"{dataset} {rows:,}" for dataset, rows in made.items()))
    whole = taken * SUBJECTS / all_subjects
    idle = (read + derived + written) / len(by_process) * SUBJECTS / all_subjects
    print(
        f"   {SUBJECTS:,} subjects at this rate: {whole:.0f} s, {whole / SECONDS:.1f} times the "
        f"goal ({idle:.0f} s were the cores never shared); "
        f"memory {memory / GIB:.2f} of what is promised"
    )
    return memory <= GIB


def shares_and_growth(one: Path) -> bool:
    """Print what the steps take, and a subject of larger parts; whether that is the same."""
    sdtm = read_sdtm(one)
    derive_adam(STUDY, sdtm)  # what is made once in a process is no share and no growth
    by_dataset(one.name, sdtm)
    return by_size(one.name, sdtm)


def by_size(name: str, one: Sdtm) -> bool:
    """Print the time of a subject in parts of several sizes; whether it is the same."""
    told = []
    for times in SIZES[name]:
        sdtm = repeated(one, 0, times)
        began = process_time()
        derive_adam(STUDY, sdtm)
        subjects = sdtm.tables["DM"].height
        told.append((subjects, 1000 * (process_time() - began) / subjects))
    first = told[0][1]
    said = ", ".join(f"{n:,} subjects {ms:.2f} ms ({ms / first:.2f})" for n, ms in told)
    print(f"{name}, to derive a subject: {said}", flush=True)
    return max(ms for _, ms in told) <= GROWTH * first


def by_dataset(name: str, one: Sdtm) -> None:
    """Print the share of each step of the derivation, under a profiler."""
    profile = cProfile.Profile()
    profile.runcall(derive_adam, STUDY, one)
    stats = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    taken = {step: figures[3] for (_, _, step), figures in stats.items()}
    whole = taken["derive_adam"]
    steps = [s for s in taken if s.startswith("derive_ad") and s not in ("derive_adam",)]
    steps += ["cut_sdtm", "disease_courses", "graded_assessments", "toxicities", "held_against"]
    said = (
        f"{step.removeprefix('derive_').upper() if step.startswith('derive_') else step} "
        f"{taken[step] / whole:.0%}"
        for step in sorted(steps, key=lambda step: -taken[step])
    )
    print(f"{name}, shares of the time: {', '.join(said)}", flush=True)


def main(subjects: int) -> None:
    os.environ.update(OF_PROCESS)
    with TemporaryDirectory() as place:
        alone(simulate, Path(place))
        folders = {name: Path(place) / name for name in REPEATS}
        kept = [
            measure(folders["sparse"], subjects),
            measure(folders["dense"], subjects // DENSE),
        ]
        kept += [alone(shares_and_growth, one) for one in folders.values()]
    sys.exit(not all(kept))


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else SUBJECTS)
