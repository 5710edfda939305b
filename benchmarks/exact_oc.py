"""Exact operating characteristics: the enumeration, then one scenario, then each of a grid.

Beside them stands what R packages simulate: timed here where R and the package are installed, else
as recorded (R 4.2.2, one core of an AMD EPYC, five doses; +- 30 %). A simulated scenario has an
error, an exact one has none; 10,000 trials leave up to 0.5 points of standard error.

    python benchmarks/exact_oc.py
"""

from collections.abc import Callable
from dataclasses import dataclass
from shutil import which
from subprocess import run
from time import perf_counter

import numpy as np

from cartrial.dosing.exact.enumeration import Ends, enumerate_ends, evaluate
from cartrial.dosing.exact.policy import policy_of
from cartrial.protocol.design import Boin, Design, Keyboard, ThreePlusThree
from cartrial.protocol.model_design import Blrm, Crm

TARGET, SUBJECTS = 0.30, 18
TRUTH = (0.05, 0.15, 0.30, 0.45, 0.60)
SKELETON = (0.12252936, 0.20395601, 0.3, 0.40181944, 0.50134645)
TRIALS, RUNS, SCENARIOS = 10_000, 200, 20_000
R_TRUTH = ", ".join(f"{rate:g}" for rate in TRUTH)


@dataclass(frozen=True)
class Bench:
    """A design, the peer beside it, its recorded trials per second, and R code that runs TRIALS."""

    design: Design
    peer: str
    recorded: float
    code: str = ""
    runs: int = RUNS


BENCHES = {
    "BOIN": Bench(
        Boin(target=TARGET),
        "BOIN 2.7.2",
        1110,
        f"library(BOIN); run <- function() get.oc({TARGET}, c({R_TRUTH}), 6, 3, ntrial={TRIALS})",
    ),
    "keyboard": Bench(
        Keyboard(target=TARGET),
        "Keyboard 0.1.3",
        1420,
        f"library(Keyboard); run <- function() "
        f"get.oc.kb({TARGET}, c({R_TRUTH}), 6, 3, ntrial={TRIALS})",
    ),
    "3+3": Bench(ThreePlusThree(), "UBCRM 1.0.2", 1360),
    "CRM": Bench(
        Crm(target=TARGET, skeleton=SKELETON, scale=1.1575836902790226),
        "dfcrm 0.2-2.1",
        186,
        f"library(dfcrm); run <- function() crmsim(c({R_TRUTH}), getprior(.05, {TARGET}, 3, 5), "
        f"{TARGET}, 18, 1, nsim={TRIALS // 10}, mcohort=3, count=FALSE)",
    ),
    "BLRM": Bench(
        Blrm(doses=(1, 2, 4, 8, 16), reference=8, mean=(-1, 0), sd=(2, 1)),
        "crmPack 2.0.1",
        0.8,
        runs=3,
    ),
}


def shortest(runs: int, call: Callable[[], object]) -> float:
    """Seconds of the shortest of many runs."""
    seconds = np.inf
    for _ in range(runs):
        start = perf_counter()
        call()
        seconds = min(seconds, perf_counter() - start)
    return seconds


def ends_of(design: Design, *, levels: int = 5, subjects: int = SUBJECTS) -> Ends:
    return enumerate_ends(policy_of(design, subjects=subjects), levels=levels, subjects=subjects)


def measured(bench: Bench, trials: int) -> float | None:
    """Trials per second of the peer on this machine, where R and the package are installed."""
    if not bench.code or not which("Rscript"):
        return None
    program = (
        f"suppressMessages({{{bench.code}}}); "
        f"cat('rate', {trials} / system.time(invisible(run()))[['elapsed']])"
    )
    found = run(["Rscript", "-e", program], capture_output=True, text=True, check=False)
    return float(found.stdout.rsplit("rate", 1)[1]) if found.returncode == 0 else None


def line(name: str, bench: Bench) -> str:
    compiled = shortest(bench.runs, lambda: ends_of(bench.design))
    ends = ends_of(bench.design)
    one = shortest(2000, lambda: evaluate(ends, TRUTH, target=TARGET))
    grid = np.sort(np.random.default_rng(20_250_301).uniform(0, 0.9, (SCENARIOS, 5)), axis=1)
    each = shortest(5, lambda: evaluate(ends, grid, target=TARGET)) / SCENARIOS
    here = measured(bench, TRIALS // 10 if name == "CRM" else TRIALS)
    rate, how = (bench.recorded, "recorded") if here is None else (here, "measured")
    return (
        f"{name:<9}{compiled * 1e3:>10.2f} ms{one * 1e6:>9.1f} us{each * 1e6:>9.2f} us"
        f"{len(ends.ways):>7}   {bench.peer:<15}{rate:>8,.1f} trials/s {how}"
        f"{TRIALS / rate / compiled:>12,.0f}"
    )


def cost(levels: int, cohort: int, subjects: int) -> str:
    design = Boin(target=TARGET, cohort=cohort)
    compiled = shortest(3, lambda: ends_of(design, levels=levels, subjects=subjects))
    ends = ends_of(design, levels=levels, subjects=subjects)
    grid = np.sort(np.random.default_rng(1).uniform(0, 0.9, (100, levels)), axis=1)
    each = shortest(3, lambda: evaluate(ends, grid, target=TARGET)) / len(grid)
    return (
        f"{levels:>5} doses, {subjects // cohort:>3} cohorts of {cohort}"
        f"{compiled * 1e3:>10.1f} ms{each * 1e6:>10.1f} us{len(ends.ways):>9}"
    )


def main() -> None:
    print(f"five doses, six cohorts of three; the last column: {TRIALS:,} trials / enumeration")
    print(f"{'':<9}{'enumerate':>13}{'scenario':>12}{'in a grid':>12}{'ends':>7}   peer")
    for name, bench in BENCHES.items():
        print(line(name, bench))
    print("\nBOIN by size:           enumerate    in a grid     ends")
    for levels, cohort, subjects in (
        (3, 3, 18),
        (5, 3, 18),
        (5, 2, 18),
        (3, 1, 18),
        (5, 1, 18),
        (5, 3, 30),
        (5, 3, 45),
    ):
        print(cost(levels, cohort, subjects))


if __name__ == "__main__":
    main()
