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
from math import inf
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

EPISODE = ("USUBJID", "ACAT", "INFNO", "EPNO", "ATOXGRN", "ASTDAY", "AENDAY")
ASSESSMENT = ("USUBJID", "PARAMCD", "EPNO", "ATOXGRN", "DTOXGRH", "ADAY")

Row = dict[str, Any]


def screened(
    values: pl.DataFrame,
    infused: Sequence[str],
    episodes: pl.DataFrame | None,
    assessed: pl.DataFrame,
) -> Iterator[Row]:
    """The records of each infused subject from the values, episodes (ADCE), assessments (ADTOX).

    Without `episodes` nobody knows whether there was CRS or ICANS.
    """
    counted = values.filter(
        pl.col("PARAMCD").is_in(list(CODES)), pl.col("ADAY").is_between(0, LAST)
    ).select("USUBJID", "PARAMCD", "ADAY", "AVAL", "ANRLO", "ANRHI", "BASE", "ADT")
    measured, bedside = _by_subject(counted), _by_subject(assessed.select(ASSESSMENT))
    known = None if episodes is None else _by_subject(episodes.select(EPISODE))
    for subject in infused:
        mine = measured.get(subject, [])
        of_subject = None if known is None else known.get(subject, [])
        found = screen(mine, of_subject, bedside.get(subject, []))
        for row in _records(found, {value["ADAY"]: value["ADT"] for value in mine}):
            yield {"USUBJID": subject} | row


def _by_subject(rows: pl.DataFrame) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows.iter_rows(named=True):
        found.setdefault(row["USUBJID"], []).append(row)
    return found


def _records(found: IecHsScreen, dates: Mapping[int, Any]) -> Iterator[Row]:
    """The records of one subject; `dates` are those of the days with a value."""
    level, rise = (next(c for c in found.criteria if c.name == name) for name in (LEVEL, RISE))
    yield _verdict(found)
    yield _ferritin(level) | {"ADT": _date(level, dates)}
    yield _rise(rise) | {"ADT": _date(rise, dates)}
    for code, kind in (("IECCOM", "common"), ("IECSUP", "other")):
        yield {"PARAMCD": code} | _met([c for c in found.criteria if c.kind == kind])


def screen(
    values: Sequence[Row], episodes: Sequence[Row] | None, assessed: Sequence[Row]
) -> IecHsScreen:
    """The screen of one subject from its values, its episodes and its assessments."""
    measured = [
        Measured(CODES[v["PARAMCD"]], v["ADAY"], v["AVAL"], v["ANRLO"], v["ANRHI"], v["BASE"])
        for v in values
    ]
    if episodes is None:
        return iec_hs(measured, crs=None)
    first = [episode for episode in episodes if episode["INFNO"] == 1]
    crs = [episode for episode in first if episode["ACAT"] == "CRS"]
    signs: dict[Sign, bool] = {"neurotoxicity": any(e["ACAT"] == "ICANS" for e in first)}
    return iec_hs(measured, crs=bool(crs), resolving=_resolving(crs, assessed), signs=signs)


def _resolving(crs: Sequence[Row], assessed: Sequence[Row]) -> int | None:
    """The day after the last at the worst grade of the worst episode of CRS."""
    if not crs:
        return None
    worst = min(crs, key=_from_the_worst)
    grade, number = worst["ATOXGRN"], worst["EPNO"]
    bad = [
        row["ADAY"]
        for row in assessed
        if row["PARAMCD"] == "CRS" and None not in (number, row["ADAY"]) and row["EPNO"] == number
        if None not in (grade, seen := _seen(row)) and seen >= grade
    ]
    over: int | None = worst["AENDAY"]
    return max(bad) + 1 if bad else over


def _seen(row: Row) -> Any:
    """The grade of an assessment: the investigator's, else the highest that the signs leave."""
    return row["DTOXGRH"] if row["ATOXGRN"] is None else row["ATOXGRN"]


def _from_the_worst(episode: Row) -> tuple[float, float]:
    """What sorts episodes: the worst grade first, then the earliest; the unknown last."""
    grade, day = episode["ATOXGRN"], episode["ASTDAY"]
    return (inf if grade is None else -grade, inf if day is None else day)


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
        "AVALCAT1": level.state,
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
        "AVALU": "criteria",
        "DERTXT": "; ".join(map(str, met)) or None,
        "MISSTXT": names or None,
        "WHYMISS": f"not known: {names}" if unknown else None,
    } | _between(float(len(met)), float(len(met) + len(unknown)))


def _between(low: float, high: float) -> Row:
    return {"AVAL": low if low == high else None, "AVALLO": low, "AVALHI": high}


def _date(criterion: Criterion, dates: Mapping[int, Any]) -> Any:
    return None if criterion.measured is None else dates.get(criterion.measured.day)
