"""Random numbers by their place: the same (seed, trial, stream, number), the same draw.

No state is carried from one draw to the next, so that a trial does not depend on those simulated
before it, and switching one stream off leaves the others as they were. A stream is a sequence of
64-bit words: the counter, in steps of the golden ratio, hashed.

Source: Steele 2014, OOPSLA 2014:453-472. doi:10.1145/2660193.2660195 (the hash, SplitMix64);
Marsaglia & Tsang 2000, J Stat Softw 5(8). doi:10.18637/jss.v005.i08 (the ziggurat)
"""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

Function = TypeVar("Function", bound=Callable[..., object])

TOXICITY, ARRIVAL, MANUFACTURE, LOSS, LAG, RESPONSE, PRODUCT, SETTLING = range(8)
FOLDER = Path(__file__).parent
SOURCES = sha256(b"".join(p.read_bytes() for p in sorted(FOLDER.glob("*.py")))).hexdigest()[:12]
COMPILED: Any = {"cache": True, "error_model": "numpy", "nogil": True}
# Without counting references to arrays, and laid into the caller, with which alone it is kept: 30
# times the speed. Without a way in from C, which would compile each part once more.
PART: Any = {
    **COMPILED,
    "cache": False,
    "_nrt": False,
    "forceinline": True,
    "no_cfunc_wrapper": True,
}

STEP = np.uint64(0x9E3779B97F4A7C15)
FIRST = np.uint64(0xBF58476D1CE4E5B9)
SECOND = np.uint64(0x94D049BB133111EB)
TO_UNIT = 2.0**-53
BITS = np.uint64(11)  # beyond the 53 of a fraction
HALF, MIDDLE, LAST = np.uint64(30), np.uint64(27), np.uint64(31)

LAYERS = 256  # of the ziggurat
EDGE = 7.69711747013104972  # where its lowest layer ends
AREA = 0.0039496598225815571993  # of a layer


def _widths() -> NDArray[np.float64]:
    """How far the layers of the ziggurat reach, (LAYERS + 1,), the lowest first."""
    found = np.zeros(LAYERS + 1)
    found[:2] = AREA * np.exp(EDGE), EDGE
    for layer in range(2, LAYERS):
        below = found[layer - 1]
        found[layer] = -np.log(AREA / below + np.exp(-below))
    return found


WIDTHS = _widths()
HEIGHTS = np.exp(-WIDTHS)
LAYER = np.uint64(LAYERS - 1)


def compiled(function: Function) -> Function:
    """The function compiled, and kept beside its module for the next process.

    What is kept goes by the file of the function alone; its name tells the others apart too.
    """
    function.__qualname__ += f"_{SOURCES}"
    return cast(Function, njit(**COMPILED)(function))


def step(function: Function) -> Function:
    """A part of a trial, compiled. It must make no array."""
    return cast(Function, njit(**PART)(function))


@step
def hashed(word: np.uint64) -> np.uint64:
    """A word in which every bit depends on every bit of the given one."""
    word = (word ^ (word >> HALF)) * FIRST
    word = (word ^ (word >> MIDDLE)) * SECOND
    return word ^ (word >> LAST)


@step
def trial_key(seed: int, trial: int) -> np.uint64:
    """Where the streams of a trial begin."""
    return hashed(hashed(np.uint64(seed) + STEP) + np.uint64(trial) * STEP)


@step
def key_of(trial: np.uint64, stream: int) -> np.uint64:
    """Where the numbers of a stream of a trial begin."""
    return hashed(trial + np.uint64(stream + 1) * STEP)


@step
def uniform(key: np.uint64, number: int) -> float:
    """A number from 0 to below 1."""
    word = hashed(key + np.uint64(number + 1) * STEP)
    return np.float64(word >> BITS) * TO_UNIT


@step
def exponential(key: np.uint64, number: int) -> float:
    """A waiting time with mean 1: the ziggurat, and beyond its edge again from there."""
    word = hashed(key + np.uint64(number + 1) * STEP)
    beyond = 0.0
    while True:
        layer = word & LAYER
        found = np.float64(word >> BITS) * TO_UNIT * WIDTHS[layer]
        if found < WIDTHS[layer + np.uint64(1)]:
            return beyond + found
        word = hashed(word + STEP)
        if layer == np.uint64(0):
            beyond += EDGE
            continue
        low, high = HEIGHTS[layer], HEIGHTS[layer + np.uint64(1)]
        if low + np.float64(word >> BITS) * TO_UNIT * (high - low) < np.exp(-found):
            return beyond + found
        word = hashed(word + STEP)


@compiled
def exponentials(seed: int, first: int, trials: int, stream: int, many: int) -> NDArray[np.float64]:
    """The first waiting times of a stream of some trials, (trials, many)."""
    found = np.empty((trials, many))
    for trial in range(trials):
        key = key_of(trial_key(seed, first + trial), stream)
        for number in range(many):
            found[trial, number] = exponential(key, number)
    return found


@compiled
def uniforms(seed: int, first: int, trials: int, stream: int, many: int) -> NDArray[np.float64]:
    """The first numbers of a stream of some trials, (trials, many)."""
    found = np.empty((trials, many))
    for trial in range(trials):
        key = key_of(trial_key(seed, first + trial), stream)
        for number in range(many):
            found[trial, number] = uniform(key, number)
    return found
