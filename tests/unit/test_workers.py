import os
import random

import pytest

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
