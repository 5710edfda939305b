"""The criteria of the screen for IEC-HS beside ferritin: values and signs held against limits.

    common      ALT or AST >5 x ULN (5 x baseline where that is abnormal)
                fibrinogen <1.5 g/L or <LLN
                a new cytopenia: neutrophils <1.0, platelets <100 x 10^9/L, haemoglobin <90 g/L,
                below the baseline, after a recovery, or the first one and late
                haemophagocytosis
    other       LDH >ULN; direct bilirubin >ULN; triglycerides >3.0 mmol/L (fasting)
                new splenomegaly, fever, neurotoxicity, lung or kidney involvement

Source: as grading.iec_hs
Reading: the cytopenia of lymphodepletion is in everybody and is not meant. It is the first run of
low values, where that begins by day 21; a line of cells has recovered from it with two values in
a row at or above the limit, transfused or not, and is low anew at 20 % below its highest since.
The limits are those of HLH-2004. 265 mg/dL of triglycerides are 3.0 mmol/L.
"""

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

Analyte = Literal[
    "ferritin",
    "ALT",
    "AST",
    "fibrinogen",
    "LDH",
    "direct bilirubin",
    "triglycerides",
    "neutrophils",
    "platelets",
    "haemoglobin",
]
Sign = Literal[
    "haemophagocytosis", "splenomegaly", "fever", "neurotoxicity", "lung involvement",
    "kidney involvement",
]  # fmt: skip
Kind = Literal["required", "common", "other"]
SIGNS: Mapping[Sign, Kind] = {
    "haemophagocytosis": "common",
    "splenomegaly": "other",
    "fever": "other",
    "neurotoxicity": "other",
    "lung involvement": "other",
    "kidney involvement": "other",
}
LINES: tuple[Analyte, ...] = ("neutrophils", "platelets", "haemoglobin")
SOUGHT = ("haemophagocytosis",)  # on suspicion alone
UNITS: Mapping[Analyte, str] = {
    "ferritin": "ug/L",
    "ALT": "U/L",
    "AST": "U/L",
    "fibrinogen": "g/L",
    "LDH": "U/L",
    "direct bilirubin": "umol/L",
    "triglycerides": "mmol/L",
    "neutrophils": "× 10⁹/L",
    "platelets": "× 10⁹/L",
    "haemoglobin": "g/L",
}


@dataclass(frozen=True)
class IecHsLimits:
    """The limits of the screen."""

    ferritin_times: float = 2.0  # of the upper limit of normal, and of the baseline
    rise_times: float = 2.0  # of an earlier ferritin
    rise_days: int = 2
    lag: int = 1  # days by which ferritin follows CRS
    change: float = 0.2  # of a value: less is scatter, and neither a rise nor a fall
    transaminase_times: float = 5.0  # of the upper limit of normal, or of an abnormal baseline
    fibrinogen: float = 1.5  # g/L
    neutrophils: float = 1.0  # 10^9/L
    platelets: float = 100.0  # 10^9/L
    haemoglobin: float = 90.0  # g/L
    nadir: int = 21  # day up to which a first cytopenia is that of lymphodepletion
    triglycerides: float = 3.0  # mmol/L
    within: int = 7  # days around the ferritin
    common: int = 1  # criteria beside the required ones


@dataclass(frozen=True)
class Measured:
    """A value in the unit of `UNITS`, with its limits of normal and its baseline, None unknown."""

    analyte: Analyte
    day: int
    value: float
    lower: float | None = None
    upper: float | None = None
    baseline: float | None = None

    def __str__(self) -> str:
        return f"{self.analyte} {written(self.value)} {UNITS[self.analyte]} on day {self.day}"


@dataclass(frozen=True)
class Criterion:
    """A criterion: met, not met or unknown (None), the value that tells, and its limit."""

    name: str
    kind: Kind
    met: bool | None
    limit: str
    measured: Measured | None = None

    @property
    def state(self) -> str:
        """Met, not met or not known."""
        return {True: "met", False: "not met", None: "not known"}[self.met]

    def __str__(self) -> str:
        told = self.name if self.measured is None else str(self.measured)
        return f"{told}, {self.limit}"


@dataclass(frozen=True)
class Judged:
    """A value held against its limit."""

    measured: Measured
    met: bool | None
    limit: str


