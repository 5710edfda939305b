"""Chains of NUTS, run side by side on the cores of this machine.

Chains run in threads over one compiled program; none waits for the deepest tree of another, as it
would if they were vectorised.

Source: Hoffman & Gelman 2014, J Mach Learn Res 15:1593-1623; Phan 2019, arXiv:1912.11554 (NumPyro)
"""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import jax
import numpy as np
from numpy.typing import NDArray
from numpyro.infer.hmc import hmc

from cartrial.kinetics.population.model.model import Model
from cartrial.kinetics.population.nuts.coordinates import Coordinates, starts
from cartrial.kinetics.population.nuts.density import Problem, energy, natural, problem
from cartrial.kinetics.population.nuts.effort import Effort

Floats = NDArray[np.float64]
DEEPEST = (7, 10)  # trees, in the warm-up and after it


@dataclass(frozen=True)
class Sampled:
    """What the chains found.

    `vectors` is (chains, draws, unknowns), `individuals` (chains, draws, subjects, parameters).
    """

    vectors: Floats
    individuals: Floats
    divergent: int
    leapfrogs: int


def sample(
    model: Model,
    assays: int,
    found: Coordinates,
    effort: Effort,
    *,
    seed: int,
    double: bool = False,
) -> Sampled:
    """Draws from the posterior; `double` is the precision of the arithmetic."""
    dtype = np.float64 if double else np.float32
    given = problem(found, assays, dtype)
    rng = np.random.default_rng(seed)
    places = starts(model, assays, found, chains=effort.chains, rng=rng).astype(dtype)
    seeds = rng.integers(2**31, size=effort.chains)

    def one(chain: int) -> Any:
        with jax.enable_x64(double):
            key = jax.random.key(int(seeds[chain]))
            told = _chain(given, key, places[chain], model, assays, effort)
            return jax.tree.map(np.asarray, told)

    with ThreadPoolExecutor(min(effort.chains, os.cpu_count() or 1)) as threads:
        drawn, divergent, leapfrogs = zip(*threads.map(one, range(effort.chains)), strict=True)
    exact = jax.tree.map(lambda array: np.asarray(array, np.float64), given)
    vectors, individuals = natural(np, model, assays, exact, np.stack(drawn).astype(np.float64))
    return Sampled(vectors, individuals, int(np.sum(divergent)), int(np.sum(leapfrogs)))


@partial(jax.jit, static_argnames=("model", "assays", "effort"))
def _chain(
    given: Problem, key: Any, place: Any, model: Model, assays: int, effort: Effort
) -> tuple[Any, Any, Any]:
    """The places of a chain after its warm-up, which diverged, and the steps of each."""
    start, step = hmc(potential_fn_gen=lambda at: partial(energy, model, assays, at), algo="NUTS")
    state = start(
        place,
        effort.warmup,
        target_accept_prob=effort.accept,
        max_tree_depth=DEEPEST,
        model_args=(given,),
        rng_key=key,
    )

    def move(state: Any, _: None) -> tuple[Any, tuple[Any, Any, Any]]:
        state = step(state, model_args=(given,))
        return state, (state.z, state.diverging, state.num_steps)

    state, _ = jax.lax.scan(lambda s, _: (move(s, None)[0], None), state, None, effort.warmup)
    _, (places, diverging, steps) = jax.lax.scan(move, state, None, effort.draws)
    return places, diverging, steps
