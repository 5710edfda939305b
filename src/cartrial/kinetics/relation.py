"""Relation of an exposure (peak, area) to an outcome: rank tests that are exact, for few subjects.

    concordance   of two subjects whose outcomes differ in a known order, how often the one with the
                  higher exposure has the higher outcome; equal exposures count one half. For an
                  outcome with two values it is the probability of superiority, and its test that of
                  Wilcoxon, Mann and Whitney; for grades the test is that of Jonckheere and
                  Terpstra; where outcomes are censored it is Harrell's C
    correlation   Spearman's rank correlation with an outcome that is a number

A p-value is of the distribution of the statistic over every arrangement of these very outcomes on
these very exposures, ties as they are: both tails, what lies as far from the mean or farther. Where
the arrangements are too many to enumerate, random ones are drawn, the observed one counted among
them. `reach` is the smallest concordance above one half, or correlation above 0, that the test
would call (p at or below 1 - level) with these subjects; None where no result could be called.

Source: Jonckheere 1954, Biometrika 41:133-145. doi:10.1093/biomet/41.1-2.133
    Newcombe 2006, Stat Med 25:559-573, method 5 (interval, two values). doi:10.1002/sim.2324
    Bonett & Wright 2000, Psychometrika 65:23-28 (interval of rho). doi:10.1007/BF02294183
    Harrell 1982, JAMA 247:2543-2546 (censored). doi:10.1001/jama.1982.03320430047030
Reading: with more than two values, or censored outcomes, the interval of the concordance is the
    jackknife's on the logit scale, with Student's quantile; a concordance of 0 or 1 then has none.
    Two subjects are in a known order where the lower outcome is not censored; one censored at the
    time of another's event outlasted it.
Oracle: scipy.stats (tests/oracle/scipy), and every arrangement by brute force
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import permutations, product
from math import atanh, exp, factorial, log, prod, sqrt, tanh

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri, stdtrit

Floats = NDArray[np.float64]
Limits = tuple[float, float] | tuple[None, None]

DRAWS = 9_999  # random arrangements, where they cannot all be enumerated
MOST_STATES = 5_000  # of an enumeration
MOST_AT_ONCE = 2_000_000  # pairs, of random arrangements
HALVINGS = 50  # of a distance of at most 1
NEARLY = 1e-9  # what differs by rounding only is equal


@dataclass(frozen=True)
class Relation:
    """An effect with its interval and p-value, or why there is none."""

    n: int
    effect: float | None  # a concordance, 0 to 1, or a correlation, -1 to 1
    lower: float | None = None
    upper: float | None = None
    p: float | None = None
    exact: bool = True  # every arrangement was enumerated
    reach: float | None = None
    middle: float = 0.0  # the effect where nothing goes with the exposure
    why_missing: str | None = None  # why there is no effect, or no interval


def concordance(
    exposure: ArrayLike,
    outcome: ArrayLike,
    *,
    censored: ArrayLike | None = None,
    level: float = 0.95,
    seed: int = 1,
) -> Relation:
    """The concordance of exposure with an ordered outcome; one element for each subject.

    An outcome that is `censored` is at least what stands there.
    """
    x, y = np.asarray(exposure, dtype=np.float64), np.asarray(outcome, dtype=np.float64)
    open_ = np.zeros(x.size, bool) if censored is None else np.asarray(censored, dtype=bool)
    known = _known_order(y, open_)
    pairs = int(known.sum())
    why = _nothing_to_compare(x, pairs)
    if why:
        return Relation(x.size, None, why_missing=why)
    above = np.sign(x[None, :] - x[:, None]) + 1  # 2 where the second is higher, 1 where equal
    found = float((known * above).sum())
    enumerable = not open_.any() and _states(y) <= MOST_STATES
    if enumerable:
        values, weights = _every_sum(_counts(x), _counts(y))
    else:
        values, weights = _drawn_sums(known, above, found, seed)
    share = found / (2 * pairs)
    two = len(_counts(y)) == 2 and not open_.any()
    lower, upper = _newcombe(share, y, level) if two else _jackknifed(known, above, share, level)
    return Relation(
        n=x.size,
        effect=share,
        lower=lower,
        upper=upper,
        p=_both_tails(values - pairs, weights, found - pairs),
        exact=enumerable,
        reach=_reach((values - pairs) / (2 * pairs), weights, level, middle=0.5),
        middle=0.5,
        why_missing=None if lower is not None else "no interval: every pair goes the same way",
    )


def correlation(
    exposure: ArrayLike, outcome: ArrayLike, *, level: float = 0.95, seed: int = 1
) -> Relation:
    """Spearman's rank correlation of exposure and outcome; one element for each subject."""
    x, y = (_ranks(np.asarray(part, dtype=np.float64)) for part in (exposure, outcome))
    why = _nothing_to_compare(x, int(np.unique(y).size > 1))
    if why:
        return Relation(x.size, None, why_missing=why)
    a, b = x - x.mean(), y - y.mean()
    scale = sqrt(float(a @ a) * float(b @ b))
    rho = min(max(float(a @ b) / scale, -1.0), 1.0)
    exact = factorial(min(x.size, 9)) <= DRAWS
    if exact:
        values = a[np.array(list(permutations(range(x.size))))] @ b / scale
    else:
        values = np.append(a[_arrangements(x.size, seed)] @ b / scale, rho)
    weights = np.ones(values.size)
    lower, upper = _fisher(rho, x.size, level)
    return Relation(
        n=x.size,
        effect=rho,
        lower=lower,
        upper=upper,
        p=_both_tails(values, weights, rho),
        exact=exact,
        reach=_reach(values, weights, level, middle=0.0),
        why_missing=None if lower is not None else "no interval: too few subjects, or all in order",
    )


