"""What a design does in a scenario, as the commands of `dose` tell it in JSON."""

from typing import Any

import numpy as np

from cartrial.dosing.characteristics.judge import Judged
from cartrial.dosing.operating import OperatingCharacteristics
from cartrial.dosing.simulation.simulate import Timed

NO_CLOCK = "exact: the design is enumerated, without a course of time"
NO_ERROR = "exact: there is no Monte Carlo error"


def as_data(one: Judged) -> dict[str, Any]:
    """The characteristics, the time and their errors; beside what is missing, why."""
    error = {} if one.error is None else _numbers(one.error)
    told: dict[str, Any] = {"method": one.method, **_numbers(one.mean)}
    if one.time is None or one.time_error is None:
        why = {"duration_days": NO_CLOCK, "mcse": NO_ERROR}
        return told | {"duration_days": None, "mcse": None, "why_missing": why}
    return told | _times(one.time) | {"mcse": error | _times(one.time_error), "trials": one.trials}


def _numbers(mean: OperatingCharacteristics) -> dict[str, Any]:
    names = ("selection", "patients", "dlts", "over_target", "stopped")
    return {name: np.asarray(getattr(mean, name)).tolist() for name in names}


def _times(timed: Timed) -> dict[str, float]:
    return {
        "duration_days": timed.duration_days,
        "suspensions": timed.suspensions,
        "suspended_days": timed.suspended_days,
        "not_evaluable": timed.not_evaluable,
        "not_infused": timed.not_infused,
    }