def written(value: float) -> str:
    """A value as a laboratory prints it: three figures, whole from 100 on."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def criterion(name: str, kind: Kind, judged: Sequence[Judged]) -> Criterion:
    """Met where any value meets it, unknown where none does and any, or all, are unknown."""
    for met in (True, None, False):
        telling = next((j for j in judged if j.met is met), None)
        if telling is not None:
            return Criterion(name, kind, met, telling.limit, telling.measured)
    return Criterion(name, kind, None, "no value")


def laboratory(
    near: Sequence[Measured], course: Sequence[Measured], at: IecHsLimits
) -> list[Criterion]:
    """The criteria of the laboratory from the values that count; `course` are all, in time."""

    def judged(judge: Callable[[Measured], Judged], *analytes: Analyte) -> list[Judged]:
        return [judge(value) for value in near if value.analyte in analytes]

    counts = {line: [v for v in course if v.analyte == line] for line in LINES}
    lines = judged(lambda v: _cytopenia(v, counts[v.analyte], at), *LINES)
    fats = judged(lambda v: _triglycerides(v, at), "triglycerides")
    return [
        criterion("ALT or AST", "common", judged(lambda v: _transaminase(v, at), "ALT", "AST")),
        criterion("fibrinogen", "common", judged(lambda v: _fibrinogen(v, at), "fibrinogen")),
        criterion("new cytopenia", "common", lines),
        criterion("LDH", "other", judged(_above_normal, "LDH")),
        criterion("direct bilirubin", "other", judged(_above_normal, "direct bilirubin")),
        criterion("triglycerides", "other", fats),
    ]


def clinical(signs: Mapping[Sign, bool]) -> list[Criterion]:
    """The criteria of the clinic."""
    words = {True: "present", False: "absent", None: "not recorded"}
    return [
        Criterion(sign, kind, signs.get(sign), words[signs.get(sign)])
        for sign, kind in SIGNS.items()
    ]


def _transaminase(value: Measured, at: IecHsLimits) -> Judged:
    if value.upper is None:
        return Judged(value, None, "ULN unknown")
    abnormal = value.baseline is not None and value.baseline > value.upper
    limit = at.transaminase_times * (value.baseline or 0 if abnormal else value.upper)
    above = value.value > limit
    met = None if above and value.baseline is None else above
    name = "baseline" if abnormal else "ULN" if met is not None else "ULN, baseline unknown"
    return Judged(value, met, f">{written(limit)} ({at.transaminase_times:g} × {name})")


def _fibrinogen(value: Measured, at: IecHsLimits) -> Judged:
    limit = max(at.fibrinogen, value.lower or 0)
    settled = value.value < limit or value.lower is not None
    name = f"<{written(limit)}" if value.lower is not None else f"<{written(limit)} or LLN"
    return Judged(value, value.value < limit if settled else None, name)


def _cytopenia(value: Measured, course: Sequence[Measured], at: IecHsLimits) -> Judged:
    """Whether a count is low anew, and not still from lymphodepletion; `course` is of its line."""
    limits = {
        "neutrophils": at.neutrophils,
        "platelets": at.platelets,
        "haemoglobin": at.haemoglobin,
    }
    limit = limits[value.analyte]
    said = f"<{written(limit)} and below baseline"
    if value.value >= limit or (value.baseline is not None and value.value >= value.baseline):
        return Judged(value, False, said)
    before = course[: bisect_left(course, value.day, key=lambda v: v.day)]
    new, why = _anew(value, before, limit, at)
    met = None if new and value.baseline is None else new
    return Judged(value, met, f"{said}; {why}")


def _anew(
    value: Measured, before: Sequence[Measured], limit: float, at: IecHsLimits
) -> tuple[bool | None, str]:
    first = next((i for i, v in enumerate(before) if v.value < limit), None)
    if first is None and value.day <= at.nadir:
        return False, f"the first one, by day {at.nadir}"
    if first is None and not before:
        return None, "no value before it since the infusion"
    since = before[first or 0 :]
    highest = max(v.value for v in since)
    if first is not None and not any(min(a.value, b.value) >= limit for a, b in pairwise(since)):
        return False, f"not recovered since day {since[0].day}"
    if value.value > (1 - at.change) * highest:
        return False, f"not {at.change:.0%} below the {written(highest)} before it"
    return True, "the first one" if first is None else f"after a recovery to {written(highest)}"


def _triglycerides(value: Measured, at: IecHsLimits) -> Judged:
    return Judged(value, value.value > at.triglycerides, f">{written(at.triglycerides)}")


def _above_normal(value: Measured) -> Judged:
    if value.upper is None:
        return Judged(value, None, "ULN unknown")
    return Judged(value, value.value > value.upper, f">{written(value.upper)} (ULN)")
