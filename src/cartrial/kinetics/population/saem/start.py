"""Where a fit starts: typical values from the prior, peaks from the samples."""

import numpy as np
from numpy.typing import NDArray

from cartrial.kinetics.population.model.grid import Grid
from cartrial.kinetics.population.model.model import Model
from cartrial.kinetics.population.model.unknown import unknowns

Floats = NDArray[np.float64]
JITTER = 0.3  # of the spread between subjects
LATEST_PEAK = 28.0  # days: a later peak is not the first expansion


def first_guess(model: Model, grid: Grid, assays: tuple[str, ...], prior_mean: Floats) -> Floats:
    """The population vector to start from: the prior's, with peaks and scales of the samples."""
    guess = prior_mean.copy()
    tops = [np.nanmean(_peaks(grid, a)) if _has(grid, a) else np.nan for a in range(len(assays))]
    names = [one.name for one in unknowns(model, assays)]
    guess[names.index("cmax")] = tops[0]
    for assay, top in zip(assays[1:], tops[1:], strict=True):
        guess[names.index(f"scale_{assay}")] = top - tops[0]
    return guess


def first_points(
    model: Model, grid: Grid, mean: Floats, sd: Floats, chains: int, rng: np.random.Generator
) -> Floats:
    """Log parameters to start from, (parameters, chains, subjects)."""
    place = {name: i for i, name in enumerate(model.parameters)}
    centre = np.array(np.broadcast_to(mean, (len(place), 1, grid.subjects)))
    early = (grid.assay == 0) & grid.quantified & (grid.time <= LATEST_PEAK)
    level = np.where(early, grid.log_value, -np.inf)
    seen = early.any(axis=1)
    top = level.max(axis=1)
    when = np.take_along_axis(grid.time, level.argmax(axis=1)[:, None], axis=1)[:, 0]
    lag = np.exp(centre[place["lag"], 0]) if model.lag else 0.0
    rise = np.log(np.maximum(when - lag, 1.0))
    centre[place["cmax"], 0] = np.where(seen, top, centre[place["cmax"], 0])
    centre[place["rise"], 0] = np.where(seen, rise, centre[place["rise"], 0])
    noise = rng.standard_normal((len(place), chains, grid.subjects))
    return np.asarray(centre + JITTER * sd * noise)


def _has(grid: Grid, assay: int) -> bool:
    return bool((grid.quantified & (grid.assay == assay)).any())


def _peaks(grid: Grid, assay: int) -> Floats:
    """The highest log value of each subject; NaN where nothing was quantified."""
    shown = grid.quantified & (grid.assay == assay)
    top = np.where(shown, grid.log_value, -np.inf).max(axis=1)
    return np.where(np.isfinite(top), top, np.nan)
