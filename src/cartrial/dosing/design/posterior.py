"""The DLT rate of one dose after its patients, with a uniform prior."""

from functools import lru_cache

from scipy.special import betainc, betaincc


@lru_cache(maxsize=2**14)
def probability_above(rate: float, *, treated: int, dlts: int) -> float:
    """P(DLT rate > `rate`) after `dlts` in `treated` patients."""
    return float(betaincc(1 + dlts, 1 + treated - dlts, rate))


def probability_between(low: float, high: float, *, treated: int, dlts: int) -> float:
    """P(`low` < DLT rate < `high`) after `dlts` in `treated` patients."""
    a, b = 1 + dlts, 1 + treated - dlts
    return float(betainc(a, b, high) - betainc(a, b, low))
