"""Samples laid out for arithmetic: one row for each subject, padded to the longest."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cartrial.kinetics.population.model.model import Model
from cartrial.kinetics.population.model.samples import Samples

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Grid:
    """Samples as (subjects, most samples of a subject); where there is none, both masks are no.

    `log_value` of a sample below quantification is the log of its LLOQ. `effects` holds the
    covariate of each effect of the model: (effects, subjects); `starts` the first day of each
    treatment: (treatments, subjects).
    """

    time: Floats
    log_value: Floats
    assay: NDArray[np.int64]
    quantified: NDArray[np.bool_]
    censored: NDArray[np.bool_]
    effects: Floats
    starts: Floats

    @property
    def subjects(self) -> int:
        """How many subjects there are."""
        return len(self.time)


def lay_out(model: Model, samples: Samples) -> Grid:
    """The samples in rows, each subject's in the order of time."""
    samples = samples.in_order()
    row, below = samples.subject, samples.below
    count = len(samples.subjects)
    sizes = np.bincount(row, minlength=count)
    column = np.arange(row.size) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    shape = (count, int(sizes.max(initial=1)))
    level = np.where(below, samples.lloq, samples.value)

    def placed(values: NDArray[np.generic], filling: float) -> Floats:
        filled = np.full(shape, filling)
        filled[row, column] = values
        return filled

    return Grid(
        time=placed(samples.time, 1.0),
        log_value=placed(np.log(level), 0.0),
        assay=placed(samples.assay, 0).astype(np.int64),
        quantified=placed(~below, 0) > 0,
        censored=placed(below, 0) > 0,
        effects=_rows([samples.covariates[one.covariate] for one in model.effects], count),
        starts=_rows([samples.starts[name] for name in model.treatments], count),
    )


def _rows(rows: list[Floats], subjects: int) -> Floats:
    return np.array(rows, dtype=float).reshape(len(rows), subjects)
