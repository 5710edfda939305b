"""The samples that a population model is fitted to: value or below the LLOQ of that sample."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Samples:
    """The samples of all subjects, one element for each sample.

    A value that is NaN is below `lloq`: it is censored there, never a number. `assay` is the place
    in `assays`. `covariates` hold one number for each subject, `starts` the day on which a
    treatment began in each subject (infinity: never).
    """

    subjects: tuple[str, ...]
    assays: tuple[str, ...]
    subject: Ints  # place in `subjects`
    assay: Ints
    time: Floats  # days from infusion, above 0
    value: Floats
    lloq: Floats
    covariates: Mapping[str, Floats] = field(default_factory=dict)
    starts: Mapping[str, Floats] = field(default_factory=dict)

    @property
    def below(self) -> NDArray[np.bool_]:
        """Which samples are below quantification."""
        return np.isnan(self.value)

    def in_order(self) -> "Samples":
        """The same, by subject, time and assay."""
        order = np.lexsort((self.assay, self.time, self.subject))
        return replace(
            self,
            subject=self.subject[order],
            assay=self.assay[order],
            time=self.time[order],
            value=self.value[order],
            lloq=self.lloq[order],
        )


def places(names: Iterable[str], order: Sequence[str]) -> Ints:
    """The place of each name in the order."""
    place = {name: number for number, name in enumerate(order)}
    return np.array([place[name] for name in names], dtype=np.int64)
