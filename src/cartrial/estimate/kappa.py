"""Cohen's kappa: how far two raters agree beyond what their own shares make likely by chance.

    kappa = (observed - expected) / (1 - expected)

Expected is the sum, over the categories, of the product of the share of each rater. 1 is full
agreement, 0 is no more than chance. It is the simple kappa: every disagreement weighs the same.

Source: Cohen 1960, Educ Psychol Meas 20:37-46. doi:10.1177/001316446002000104
"""

from collections import Counter
from collections.abc import Sequence


def kappa(pairs: Sequence[tuple[str, str]]) -> float | None:
    """Kappa of what two raters said of each case; none of nothing, or where both always say one."""
    if not pairs:
        return None
    n = len(pairs)
    one, other = (Counter(said) for said in zip(*pairs, strict=True))
    same = sum(first == second for first, second in pairs)
    by_chance = sum(count * other[category] for category, count in one.items())
    return None if by_chance == n * n else (n * same - by_chance) / (n * n - by_chance)
