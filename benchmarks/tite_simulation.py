"""Simulated trials per second on one core, and what they cost by size.

Beside them stands what other programs reached, as recorded (one core of an AMD EPYC, R 4.2.2; +- 30
%): the same trials of 18 patients with a window of 84 days and two candidates a month. Seconds are
of the processor, so that others at work on the machine disturb them little.

    python benchmarks/tite_simulation.py
"""

from time import process_time

from cartrial.dosing.simulation.setting import Setting, Simulation
from cartrial.dosing.simulation.simulate import Share, sums_of
from cartrial.protocol.design import BfBoin, Boin, Design, RollingSix, TiteBoin
from cartrial.protocol.model_design import TiteCrm

TARGET, SUBJECTS = 0.30, 18
TRUTH = (0.05, 0.15, 0.30, 0.45, 0.60)
SKELETON = (0.12252936, 0.20395601, 0.3, 0.40181944, 0.50134645)
EVEN = Setting(window=84, accrual=2)
LATE = Setting(window=84, accrual=2, late=0.5)
ESS = "effective sample size"
RUNS = 7

CRM = TiteCrm(target=TARGET, skeleton=SKELETON, cohort=1, coherence="none")
BENCHES: tuple[tuple[str, Design, Setting, int, str, float], ...] = (
    ("TITE-BOIN", TiteBoin(target=TARGET), EVEN, 200_000, "TITEgBOIN 0.4.0", 903),
    ("  late DLTs", TiteBoin(target=TARGET), LATE, 200_000, "simFastBOIN 2.x", 600_000),
    ("  by ESS", TiteBoin(target=TARGET, variant=ESS), LATE, 200_000, "simFastBOIN 2.x", 550_000),
    ("TITE-CRM", CRM, EVEN, 30_000, "dfcrm 0.2-2.1", 80),
    ("rolling six", RollingSix(), EVEN, 200_000, "", 0),
    ("BF-BOIN", BfBoin(target=TARGET), EVEN, 100_000, "bfboin", 162),
    ("BOIN in time", Boin(target=TARGET), EVEN, 30_000, "TITEgBOIN 0.4.0", 2_370),
)


def rate(design: Design, setting: Setting, trials: int, subjects: int = SUBJECTS) -> float:
    """Trials per second, the best of some runs; compiled and tabulated before."""
    simulation = Simulation(design, TRUTH, setting, subjects, TARGET)
    sums_of(Share(simulation, 0, 10))
    seconds = []
    for run in range(RUNS):
        start = process_time()
        sums_of(Share(simulation, run * trials, trials))
        seconds.append(process_time() - start)
    return trials / min(seconds)


def main() -> None:
    print(f"{SUBJECTS} patients, {len(TRUTH)} doses, one core; peers as recorded")
    print(f"{'':<14}{'trials/s':>12}   {'peer':<18}{'trials/s':>10}{'ratio':>9}")
    for name, design, setting, trials, peer, recorded in BENCHES:
        ours = rate(design, setting, trials)
        beside = f"{peer:<18}{recorded:>10,.0f}{ours / recorded:>9,.1f}" if peer else "none"
        print(f"{name:<14}{ours:>12,.0f}   {beside}")
    print("\nby size             " + "".join(f"{n:>12}" for n in (6, 12, 18, 30, 45)))
    for name, design in (("TITE-BOIN", TiteBoin(target=TARGET)), ("TITE-CRM", CRM)):
        rates = (rate(design, EVEN, 20_000, subjects=n) for n in (6, 12, 18, 30, 45))
        print(f"{name:<20}" + "".join(f"{one:>12,.0f}" for one in rates))


if __name__ == "__main__":
    main()
