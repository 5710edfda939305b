"""A fit as JSON, so that a report shows it without fitting again.

Numbers are kept to 9 significant digits. What is read back gives the same estimates, intervals,
curves and checks to that precision.
"""

import json
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cartrial.errors import DataError
from cartrial.kinetics.population.fit import Check, Estimate, Fit
from cartrial.kinetics.population.model.model import Effect, Model
from cartrial.kinetics.population.model.prior import LogNormal, Prior
from cartrial.kinetics.population.model.samples import Samples

FORMAT = "cartrial population fit 1"
DIGITS = 9


def to_json(fit: Fit) -> str:
    """The fit as text."""
    samples = fit.samples
    told = {
        "format": FORMAT,
        "engine": fit.engine,
        "model": asdict(fit.model),
        "prior": asdict(fit.prior),
        "samples": {
            "subjects": samples.subjects,
            "assays": samples.assays,
            "subject": samples.subject.tolist(),
            "assay": samples.assay.tolist(),
            "time": _rounded(samples.time),
            "value": _rounded(samples.value),
            "lloq": _rounded(samples.lloq),
            "covariates": {name: _rounded(one) for name, one in samples.covariates.items()},
            "starts": {name: _rounded(one) for name, one in samples.starts.items()},
        },
        "population": [asdict(one) for one in fit.population],
        "checks": [asdict(one) for one in fit.checks],
        "refused": fit.refused,
        "draws": _rounded(fit.draws),
        "individuals": _rounded(fit.individuals),
    }
    return json.dumps(told, ensure_ascii=False) + "\n"


def from_json(text: str, *, place: str) -> Fit:
    """The fit of a file; `place` names it where it is none."""
    try:
        told = json.loads(text)
    except json.JSONDecodeError:
        raise DataError(f"{place}: must be JSON of a saved fit, got other text") from None
    got = told.get("format") if isinstance(told, dict) else None
    if got != FORMAT:
        raise DataError(f"{place}: format must be {FORMAT}, got {got or 'none'}")
    model = told["model"]
    return Fit(
        told["engine"],
        Model(
            model["lag"],
            tuple(Effect(**one) for one in model["effects"]),
            tuple(model["treatments"]),
        ),
        Prior(*(_priors(told["prior"][part]) for part in ("named", "kinds"))),
        _samples(told["samples"]),
        tuple(Estimate(**one) for one in told["population"]),
        _array(told["draws"]),
        _array(told["individuals"]),
        tuple(Check(**one) for one in told["checks"]),
        told["refused"],
    )


def _priors(told: dict[Any, dict[str, float]]) -> dict[Any, LogNormal]:
    return {name: LogNormal(**one) for name, one in told.items()}


def _samples(told: dict[str, Any]) -> Samples:
    return Samples(
        tuple(told["subjects"]),
        tuple(told["assays"]),
        np.array(told["subject"], dtype=np.int64),
        np.array(told["assay"], dtype=np.int64),
        _array(told["time"]),
        _array(told["value"]),
        _array(told["lloq"]),
        {name: _array(one) for name, one in told["covariates"].items()},
        {name: _or_never(_array(one)) for name, one in told["starts"].items()},
    )


def _or_never(starts: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(np.isnan(starts), np.inf, starts)


def _rounded(values: NDArray[np.float64]) -> Any:
    """Nested lists; what is not finite is null: below quantification, no limit, or never."""
    flat = [float(f"{one:.{DIGITS}g}") if np.isfinite(one) else None for one in values.flat]
    rows: Any = flat
    for size in reversed(values.shape[1:]):
        rows = [rows[start : start + size] for start in range(0, len(rows), size)]
    return rows


def _array(rows: Any) -> NDArray[np.float64]:
    return np.array(rows, dtype=float)
