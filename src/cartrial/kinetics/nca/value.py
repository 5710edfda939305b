"""The values of one parameter, one a subject, and for each that is missing the reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cartrial.kinetics.nca.profile import Bools, Floats

Texts = NDArray[np.object_]
Check = tuple[Bools, "str | Texts"]


@dataclass(frozen=True)
class Values:
    """A value for each subject; NaN has its reason in `why`, anything else None."""

    value: Floats
    why: Texts

    def cells(self) -> list[tuple[float | None, str | None]]:
        """Value and reason of each subject; exactly one of them is there."""
        pairs = zip(self.value.tolist(), self.why.tolist(), strict=True)
        return [(None if why is not None else value, why) for value, why in pairs]


def values(value: Floats, checks: Sequence[Check]) -> Values:
    """The values, but NaN with its text wherever a check holds; the first that holds counts."""
    why: Texts = np.full(value.shape, None, dtype=object)
    missing = np.zeros(value.shape, dtype=bool)
    for fails, text in reversed(checks):
        why = np.where(fails, text, why)
        missing |= fails
    return Values(np.where(missing, np.nan, value), why)


def texts(where: Bools, words: str, **numbers: NDArray[Any]) -> Texts:
    """`words` filled in with each subject's numbers, where it is needed."""
    told: Texts = np.full(where.shape, None, dtype=object)
    cells = zip(*(of[where].tolist() for of in numbers.values()), strict=True)
    told[where] = [words.format(**dict(zip(numbers, row, strict=True))) for row in cells]
    return told
