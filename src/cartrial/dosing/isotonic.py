"""The DLT rates of the dose levels, made non-decreasing, and the level nearest to a target.

A rate is (DLT + prior) / (treated + 2 prior), weighted by the inverse of its variance; adjacent
levels whose rates fall are pooled. Of levels equally near to the target, the higher below it and
the lower above it.

Source: Liu & Yuan 2015, J R Stat Soc C 64:507-523, 2.3 (doi:10.1111/rssc.12089); Ji 2010, Clin
Trials 7:653-663 (doi:10.1177/1740774510382799)
Reading: the interval of a level is that of its own beta posterior, before pooling.
Oracle: R packages BOIN 2.7.2 and Keyboard 0.1.3 (tests/oracle/boin, tests/oracle/keyboard)
"""

from collections.abc import Sequence
from dataclasses import dataclass

from scipy.special import betaincinv

from cartrial.dosing.counts import Counts

PRIOR = 0.05  # DLTs, and as many patients without
SAME = 1e-12  # distances to the target that are apart by less are equal


@dataclass(frozen=True)
class LevelRate:
    """A treated level: what was seen, its isotonic DLT rate, and the interval of its own rate."""

    level: int
    treated: int
    dlts: int
    rate: float
    low: float
    high: float


def level_rates(
    counts: Counts, *, prior: float = PRIOR, confidence: float = 0.95
) -> tuple[LevelRate, ...]:
    """The rates of the treated levels, lowest first; a level without patients has none."""
    tried = counts.tried(counts.levels + 1)
    seen = [(counts.treated[level - 1], counts.dlts[level - 1]) for level in tried]
    rates = isotonic_rates(seen, prior=prior)
    tail = (1 - confidence) / 2
    return tuple(
        LevelRate(
            level,
            treated,
            dlts,
            rate,
            low=float(betaincinv(dlts + prior, treated - dlts + prior, tail)),
            high=float(betaincinv(dlts + prior, treated - dlts + prior, 1 - tail)),
        )
        for level, (treated, dlts), rate in zip(tried, seen, rates, strict=True)
    )


def nearest_level(
    counts: Counts,
    *,
    barred: int,
    target: float,
    prior: float = PRIOR,
    highest: float = 1.0,
) -> int | None:
    """The treated level below `barred` whose rate is nearest to the target.

    None where there is none, or where every rate is above `highest`.
    """
    tried = counts.tried(barred)
    seen = [(counts.treated[level - 1], counts.dlts[level - 1]) for level in tried]
    rates = [rate for rate in isotonic_rates(seen, prior=prior) if rate <= highest]
    if not rates:
        return None
    nearest = min(abs(rate - target) for rate in rates)
    ties = [i for i, rate in enumerate(rates) if abs(rate - target) - nearest < SAME]
    below = [i for i in ties if rates[i] < target - SAME]
    return tried[below[-1] if below else ties[0]]


def isotonic_rates(seen: Sequence[tuple[int, int]], *, prior: float = PRIOR) -> list[float]:
    """The rates of levels at which (treated, DLTs) were seen, lowest level first."""
    blocks: list[tuple[float, float, int]] = []  # rate, weight, levels
    for treated, dlts in seen:
        a, b = dlts + prior, treated - dlts + prior
        blocks.append((a / (a + b), (a + b) ** 2 * (a + b + 1) / (a * b), 1))
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (low, heavy, many), (high, light, few) = blocks[-2], blocks[-1]
            weight = heavy + light
            blocks[-2:] = [((low * heavy + high * light) / weight, weight, many + few)]
    return [rate for rate, _, levels in blocks for _ in range(levels)]
