"""What is held of the population before the data: one normal distribution for each unknown.

An unknown is a logarithm (see `unknown`), so a prior is log-normal: a median, and a standard
deviation of the logarithm. That of a between-subject standard deviation keeps away from 0: where
the data say nothing of a parameter, as without samples before the peak, it stays near the published
value and does not collapse. The typical values are wide; what a prior did is shown beside each
estimate.

Source: typical values: Stein 2019, CPT Pharmacometrics Syst Pharmacol 8:285-295 (tisagenlecleucel,
    90 patients: foldx, alpha); Ogasawara 2021, Clin Pharmacokinet 60:1621-1633 (lisocabtagene
    maraleucel, 261 patients: lag); the noncompartmental summary of ciltacabtagene autoleucel in
    CARTITUDE-1 (97 patients: cmax, and Tmax of 12.7 days; fb and beta between Stein's and what its
    median time to below quantification of 100 days asks for)
Reading: the random effects that Stein prints (foldx 2.4, Tmax 0.38, cmax 0.65, alpha 0.91, fb 0.80,
    beta 0.86) are taken as standard deviations; public copies of the model differ, some take them
    for variances. That of foldx rests on subjects without early samples and is set lower, 0.8.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cartrial.kinetics.population.model.model import Model
from cartrial.kinetics.population.model.unknown import Kind, Unknown, unknowns

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class LogNormal:
    """A median, and the standard deviation of the logarithm."""

    median: float
    log_sd: float


@dataclass(frozen=True)
class Prior:
    """The prior of each unknown, by its name or else by its kind."""

    named: Mapping[str, LogNormal]
    kinds: Mapping[Kind, LogNormal] = field(default_factory=dict)

    def of(self, unknown: Unknown) -> LogNormal:
        """The prior of one unknown; that of an effect is normal around log(median)."""
        return self.named.get(unknown.name) or self.kinds[unknown.kind]

    def mean(self, model: Model, assays: tuple[str, ...]) -> Floats:
        """The means, in the order of `unknowns`."""
        return np.array([np.log(self.of(one).median) for one in unknowns(model, assays)])

    def sd(self, model: Model, assays: tuple[str, ...]) -> Floats:
        """The standard deviations, in the order of `unknowns`."""
        return np.array([self.of(one).log_sd for one in unknowns(model, assays)])

    def replaced(self, named: Mapping[str, LogNormal]) -> "Prior":
        """The same, but for the unknowns that are named."""
        return Prior({**self.named, **named}, self.kinds)

    def widened(self, by: float) -> "Prior":
        """The same medians with every log standard deviation times `by`."""
        return Prior(_widened(self.named, by), _widened(self.kinds, by))


def _widened(priors: Mapping[Any, LogNormal], by: float) -> dict[Any, LogNormal]:
    return {name: LogNormal(one.median, one.log_sd * by) for name, one in priors.items()}


PUBLISHED = Prior(
    named={
        "lag": LogNormal(3.27, 0.5),  # days
        "foldx": LogNormal(3900, 1.0),
        "rise": LogNormal(11.0, 0.4),  # days
        "cmax": LogNormal(40_000, 1.5),  # copies/µg
        "alpha": LogNormal(0.12, 0.7),  # per day
        "fb": LogNormal(0.005, 1.2),
        "beta": LogNormal(0.008, 1.0),  # per day
        "sd_lag": LogNormal(0.4, 0.5),
        "sd_foldx": LogNormal(0.8, 0.5),
        "sd_rise": LogNormal(0.3, 0.5),
        "sd_cmax": LogNormal(0.65, 0.5),
        "sd_alpha": LogNormal(0.7, 0.5),
        "sd_fb": LogNormal(0.8, 0.5),
        "sd_beta": LogNormal(0.7, 0.5),
    },
    kinds={
        "effect": LogNormal(1.0, 1.0),
        "factor": LogNormal(1.0, 0.5),
        "scale": LogNormal(0.01, 4.0),  # cells/µL for each copy/µg
        "residual": LogNormal(0.5, 0.5),
    },
)
