"""The promise: every NCA parameter of 10,000 profiles in less than 2 s.

The profiles are CAR-T courses with 16 samples to day 720: an expansion, two phases of contraction,
log-normal noise, an LLOQ of 50 below which a result has no number. Timed is what a caller gets:
samples in, every parameter out, each with a value or the reason why there is none. PKNCA 0.12.1
took 4.5 s for four parameters of 219 profiles, 49 profiles/s, on a machine of this class; that
figure is recorded, not measured here.

    python benchmarks/nca.py
"""

import sys
from statistics import median
from time import perf_counter

import numpy as np

from cartrial.kinetics.nca.course import Course
from cartrial.kinetics.nca.parameters import PARAMETERS
from cartrial.kinetics.nca.profile import Floats, profiles_from_infusion

PROMISED = 2.0  # seconds
PKNCA = 49  # profiles a second, recorded
PROFILES = 10_000
DAYS = (0, 1, 3, 7, 10, 14, 21, 28, 60, 90, 120, 180, 270, 360, 540, 720)
LLOQ = 50.0
RUNS = 5


def samples(rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Times and values of every profile, indexed [profile, sample]; NaN is below quantification."""

    def between(middle: float, spread: float) -> Floats:
        return middle * np.exp(rng.normal(0, spread, (PROFILES, 1)))

    peak, tmax, kept = between(42_000, 0.6), between(12.7, 0.2), between(0.0015, 0.8)
    fast, slow = between(0.1, 0.5), between(0.008, 0.6)
    time = np.array(DAYS) + np.where(np.array(DAYS) > 0, rng.uniform(-0.4, 0.4, (PROFILES, 16)), 0)
    since = np.maximum(time - tmax, 0)
    rise = np.exp(-np.log(3900) * np.maximum(tmax - time, 0) / tmax)
    fall = (1 - kept) * np.exp(-fast * since) + kept * np.exp(-slow * since)
    value = peak * rise * fall * np.exp(rng.normal(0, 0.4, time.shape))
    return time, np.where(value < LLOQ, np.nan, value)


def seconds(time: Floats, value: Floats) -> tuple[float, int]:
    """How long every parameter takes, and how many values are there."""
    owner = np.repeat(np.arange(PROFILES), len(DAYS))
    began = perf_counter()
    lloq = np.full(time.size, LLOQ)
    profiles = profiles_from_infusion(owner, time.ravel(), value.ravel(), lloq, subjects=PROFILES)
    course = Course(profiles)
    cells = [parameter.of(course).cells() for parameter in PARAMETERS]
    taken = perf_counter() - began
    return taken, sum(found is not None for column in cells for found, _ in column)


def main() -> None:
    time, value = samples(np.random.default_rng(20_250_301))
    runs = [seconds(time, value) for _ in range(RUNS)]
    taken = median(one for one, _ in runs)
    print(
        f"{PROFILES} profiles, {len(PARAMETERS)} parameters, {runs[0][1]} values, the rest with "
        f"a reason\nmedian of {RUNS}: {taken:.3f} s   {PROFILES / taken:,.0f} profiles/s"
        f"   {PROFILES / taken / PKNCA:,.0f} times PKNCA's {PKNCA} (recorded, four parameters)"
    )
    print(f"{taken / PROMISED:.2f} of the promise")
    sys.exit(taken > PROMISED)


if __name__ == "__main__":
    main()
