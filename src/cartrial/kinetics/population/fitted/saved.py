"""A fit as JSON, with its samples, prior and draws, for another program.

Numbers are kept to 9 significant digits. What is not finite is null: in `value` below
quantification, in `lloq` no limit, in `starts` never.
"""

import json
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cartrial.kinetics.population.fit import Fit

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


def _rounded(values: NDArray[np.float64]) -> Any:
    """Nested lists; what is not finite is null."""
    flat = [float(f"{one:.{DIGITS}g}") if np.isfinite(one) else None for one in values.flat]
    rows: Any = flat
    for size in reversed(values.shape[1:]):
        rows = [rows[start : start + size] for start in range(0, len(rows), size)]
    return rows
