"""Full Bayes of 18 and of 200 subjects, each from a cold process, beside what Stan took.

A process reads JAX, compiles, and draws 4 x (1000 + 1000); its wall time, its CPU time and the
least effective sample size of the population are told. Stan's numbers (rstan 2.21.7) were measured
on 2 cores with the same model, weak priors and other simulated subjects: as many draws for 18
subjects, 4 x (500 + 500) for 200.

    python benchmarks/population_bayes.py
"""

import subprocess
import sys
from time import perf_counter, process_time

GOALS = {18: 12.0, 200: 60.0}  # seconds
STAN = {18: "86 s, 29.5 s without its compile", 200: "319 s, 272 s without its compile"}
STAN_RATE = {18: 13.0, 200: 0.86}  # ESS per CPU second, compile left out
GOAL_RATE = 2.0  # times Stan's, at 18 subjects


def fit(subjects: int) -> None:
    """In a process of its own: fit, and print how it went."""
    import numpy as np

    from cartrial.kinetics.population.bayes import fit_bayes
    from cartrial.kinetics.population.model.model import Model
    from cartrial.kinetics.population.model.prior import PUBLISHED
    from cartrial.kinetics.population.simulation.simulate import Sampling, simulate

    model = Model()
    vector = PUBLISHED.mean(model, ("qPCR",))
    cohort = simulate(model, vector, Sampling(subjects, leave=0.3), np.random.default_rng(1))
    found = fit_bayes(model, cohort.samples)
    checks = {one.name: one.value for one in found.checks}
    print(checks["bulk ESS"], checks["R-hat"], process_time(), found.refused or "accepted")


def measure(subjects: int) -> None:
    start = perf_counter()
    command = [sys.executable, __file__, str(subjects)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    wall = perf_counter() - start
    ess, rhat, cpu, verdict = told.strip().split(" ", 3)
    rate = float(ess) / float(cpu)
    print(f"{subjects} subjects, 4 x (1000 + 1000) draws, cold: {verdict}")
    print(
        f"  wall                 {wall:8.1f} s   (goal {GOALS[subjects]:g}; Stan {STAN[subjects]})"
    )
    print(f"  CPU                  {float(cpu):8.1f} s")
    print(f"  least ESS            {float(ess):8.0f}     R-hat {float(rhat):.4f}")
    goal = f"; goal {GOAL_RATE * STAN_RATE[18]:g}" if subjects == 18 else ""
    print(f"  ESS per CPU second   {rate:8.1f}     (Stan {STAN_RATE[subjects]:g}{goal})")


def main() -> None:
    for subjects in GOALS:
        measure(subjects)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        fit(int(sys.argv[1]))
    else:
        main()
