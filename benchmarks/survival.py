"""Kaplan-Meier curve with log-log interval, median and landmark, beside lifelines in one run.

Both get the same arrays and must give the same curve and limits; then the shortest of many runs of
each is taken, in turns. lifelines is not a requirement: without it only our own time is printed.

    python benchmarks/survival.py
"""

from collections.abc import Callable
from importlib.util import find_spec
from time import perf_counter

import numpy as np

from cartrial.estimate.survival import Floats, Survival, at, estimate_survival, quantile

LANDMARK = 365  # days
SIZES = {18: 200, 1_000: 50, 100_000: 5}  # subjects: runs


def cohort(subjects: int) -> tuple[Floats, Floats]:
    """Times to event in whole days, censored at random within two years."""
    rng = np.random.default_rng(20_250_301)
    event, censored = rng.exponential(400, subjects), rng.uniform(1, 730, subjects)
    return np.ceil(np.minimum(event, censored)), (event <= censored).astype(float)


def ours(time: Floats, status: Floats) -> Survival:
    curve = estimate_survival(time, status)
    quantile(curve)
    at(curve, [LANDMARK])
    return curve


def theirs(time: Floats, status: Floats) -> Floats:
    from lifelines import KaplanMeierFitter

    fit = KaplanMeierFitter().fit(time, status)
    _ = fit.median_survival_time_
    fit.predict(LANDMARK)
    limits = fit.confidence_interval_
    return np.column_stack([fit.survival_function_, limits])[1:]


def check_same(time: Floats, status: Floats) -> None:
    curve, other = ours(time, status), theirs(time, status)
    here = np.isfinite(curve.lower)  # at S = 1 and S = 0 the two print different things
    mine = np.column_stack([curve.surv, curve.lower, curve.upper])
    np.testing.assert_allclose(mine[here], other[here], rtol=1e-6)


def shortest(runs: int, *calls: Callable[[], object]) -> list[float]:
    """Seconds of the shortest run of each call, the calls taking turns."""
    seconds = [np.inf] * len(calls)
    for _ in range(runs):
        for i, call in enumerate(calls):
            start = perf_counter()
            call()
            seconds[i] = min(seconds[i], perf_counter() - start)
    return seconds


def main() -> None:
    beside = find_spec("lifelines") is not None
    if not beside:
        print("lifelines is not installed: no ratio (pip install lifelines)")
    for subjects, runs in SIZES.items():
        time, status = cohort(subjects)
        calls: list[Callable[[], object]] = [lambda t=time, s=status: ours(t, s)]
        if beside:
            check_same(time, status)
            calls.append(lambda t=time, s=status: theirs(t, s))
        mine, *other = (1000 * s for s in shortest(runs, *calls))
        ratio = "".join(f"   lifelines {ms:9.3f} ms   ratio {ms / mine:6.1f}" for ms in other)
        print(f"{subjects:>7} subjects   cartrial {mine:8.3f} ms{ratio}")


if __name__ == "__main__":
    main()
