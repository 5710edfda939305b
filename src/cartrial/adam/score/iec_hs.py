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

from collections.abc import Iterator, Mapping

import polars as pl

from cartrial.grading.iec_hs import judge_iec_hs, screen_iec_hs
from cartrial.grading.iec_hs_criteria import SOUGHT, UNITS, Analyte, IecHsLimits
from cartrial.grading.iec_hs_ferritin import LEVEL, RISE

LAST = 100  # day
ANALYTES: Mapping[str, Analyte] = {
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
KINDS = {"IECCOM": "common", "IECSUP": "other"}
STATES = {True: "met", False: "not met", None: "not known"}


def screened(
    values: pl.DataFrame,
    infused: pl.DataFrame,
    episodes: pl.DataFrame | None,
    assessed: pl.DataFrame,
) -> Iterator[pl.DataFrame]:
    """The records of each infused subject from the values, episodes (ADCE), assessments (ADTOX).

    Without `episodes` nobody knows whether there was CRS or ICANS.
    """
    subjects = infused.with_row_index("subject")
    counted = values.filter(
        pl.col("PARAMCD").is_in(ANALYTES.keys()), pl.col("ADAY").is_between(0, LAST)
    ).join(subjects, on="USUBJID")
    measured = counted.sort("subject", "ADT", "LBSEQ").select(
        "subject",
        analyte=pl.col("PARAMCD").replace_strict(ANALYTES, return_dtype=pl.String),
        day="ADAY",
        value="AVAL",
        lower="ANRLO",
        upper="ANRHI",
        baseline="BASE",
    )
    limits = IecHsLimits()
    criteria = judge_iec_hs(measured, _syndromes(subjects, episodes, assessed), limits)
    dates = counted.select("subject", "ADT", day="ADAY").unique(("subject", "day"))
    dated = criteria.join(dates, on=("subject", "day"), how="left")
    records = (
        _verdicts(screen_iec_hs(criteria, limits)),
        _ferritin(dated.filter(pl.col("name") == LEVEL)),
        _rise(dated.filter(pl.col("name") == RISE)),
        *(_met(criteria, kind).with_columns(PARAMCD=pl.lit(code)) for code, kind in KINDS.items()),
    )
    for found in records:
        yield found.join(subjects, on="subject").drop("subject")


def _syndromes(
    subjects: pl.DataFrame, episodes: pl.DataFrame | None, assessed: pl.DataFrame
) -> pl.DataFrame:
    """Whether each subject had CRS, from which day on it was resolving, and neurotoxicity."""
    if episodes is None:
        return subjects.with_columns(crs=pl.lit(None), resolving=pl.lit(None))
    first = episodes.filter(pl.col("INFNO") == 1)
    crs = first.filter(pl.col("ACAT") == "CRS")
    icans = first.filter(pl.col("ACAT") == "ICANS")
    resolving = _resolving(crs, assessed)
    return subjects.join(resolving, on="USUBJID", how="left", maintain_order="left").with_columns(
        crs=pl.col("USUBJID").is_in(crs["USUBJID"].implode()),
        neurotoxicity=pl.col("USUBJID").is_in(icans["USUBJID"].implode()),
    )


def _resolving(crs: pl.DataFrame, assessed: pl.DataFrame) -> pl.DataFrame:
    """The day after the last at the worst grade of the worst episode of CRS, of each subject.

    The worst episode has the worst grade, and is the earliest of those; the unknown are last.
    """
    worst = crs.sort(
        "USUBJID",
        -pl.col("ATOXGRN").cast(pl.Int64),
        "ASTDAY",
        nulls_last=True,
        maintain_order=True,
    ).unique("USUBJID", keep="first", maintain_order=True)
    seen = pl.coalesce("ATOXGRN", "DTOXGRH")  # the investigator's, else what the signs leave
    at_worst = (
        assessed.filter(pl.col("PARAMCD") == "CRS")
        .select("USUBJID", "EPNO", "ADAY", seen=seen)
        .join(worst.select("USUBJID", "EPNO", "ATOXGRN"), on=("USUBJID", "EPNO"))
        .filter(pl.col("seen") >= pl.col("ATOXGRN"))
        .group_by("USUBJID")
        .agg(last=pl.col("ADAY").max())
    )
    known = worst.join(at_worst, on="USUBJID", how="left")
    return known.select("USUBJID", resolving=pl.coalesce(pl.col("last") + 1, "AENDAY"))


# ---------------------------------------------------------------- records
def _verdicts(found: pl.DataFrame) -> pl.DataFrame:
    verdict, rule = pl.col("verdict"), pl.col("rule")
    return found.select(
        "subject",
        *_between(verdict == "positive", verdict != "negative"),
        PARAMCD=pl.lit("IECHS"),
        AVALC=verdict,
        AVALU=pl.lit("screen"),
        DERTXT=rule,
        MISSTXT=pl.col("missing").list.join(", ").replace("", None),
        WHYMISS=pl.when(verdict == "cannot be told").then(rule),
    )


def _ferritin(level: pl.DataFrame) -> pl.DataFrame:
    value, limit = pl.col("value"), pl.col("limit")
    return level.select(
        "subject",
        "ADT",
        PARAMCD=pl.lit("IECFERR"),
        AVAL=value,
        AVALCAT1=_state(),
        AVALU=pl.lit(UNITS["ferritin"]),
        AVALLO=value,
        AVALHI=value,
        DERTXT=limit,
        WHYMISS=pl.when(value.is_null()).then(limit),
    )


def _rise(rise: pl.DataFrame) -> pl.DataFrame:
    met, limit = pl.col("met"), pl.col("limit")
    return rise.select(
        "subject",
        "ADT",
        *_between(met.fill_null(False), met.fill_null(True)),
        PARAMCD=pl.lit("IECRISE"),
        AVALC=_state(),
        AVALU=pl.lit("criterion"),
        DERTXT=limit,
        WHYMISS=pl.when(met.is_null()).then(limit),
    )


def _met(criteria: pl.DataFrame, kind: str) -> pl.DataFrame:
    """How many are met, and their evidence; those that nobody could judge are named."""
    met, name = pl.col("met"), pl.col("name")
    told = (
        criteria.filter(pl.col("kind") == kind)
        .group_by("subject")
        .agg(
            met=pl.col("said").filter(met),
            unknown=name.filter(met.is_null(), ~name.is_in(SOUGHT)),
        )
    )
    least, open_ = pl.col("met").list.len(), pl.col("unknown").list.len()
    names = pl.col("unknown").list.join(", ").replace("", None)
    return told.select(
        "subject",
        *_between(least, least + open_),
        AVALU=pl.lit("criteria"),
        DERTXT=pl.col("met").list.join("; ").replace("", None),
        MISSTXT=names,
        WHYMISS=pl.format("not known: {}", names),
    )


def _state() -> pl.Expr:
    return pl.col("met").replace_strict(STATES, return_dtype=pl.String)


def _between(low: pl.Expr, high: pl.Expr) -> Iterator[pl.Expr]:
    yield pl.when(low == high).then(low).cast(pl.Float64).alias("AVAL")
    yield low.cast(pl.Float64).alias("AVALLO")
    yield high.cast(pl.Float64).alias("AVALHI")
