"""Fast engine of the population model: one fit of 18 and of 200 subjects, beside a recorded peer.

Simulated subjects, 16 planned samples to day 730 with drop-out, values below quantification
censored. The first fit of a process is left out (warm); the shortest of several is printed, with
the seconds of the processor. saemix was timed elsewhere on 2 shared cores and is not run here.

    python benchmarks/population_fast.py
"""

from time import perf_counter, process_time

import numpy as np

from cartrial.kinetics.population.fast import fit_fast
from cartrial.kinetics.population.fit import Fit
from cartrial.kinetics.population.model.model import Model
from cartrial.kinetics.population.model.samples import Samples
from cartrial.kinetics.population.model.unknown import vector_of
from cartrial.kinetics.population.simulation.calibrated import CALIBRATED, CALIBRATED_MODEL
from cartrial.kinetics.population.simulation.simulate import Sampling, simulate

SIZES = {18: 3, 200: 2}  # subjects: runs
PROMISED = {18: 1.0, 200: 10.0}  # seconds
RECORDED = {18: 8.4, 200: 69.0}  # seconds: saemix 3.4 with M3 by a user's likelihood, 4 chains
SEED = 20_250_301


def cohort(subjects: int) -> Samples:
    sampling = Sampling(subjects, leave=0.2)
    vector = vector_of(CALIBRATED_MODEL, sampling.assays, CALIBRATED)
    return simulate(CALIBRATED_MODEL, vector, sampling, np.random.default_rng(SEED)).samples


def timed(samples: Samples) -> tuple[float, float, Fit]:
    wall, processor = perf_counter(), process_time()
    fit = fit_fast(Model(), samples)
    return perf_counter() - wall, process_time() - processor, fit


def main() -> None:
    timed(cohort(6))
    for subjects, runs in SIZES.items():
        samples = cohort(subjects)
        wall, processor, fit = min((timed(samples) for _ in range(runs)), key=lambda run: run[0])
        checks = ", ".join(f"{one.name} {one.value:.2f}" for one in fit.checks)
        print(
            f"{subjects:>4} subjects   cartrial {wall:6.2f} s ({processor:.2f} s of processor), "
            f"promised {PROMISED[subjects]:g} s   saemix 3.4, recorded {RECORDED[subjects]:g} s   "
            f"ratio {RECORDED[subjects] / wall:5.1f}"
        )
        print(f"{'':16}{samples.below.mean():.0%} below quantification; {checks}")
        if fit.refused is not None:
            raise SystemExit(fit.refused)


if __name__ == "__main__":
    main()
