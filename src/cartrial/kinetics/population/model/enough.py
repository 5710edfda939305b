"""Whether samples can carry a population model at all; what cannot is said in one line."""

import numpy as np

from cartrial.errors import DataError
from cartrial.kinetics.population.model.model import Model
from cartrial.kinetics.population.model.samples import Samples

FEWEST = 2  # subjects with a quantified value
CONTRACTION = 28.0  # days: only later samples show what persists


def check_samples(model: Model, samples: Samples) -> None:
    """Raise where the samples cannot be fitted."""
    if not samples.value.size:
        raise DataError("samples: must hold a sample after the infusion, got none")
    if (first := float(samples.time.min())) <= 0:
        raise DataError(f"samples: time must be after the infusion, got day {first:g}")
    if not (positive := samples.lloq[samples.below] > 0).all():
        raise DataError(
            "samples: lloq must be above 0 where a value is below it, got "
            f"{np.count_nonzero(~positive)} of {positive.size} that are not"
        )
    for place, assay in enumerate(samples.assays):
        _check_assay(samples, place, assay)
    shown = len(np.unique(samples.subject[~samples.below]))
    if shown < FEWEST:
        raise DataError(
            f"samples: must come from {FEWEST} or more subjects with a quantified value, "
            f"got {shown}. For one subject use `cartrial kinetics nca`"
        )
    if (last := float(samples.time.max())) <= CONTRACTION:
        raise DataError(
            f"samples: must reach past day {CONTRACTION:g} to show how the cells persist, got "
            f"day {last:g} as the last"
        )
    _check_covariates(model, samples)


def _check_assay(samples: Samples, place: int, assay: str) -> None:
    of = samples.assay == place
    if samples.below[of].all():
        raise DataError(
            f"samples: {assay}: must hold a quantified value, got {np.count_nonzero(of)} samples, "
            "all below quantification"
        )
    if not (samples.value[of & ~samples.below] > 0).all():
        raise DataError(f"samples: {assay}: a quantified value must be above 0, got 0 or less")


def _check_covariates(model: Model, samples: Samples) -> None:
    for effect in model.effects:
        known = samples.covariates.get(effect.covariate)
        if known is None:
            raise DataError(f"samples: must give the covariate {effect.covariate}, got none")
        if (missing := np.flatnonzero(~np.isfinite(known))).size:
            raise DataError(
                f"samples: {effect.covariate}: must be known for every subject, got "
                f"{missing.size} without; first, {samples.subjects[missing[0]]}"
            )
    for name in model.treatments:
        if name not in samples.starts:
            raise DataError(f"samples: must give the day on which {name} began, got none")
