"""The concentration that the model gives a subject, on the log scale.

One formula for NumPy and for JAX: `xp` is the array library. Until the lag ends the curve stands at
cmax / foldx; then it rises by a straight line on the log scale to cmax; then it falls along two
exponentials. Before and after its peak the curve is one expression, so it has a kink and no jump
there. A treatment multiplies the rate of expansion from its start until the peak; several that act
at once multiply together, and the contraction starts from the peak that was reached.

Source: see `model`
Reading: a fraction fb above 0.999 is taken as 0.999.
"""

from collections.abc import Iterable, Sequence
from itertools import combinations
from math import log
from typing import Any

from cartrial.kinetics.population.model.model import Model

MOST_FB = log(0.999)


def log_concentration(
    xp: Any,
    model: Model,
    log_parameters: Iterable[Any],
    time: Any,
    *,
    starts: Sequence[Any] = (),
    log_factors: Sequence[Any] = (),
) -> Any:
    """The logarithm of the concentration at `time`, in days from infusion.

    `log_parameters` holds one array for each of `model.parameters`, in their order: an array with
    the parameter as first axis will do. Each is broadcast against `time`, as are the day on which a
    treatment of the model began in the subject (infinity: never) and the log factor on the rate.
    """
    of = dict(zip(model.parameters, log_parameters, strict=True))
    lag = xp.exp(of["lag"]) if model.lag else 0.0
    rise = xp.exp(of["rise"])
    rate = of["foldx"] / rise
    peak = lag + rise
    upto = xp.minimum(time, peak)
    expansion = of["cmax"] - of["foldx"] + rate * xp.maximum(upto - lag, 0.0)
    for chosen in _together(len(model.treatments)):
        gain, start = rate, lag
        for place in chosen:
            gain, start = gain * xp.expm1(log_factors[place]), xp.maximum(start, starts[place])
        expansion = expansion + gain * xp.maximum(upto - start, 0.0)
    return expansion + _log_contraction(xp, of, xp.maximum(time - peak, 0.0))


def _log_contraction(xp: Any, of: dict[str, Any], fallen: Any) -> Any:
    """The log of the share of the peak that is left after `fallen` days."""
    log_fb = xp.minimum(of["fb"], MOST_FB)
    fast = xp.log1p(-xp.exp(log_fb)) - xp.exp(of["alpha"]) * fallen
    slow = log_fb - xp.exp(of["beta"]) * fallen
    return xp.maximum(fast, slow) + xp.log(1.0 + xp.exp(-xp.abs(fast - slow)))


def _together(treatments: int) -> list[tuple[int, ...]]:
    """Every set of treatments that can act at once; a product of factors is a sum over them."""
    places = range(treatments)
    return [chosen for size in places for chosen in combinations(places, size + 1)]
