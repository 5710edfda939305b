"""Peak, times and areas agree with PKNCA 0.12.1 on every profile for which it gives them."""

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from cartrial.kinetics.nca import auc_until, auclast, cmax, tlast, tmax

ORACLE = json.loads(gzip.decompress(Path(__file__).with_name("nca.json.gz").read_bytes()))
PROFILES = pytest.mark.parametrize("profile", ORACLE["profiles"], ids=lambda p: p["id"])
CLOSE = 1e-9  # relative


def measured(profile: dict[str, Any]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    pairs = [(t, c) for t, c in zip(profile["time"], profile["conc"], strict=True) if c is not None]
    time, conc = zip(*pairs, strict=True)
    return np.array(time, dtype=float), np.array(conc, dtype=float)


@PROFILES
def test_peak_and_times(profile):
    time, conc = measured(profile)
    for name, kernel in (("cmax", cmax), ("tmax", tmax), ("tlast", tlast)):
        theirs = np.nan if profile[name] is None else profile[name]
        assert kernel(time, conc) == pytest.approx(theirs, rel=CLOSE, nan_ok=True), name


@PROFILES
def test_area_to_the_last_quantifiable(profile):
    if profile["auclast"] is not None:
        assert auclast(*measured(profile)) == pytest.approx(profile["auclast"], rel=CLOSE)


@PROFILES
def test_area_to_day_28(profile):
    time, conc = measured(profile)
    sampled = time[0] == 0 and (conc > 0).any()
    interpolated = sampled and tlast(time, conc) >= 28
    theirs = profile["aucint_last_0_28" if interpolated else "auclast_0_28"]
    if sampled and theirs is not None:
        assert auc_until(time, conc, 28.0) == pytest.approx(theirs, rel=CLOSE)


def test_most_profiles_are_compared():
    given = [p for p in ORACLE["profiles"] if p["auclast"] is not None]
    assert (len(ORACLE["profiles"]), len(given)) == (134, 120)
