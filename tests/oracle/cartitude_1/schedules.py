"""Cohorts of 97 under several schedules and drop-outs, against the published statistics.

`python -m tests.oracle.cartitude_1.schedules` prints what the table of README.md is made of.
"""

from collections.abc import Iterator

import numpy as np

from cartrial.kinetics.nca.course import Course
from cartrial.kinetics.nca.parameters import PARAMETERS
from cartrial.kinetics.nca.profile import profiles_from_infusion
from cartrial.kinetics.population.model.unknown import vector_of
from cartrial.kinetics.population.simulation.calibrated import CALIBRATED, CALIBRATED_MODEL
from cartrial.kinetics.population.simulation.simulate import DAYS, Sampling, simulate

SUBJECTS, COHORTS = 97, 200
PUBLISHED = {
    "mean CMAX": 48_692,
    "median TMAX": 12.7,
    "mean AUC028": 504_496,
    "median TBLQ": 100,
    "subjects with TBLQ": 65,
}
TO_DAY_100 = (2, 4, 7, 10, 14, 21, 28, 42, 56, 78, 100)
EVERY_28 = (*TO_DAY_100, *range(128, 941, 28))  # study days
RARER = (*TO_DAY_100, 140, 184, 240, 300, 364, 450)
KARMMA_3 = (3, 5, 8, 10, 12, 15, 18, 22, *(30.4375 * month for month in (2, 3, 4, 7, 10, 13, 16)))
SCHEDULES = {
    "every 28 days after day 100, day - 1.3": tuple(day - 1.3 for day in EVERY_28),
    "the same, day - 1": tuple(day - 1.0 for day in EVERY_28),
    "the same, day": tuple(float(day) for day in EVERY_28),
    "ever rarer after day 100, day - 1.3": tuple(day - 1.3 for day in RARER),
    "16 days of kinetics simulate": DAYS,
    "as in KarMMa-3": KARMMA_3,
}
USED = SCHEDULES["every 28 days after day 100, day - 1.3"]
LEAVE = 0.65  # in a year


def middle(days: tuple[float, ...], leave: float) -> dict[str, tuple[float, float]]:
    """The central 90 % of each statistic over the cohorts."""
    vector = vector_of(CALIBRATED_MODEL, ("qPCR",), CALIBRATED)
    sampling = Sampling(SUBJECTS, days, leave=leave)
    found = [list(_statistics(vector, sampling, seed)) for seed in range(COHORTS)]
    lows, highs = np.quantile(found, (0.05, 0.95), axis=0)
    return {
        name: (float(low), float(high))
        for name, low, high in zip(PUBLISHED, lows, highs, strict=True)
    }


def _statistics(vector: np.ndarray, sampling: Sampling, seed: int) -> Iterator[float]:
    samples = simulate(CALIBRATED_MODEL, vector, sampling, np.random.default_rng(seed)).samples
    course = Course(
        profiles_from_infusion(
            samples.subject, samples.time, samples.value, samples.lloq, subjects=SUBJECTS
        )
    )
    of = {one.code: one.of for one in PARAMETERS}
    yield float(np.nanmean(of["CMAX"](course).value))
    yield float(np.nanmedian(of["TMAX"](course).value))
    yield float(np.nanmean(of["AUC028"](course).value))
    lost = of["TBLQ"](course).value
    yield float(np.nanmedian(lost))
    yield float(np.isfinite(lost).sum())


def holds(interval: tuple[float, float], published: float) -> bool:
    """Whether an interval holds a published statistic; an end of it counts."""
    return interval[0] - 1e-9 <= published <= interval[1] + 1e-9


if __name__ == "__main__":
    for name, days in SCHEDULES.items():
        for leave in (0.0, 0.24, 0.4, LEAVE):
            cells = [
                f"{low:,.1f} to {high:,.1f}{'' if holds((low, high), PUBLISHED[code]) else ' OUT'}"
                for code, (low, high) in middle(days, leave).items()
            ]
            print("|", name, "|", leave, "|", " | ".join(cells), "|", flush=True)
