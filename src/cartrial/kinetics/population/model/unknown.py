"""What a population model leaves to be estimated, in the order of every population vector.

    typical    log of the typical value of each parameter of a subject
    effect     change of a log parameter for each unit of a covariate
    factor     log of the factor of a treatment on the rate of expansion
    scale      log of the scale of each further assay, relative to the first
    between    log of the standard deviation of a log parameter between subjects
    residual   log of the standard deviation of the log concentration of each assay

Every element is free on the whole line. All but an effect are logarithms of what is shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cartrial.kinetics.population.model.model import UNITS, Model

Kind = Literal["typical", "effect", "factor", "scale", "between", "residual"]

LABELS = {
    "lag": "Lag before expansion",
    "foldx": "Fold expansion",
    "rise": "Time from start of expansion to peak",
    "cmax": "Peak concentration",
    "alpha": "Rate of contraction",
    "fb": "Fraction that persists",
    "beta": "Rate of loss in persistence",
}


@dataclass(frozen=True)
class Unknown:
    """One number to estimate: its name in a file, its label, its unit, and what it acts on."""

    name: str
    label: str
    unit: str
    kind: Kind
    of: str  # the parameter, treatment or assay

    def natural(self, estimate: Any) -> Any:
        """The number as it is shown, from the element of the vector."""
        return estimate if self.kind == "effect" else np.exp(estimate)


@dataclass(frozen=True)
class Population:
    """A population vector in parts; in each the last axis has the order of its names."""

    typical: Any
    effects: Any
    log_factors: Any
    log_scales: Any  # of every assay but the first
    log_between: Any
    log_residual: Any


def unknowns(model: Model, assays: tuple[str, ...]) -> tuple[Unknown, ...]:
    """The numbers to estimate, in the order of the vector."""
    names = model.parameters
    return (
        *(Unknown(name, LABELS[name], UNITS[name], "typical", name) for name in names),
        *(
            Unknown(
                f"effect_{one.covariate}_on_{one.parameter}",
                f"Effect of {one.covariate} on log {one.parameter}",
                "",
                "effect",
                one.parameter,
            )
            for one in model.effects
        ),
        *(
            Unknown(f"factor_{name}", f"Factor of {name} on expansion", "", "factor", name)
            for name in model.treatments
        ),
        *(
            Unknown(f"scale_{name}", f"Ratio of {name} to {assays[0]}", "", "scale", name)
            for name in assays[1:]
        ),
        *(
            Unknown(f"sd_{name}", f"Between subjects: {LABELS[name]}", "log SD", "between", name)
            for name in names
        ),
        *(
            Unknown(f"residual_{name}", f"Residual error, {name}", "log SD", "residual", name)
            for name in assays
        ),
    )


def split(model: Model, assays: int, vector: Any) -> Population:
    """The parts of vectors whose last axis is in the order of `unknowns`; NumPy or JAX."""
    p = len(model.parameters)
    sizes = (p, len(model.effects), len(model.treatments), assays - 1, p, assays)
    ends = np.cumsum((0, *sizes)).tolist()
    return Population(*(vector[..., a:b] for a, b in pairwise(ends)))


def vector_of(
    model: Model, assays: tuple[str, ...], values: Mapping[str, float]
) -> NDArray[np.float64]:
    """The population vector of values as they are shown, by name."""
    found = [(one, values[one.name]) for one in unknowns(model, assays)]
    return np.array([value if one.kind == "effect" else np.log(value) for one, value in found])