def _nothing_to_compare(exposure: Floats, pairs: int) -> str:
    if exposure.size < 2:
        return f"{exposure.size} subject with both" if exposure.size else "no subject with both"
    if not pairs:
        return "the outcome tells no two subjects apart"
    return "" if np.unique(exposure).size > 1 else "all have the same exposure"


def _known_order(outcome: Floats, censored: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whether the outcome of subject j (column) is known to be above that of i (row)."""
    higher: NDArray[np.bool_] = outcome[None, :] > outcome[:, None]
    outlasts = (outcome[None, :] == outcome[:, None]) & censored[None, :]
    found: NDArray[np.bool_] = (higher | outlasts) & ~censored[:, None]
    return found


# ---------------------------------------------------------------- distributions
def _counts(values: Floats) -> tuple[int, ...]:
    """How many there are of each value, lowest first."""
    return tuple(np.unique(values, return_counts=True)[1].tolist())


def _states(outcome: Floats) -> int:
    return prod(size + 1 for size in _counts(outcome))


@cache
def _every_sum(blocks: tuple[int, ...], sizes: tuple[int, ...]) -> tuple[Floats, Floats]:
    """Twice the concordant pairs, over every arrangement: the values, and how many give each.

    `blocks` are how many subjects have each exposure, `sizes` how many each outcome, both rising.

    Subjects are taken by rising exposure, those of one exposure together; a state is how many of
    each outcome were taken so far, which is all that the next ones are compared with.
    """
    pairs = (sum(sizes) ** 2 - sum(size**2 for size in sizes)) // 2
    states = {(0,) * len(sizes): np.eye(1, 2 * pairs + 1)[0]}
    for block in blocks:
        following: dict[tuple[int, ...], Floats] = {}
        for used, ways in states.items():
            free = [size - taken for size, taken in zip(sizes, used, strict=True)]
            for taken in _shared_out(block, free):
                sum_ = _added(used, taken)
                times = factorial(block) / prod(factorial(n) for n in taken)
                after = tuple(u + t for u, t in zip(used, taken, strict=True))
                here = following.setdefault(after, np.zeros(ways.size))
                here[sum_:] += times * ways[: ways.size - sum_]
        states = following
    return np.arange(2 * pairs + 1, dtype=np.float64), states[sizes]


def _shared_out(block: int, free: Sequence[int]) -> list[tuple[int, ...]]:
    """The ways to share a block of subjects out to the outcomes with free places."""
    ranges = (range(min(block, places) + 1) for places in free)
    return [taken for taken in product(*ranges) if sum(taken) == block]


def _added(used: tuple[int, ...], taken: tuple[int, ...]) -> int:
    """What a block adds: 2 for each lower outcome taken before, 1 for each within the block."""
    pairs = [(low, high) for high in range(len(used)) for low in range(high)]
    return sum(taken[high] * (2 * used[low] + taken[low]) for low, high in pairs)


def _drawn_sums(
    known: NDArray[np.bool_], above: Floats, found: float, seed: int
) -> tuple[Floats, Floats]:
    """The same over random arrangements of the exposures, and the observed one."""
    lower, higher = np.nonzero(known)
    parts = np.array_split(
        _arrangements(known.shape[0], seed), 1 + DRAWS * lower.size // MOST_AT_ONCE
    )
    sums = [above[part[:, lower], part[:, higher]].sum(axis=1) for part in parts]
    values = np.append(np.concatenate(sums), found)
    return values, np.ones(values.size)


@lru_cache(maxsize=8)
def _arrangements(n: int, seed: int) -> NDArray[np.int64]:
    """Random arrangements of `n` subjects, a row each."""
    order: NDArray[np.int64] = np.random.default_rng(seed).random((DRAWS, n)).argsort(axis=1)
    return order


def _both_tails(values: Floats, weights: Floats, found: float) -> float:
    """The share that lies as far from 0 as what was found, or farther."""
    far = np.abs(values) >= abs(found) - NEARLY
    return float(weights[far].sum() / weights.sum())


def _reach(values: Floats, weights: Floats, level: float, *, middle: float) -> float | None:
    """The smallest distance from 0 that is called, added to the middle."""
    distance, place = np.unique(np.abs(values).round(9), return_inverse=True)
    share = np.bincount(place, weights)[::-1].cumsum()[::-1] / weights.sum()
    called = distance[(share <= 1 - level + NEARLY) & (share > 0)]
    return middle + float(called[0]) if called.size else None


# ---------------------------------------------------------------- intervals
def _newcombe(share: float, outcome: Floats, level: float) -> Limits:
    """Where the share lies just at the limit of what an interval's end would give."""
    n, m = (int(size) for size in np.unique(outcome, return_counts=True)[1])
    z = float(ndtri((1 + level) / 2))

    def too_far(end: float) -> bool:
        more = (n + m) / 2 - 1
        spread = 1 + more * ((1 - end) / (2 - end) + end / (1 + end))
        return (share - end) ** 2 > z**2 * end * (1 - end) * spread / (n * m)

    return _edge(too_far, share, 0.0), _edge(too_far, share, 1.0)


def _edge(too_far: Callable[[float], bool], inside: float, outside: float) -> float:
    """The border between what is inside and what is too far."""
    for _ in range(HALVINGS):
        middle = (inside + outside) / 2
        inside, outside = (inside, middle) if too_far(middle) else (middle, outside)
    return inside


def _jackknifed(known: NDArray[np.bool_], above: Floats, share: float, level: float) -> Limits:
    """The share left when each subject is left out in turn, on the logit scale."""
    part, n = known * above, known.shape[0]
    pairs = known.sum() - known.sum(axis=0) - known.sum(axis=1)
    sums = part.sum() - part.sum(axis=0) - part.sum(axis=1)
    if not 0 < share < 1 or (pairs == 0).any():
        return None, None
    without = sums / (2 * pairs)
    spread = sqrt((n - 1) / n * float(((without - without.mean()) ** 2).sum()))
    away = float(stdtrit(n - 1, (1 + level) / 2)) * spread / (share * (1 - share))
    middle = log(share / (1 - share))
    return 1 / (1 + exp(away - middle)), 1 / (1 + exp(-away - middle))


def _fisher(rho: float, n: int, level: float) -> Limits:
    """Fisher's z with the variance of Bonett and Wright."""
    if n < 4 or abs(rho) > 1 - NEARLY:
        return None, None
    away = float(ndtri((1 + level) / 2)) * sqrt((1 + rho**2 / 2) / (n - 3))
    return tanh(atanh(rho) - away), tanh(atanh(rho) + away)


def _ranks(values: Floats) -> Floats:
    """The ranks from 1; equal values share the mean of theirs."""
    _, place, size = np.unique(values, return_inverse=True, return_counts=True)
    last = size.cumsum()
    ranks: Floats = (last - (size - 1) / 2)[place]
    return ranks
