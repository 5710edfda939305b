"""The rules that a study lays around its design, in the form in which whole trials are enumerated.

Those of `conduct.safeguard` that depend on counts are said here a second time, for many counts at
once, and act in the same order, each on what the one before has left:

    no_skipping          no untried level is jumped on the way up
    `escalate_complete`  no escalation before so many at the dose have completed the window
    too_toxic            the lowest dose is too toxic: the end, and no level is selected
    most_at_dose         enough patients at the dose of the next cohort: the end

The other rules make a trial wait, and change neither who is treated at which level nor what is
selected. Held to `conduct`, trial by trial (tests/property/test_guarded.py).

Reading: a rule acts where a cohort has completed the window, with every patient evaluable. A cohort
that `most_at_dose` cuts short is complete.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from cartrial.dosing.conduct.safeguard import is_too_toxic
from cartrial.dosing.exact.layer import Ints, Layer, Moves, Policy
from cartrial.dosing.exact.policy import policy_of
from cartrial.protocol.design import Design
from cartrial.protocol.rules import Rules

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Limits:
    """The rules as numbers: `toxic` DLTs at the lowest level end a trial, by the patients there.

    A level takes at most so many patients.
    """

    no_skipping: bool
    complete: int
    toxic: Ints
    most: int


def guarded_policy(
    design: Design, rules: Rules, *, subjects: int, complete: int = 0, whole: bool = True
) -> Policy:
    """How the design moves within the rules and what it selects, with at most so many subjects.

    `complete` is `escalate_complete`; `whole` is as in `policy_of`.
    """
    cut = (rules.most_at_dose or 0) % getattr(design, "cohort", 1) > 0
    policy = policy_of(design, subjects=subjects, whole=whole and not cut)
    if not (rules.no_skipping or complete or rules.too_toxic or rules.most_at_dose):
        return policy
    limits = Limits(
        rules.no_skipping,
        complete,
        fewest_dlts(partial(is_too_toxic, rules.too_toxic), most=subjects),
        rules.most_at_dose or subjects,
    )
    return Policy(
        partial(_move, policy, limits),
        lambda layer: np.where(_is_toxic(layer, limits), 0, policy.select(layer)),
        policy.asks_last,
    )


def fewest_dlts(ends: Callable[..., bool], *, most: int) -> Ints:
    """The fewest DLTs at the lowest level that end a trial, by the patients there, 0 to `most`.

    `ends(treated=, dlts=)` says whether some do: more never let a trial go on. Where none do it is
    one more than there are patients.
    """
    found = np.arange(1, most + 2)
    for treated in range(1, most + 1):
        while found[treated] and ends(treated=treated, dlts=int(found[treated]) - 1):
            found[treated] -= 1
    return found


def _move(policy: Policy, limits: Limits, layer: Layer) -> Moves:
    found = policy.move(layer)
    level = _not_above(layer, found.level, limits)
    ended = _is_toxic(layer, limits)
    level = np.where(ended, 0, level)
    there = layer.treated[np.arange(len(layer)), np.maximum(level, 1) - 1]
    left = limits.most - there
    return Moves(
        np.where(left > 0, level, 0),
        np.where(ended, 1, found.barred),
        np.minimum(found.places, left),
    )


def _not_above(layer: Layer, level: Ints, limits: Limits) -> Ints:
    """The levels, not above what has been tried and followed enough."""
    current = layer.current
    if limits.no_skipping:
        levels = np.arange(1, layer.treated.shape[1] + 1)
        highest = np.where(layer.treated > 0, levels, 0).max(axis=1) + 1
        level = np.where(current > 0, np.minimum(level, highest), level)
    free = _here(layer, layer.treated) - _here(layer, layer.dlts)
    short = (current > 0) & (level > current) & (free < limits.complete)
    return np.where(short, current, level)


def _is_toxic(layer: Layer, limits: Limits) -> Flags:
    """Whether the lowest level is too toxic."""
    return np.asarray(layer.dlts[:, 0] >= limits.toxic[layer.treated[:, 0]])


def _here(layer: Layer, counts: Ints) -> Ints:
    """The counts of the current level; of the lowest before the first cohort."""
    found: Ints = counts[np.arange(len(layer)), np.maximum(layer.current, 1) - 1]
    return found
