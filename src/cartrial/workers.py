"""A pure function over many things to do: on one core, on several, or on a Dask cluster.

What comes back is in the order of the things to do, whoever does them, and does not depend on how
many there are at work. The function belongs to a module, and it, what it is given and what it
returns can be pickled. A worker that is lost loses nothing: what it had not finished is done again.

Nothing listens beyond this machine: a cluster that starts here is on the loopback address. A
cluster that runs elsewhere, with the same versions installed, is named by its address.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from hashlib import sha256
from importlib.metadata import version
from multiprocessing import get_context
from os import cpu_count, replace
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np

from cartrial.errors import RuleError

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")
Progress = Callable[[int, int], None]  # how many are done, of how many

LOCAL = "local"  # in place of the address of a cluster: one of this machine
LOOPBACK = "127.0.0.1"
LOSSES = 5  # of workers one after the other, with nothing finished in between
PATIENCE = 30  # seconds for a cluster to answer


def spread(
    function: Callable[[Item], Outcome],
    items: Sequence[Item],
    *,
    workers: int | None = 1,
    cluster: str | None = None,
    kept: Path | None = None,
    progress: Progress | None = None,
) -> list[Outcome]:
    """The outcome of each item, in order; `workers` null is every core.

    `cluster` is the address of a Dask cluster, or `local` for one of `workers` that lasts as long
    as this call. With `kept`, a folder, outcomes are arrays and are written there one by one; what
    lies there of the same function and item, by its `repr`, is not done again.
    """
    found = {} if kept is None else _read(function, items, kept)
    todo = {place: item for place, item in enumerate(items) if place not in found}
    if progress is not None:
        progress(len(found), len(items))
    for place, outcome in _outcomes(function, todo, workers or cpu_count() or 1, cluster):
        found[place] = outcome
        if kept is not None:
            _write(_file(function, items[place], kept), outcome)
        if progress is not None:
            progress(len(found), len(items))
    return [found[place] for place in range(len(items))]


def _outcomes(
    function: Callable[[Item], Outcome], todo: dict[int, Item], workers: int, cluster: str | None
) -> Iterable[tuple[int, Outcome]]:
    """The outcomes as they come."""
    if not todo:
        return iter(())
    if cluster is not None:
        return _on_cluster(function, todo, workers, cluster)
    wanted = min(workers, len(todo))
    if wanted > 1:
        return _on_cores(function, todo, wanted)
    return ((place, function(item)) for place, item in todo.items())


def _on_cores(
    function: Callable[[Item], Outcome], todo: dict[int, Item], workers: int
) -> Iterable[tuple[int, Outcome]]:
    """By processes of this machine; they start anew where one of them is lost."""
    left, losses = dict(todo), 0
    while left:
        # Started afresh, not forked: a fork copies the locks of threads that it does not copy.
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            places = {pool.submit(function, item): place for place, item in left.items()}
            try:
                for future in as_completed(places):
                    outcome = future.result()
                    del left[places[future]]
                    losses = 0
                    yield places[future], outcome
            except BrokenProcessPool:
                losses += 1
                if losses == LOSSES:
                    raise RuleError(
                        f"workers: must last, got {losses} lost one after the other. "
                        "Take fewer, or more memory"
                    ) from None


def _on_cluster(
    function: Callable[[Item], Outcome], todo: dict[int, Item], workers: int, cluster: str
) -> Iterable[tuple[int, Outcome]]:
    """By the workers of a Dask cluster, which sees to lost ones itself."""
    completed = _distributed().as_completed
    with _client(workers, cluster) as client:
        futures = client.map(function, list(todo.values()), pure=False, retries=LOSSES)
        places = dict(zip((future.key for future in futures), todo, strict=True))
        for future, outcome in completed(futures, with_results=True):
            yield places[future.key], outcome


@contextmanager
def _client(workers: int, cluster: str) -> Iterator[Any]:
    """A client of the cluster; one of this machine ends with it."""
    distributed = _distributed()
    if cluster == LOCAL:
        with (
            distributed.LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                host=LOOPBACK,
                dashboard_address=f"{LOOPBACK}:0",
            ) as here,
            distributed.Client(here) as client,
        ):
            yield client
        return
    try:
        client = distributed.Client(cluster, timeout=PATIENCE)
    except (OSError, ValueError) as error:
        raise RuleError(
            f"cluster: must be the address of a Dask scheduler that answers, got {cluster}. "
            f"Start one with: dask scheduler --host {LOOPBACK}"
        ) from error
    with client:
        yield client


def _distributed() -> Any:
    """The package by which a cluster is spoken to; it is an extra."""
    try:
        import distributed
    except ImportError:
        raise RuleError(
            "cluster: must have the extra `cluster` installed, got none. "
            "Install it: pip install cartrial[cluster]"
        ) from None
    return distributed


def _read(
    function: Callable[[Item], Outcome], items: Sequence[Item], kept: Path
) -> dict[int, Outcome]:
    """What was kept of earlier calls, by the place of its item."""
    kept.mkdir(parents=True, exist_ok=True)
    files = {place: _file(function, item, kept) for place, item in enumerate(items)}
    return {
        place: cast(Outcome, np.load(file, allow_pickle=False))
        for place, file in files.items()
        if file.exists()
    }


def _write(file: Path, outcome: Outcome) -> None:
    """Under another name first, so that no half of a file is read."""
    fresh = file.with_suffix(".part")
    with fresh.open("wb") as out:
        np.save(out, np.asarray(outcome), allow_pickle=False)
    replace(fresh, file)


def _file(function: Callable[[Item], Outcome], item: Item, kept: Path) -> Path:
    name = f"{function.__module__}.{function.__qualname__} {version('cartrial')} {item!r}"
    return kept / f"{sha256(name.encode()).hexdigest()[:32]}.npy"
