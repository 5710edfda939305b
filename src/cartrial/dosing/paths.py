"""Dose paths: every possible continuation of a trial over the next cohorts.

A path is written as the trial is, `1NNN 2NNT`: the cohorts to come, each with its dose level and
outcomes, T a dose-limiting toxicity (DLT) and N none. A path without its last cohort is the path
that it comes from, so that the rows are a tree, in the order in which it is drawn.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from math import comb

from cartrial.dosing.counts import Advice, Counts
from cartrial.dosing.layer import Advise
from cartrial.dosing.operating import true_rates
from cartrial.dosing.state import State
from cartrial.errors import RuleError

MOST_PATHS = 100_000


@dataclass(frozen=True)
class Path:
    """The cohorts on the way, the counts after them, and what the design says then.

    `probability` is that of the whole path, given the true rates; None without them. `ended`:
    nobody is treated after it, because the design stops or the subjects are used up.
    """

    cohorts: tuple[str, ...]
    counts: Counts
    advice: Advice
    probability: float | None
    ended: bool

    @property
    def words(self) -> str:
        """The path in one line; empty for the trial as it stands."""
        return " ".join(self.cohorts)

    @property
    def dlts(self) -> int:
        """The DLTs of the last cohort on the way."""
        return self.cohorts[-1].count("T") if self.cohorts else 0


def dose_paths(
    advise: Advise,
    counts: Counts,
    *,
    cohorts: int,
    subjects: int,
    truth: Sequence[float] | None = None,
    most: int = MOST_PATHS,
) -> tuple[Path, ...]:
    """Every path of up to so many cohorts, a trial of at most `subjects` going on from `counts`.

    `truth` are the true DLT rates. Fewer DLTs stand first; refused beyond `most` paths.
    """
    rates = None if truth is None else true_rates(truth, levels=counts.levels).tolist()
    root = _path((), counts, advise(counts), None if rates is None else 1.0, subjects)
    found = tuple(islice(_onward(advise, root, cohorts, subjects, rates), most + 1))
    if len(found) > most:
        raise RuleError(
            f"dose paths: paths must be at most {most:,}, got more in {cohorts} cohorts. "
            "Look fewer cohorts ahead"
        )
    return found


def settled_counts(state: State) -> Counts:
    """The counts of a trial in which every subject's DLT status is settled."""
    unsettled = sum(tally.open for tally in state.tallies())
    if unsettled:
        raise RuleError(
            f"dose paths: every subject must be settled, got {unsettled} pending or maturing"
        )
    return state.counts


def after(counts: Counts, advice: Advice, *, size: int, dlts: int) -> Counts:
    """The counts once `size` patients are treated where the advice says, with so many DLTs."""
    level = advice.level or 0
    treated, toxic = list(counts.treated), list(counts.dlts)
    treated[level - 1] += size
    toxic[level - 1] += dlts
    return Counts(tuple(treated), tuple(toxic), level, advice.barred, last=(size, dlts))


def _onward(
    advise: Advise, path: Path, cohorts: int, subjects: int, rates: list[float] | None
) -> Iterator[Path]:
    """The path, then every path that it leads to."""
    yield path
    level = path.advice.level
    if path.ended or cohorts == 0 or level is None:
        return
    size = min(path.advice.places, subjects - sum(path.counts.treated))
    for dlts in range(size + 1):
        counts = after(path.counts, path.advice, size=size, dlts=dlts)
        cohort = f"{level}{'N' * (size - dlts)}{'T' * dlts}"
        chance = path.probability
        if rates is not None and chance is not None:
            rate = rates[level - 1]
            chance *= comb(size, dlts) * rate**dlts * (1 - rate) ** (size - dlts)
        further = _path((*path.cohorts, cohort), counts, advise(counts), chance, subjects)
        yield from _onward(advise, further, cohorts - 1, subjects, rates)


def _path(
    cohorts: tuple[str, ...],
    counts: Counts,
    advice: Advice,
    probability: float | None,
    subjects: int,
) -> Path:
    ended = advice.stop or sum(counts.treated) >= subjects
    return Path(cohorts, counts, advice, probability, ended)
