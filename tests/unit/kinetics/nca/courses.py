"""Courses written as a doctor would: `0 BLQ, 7 100, 14 400`, days and values."""

import numpy as np

from cartrial.kinetics.nca.blq import RULES
from cartrial.kinetics.nca.course import Course, Setting
from cartrial.kinetics.nca.parameters import parameters_with
from cartrial.kinetics.nca.profile import profiles_from_infusion
from cartrial.kinetics.nca.slope import SlopeRule

LLOQ = 50.0
ANY_SLOPE = SlopeRule(least_r2adj=-np.inf, least_span=-np.inf)


def course(*subjects: str, blq="cart_standard", method="lin-up-log-down", slope=None, lloq=LLOQ):
    """The course of each subject; whatever is not a number is below quantification."""
    rows = [
        (row, *sample.split()) for row, text in enumerate(subjects) for sample in _samples(text)
    ]
    owner = np.array([row for row, *_ in rows], dtype=np.int64)
    time = np.array([float(at) for _, at, _ in rows])
    value = np.array([float(said) if said[0].isdigit() else np.nan for _, _, said in rows])
    limits = np.full(time.size, lloq)
    profiles = profiles_from_infusion(owner, time, value, limits, subjects=len(subjects))
    return Course(profiles, Setting(method, RULES[blq], slope or SlopeRule()))


def _samples(text: str) -> list[str]:
    return [sample for sample in text.split(",") if sample.strip()]


def parameters(subject: str, *windows: tuple[float, float], **setting):
    """Value, or reason, of each parameter of one subject."""
    found = course(subject, **setting)
    listed = parameters_with(windows or ((0, 28), (0, 90)))
    cells = {one.code: one.of(found).cells()[0] for one in listed}
    return {code: why if why is not None else value for code, (value, why) in cells.items()}
