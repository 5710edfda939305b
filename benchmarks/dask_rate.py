"""A sweep of simulations by one and by two Dask workers of this machine.

Both clusters are started and warm before the clock runs, and work by turns, the shortest of each
counts. The numbers are compared: they are the same whoever simulates.

Others at work on the machine take from two workers more than from one. So the rate stands twice: by
the clock, and by the processor time of the busiest worker, which is what the clock would show where
nobody else is at work and the scheduler has a core of its own.

    python benchmarks/dask_rate.py
"""

from collections.abc import Sequence
from dataclasses import dataclass
from os import getloadavg
from time import perf_counter

import psutil
from distributed import LocalCluster

from cartrial.dosing.simulation.setting import Setting, Simulation
from cartrial.dosing.simulation.simulate import Simulated, simulate_each
from cartrial.protocol.model_design import TiteCrm

TARGET, TRIALS, SCENARIOS, RUNS = 0.30, 80_000, 12, 2
SKELETON = (0.2, 0.3, 0.4)
DESIGN = TiteCrm(target=TARGET, skeleton=SKELETON, cohort=1)
GOAL = 1.7


@dataclass(frozen=True)
class Turn:
    """A sweep by some workers: seconds by the clock, and of each worker's processor."""

    clock: float
    processors: tuple[float, ...]
    found: list[Simulated]


def sweep(trials: int, seed: int, cluster: LocalCluster) -> list[Simulated]:
    setting = Setting(window=84, accrual=2)
    truths = [(0.05 + 0.02 * k, 0.15 + 0.02 * k, 0.3 + 0.02 * k) for k in range(SCENARIOS)]
    simulations = [Simulation(DESIGN, one, setting, 18, TARGET, seed=seed) for one in truths]
    return simulate_each(simulations, trials=trials, cluster=cluster.scheduler_address)


def turn(cluster: LocalCluster, trials: int) -> Turn:
    """A sweep after which the clock and the processors have been read."""
    workers = [psutil.Process(worker.pid) for worker in cluster.workers.values()]
    start, before = perf_counter(), [_processor(worker) for worker in workers]
    found = sweep(trials, 1, cluster)
    clock, after = perf_counter() - start, [_processor(worker) for worker in workers]
    return Turn(clock, tuple(b - a for a, b in zip(before, after, strict=True)), found)


def _processor(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def cluster_of(workers: int) -> LocalCluster:
    """A cluster of this machine that has compiled what the sweep needs."""
    cluster = LocalCluster(
        n_workers=workers, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0"
    )
    sweep(10_000, 99, cluster)
    return cluster


def _line(name: str, one: Sequence[float], two: Sequence[float]) -> str:
    trials, ratio = TRIALS * SCENARIOS, min(one) / min(two)
    return f"{name:<24}{trials / min(one):>12,.0f}{trials / min(two):>12,.0f}{ratio:>8.2f}"


def main() -> None:
    turns: dict[int, list[Turn]] = {1: [], 2: []}
    with cluster_of(1) as one, cluster_of(2) as two:
        for _ in range(RUNS):  # by turns: others are at work on the machine
            turns[1].append(turn(one, TRIALS))
            turns[2].append(turn(two, TRIALS))
    clock, busiest = (
        {n: [of(each) for each in turns[n]] for n in turns}
        for of in (lambda each: each.clock, lambda each: max(each.processors))
    )
    same = len({repr(each.found) for some in turns.values() for each in some}) == 1
    print(f"TITE-CRM, {SCENARIOS} scenarios of {TRIALS:,} trials; load {getloadavg()[0]:.1f}")
    print(f"{'trials/s':<24}{'one worker':>12}{'two':>12}{'ratio':>8}   (goal {GOAL})")
    print(_line("by the clock", clock[1], clock[2]))
    print(_line("by the busiest worker", busiest[1], busiest[2]))
    print(f"the same numbers{'yes' if same else 'NO':>20}")


if __name__ == "__main__":
    main()
