"""Draws of the subjects' parameters given the population: Metropolis moves, all subjects at once.

Each subject has several chains, and each chain is a point. Four kinds of moves: of every parameter
alone; of all at once along the spread that the subject's own chains showed; to a draw like those
seen before; and to a fresh draw from the population, which a subject whose samples say little
accepts often. The lengths of the first two, and what counts as like before, follow the chains while
the fit is still moving, and stand still afterwards.

Source: Kuhn & Lavielle 2004, ESAIM Probab Stat 8:115-131 (Metropolis within stochastic EM);
    Roberts, Gelman & Gilks 1997, Ann Appl Probab 7:110-120 (length of a joint move)
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cartrial.kinetics.population.model.between import centre, spread
from cartrial.kinetics.population.model.grid import Grid
from cartrial.kinetics.population.model.likelihood import log_likelihood
from cartrial.kinetics.population.model.model import Model
from cartrial.kinetics.population.model.unknown import Population

Floats = NDArray[np.float64]
AIM = 0.3  # share of moves accepted
TAILS = 6.0  # degrees of freedom
KEEPS = 0.9  # of the correlation that the chains showed
LENGTH = 2.4  # of a joint move, in standard deviations, over the root of the parameters
NARROWEST = 1e-6  # variance of a parameter


@dataclass
class Chains:
    """The points of all chains, and how far they move. Changed in place by every move.

    `phi` (parameters, chains, subjects); `fit` their log-likelihood (chains, subjects); `single`
    the length of a move of one parameter (parameters, subjects); `root` a matrix root of the
    subject's spread (subjects, parameters, parameters) around `own` (subjects, parameters), and
    `joint` the length of a move along it.
    """

    phi: Floats
    fit: Floats
    single: Floats
    own: Floats
    root: Floats
    joint: Floats
    accepted: Floats  # share of the latest `draw_alike`, (subjects)


@dataclass(frozen=True)
class Target:
    """The distribution that the moves leave as it is; mean and spread of it without samples."""

    model: Model
    grid: Grid
    population: Population
    mean: Floats
    sd: Floats

    def log_likelihood(self, phi: Floats) -> Floats:
        """Of each chain and subject."""
        return log_likelihood(self.model, self.grid, self.population, phi)

    def log_prior(self, phi: Floats) -> Floats:
        """Of each chain and subject, up to a constant."""
        z = (phi - self.mean) / self.sd
        return np.asarray(-0.5 * np.einsum("pcs,pcs->cs", z, z))


def target(model: Model, grid: Grid, population: Population) -> Target:
    """The distribution of the subjects' log parameters given population and samples."""
    mean, sd = centre(model, grid, population), spread(population)
    return Target(model, grid, population, mean, sd)


def begin(target: Target, phi: Floats) -> Chains:
    """Chains at given points, that have not moved yet."""
    p, _, subjects = phi.shape
    return Chains(
        phi=phi,
        fit=target.log_likelihood(phi),
        single=np.repeat(target.sd[:, 0], subjects, axis=1),
        own=phi.mean(axis=1).T,
        root=np.repeat(np.diag(target.sd[:, 0, 0])[None], subjects, axis=0),
        joint=np.full(subjects, LENGTH / np.sqrt(p)),
        accepted=np.zeros(subjects),
    )


def move_each(target: Target, chains: Chains, rng: np.random.Generator, gain: float) -> None:
    """Move every parameter alone, in turn."""
    for place in range(len(chains.phi)):
        new = chains.phi.copy()
        new[place] += chains.single[place] * rng.standard_normal(chains.fit.shape)
        share = _settle(target, chains, new, rng)
        chains.single[place] *= np.exp(gain * (share - AIM))


def move_jointly(target: Target, chains: Chains, rng: np.random.Generator, gain: float) -> None:
    """Move all parameters of a subject along its spread."""
    _, count, subjects = chains.phi.shape
    z = rng.standard_normal((subjects, len(chains.phi), count))
    step = chains.joint[:, None, None] * (chains.root @ z)
    share = _settle(target, chains, chains.phi + step.transpose(1, 2, 0), rng)
    chains.joint *= np.exp(gain * (share - AIM))


def draw_afresh(target: Target, chains: Chains, rng: np.random.Generator) -> None:
    """Move to a draw from the population, which is accepted by the samples alone."""
    new = target.mean + target.sd * rng.standard_normal(chains.phi.shape)
    fit = target.log_likelihood(new)
    _take(chains, new, fit, _accepts(fit - chains.fit, rng))


def draw_alike(target: Target, chains: Chains, rng: np.random.Generator) -> None:
    """Move to a draw from a t distribution with the mean and spread that the chains showed."""
    p, count, subjects = chains.phi.shape
    scale = np.sqrt(TAILS / rng.chisquare(TAILS, (subjects, 1, count)))
    z = np.asarray(rng.standard_normal((subjects, p, count)) * scale, dtype=np.float64)
    new = (chains.own[:, :, None] + chains.root @ z).transpose(1, 2, 0)
    around = chains.phi.transpose(2, 0, 1) - chains.own[:, :, None]
    now: Floats = np.asarray(np.linalg.solve(chains.root, around), dtype=np.float64)
    heavier = _log_t(now) - _log_t(z)
    fit = target.log_likelihood(new)
    gain = fit - chains.fit + target.log_prior(new) - target.log_prior(chains.phi)
    taken = _accepts(gain + heavier.T, rng)
    _take(chains, new, fit, taken)
    chains.accepted = np.asarray(taken.mean(axis=0))


def _log_t(z: Floats) -> Floats:
    """The log density of the t distribution up to a constant; z (subjects, parameters, chains)."""
    squares = np.einsum("spc,spc->sc", z, z)
    return np.asarray(-0.5 * (TAILS + z.shape[1]) * np.log1p(squares / TAILS))


def learn_spread(chains: Chains, seen: Floats) -> None:
    """Set the moves by draws that were seen, (draws, parameters, chains, subjects)."""
    draws = seen.transpose(3, 1, 0, 2).reshape(seen.shape[3], seen.shape[1], -1)
    chains.own = draws.mean(axis=2)
    around = draws - chains.own[:, :, None]
    cov = KEEPS * (around @ around.transpose(0, 2, 1)) / draws.shape[2]
    place = np.arange(cov.shape[1])
    cov[:, place, place] = cov[:, place, place] / KEEPS + NARROWEST
    chains.root = np.asarray(np.linalg.cholesky(cov), dtype=np.float64)


def _settle(target: Target, chains: Chains, new: Floats, rng: np.random.Generator) -> Floats:
    fit = target.log_likelihood(new)
    gain = fit - chains.fit + target.log_prior(new) - target.log_prior(chains.phi)
    taken = _accepts(gain, rng)
    _take(chains, new, fit, taken)
    return np.asarray(taken.mean(axis=0))


def _accepts(gain: Floats, rng: np.random.Generator) -> NDArray[np.bool_]:
    return np.asarray(-rng.standard_exponential(gain.shape) < gain)


def _take(chains: Chains, new: Floats, fit: Floats, taken: NDArray[np.bool_]) -> None:
    chains.phi = np.where(taken, new, chains.phi)
    chains.fit = np.where(taken, fit, chains.fit)
