"""What the model says of each subject: peak, its day, area, doubling time, half-lives.

    cmax           height of the curve at its peak
    tmax           day of the peak
    auc_28         area under the curve from infusion to day 28
    doubling_time  of the expansion, before any treatment
    half_life      of the contraction
    half_life_persistence   of what persists

Reading: all are of the curve without residual error. A treatment that changes the expansion
changes the peak.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cartrial.kinetics.population.fit import LEVEL, Fit
from cartrial.kinetics.population.fitted.predict import curve_draws

Floats = NDArray[np.float64]
WINDOW = 28.0  # days
STEPS = 225  # points of the area: every 3 hours


@dataclass(frozen=True)
class Derived:
    """A quantity of one subject with its interval."""

    subject: str
    name: str
    label: str
    unit: str
    value: float
    low: float
    high: float


LABELS = {
    "cmax": ("Peak concentration", "concentration"),
    "tmax": ("Day of the peak", "day"),
    "auc_28": ("Area from infusion to day 28", "concentration x day"),
    "doubling_time": ("Doubling time of the expansion", "day"),
    "half_life": ("Half-life of the contraction", "day"),
    "half_life_persistence": ("Half-life in persistence", "day"),
}


def derive(fit: Fit, *, level: float = LEVEL) -> tuple[Derived, ...]:
    """Every quantity of every subject: the median of the draws and a central interval."""
    tails = (0.5, (1 - level) / 2, (1 + level) / 2)
    found = []
    for place, subject in enumerate(fit.samples.subjects):
        for name, draws in derived_draws(fit, place).items():
            value, low, high = np.quantile(draws, tails).tolist()
            found.append(Derived(subject, name, *LABELS[name], value, low, high))
    return tuple(found)


def derived_draws(fit: Fit, subject: int) -> dict[str, Floats]:
    """The draws of every quantity of one subject."""
    of = dict(zip(fit.model.parameters, np.exp(fit.individuals[:, subject].T), strict=True))
    tmax = of["rise"] + (of["lag"] if fit.model.lag else 0.0)
    times = np.linspace(0, WINDOW, STEPS)
    levels = curve_draws(fit, subject, times)
    slow, fast = np.minimum(of["alpha"], of["beta"]), np.maximum(of["alpha"], of["beta"])
    return {
        "cmax": _at(fit, subject, tmax),
        "tmax": tmax,
        "auc_28": np.asarray(np.trapezoid(levels, times, axis=1)),
        "doubling_time": np.log(2) * of["rise"] / np.log(of["foldx"]),
        "half_life": np.log(2) / fast,
        "half_life_persistence": np.log(2) / slow,
    }


def _at(fit: Fit, subject: int, times: Floats) -> Floats:
    """Each draw of a subject's curve at a time of its own."""
    return curve_draws(fit, subject, times[:, None])[:, 0]
