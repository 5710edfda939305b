"""Operating characteristics: what a design does, on average, under given true DLT rates.

Reading: `over_target` is the mean number of patients at levels whose true rate is above the target,
by the mean number of all patients. A rate that equals the target is not above it, whatever the last
bit says, and no rate has to equal it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cartrial.errors import RuleError

Floats = NDArray[np.float64]
SAME = 1e-9  # rates that are apart by less are equal


@dataclass(frozen=True)
class OperatingCharacteristics:
    """Of one scenario, or of a grid of them whose shape then stands before each shape here.

    `selection` (J + 1,): probability that no level is selected, then that each is. `patients` and
    `dlts` (J,): mean numbers by level. `over_target`: share of patients above the target.
    `stopped`: probability that the rule ends the escalation while subjects are left.
    """

    selection: Floats
    patients: Floats
    dlts: Floats
    over_target: Floats
    stopped: Floats

    @property
    def subjects(self) -> Floats:
        """The mean number of patients at all levels."""
        return np.asarray(self.patients.sum(axis=-1))


def true_rates(truth: ArrayLike, *, levels: int) -> Floats:
    """The true DLT rates as an array (..., J), refused where they are none."""
    return with_complements(truth, levels=levels)[..., :levels]


def with_complements(truth: ArrayLike, *, levels: int, least: float = 0.0) -> Floats:
    """The true DLT rates, then what each lacks of 1, (..., 2 J); refused where they are none.

    What is 0 becomes `least`.
    """
    rates = np.asarray(truth, np.float64)
    if rates.shape[-1:] != (levels,):
        found = rates.shape[-1] if rates.ndim else 1
        raise RuleError(f"true rates: must be {levels}, one for each dose level, got {found}")
    both = np.concatenate([rates, 1 - rates], axis=-1)
    if both.min(initial=1) > 0:
        return both
    wrong = rates[~((rates >= 0) & (rates <= 1))]
    if wrong.size:
        raise RuleError(f"true rates: must be 0 to 1, got {wrong[0]:g}")
    return np.asarray(np.maximum(both, least))
