"""A fitted population model: what either engine gives, and whether it may be shown."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from cartrial.kinetics.population.model.model import Model
from cartrial.kinetics.population.model.prior import Prior
from cartrial.kinetics.population.model.samples import Samples
from cartrial.kinetics.population.model.unknown import Unknown, unknowns

Floats = NDArray[np.float64]
LEVEL = 0.9  # of every interval


@dataclass(frozen=True)
class Estimate:
    """A population parameter as it is shown, with its prior beside it."""

    name: str
    label: str
    unit: str
    value: float
    low: float
    high: float
    prior_median: float
    prior_low: float
    prior_high: float
    se: float | None = None  # of the logarithm, or of the effect
    shrinkage: float | None = None  # of the subjects' values to the typical one; 0 none, 1 whole


@dataclass(frozen=True)
class Check:
    """A test that a fit has to pass to be shown."""

    name: str
    value: float
    limit: float
    passed: bool


@dataclass(frozen=True)
class Fit:
    """A model fitted to samples.

    `draws` are population vectors, in the order of `unknowns`: (draws, unknowns); `individuals` the
    log parameters of the subjects that belong to them: (draws, subjects, parameters). `refused`
    says why its numbers are not to be shown, or is None.
    """

    engine: str
    model: Model
    prior: Prior
    samples: Samples
    population: tuple[Estimate, ...]
    draws: Floats
    individuals: Floats
    checks: tuple[Check, ...]
    refused: str | None = None

    @property
    def unknowns(self) -> tuple[Unknown, ...]:
        """The unknowns of the model, in the order of the draws."""
        return unknowns(self.model, self.samples.assays)


def refusal(checks: tuple[Check, ...], *, fault: str, remedy: str) -> str | None:
    """Why the numbers of a fit are not shown, and what to do; null where all checks pass."""
    failed = [one for one in checks if not one.passed]
    if not failed:
        return None
    said = ", ".join(f"{one.name} {one.value:.4g} (limit {one.limit:g})" for one in failed)
    return f"{fault}: {said}. {remedy}"


def estimates(
    model: Model,
    prior: Prior,
    assays: tuple[str, ...],
    draws: Floats,
    *,
    value: Floats | None = None,
    se: Floats | None = None,
    shrinkage: Floats | None = None,
) -> tuple[Estimate, ...]:
    """The estimates from population draws: `value`, else the median, and the central interval.

    `shrinkage` is that of each parameter of a subject; it stands beside the typical value's
    between-subject standard deviation.
    """
    tails = ((1 - LEVEL) / 2, (1 + LEVEL) / 2)
    middle = np.median(draws, axis=0) if value is None else value
    low, high = np.quantile(draws, tails, axis=0)
    before, spread = prior.mean(model, assays), prior.sd(model, assays)
    wide = spread * ndtri((1 + LEVEL) / 2)
    found = []
    for i, one in enumerate(unknowns(model, assays)):
        shrunk = None
        if shrinkage is not None and one.kind == "between":
            shrunk = float(shrinkage[model.parameters.index(one.of)])
        found.append(
            Estimate(
                one.name,
                one.label,
                one.unit,
                float(one.natural(middle[i])),
                float(one.natural(low[i])),
                float(one.natural(high[i])),
                float(one.natural(before[i])),
                float(one.natural(before[i] - wide[i])),
                float(one.natural(before[i] + wide[i])),
                None if se is None else float(se[i]),
                shrunk,
            )
        )
    return tuple(found)
