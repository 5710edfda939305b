"""A pure function over seeds, on one core or on several of this machine.

What comes back is in the order of the seeds and does not depend on the number of workers. With more
than one, the function and what it returns must be picklable: a function of a module, no lambda.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from os import cpu_count
from typing import TypeVar

Outcome = TypeVar("Outcome")

SHARES = 4  # a worker gets its seeds in so many shares, so that one slow seed holds up few others


def spread(
    function: Callable[[int], Outcome], seeds: Sequence[int], *, workers: int | None = 1
) -> list[Outcome]:
    """The outcome of each seed, in order; `workers` null is every core."""
    wanted = min(workers or cpu_count() or 1, len(seeds))
    if wanted <= 1:
        return [function(seed) for seed in seeds]
    share = -(-len(seeds) // (wanted * SHARES))
    # Started afresh, not forked: a fork copies the locks of threads that it does not copy.
    with ProcessPoolExecutor(wanted, mp_context=get_context("spawn")) as pool:
        return list(pool.map(function, seeds, chunksize=share))
