"""The fast engine: stochastic approximation of the most likely population (SAEM), in seconds.

    draw     each subject's parameters, given the population: a few Metropolis moves of its chains
    step     the population along the mean score of the draws, ever shorter steps
    look     population held still: information in the samples (Louis), and how far the best is
    spread   populations drawn around the estimate, and subjects' parameters to each of them

The estimate is the mode of likelihood times prior, with the subjects' parameters integrated out and
values below quantification censored. The first steps are those of EM, scaled by the information of
the complete data; the later ones are scaled by the information in the samples, so that what the
samples hardly show does not creep. A move needs no derivative: the kink at the peak is harmless.

Source: Delyon, Lavielle & Moulines 1999, Ann Stat 27:94-128 (SAEM); Gu & Kong 1998, Proc Natl Acad
    Sci 95:7270-7274 (steps by score and information); Samson, Lavielle & Mentré 2006, Comput Stat
    Data Anal 51:1562-1574 (SAEM with censored values); Louis 1982 (see `score`)
Reading: intervals are those of a normal distribution on the scale of `unknown`; subjects' intervals
    hold the uncertainty of the population.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cartrial.kinetics.population.saem.conditional import (
    Chains,
    Target,
    begin,
    draw_afresh,
    draw_alike,
    learn_spread,
    move_each,
    move_jointly,
)
from cartrial.kinetics.population.saem.objective import (
    Known,
    Objective,
    em_step,
    known_by,
    standard_errors,
)
from cartrial.kinetics.population.saem.start import first_guess, first_points

Floats = NDArray[np.float64]


NEAR = 0.4  # standard errors from the mode: near enough
FIRST = 4  # the first Newton steps have 1/4 of their length: one round of draws is noise
LEAST_SHARE = 0.05  # of the complete information, for a step: a shorter one is surer
SLOWING = 0.6  # the approach's step n has the length n to minus this, which is between 1/2 and 1
AFRESH = 4  # rounds from one draw of the population itself to the next
FAR = 0.5  # standard errors from the mode: steps are long again, else they stall


@dataclass(frozen=True)
class Effort:
    """How much is drawn. Rounds of moves in each phase, and chains times subjects at least."""

    explore: int = 80  # the first steps, at full length
    approach: int = 120  # EM steps of falling length, by which the information is learnt
    refine: int = 150  # steps by the information in the samples
    rounds: int = 8  # of refining and looking, at most: until the mode is near
    look: int = 100  # with the population held still, and more in every further round
    draws: int = 400  # of the population, for intervals
    settle: int = 6  # rounds of moves for each of them
    points: int = 360  # chains times subjects, at least
    least_chains: int = 10


@dataclass(frozen=True)
class Found:
    """The estimate and what it rests on.

    `known` is the information in the samples; `distance` how far the mode still is, in standard
    errors; `drift` how far the estimate moved over the second half of the last steps; `kept` the
    draws at the estimate: (draws, parameters, chains, subjects).
    """

    vector: Floats
    known: Known
    distance: float
    drift: float
    kept: Floats
    chains: Chains
    accepted: Floats  # share of moves at the estimate, (subjects)

    @property
    def information(self) -> Floats:
        """Of the samples and the prior."""
        return self.known.information()


def find(objective: Objective, effort: Effort, rng: np.random.Generator) -> Found:
    """The most likely population, and the information about it."""
    vector = first_guess(objective.model, objective.grid, objective.assays, objective.mean)
    count = max(effort.least_chains, -(-effort.points // objective.grid.subjects))
    at = objective.target(vector)
    chains = begin(at, first_points(objective.model, objective.grid, at.mean, at.sd, count, rng))
    vector = _explore(objective, vector, chains, effort, rng)
    vector, known = _approach(objective, vector, chains, effort, rng)
    before = 0
    for turn in range(effort.rounds):
        by = known.information(LEAST_SHARE)
        vector, drift = _refine(objective, vector, by, chains, effort, rng, before)
        found = _look(objective, vector, drift, chains, effort.look * (1 + turn), rng)
        if max(found.distance, drift) < NEAR:
            break
        known = found.known
        before = 0 if found.distance > FAR else before + effort.refine
        learn_spread(chains, found.kept)
    return found


def _explore(
    objective: Objective, vector: Floats, chains: Chains, effort: Effort, rng: np.random.Generator
) -> Floats:
    """Full steps with moves of single parameters, until the chains are where they belong."""
    seen = []
    for turn in range(effort.explore):
        at = objective.target(vector)
        chains.fit = at.log_likelihood(chains.phi)
        move_each(at, chains, rng, gain=1.0)
        draw_afresh(at, chains, rng)
        if turn >= effort.explore // 4:
            vector = vector + em_step(objective, vector, chains.phi)
        if turn >= effort.explore // 2:
            seen.append(chains.phi)
    learn_spread(chains, np.array(seen))
    return vector


def _approach(
    objective: Objective, vector: Floats, chains: Chains, effort: Effort, rng: np.random.Generator
) -> tuple[Floats, Known]:
    """Steps of falling length; the spread of the chains is learnt anew on the way."""
    seen, scores, informations = [], [], []
    for turn in range(effort.approach):
        _move(objective.target(vector), chains, rng, turn, gain=0.3)
        vector = vector + em_step(objective, vector, chains.phi) / (1 + turn) ** SLOWING
        seen.append(chains.phi)
        if 2 * len(seen) >= effort.approach and turn < effort.approach - 1:
            learn_spread(chains, np.array(seen))
            seen = []
        if 2 * turn >= effort.approach:
            score, information = objective.score(vector, chains.phi)
            scores.append(score)
            informations.append(information)
    return vector, known_by(objective, np.array(scores), np.array(informations))


def _refine(
    objective: Objective,
    vector: Floats,
    information: Floats,
    chains: Chains,
    effort: Effort,
    rng: np.random.Generator,
    before: int,
) -> tuple[Floats, float]:
    """Newton's steps with the length 1/turn: the estimate is the mean over all draws of them.

    No step is longer than a standard error. `before` counts the turns of earlier rounds that the
    mean goes on from.
    """
    half = vector
    longest = np.sqrt(np.diag(np.linalg.inv(information)))
    for turn in range(effort.refine):
        _move(objective.target(vector), chains, rng, turn, gain=0.1)
        score, _ = objective.score(vector, chains.phi)
        slope = score.sum(axis=2).mean(axis=1) + objective.pull(vector)
        step = np.linalg.solve(information, slope) / max(FIRST, turn + before)
        vector = vector + np.clip(step, -longest, longest)
        half = vector if 2 * turn < effort.refine else half
    return vector, standard_errors(information, vector - half)


def _look(
    objective: Objective,
    vector: Floats,
    drift: float,
    chains: Chains,
    turns: int,
    rng: np.random.Generator,
) -> Found:
    """The information at the estimate, and how far from it the mode is."""
    at = objective.target(vector)
    seen, scores, informations, taken = [], [], [], []
    for turn in range(turns):
        _move(at, chains, rng, turn, gain=0.0)
        score, information = objective.score(vector, chains.phi)
        seen.append(chains.phi)
        scores.append(score)
        informations.append(information)
        taken.append(chains.accepted)
    known = known_by(objective, np.array(scores), np.array(informations))
    information = known.information()
    slope = np.mean(scores, axis=(0, 2)).sum(axis=1) + objective.pull(vector)
    distance = standard_errors(information, np.linalg.solve(information, slope))
    accepted = np.mean(taken, axis=0)
    return Found(vector, known, distance, drift, np.array(seen), chains, accepted)


def _move(at: Target, chains: Chains, rng: np.random.Generator, turn: int, gain: float) -> None:
    """One round of moves: the population may have changed since the last."""
    chains.fit = at.log_likelihood(chains.phi)
    draw_alike(at, chains, rng)
    move_jointly(at, chains, rng, gain)
    if turn % AFRESH == 0:
        draw_afresh(at, chains, rng)


def scatter(
    objective: Objective, found: Found, effort: Effort, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Populations around the estimate (draws, unknowns), and the subjects' log parameters to each.

    Each chain has a population of its own and moves under it until it has settled; the second is
    (draws, subjects, parameters).
    """
    chains = found.chains
    count = chains.phi.shape[1]
    root = np.linalg.cholesky(np.linalg.inv(found.information))
    populations, points = [], []
    for _ in range(-(-effort.draws // count)):
        drawn = found.vector + rng.standard_normal((count, found.vector.size)) @ root.T
        at = objective.target(drawn)
        for turn in range(effort.settle):
            _move(at, chains, rng, turn, gain=0.0)
        populations.append(drawn)
        points.append(chains.phi.transpose(1, 2, 0))
    return np.concatenate(populations), np.concatenate(points)
