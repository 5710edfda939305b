"""A sweep of simulations by one and by two Dask workers of this machine.

Both clusters are started and warm before the clock runs, and work by turns, the shortest of each
counts. The numbers are compared: they are the same whoever simulates.

    python benchmarks/dask_rate.py
"""

from time import perf_counter

from distributed import LocalCluster

from cartrial.dosing.simulation.setting import Setting, Simulation
from cartrial.dosing.simulation.simulate import Simulated, simulate_each
from cartrial.protocol.model_design import TiteCrm

TARGET, TRIALS, SCENARIOS, RUNS = 0.30, 50_000, 12, 3
SKELETON = (0.2, 0.3, 0.4)
DESIGN = TiteCrm(target=TARGET, skeleton=SKELETON, cohort=1)
GOAL = 1.7


def sweep(trials: int, seed: int, **by: str) -> list[Simulated]:
    setting = Setting(window=84, accrual=2)
    truths = [(0.05 + 0.02 * k, 0.15 + 0.02 * k, 0.3 + 0.02 * k) for k in range(SCENARIOS)]
    simulations = [Simulation(DESIGN, one, setting, 18, TARGET, seed=seed) for one in truths]
    return simulate_each(simulations, trials=trials, **by)


def seconds(cluster: LocalCluster) -> tuple[float, list[Simulated]]:
    """How long a sweep takes, and what comes out."""
    start = perf_counter()
    found = sweep(TRIALS, 1, cluster=cluster.scheduler_address)
    return perf_counter() - start, found


def cluster_of(workers: int) -> LocalCluster:
    return LocalCluster(
        n_workers=workers, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0"
    )


def main() -> None:
    shortest, came = {1: float("inf"), 2: float("inf")}, set()
    with cluster_of(1) as one, cluster_of(2) as two:
        clusters = {1: one, 2: two}
        for cluster in clusters.values():
            sweep(20_000, 99, cluster=cluster.scheduler_address)
        for workers in (1, 2) * RUNS:  # by turns: others are at work on the machine
            took, found = seconds(clusters[workers])
            shortest[workers] = min(shortest[workers], took)
            came.add(repr(found))
    trials = TRIALS * SCENARIOS
    print(f"TITE-CRM, {SCENARIOS} scenarios of {TRIALS:,} trials")
    print(f"one Dask worker   {trials / shortest[1]:>10,.0f} trials/s")
    print(f"two Dask workers  {trials / shortest[2]:>10,.0f} trials/s")
    print(f"ratio             {shortest[1] / shortest[2]:>10.2f}   (goal {GOAL})")
    print(f"the same numbers  {'yes' if len(came) == 1 else 'NO':>10}")


if __name__ == "__main__":
    main()
