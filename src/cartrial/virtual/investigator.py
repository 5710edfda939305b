"""The investigator's reading of the response at each assessment.

A physician's plain reading of the IMWG criteria on the chart of one subject: against baseline for a
response, against the lowest value for progression. It is written by hand here, apart from the
response module, so that the two can be compared.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cartrial.virtual.markers import Assessed

ORDER = ("NE", "PD", "SD", "MR", "PR", "VGPR", "CR", "sCR")
RATIO = (0.26, 1.65)  # normal kappa to lambda
Cuts = tuple[tuple[str, float], ...]
SERUM: Cuts = (("VGPR", 0.1), ("PR", 0.5), ("MR", 0.75))  # of baseline, at most
URINE: Cuts = (("VGPR", 0.1), ("PR", 0.1), ("MR", 0.5))
LIGHT: Cuts = (("VGPR", 0.1), ("PR", 0.5), ("MR", 0.75))


@dataclass(frozen=True)
class Reading:
    """A response as read; `confirmed` is None as long as a later assessment has to tell."""

    day: int
    response: str
    confirmed: bool | None
    progression: str | None = None


def read_responses(baseline: Assessed, later: Sequence[Assessed]) -> tuple[Reading, ...]:
    """The readings of assessments in order of time, up to the one after the first progression."""
    kept: list[Assessed] = []
    found: list[Reading] = []
    for assessed in later:
        how = _progression(baseline, kept, assessed)
        raw = "PD" if how else _response(baseline, kept, assessed)
        found.append(Reading(assessed.day, raw, None, how))
        kept.append(assessed)
        if len(found) > 1 and found[-2].response == "PD":
            break
    return _confirmed(found)


def _confirmed(raw: Sequence[Reading]) -> tuple[Reading, ...]:
    """The readings with the best response kept, and with what the next assessment says of them."""
    best, sure = "NE", ""
    found = []
    for i, reading in enumerate(raw):
        shown = reading.response
        if shown not in ("PD", "NE"):
            best = shown = max(best, shown, key=ORDER.index)
        after = next((r.response for r in raw[i + 1 :] if r.response != "NE"), None)
        again = shown == "PD" and i > 0 and raw[i - 1].response == "PD"
        confirmed = True if again or shown == sure else _settled(reading, shown, after)
        sure = shown if confirmed and shown not in ("NE", "PD") else sure
        found.append(replace(reading, response=shown, confirmed=confirmed))
    return tuple(found)


def _settled(reading: Reading, shown: str, after: str | None) -> bool | None:
    if shown == "NE":
        return None
    if shown == "SD" or reading.progression == "imaging":
        return True
    if after is None:
        return None
    if shown == "PD" or after == "PD":
        return after == shown
    return ORDER.index(after) >= ORDER.index(shown)


def _response(baseline: Assessed, before: Sequence[Assessed], now: Assessed) -> str:
    """The response by every marker that was measurable: the least of them."""
    levels = _levels(baseline, now)
    if levels is None or not levels:
        return "NE" if levels is None else _by_marrow(baseline, before, now)
    worst = min(levels, key=ORDER.index)
    size, least = _size(now), _size(baseline)
    if least and size is not None:
        worst = min(worst, _cut(size / least, SERUM), key=ORDER.index)
    if worst != "VGPR" or not _negative(now) or (size or 0) > 0:
        return worst
    marrow = next((a for a in reversed([*before, now]) if a.marrow is not None), None)
    if marrow is None or marrow.marrow is None or marrow.marrow >= 5:
        return worst
    normal = _ratio_is_normal(now)
    light_alone = _light_alone(baseline)
    if normal and marrow.clonal is False:
        return "sCR"
    return "CR" if normal or not light_alone else worst


def _levels(baseline: Assessed, now: Assessed) -> list[str] | None:
    """The response of each measurable marker; None where one of them was not done."""
    found: list[str] = []
    if (baseline.serum_m or 0) >= 10:
        if now.serum_m is None:
            return None
        found.append(_cut(now.serum_m / (baseline.serum_m or 1), SERUM))
    if (baseline.urine_m or 0) >= 200:
        if now.urine_m is None:
            return None
        found.append(_cut(now.urine_m / (baseline.urine_m or 1), URINE))
    if _light_alone(baseline):
        light = _difference(now)
        if light is None:
            return None
        found.append(_cut(light / (_difference(baseline) or 1), LIGHT))
    return found


def _by_marrow(baseline: Assessed, before: Sequence[Assessed], now: Assessed) -> str:
    """The response where nothing but marrow or lesions can be measured."""
    seen = [a.marrow for a in (*before, now) if a.marrow is not None]
    if not seen or not baseline.marrow:
        return "NE"
    if seen[-1] < 5 and _negative(now) and not _size(now):
        return "CR"
    return "PR" if seen[-1] <= 0.5 * baseline.marrow else "SD"


def _progression(baseline: Assessed, before: Sequence[Assessed], now: Assessed) -> str | None:
    """How progression shows, if it does."""
    known = [baseline, *before]
    sizes = [size for size in (_size(a) for a in known) if size is not None]
    size = _size(now)
    grown = size is not None and sizes and size >= max(1.5 * min(sizes), 300)
    if grown or any(scan.new for scan in now.scans or ()):
        return "imaging"
    serum = _rise([a.serum_m for a in known], now.serum_m, 5.0)
    urine = _rise([a.urine_m for a in known], now.urine_m, 200.0)
    light = (baseline.serum_m or 0) < 10 and (baseline.urine_m or 0) < 200
    chains = light and _rise([_difference(a) for a in known], _difference(now), 100.0)
    return "laboratory" if serum or urine or chains else None


def _rise(before: Sequence[float | None], now: float | None, least: float) -> bool:
    known = [value for value in before if value is not None]
    if now is None or not known:
        return False
    lowest = min(known)
    return now - lowest >= least and now >= 1.25 * lowest


def _cut(share: float, cuts: Cuts) -> str:
    return next((name for name, limit in cuts if share <= limit), "SD")


def _light_alone(baseline: Assessed) -> bool:
    """Whether free light chains are the only measurable protein."""
    protein = (baseline.serum_m or 0) >= 10 or (baseline.urine_m or 0) >= 200
    return not protein and (_difference(baseline) or 0) >= 100


def _difference(a: Assessed) -> float | None:
    return None if a.kappa is None or a.lambda_ is None else abs(a.kappa - a.lambda_)


def _negative(a: Assessed) -> bool:
    """Whether no M-protein is seen by immunofixation in serum and urine."""
    return a.serum_fixed is False and a.urine_fixed is False


def _ratio_is_normal(a: Assessed) -> bool:
    if a.kappa is None or not a.lambda_:
        return False
    return RATIO[0] <= a.kappa / a.lambda_ <= RATIO[1]


def _size(a: Assessed) -> float | None:
    """The sum of the products of perpendicular diameters, in mm2."""
    if a.scans is None:
        return None
    return sum(scan.long * scan.short for scan in a.scans)
