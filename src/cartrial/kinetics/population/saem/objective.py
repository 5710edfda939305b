"""What the fast engine maximises: the likelihood of the samples times the prior.

Its value is never computed: the score and the information of the draws say which way it rises, and
how sharp its top is. The prior is normal in the population vector.

Source: Louis 1982 (see `score`)
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cartrial.kinetics.population.model.grid import Grid, lay_out
from cartrial.kinetics.population.model.model import Model
from cartrial.kinetics.population.model.prior import PUBLISHED, Prior
from cartrial.kinetics.population.model.samples import Samples
from cartrial.kinetics.population.model.unknown import split, unknowns
from cartrial.kinetics.population.saem.conditional import Target, target
from cartrial.kinetics.population.saem.score import complete

Floats = NDArray[np.float64]
LONGEST = 0.5  # of a step, on the log scale
LEAST_KNOWN = 0.5  # of a log residual, from each quantified value; 2 where the curve is known
TINY = 1e-9  # information, so that a matrix can be solved


@dataclass(frozen=True)
class Objective:
    """The likelihood of the samples times the prior, which is normal in the vector."""

    model: Model
    grid: Grid
    assays: tuple[str, ...]
    mean: Floats
    sd: Floats

    def target(self, vector: Floats) -> Target:
        """The distribution of the subjects' parameters at a population."""
        return target(self.model, self.grid, split(self.model, len(self.assays), vector))

    def score(self, vector: Floats, phi: Floats) -> tuple[Floats, Floats]:
        """The score of each subject, (unknowns, chains, subjects), and the information."""
        both = complete(self.model, self.grid, len(self.assays), vector, phi)
        return both.score, both.information

    def pull(self, vector: Floats) -> Floats:
        """The score of the prior."""
        return np.asarray((self.mean - vector) / self.sd**2)

    @property
    def held(self) -> Floats:
        """The information of the prior."""
        return np.asarray(np.diag(1 / self.sd**2))


def objective_of(model: Model, samples: Samples, prior: Prior = PUBLISHED) -> Objective:
    """The objective of a model, samples and prior."""
    assays = samples.assays
    return Objective(
        model,
        lay_out(model, samples),
        assays,
        prior.mean(model, assays),
        prior.sd(model, assays),
    )


def em_step(objective: Objective, vector: Floats, phi: Floats) -> Floats:
    """The step of EM: the score over the information of the complete data."""
    score, information = objective.score(vector, phi)
    slope = score.sum(axis=2).mean(axis=1) + objective.pull(vector)
    kinds = [one.kind for one in unknowns(objective.model, objective.assays)]
    alone = np.isin(kinds, ["factor", "scale", "residual"])
    held = np.where(alone[:, None] | alone, 0.0, information)
    least = np.where(
        np.isin(kinds, ["residual"]), LEAST_KNOWN * objective.grid.quantified.sum(), TINY
    )
    np.fill_diagonal(held, np.maximum(np.diag(information), least))
    return np.clip(np.linalg.solve(held + objective.held, slope), -LONGEST, LONGEST)


@dataclass(frozen=True)
class Known:
    """The information in the samples by Louis' formula, as shares of that in the complete data."""

    held: Floats  # information of the prior
    scale: Floats
    share: Floats  # in each direction
    axes: Floats

    def information(self, least: float = 0.0) -> Floats:
        """Of samples and prior; a share below `least` is taken as that.

        What the noise of the draws makes negative is nothing known.
        """
        known = (self.axes * np.clip(self.share, least, None)) @ self.axes.T
        return np.asarray(known * self.scale[:, None] * self.scale + self.held)


def known_by(objective: Objective, scores: Floats, informations: Floats) -> Known:
    """Louis' formula; `scores` (draws, unknowns, chains, subjects)."""
    draws = scores.transpose(3, 1, 0, 2).reshape(scores.shape[3], scores.shape[1], -1)
    around = draws - draws.mean(axis=2, keepdims=True)
    unknown = (around @ around.transpose(0, 2, 1)).sum(axis=0) / draws.shape[2]
    whole = informations.mean(axis=0)
    scale = np.sqrt(np.maximum(np.diag(whole), TINY))
    share, axes = np.linalg.eigh((whole - unknown) / scale[:, None] / scale)
    return Known(objective.held, scale, share, axes)


def standard_errors(information: Floats, step: Floats) -> float:
    """The longest element of a step, in standard errors."""
    se = np.sqrt(np.diag(np.linalg.inv(information)))
    return float(np.abs(step / se).max())
