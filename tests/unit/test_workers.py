import os
import random
import time
from pathlib import Path

import numpy as np
import psutil
import pytest

from cartrial.errors import RuleError
from cartrial.workers import spread


def draw(seed: int) -> float:
    return random.Random(seed).random()


def own_process(_: int) -> int:
    return os.getpid()


def refuse_three(seed: int) -> int:
    if seed == 3:
        raise ValueError("three")
    return seed


@pytest.mark.parametrize("workers", [1, 2, None])
def test_outcomes_come_in_the_order_of_the_seeds_whoever_works(workers):
    seeds = [5, 1, 4, 1, 3]
    assert spread(draw, seeds, workers=workers) == [draw(seed) for seed in seeds]


def test_one_worker_is_this_process_and_two_are_others():
    here = os.getpid()
    assert set(spread(own_process, range(3))) == {here}
    assert here not in spread(own_process, range(3), workers=2)


def test_no_seeds_give_no_outcomes():
    assert spread(draw, [], workers=2) == []


@pytest.mark.parametrize("workers", [1, 2])
def test_a_fault_of_one_seed_reaches_the_caller(workers):
    with pytest.raises(ValueError, match="three"):
        spread(refuse_three, [1, 2, 3, 4], workers=workers)


def slow(seed: int) -> np.ndarray:
    time.sleep(0.05)
    return np.array([seed, own_process(seed)])


def square(seed: int) -> np.ndarray:
    return np.array([seed**2])


def lose_the_worker_once(path: Path) -> int:
    """The first to come ends its own process, without a word."""
    try:
        path.open("x").close()
    except FileExistsError:
        return 1
    os._exit(9)


def lose_every_worker(_: int) -> int:
    os._exit(9)


@pytest.mark.parametrize("cluster", [None, "local"])
def test_a_lost_worker_loses_nothing(tmp_path, cluster):
    items = [tmp_path / f"{n}" for n in (1, 1, 1, 2, 2, 2)]
    assert spread(lose_the_worker_once, items, workers=2, cluster=cluster) == [1] * 6


def test_workers_that_never_last_are_given_up():
    with pytest.raises(RuleError, match="workers: must last, got 5 lost one after the other"):
        spread(lose_every_worker, [1, 2], workers=2)


def test_what_was_kept_is_not_done_again(tmp_path):
    first = spread(slow, [1, 2], kept=tmp_path)
    again = spread(slow, [2, 1, 3], workers=2, kept=tmp_path)
    assert [a.tolist() for a in again[:2]] == [first[1].tolist(), first[0].tolist()]
    assert again[2].tolist()[0] == 3
    assert len(list(tmp_path.iterdir())) == 3


def test_what_another_function_kept_is_not_taken(tmp_path):
    spread(slow, [2], kept=tmp_path)
    assert spread(square, [2], kept=tmp_path)[0].tolist() == [4]


def test_progress_counts_what_is_done():
    told = []
    spread(draw, [1, 2, 3], progress=lambda done, of: told.append((done, of)))
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]


def test_a_cluster_of_this_machine_does_as_one_core():
    assert spread(draw, range(6), workers=2, cluster="local") == spread(draw, range(6))


def test_a_cluster_that_does_not_answer_is_one_clear_line(monkeypatch):
    monkeypatch.setattr("cartrial.workers.PATIENCE", 1)
    with pytest.raises(RuleError, match="cluster: must be the address of a Dask scheduler"):
        spread(draw, [1], cluster="tcp://127.0.0.1:9")


def listening(_: int) -> list[str]:
    """The addresses at which this process listens."""
    found = psutil.Process().net_connections()
    return sorted({one.laddr.ip for one in found if one.status == psutil.CONN_LISTEN})


def test_nothing_listens_beyond_this_machine():
    here = []
    there = spread(
        listening, [1, 2], workers=2, cluster="local", progress=lambda *_: here.append(listening(0))
    )
    assert there == [["127.0.0.1"]] * 2
    assert here[-1] == ["127.0.0.1"]
