"""IEC-associated haemophagocytic lymphohistiocytosis-like syndrome (IEC-HS): a screen, no grade.

    required    a ferritin above its limit: >2 x ULN or >2 x baseline
                that rises anew while CRS resolves, after CRS, or without CRS
    common      ALT or AST; fibrinogen; a new cytopenia; haemophagocytosis
    other       LDH, direct bilirubin, triglycerides; spleen, fever, neurotoxicity, lung, kidney

Positive: one ferritin meets both required criteria, and a common one is met. The others support:
they are shown and decide nothing. A positive screen asks for a clinician's look: that infection,
disease or CRS alone explain it is not screened, and the grade is the investigator's.

Source: Hines 2023, Transplant Cell Ther 29:438.e1-438.e16. doi:10.1016/j.jtct.2023.03.006
Reading: the numbers are settings (`IecHsLimits`), for the source leaves several to judgement.
Ferritin above its limit is usual in CRS, and so are cytopenia and LDH above normal after
lymphodepletion: none of them alone tells. Ferritin rises anew where it is above every value before
it, and 20 % above the baseline and what was before CRS resolves; or where it has doubled from its
lowest since then, or from a value at most 2 days before. With CRS the first one since the
infusion shows no rise. Ferritin follows CRS by a day: what it
shows on the first day past the worst is still that of CRS. The rest counts within 7 days of it. A
haemophagocytosis is looked for on suspicion alone: where it is not recorded it leaves nothing open.
Warning: ferritin >10,000 ug/L with two organs of grade 3 is the older CARTOX definition, not this.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from cartrial.grading.iec_hs_criteria import (
    SOUGHT,
    Criterion,
    IecHsLimits,
    Judged,
    Measured,
    Sign,
    clinical,
    criterion,
    laboratory,
    written,
)

Verdict = Literal["positive", "negative", "cannot be told"]
LEVEL, RISE = "ferritin", "new rise of ferritin"


@dataclass(frozen=True)
class IecHsScreen:
    """The verdict of the screen, each criterion, and what is missing where it decides."""

    verdict: Verdict
    criteria: tuple[Criterion, ...]
    rule: str
    missing: tuple[str, ...]


@dataclass(frozen=True)
class _Ferritin:
    """One ferritin held against both required criteria."""

    level: Judged
    rise: Judged

    @property
    def met(self) -> bool | None:
        if self.level.met is False or self.rise.met is False:
            return False
        return True if self.level.met and self.rise.met else None


def iec_hs(
    values: Sequence[Measured],
    *,
    crs: bool | None,
    resolving: int | None = None,
    signs: Mapping[Sign, bool] | None = None,
    limits: IecHsLimits | None = None,
) -> IecHsScreen:
    """Screen one subject from the infusion (day 0) on.

    `crs` says whether there was CRS (None unknown), `resolving` is the first day on which it was
    past its worst or over; a sign that is not in `signs` is unknown.
    """
    at = limits or IecHsLimits()
    given = sorted((v for v in values if v.day >= 0), key=lambda v: (v.day, v.analyte, v.value))
    known = None if resolving is None else resolving + at.lag
    since = 0 if crs is False else known
    ferritin = _ferritin([v for v in given if v.analyte == "ferritin"], crs, since, at)
    days = [one.level.measured.day for one in ferritin if one.met is not False]
    near = [v for v in given if not days or any(abs(v.day - day) <= at.within for day in days)]
    rest = (*laboratory(near, given, at), *clinical(signs or {}))
    return _screen(_required(ferritin, since), rest, at.common)


# ---------------------------------------------------------------- ferritin
def _ferritin(
    values: Sequence[Measured], crs: bool | None, since: int | None, at: IecHsLimits
) -> list[_Ferritin]:
    found = []
    for value in values:
        before = [v for v in values if v.day < value.day]
        found.append(_Ferritin(_level(value, at), _rise(value, before, crs, since, at=at)))
    return found


def _level(value: Measured, at: IecHsLimits) -> Judged:
    references = {"ULN": value.upper, "baseline": value.baseline}
    known = {name: n * at.ferritin_times for name, n in references.items() if n is not None}
    said = {name: f">{written(n)} ({at.ferritin_times:g} × {name})" for name, n in known.items()}
    above = next((name for name, limit in known.items() if value.value > limit), None)
    if above is not None:
        return Judged(value, True, said[above])
    met = False if len(known) == len(references) else None
    return Judged(value, met, " or ".join(said.values()) or "unknown")


def _rise(
    value: Measured,
    before: Sequence[Measured],
    crs: bool | None,
    since: int | None,
    *,
    at: IecHsLimits,
) -> Judged:
    """Whether a ferritin has risen anew, at a day that is not in the rise or height of CRS."""
    if crs is None or since is None:
        return Judged(value, None, "from the day CRS resolves, which is not known")
    when = "without CRS" if crs is False else f"CRS resolving by day {since}"
    if value.day < since:
        return Judged(value, False, when)
    low = min((v for v in before if v.day >= since), key=lambda v: v.value, default=None)
    recent = [v for v in before if value.day - v.day <= at.rise_days]
    for earlier in (*recent, *([] if low is None else [low])):
        if value.value >= at.rise_times * earlier.value:
            said = f"{at.rise_times:g} × {written(earlier.value)} of day {earlier.day}"
            return Judged(value, True, f"at least {said}; {when}")
    first = [v for v in before if v.day < since] or before[:1]
    highest = max([v.value for v in first] + [value.baseline or 0])
    if any(value.value <= v.value for v in before) or value.value <= (1 + at.change) * highest:
        said = f"not {at.change:.0%} above the {written(highest)} before, or falling"
        return Judged(value, False, f"{said}; {when}")
    if not before and (crs or value.baseline is None):
        return Judged(value, None, f"no value before it since the infusion; {when}")
    return Judged(value, True, f"above every value before it; {when}")


def _required(ferritin: Sequence[_Ferritin], since: int | None) -> tuple[Criterion, Criterion]:
    """Both criteria of the ferritin that tells: that meets them, or may, or none; the highest."""
    looked = since is None or any(one.level.measured.day >= since for one in ferritin)
    if not ferritin or not looked:
        said = "no value" if since is None or not ferritin else f"no value from day {since} on"
        return Criterion(LEVEL, "required", None, said), Criterion(RISE, "required", None, said)
    rank = {True: 2, None: 1, False: 0}
    told = max(ferritin, key=lambda one: (rank[one.met], one.level.measured.value))
    return criterion(LEVEL, "required", [told.level]), criterion(RISE, "required", [told.rise])


# ---------------------------------------------------------------- the verdict
def _screen(required: Sequence[Criterion], rest: Sequence[Criterion], least: int) -> IecHsScreen:
    criteria = (*required, *rest)
    common = [c for c in rest if c.kind == "common"]
    met = [c for c in common if c.met]
    open_ones = [c for c in common if c.met is None and c.name not in SOUGHT]
    failed = next((c for c in required if c.met is False), None)
    if failed is not None:
        return IecHsScreen("negative", criteria, f"not met: {failed}", ())
    if len(met) + len(open_ones) < least:
        said = f"{len(met)} of {least} common criteria met"
        return IecHsScreen("negative", criteria, said, ())
    unknown = [c.name for c in required if c.met is None]
    if len(met) < least:
        unknown += [c.name for c in open_ones]
    if unknown:
        said = f"not known: {', '.join(unknown)}"
        return IecHsScreen("cannot be told", criteria, said, tuple(unknown))
    names = ", ".join(c.name for c in (*required, *met))
    return IecHsScreen("positive", criteria, f"met: {names}", ())
