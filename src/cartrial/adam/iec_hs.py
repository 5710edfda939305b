"""The screen for IEC-HS (grading.iec_hs): what it is told of a subject, and its records.

    IECHS      the verdict, positive is 1          screen
    IECFERR    the ferritin that tells             ug/L
    IECRISE    whether it rises anew, 1 or 0       criterion
    IECCOM     common criteria that are met        criteria
    IECSUP     supporting criteria that are met    criteria

Reading: values of the days 0 to 100 count. CRS is resolving from the day after the last assessment
at the worst grade of the worst episode; where no assessment tells, from the end of that episode.
Neurotoxicity is an episode of ICANS. The other clinical signs are not collected as such, and stay
unknown. The verdict says what decides it; its evidence is in the other records.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from cartrial.grading.iec_hs import LEVEL, RISE, IecHsScreen, iec_hs
from cartrial.grading.iec_hs_criteria import SOUGHT, UNITS, Analyte, Criterion, Measured, Sign

LAST = 100  # day
CODES: Mapping[str, Analyte] = {
    "FERRITIN": "ferritin",
    "ALT": "ALT",
    "AST": "AST",
    "FIBRINO": "fibrinogen",
    "LDH": "LDH",
    "BILDIR": "direct bilirubin",
    "TRIG": "triglycerides",
    "NEUT": "neutrophils",
    "PLAT": "platelets",
    "HGB": "haemoglobin",
}

NAMES = {
    "IECHS": "IEC-HS Screen",
    "IECFERR": "IEC-HS Screen, Ferritin",
    "IECRISE": "IEC-HS Screen, New Rise of Ferritin",
    "IECCOM": "IEC-HS Screen, Common Criteria Met",
    "IECSUP": "IEC-HS Screen, Supporting Criteria Met",
}
SCREENED = {"positive": 1.0, "negative": 0.0}

Row = dict[str, Any]


def screened(
    values: pl.DataFrame, episodes: pl.DataFrame | None, assessed: pl.DataFrame
) -> Iterator[Row]:
    """The records of one subject."""
    found = screen(values, episodes, assessed)
    dates = dict(values.select("ADAY", "ADT").drop_nulls().iter_rows())
    level, rise = (next(c for c in found.criteria if c.name == name) for name in (LEVEL, RISE))
    yield _verdict(found)
    yield _ferritin(level) | {"ADT": _date(level, dates)}
    yield _rise(rise) | {"ADT": _date(rise, dates)}
    for code, kind in (("IECCOM", "common"), ("IECSUP", "other")):
        yield {"PARAMCD": code} | _met([c for c in found.criteria if c.kind == kind])


def screen(
    values: pl.DataFrame, episodes: pl.DataFrame | None, assessed: pl.DataFrame
) -> IecHsScreen:
    """The screen of one subject from its values, its episodes (ADCE) and its assessments (ADTOX).

    Without `episodes` nobody knows whether there was CRS or ICANS.
    """
    given = values.filter(pl.col("PARAMCD").is_in(list(CODES)), pl.col("ADAY").is_between(0, LAST))
    measured = [
        Measured(CODES[code], day, value, lower, upper, base)
        for code, day, value, lower, upper, base in given.select(
            "PARAMCD", "ADAY", "AVAL", "ANRLO", "ANRHI", "BASE"
        ).iter_rows()
    ]
    if episodes is None:
        return iec_hs(measured, crs=None)
    first = episodes.filter(pl.col("INFNO") == 1)
    crs = first.filter(pl.col("ACAT") == "CRS")
    signs: dict[Sign, bool] = {"neurotoxicity": (first["ACAT"] == "ICANS").any()}
    return iec_hs(measured, crs=crs.height > 0, resolving=_resolving(crs, assessed), signs=signs)


def _resolving(crs: pl.DataFrame, assessed: pl.DataFrame) -> int | None:
    """The day after the last at the worst grade of the worst episode of CRS."""
    worst = crs.sort("ATOXGRN", "ASTDAY", descending=(True, False), nulls_last=True).head(1)
    for number, grade, end in worst.select("EPNO", "ATOXGRN", "AENDAY").iter_rows():
        seen = assessed.filter(pl.col("PARAMCD") == "CRS", pl.col("EPNO") == number)
        bad: list[int] = seen.filter(pl.coalesce("ATOXGRN", "DTOXGRH") >= grade)["ADAY"].to_list()
        over: int | None = end
        return max(bad) + 1 if bad else over
    return None


# ---------------------------------------------------------------- records
def _verdict(found: IecHsScreen) -> Row:
    aval = SCREENED.get(found.verdict)
    return {
        "PARAMCD": "IECHS",
        "AVALC": found.verdict,
        "AVALU": "screen",
        "DERTXT": found.rule,
        "MISSTXT": ", ".join(found.missing) or None,
        "WHYMISS": found.rule if aval is None else None,
    } | _between(0.0 if aval is None else aval, 1.0 if aval is None else aval)


def _ferritin(level: Criterion) -> Row:
    value = None if level.measured is None else level.measured.value
    return {
        "PARAMCD": "IECFERR",
        "AVAL": value,
        "AVALC": level.state,
        "AVALU": UNITS["ferritin"],
        "AVALLO": value,
        "AVALHI": value,
        "DERTXT": level.limit,
        "WHYMISS": level.limit if value is None else None,
    }


def _rise(rise: Criterion) -> Row:
    low, high = float(rise.met is True), float(rise.met is not False)
    return {
        "PARAMCD": "IECRISE",
        "AVALC": rise.state,
        "AVALU": "criterion",
        "DERTXT": rise.limit,
        "WHYMISS": rise.limit if rise.met is None else None,
    } | _between(low, high)


def _met(criteria: Sequence[Criterion]) -> Row:
    """How many are met, and their evidence; those that nobody could judge are named."""
    met = [c for c in criteria if c.met]
    unknown = [c.name for c in criteria if c.met is None and c.name not in SOUGHT]
    names = ", ".join(unknown)
    return {
        "AVALC": ", ".join(c.name for c in met) or "none",
        "AVALU": "criteria",
        "DERTXT": "; ".join(map(str, met)) or None,
        "MISSTXT": names or None,
        "WHYMISS": f"not known: {names}" if unknown else None,
    } | _between(float(len(met)), float(len(met) + len(unknown)))


def _between(low: float, high: float) -> Row:
    return {"AVAL": low if low == high else None, "AVALLO": low, "AVALHI": high}


def _date(criterion: Criterion, dates: Mapping[int, Any]) -> Any:
    return None if criterion.measured is None else dates.get(criterion.measured.day)
