"""How probable each fork of an outlook is, under true DLT rates.

Who has been followed for a part u of the window without a DLT has one in the rest of it with the
probability p (1 - u) / (1 - p u), where p is the true rate of the level: DLTs come evenly over the
window.

Reading: a maturing subject counts as followed for nothing. Those who are taken to complete the
window (at other levels, while a later cohort settles) do so with certainty.
"""

from collections.abc import Sequence

from cartrial.dosing.conduct.outlook import Fork, Seen
from cartrial.dosing.operating import true_rates
from cartrial.dosing.state import Patient, State


def chances(forks: Sequence[Fork], truth: Sequence[float], *, window: int | None) -> list[float]:
    """The probability that the trial comes to each fork, from the one that it stands at."""
    rates = true_rates(truth, levels=forks[0].state.levels).tolist()
    states = {fork.path: fork.state for fork in forks}
    found: dict[tuple[Seen, ...], float] = {(): 1.0}
    for fork in sorted(forks, key=lambda fork: len(fork.path)):
        if fork.path:
            before, seen = fork.path[:-1], fork.path[-1]
            each = _each(states[before], seen, rates[seen.level - 1], window)
            found[fork.path] = found[before] * _number(each)[seen.dlts]
    return [found[fork.path] for fork in forks]


def _each(before: State, seen: Seen, rate: float, window: int | None) -> list[float]:
    """The probability of a DLT of each subject: those in the window, then those to come."""
    waiting = [p for p in before.at(seen.level) if p.open] if seen.waiting else []
    passed = [_passed(patient, window) for patient in waiting]
    rest = [rate * (1 - u) / (1 - rate * u) if rate * u < 1 else 0.0 for u in passed]
    return rest + [rate] * (seen.subjects - len(rest))


def _passed(patient: Patient, window: int | None) -> float:
    """The part of the window behind a subject."""
    if patient.status != "pending" or not window:
        return 0.0
    return min(patient.followed / window, 1.0)


def _number(each: Sequence[float]) -> list[float]:
    """The probability of each number of DLTs among independent subjects."""
    found = [1.0]
    for rate in each:
        none, one = [*found, 0.0], [0.0, *found]
        found = [(1 - rate) * a + rate * b for a, b in zip(none, one, strict=True)]
    return found
