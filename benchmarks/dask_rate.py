"""A sweep of simulations by one and by two Dask workers of this machine.

Both clusters are started and warm before the clock runs. The numbers are compared: they are the
same whoever simulates.

    python benchmarks/dask_rate.py
"""

from time import perf_counter

from distributed import Client, LocalCluster

from cartrial.dosing.setting import Setting, Simulation
from cartrial.dosing.simulate import Simulated, simulate_each
from cartrial.protocol.design import TiteCrm

TARGET, TRIALS, SCENARIOS, RUNS = 0.30, 50_000, 12, 3
SKELETON = (0.2, 0.3, 0.4)
DESIGN = TiteCrm(target=TARGET, skeleton=SKELETON, cohort=1)
GOAL = 1.7


def sweep(trials: int, seed: int, **by: str) -> list[Simulated]:
    setting = Setting(window=84, accrual=2)
    truths = [(0.05 + 0.02 * k, 0.15 + 0.02 * k, 0.3 + 0.02 * k) for k in range(SCENARIOS)]
    simulations = [Simulation(DESIGN, one, setting, 18, TARGET, seed=seed) for one in truths]
    return simulate_each(simulations, trials=trials, **by)


def seconds(workers: int) -> tuple[float, list[Simulated]]:
    """The shortest of some sweeps, and what came out."""
    with (
        LocalCluster(
            n_workers=workers, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
        ) as cluster,
        Client(cluster),
    ):
        address = cluster.scheduler_address
        sweep(20_000, 99, cluster=address)
        shortest = float("inf")
        for _ in range(RUNS):
            start = perf_counter()
            found = sweep(TRIALS, 1, cluster=address)
            shortest = min(shortest, perf_counter() - start)
    return shortest, found


def main() -> None:
    (one, alone), (two, together) = seconds(1), seconds(2)
    trials = TRIALS * SCENARIOS
    print(f"TITE-CRM, {SCENARIOS} scenarios of {TRIALS:,} trials")
    print(f"one Dask worker   {trials / one:>10,.0f} trials/s")
    print(f"two Dask workers  {trials / two:>10,.0f} trials/s")
    print(f"ratio             {one / two:>10.2f}   (goal {GOAL})")
    print(f"the same numbers  {'yes' if repr(alone) == repr(together) else 'NO':>10}")


if __name__ == "__main__":
    main()
