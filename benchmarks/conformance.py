"""The promise: the SDTM and ADaM of an 18-subject trial are checked in under a second.

Beside it stands how long the same datasets take to be made, forms to SDTM and SDTM to ADaM: to
check costs a part of that. Reading and writing files is left out.

    python benchmarks/conformance.py
"""

import sys
from collections.abc import Callable
from time import perf_counter
from typing import TypeVar

from cartrial import pipeline
from cartrial.adam.file.folder import adam_datasets
from cartrial.cdisc.terminology import packaged
from cartrial.protocol.read import packaged_study
from cartrial.sdtm.file.folder import sdtm_datasets
from cartrial.virtual.scenario import packaged_scenario
from cartrial.virtual.trial import simulate_trial

SUBJECTS, SEED = 18, 1
ALLOWED = 1.0  # seconds
RUNS = 3

T = TypeVar("T")


def main() -> int:
    study = packaged_study()
    forms = simulate_trial(study, subjects=SUBJECTS, seed=SEED, scenario=packaged_scenario()).forms
    sdtm, tabulating = timed(lambda: pipeline.tabulate(study, forms))
    adam, deriving = timed(lambda: pipeline.derive(study, sdtm))
    tabulated, analysed = tuple(sdtm_datasets(sdtm, "xpt")), tuple(adam_datasets(adam, "xpt"))
    found, first = timed(lambda: pipeline.conform(tabulated, analysed, packaged()), runs=1)
    _, checking = timed(lambda: pipeline.conform(tabulated, analysed, packaged()))
    records = sum(one.frame.height for one in (*tabulated, *analysed))
    made = tabulating + deriving
    print(f"{SUBJECTS} subjects, {len(tabulated) + len(analysed)} datasets, {records:,} records")
    print(f"forms to SDTM {tabulating:.2f} s, SDTM to ADaM {deriving:.2f} s")
    print(
        f"checked in {first:.2f} s, then in {checking:.2f} s: {checking / made:.2f} of the making"
    )
    print(f"{len(found)} findings; allowed: {ALLOWED:.0f} s")
    return first > ALLOWED


def timed(step: Callable[[], T], runs: int = RUNS) -> tuple[T, float]:
    """What a step gives, and the shortest time that it took."""
    times = []
    for _ in range(runs):
        start = perf_counter()
        result = step()
        times.append(perf_counter() - start)
    return result, min(times)


if __name__ == "__main__":
    sys.exit(main())
