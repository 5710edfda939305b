"""Streams of chance: one generator for each subject and purpose.

A stream depends on the seed, on the subject's place in line and on its purpose alone, so that a
larger trial, or one more draw elsewhere, never changes what is true of a subject.
"""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

Chance = np.random.Generator
T = TypeVar("T")
PURPOSES = (
    "arrival",
    "person",
    "product",
    "kinetics",
    "disease",
    "tumour",
    "toxicity",
    "blood",
    "events",
    "course",
    "visits",
    "assay",
    "laboratory",
    "conduct",
    "enrolment",
    "clotting",
    "bedside",
)


def stream(seed: int, candidate: int, purpose: str) -> Chance:
    """The generator of one candidate (counted from 0) for one purpose."""
    key = (candidate, PURPOSES.index(purpose))
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key))


def one_of(chance: Chance, choices: Sequence[tuple[T, float]]) -> T:
    """One of the values, each with its weight."""
    weights = np.cumsum([weight for _, weight in choices])
    place = int(np.searchsorted(weights, chance.random() * weights[-1], side="right"))
    return choices[min(place, len(choices) - 1)][0]


def within(chance: Chance, low: int, high: int) -> int:
    """A whole number from low to high, both possible."""
    return int(chance.integers(low, high + 1))


def spread(chance: Chance, median: float, sd: float) -> float:
    """A lognormal value; `sd` is on the natural log scale."""
    return float(median * np.exp(sd * chance.standard_normal()))


def happens(chance: Chance, rate: float) -> bool:
    """Whether something of that rate happens; always takes one draw."""
    return bool(chance.random() < rate)
