"""Designs side by side: the same scenarios, the same constraints, the same simulated patients.

The characteristics of a design that decides on counts are exact; the time of every one is
simulated. Two designs that are simulated meet the same candidates with the same toxicity, so that a
difference between them is surer than the two errors say.
"""

from collections.abc import Mapping, Sequence

from cartrial.dosing.characteristics.judge import AS_USUAL, Asked, Constraints, Judged, Runs, judge
from cartrial.dosing.characteristics.scenarios import Scenario
from cartrial.protocol.design import Design


def compare(
    designs: Mapping[str, Design],
    scenarios: Sequence[Scenario],
    constraints: Constraints,
    runs: Runs = AS_USUAL,
) -> dict[str, tuple[Judged, ...]]:
    """The designs, by name and in their order, in each scenario."""
    asked = [Asked(design, constraints) for design in designs.values()]
    found = judge(asked, scenarios, runs, means="exact, and the time")
    return dict(zip(designs, found, strict=True))
