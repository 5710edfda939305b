"""Bayesian logistic regression model (BLRM) with escalation with overdose control (EWOC).

    logit(DLT rate) = log a + b log(dose / reference),    (log a, log b) bivariate normal

The posterior of each level's rate is parted into under-dosing, the target interval, and
over-dosing. A level is open where over-dosing is at most as probable as allowed; of the open levels
the next cohort gets the one most probably in the target interval, or the highest. Where no level is
open the escalation ends.

The posterior is a sum over 97 x 97 points that are even in the standardised prior; where the rate
of a level passes a limit between them, `quadrature` says what counts. A level is close where
P(over-dosing) is nearer to what is allowed than five errors of that sum: the sum is done again with
half the step, and what is close even then is told.

Source: Neuenschwander 2008, Stat Med 27:2420-2439. doi:10.1002/sim.3230; Babb 1998, Stat Med
17:1103-1120 (EWOC)
Reading: the first cohort gets the starting level, whatever the prior says of it. A level at the
limit is open. What else the source asks for before the escalation ends (patients at the dose,
P(target)) is left to the rules of the study. One more DLT never makes over-dosing less probable at
its own level; at another it may, because it changes the slope too, and then the next level rises.
Oracle: R package crmPack 2.0.1 (tests/oracle/crmpack)
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, log_expit, logit

from cartrial.dosing.counts import Advice, Counts
from cartrial.dosing.model import quadrature, step
from cartrial.errors import RuleError
from cartrial.protocol.model_design import Blrm

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
REACH = 7.0  # prior standard deviations to each side: the posterior is nil beyond
NODES = 97  # of a side of the grid
MOST_NODES = 193
AT_ONCE = 64  # trials fitted together
CLOSE = 5.0  # errors of the sum


class Fit(NamedTuple):
    """Of each level the mean DLT rate, and P(target interval) and P(over-dosing), (S, J) each.

    `error` (S,) is the numerical error of these probabilities.
    """

    rates: Floats
    target: Floats
    over: Floats
    error: Floats

    @property
    def under(self) -> Floats:
        """P(under-dosing), (S, J)."""
        return 1 - self.target - self.over


@dataclass(frozen=True)
class Rule:
    """The points of the sum, K of them, and what counts there of J levels.

    `prior` (K,) is the log density; `toxic` and `free` (J, K) the log probabilities of a DLT and of
    none; `means` what is averaged: P(rate > low) and P(rate > high) of each level, and its rate,
    (3 J, K). `every_second` (C,) are the places of the points of the coarser rule, and `coarse`
    (2 J, C) what counts there.
    """

    prior: Floats
    toxic: Floats
    free: Floats
    means: Floats
    every_second: Ints
    coarse: Floats


def advise(design: Blrm, counts: Counts) -> Advice:
    """The level of the next cohort."""
    check_levels(design, counts.levels)
    current, barred = counts.current, counts.barred
    if current == 0:
        return step.first(start=design.start, barred=barred, cohort=design.cohort)
    fitted = fit(design, [counts.treated], [counts.dlts])
    at, lowest_barred = np.array([current]), np.array([barred])
    (level,) = next_levels(design, fitted, current=at, barred=lowest_barred).tolist()
    (wanted,) = best(design, fitted, np.full(1, barred - 1)).tolist()
    near = ", ".join(f"{j}" for j in np.flatnonzero(is_close(design, fitted)[0]) + 1)
    doubt = f" (P(over-dosing) too close to {design.overdose:g} to tell at dose level {near})"
    counted = counts.words + (doubt if near else "")
    if level == 0:
        above = f"P(over-dosing) is above {design.overdose:g} at every dose level"
        why = above if barred > 1 else "dose level 1 is barred"
        return step.none_left(f"{counted}; {why}", barred, 0, design.cohort)
    over, target = fitted.over[0, level - 1], fitted.target[0, level - 1]
    reason = f"{counted}; P(target) {target:.2f}, P(over-dosing) {over:.2f} at dose level {level}"
    return step.advice(
        level, wanted, reason, current=current, barred=barred, held=False, cohort=design.cohort
    )


def fit(design: Blrm, treated: ArrayLike, dlts: ArrayLike, *, nodes: int = NODES) -> Fit:
    """The posterior after patients and DLTs of each level, (S, J) each."""
    n, y = np.asarray(treated, np.float64), np.asarray(dlts, np.float64)
    parts = [
        _fit(rule(design, nodes), n[i : i + AT_ONCE], y[i : i + AT_ONCE])
        for i in range(0, max(len(n), 1), AT_ONCE)
    ]
    found = Fit(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))
    close = is_close(design, found).any(axis=1)
    if close.any() and nodes < MOST_NODES:
        finer = fit(design, n[close], y[close], nodes=2 * nodes - 1)
        for column, better in zip(found, finer, strict=True):
            column[close] = better
    return found


def is_open(design: Blrm, fitted: Fit) -> NDArray[np.bool_]:
    """Whether overdose control lets a level be given, (S, J)."""
    return np.asarray(fitted.over <= design.overdose)


def is_close(design: Blrm, fitted: Fit) -> NDArray[np.bool_]:
    """Whether the error of the sum could change `is_open`, (S, J)."""
    return np.asarray(np.abs(fitted.over - design.overdose) < CLOSE * fitted.error[:, None])


def best(design: Blrm, fitted: Fit, top: Ints) -> Ints:
    """The best open level up to `top` (S,), (S,); 0 where none is open. Of equals the highest."""
    level = np.arange(1, fitted.over.shape[1] + 1)
    given = is_open(design, fitted) & (level <= top[:, None])
    merit = fitted.target if design.choose == "target" else np.broadcast_to(level, given.shape)
    merit = np.where(given, merit, -1.0)
    last = merit.shape[1] - merit[:, ::-1].argmax(axis=1)
    return np.asarray(np.where(given.any(axis=1), last, 0))


def next_levels(design: Blrm, fitted: Fit, *, current: Ints, barred: Ints) -> Ints:
    """The level of the next cohort of each trial, (S,); 0 where none is left."""
    top = step.highest_open(
        start=design.start,
        levels=len(design.doses),
        skip=design.skip,
        current=current,
        barred=barred,
        held=np.zeros(len(current), dtype=np.bool_),
    )
    return np.where(current == 0, top, best(design, fitted, top))


def select_mtd(design: Blrm, counts: Counts) -> int | None:
    """The maximum tolerated dose level of a finished escalation; None where no level is open."""
    if design.final == "next dose":
        return advise(design, counts).level
    check_levels(design, counts.levels)
    tried = counts.tried(counts.barred)
    if not tried:
        return None
    fitted = fit(design, [counts.treated], [counts.dlts])
    if design.final == "tried":
        untried = np.array(counts.treated) == 0
        fitted = fitted._replace(over=np.where(untried, 1.0, fitted.over))
    (level,) = best(design, fitted, np.array([counts.barred - 1])).tolist()
    return level or None


def check_levels(design: Blrm, levels: int) -> None:
    """Refuse a number of levels that the design has no doses for."""
    if levels != len(design.doses):
        raise RuleError(
            f"design.doses: must have one dose for each of the {levels} dose levels, "
            f"got {len(design.doses)}"
        )


@lru_cache(maxsize=8)
def rule(design: Blrm, nodes: int) -> Rule:
    """The sum over `nodes` x `nodes` points, an odd number of them."""
    points = quadrature.grid(REACH, nodes)
    u, v = (one.ravel() for one in np.meshgrid(points, points, indexing="ij"))
    second = np.arange(nodes) % 2 == 0
    log_dose = np.log(np.array(design.doses) / design.reference)[:, None]
    beside = design.sd[0] * np.sqrt(1 - design.correlation**2)  # of log a, once log b is known
    slope = np.exp(design.mean[1] + design.sd[1] * u) * log_dose  # (J, K)
    centre = design.mean[0] + design.sd[0] * design.correlation * u + slope
    eta = centre + beside * v
    passed = [(logit(rate) - centre[:, ::nodes]) / beside for rate in (design.low, design.high)]
    thresholds = np.concatenate(passed)  # of v, for each point of u
    above = quadrature.share_above(thresholds, points).reshape(len(thresholds), -1)
    coarse = quadrature.share_above(thresholds[:, second], points[second])
    return Rule(
        prior=-(u**2 + v**2) / 2,
        toxic=log_expit(eta),
        free=log_expit(-eta),
        means=np.concatenate([above, expit(eta)]),
        every_second=np.flatnonzero(np.outer(second, second)),
        coarse=coarse.reshape(len(thresholds), -1),
    )


def _fit(points: Rule, treated: Floats, dlts: Floats) -> Fit:
    density = np.broadcast_to(points.prior, (len(treated), len(points.prior))).copy()
    for j, (toxic, free) in enumerate(zip(points.toxic, points.free, strict=True)):
        density += dlts[:, j, None] * toxic + (treated - dlts)[:, j, None] * free
    share = np.exp(density - density.max(axis=1, keepdims=True))
    levels = treated.shape[1]
    mean = _means(share, points.means)
    low, high, rates = np.split(mean, [levels, 2 * levels], axis=1)
    rough = _means(share.take(points.every_second, axis=1), points.coarse)
    over = high.clip(0, 1)
    return Fit(
        rates=rates,
        target=(low.clip(0, 1) - over).clip(0),
        over=over,
        error=quadrature.error(mean[:, : 2 * levels], rough),
    )


def _means(share: Floats, values: Floats) -> Floats:
    """The means of some values (K, points), weighted by shares (S, points): (S, K)."""
    total = share.sum(axis=1, keepdims=True)
    means = [(share * value).sum(axis=1) for value in values]
    return np.asarray(np.stack(means, axis=1) / total)
