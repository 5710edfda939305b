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
from itertools import starmap
from typing import Literal

import polars as pl

from cartrial.grading.iec_hs_criteria import (
    LABORATORY,
    MEASURED,
    SIGNS,
    SOUGHT,
    UNITS,
    Criterion,
    IecHsLimits,
    Kind,
    Measured,
    Sign,
    decided,
    in_print,
    laboratory,
)
from cartrial.grading.iec_hs_ferritin import LEVEL, RISE, judge_ferritin, required

Verdict = Literal["positive", "negative", "cannot be told"]
KINDS: Mapping[str, Kind] = {
    LEVEL: "required",
    RISE: "required",
    **{name: kind for name, (kind, _) in LABORATORY.items()},
    **{str(sign): kind for sign, kind in SIGNS.items()},
}
CRITERION = ("name", "kind", "met", "limit", "said")


@dataclass(frozen=True)
class IecHsScreen:
    """The verdict of the screen, each criterion, and what is missing where it decides."""

    verdict: Verdict
    criteria: tuple[Criterion, ...]
    rule: str
    missing: tuple[str, ...]


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
    rows = pl.DataFrame(list(values), schema=dict(MEASURED))
    given = rows.with_columns(subject=pl.lit(0, pl.Int64))
    about = {"subject": [0], "crs": [crs], "resolving": [resolving]}
    subject = pl.DataFrame(about).with_columns(
        pl.lit(found).alias(sign) for sign, found in (signs or {}).items()
    )
    criteria = judge_iec_hs(given, subject, at)
    (found,) = screen_iec_hs(criteria, at).rows(named=True)
    return IecHsScreen(
        verdict=found["verdict"],
        criteria=tuple(starmap(Criterion, criteria.select(CRITERION).iter_rows())),
        rule=found["rule"],
        missing=tuple(found["missing"]),
    )


def judge_iec_hs(values: pl.DataFrame, subjects: pl.DataFrame, at: IecHsLimits) -> pl.DataFrame:
    """The criteria of each subject: name, kind, met, limit and the value that tells, also in words.

    `values` has subject and the columns of `Measured`; `subjects` has subject, crs, resolving and
    the signs that are recorded, as `iec_hs` takes them.
    """
    known = pl.col("resolving") + at.lag
    since = pl.when(pl.col("crs").eq_missing(False)).then(0).otherwise(known)
    about = subjects.select("subject", pl.col("crs").cast(pl.Boolean), since=since.cast(pl.Int64))
    given = values.filter(pl.col("day") >= 0).sort("subject", "day", "value", maintain_order=True)
    ferritin = judge_ferritin(given, about, at)
    found = [
        required(ferritin, at),
        laboratory(_near(given, ferritin, at), at),
        _clinical(subjects),
    ]
    names = pl.DataFrame([*KINDS.items()], schema=["name", "kind"], orient="row")
    every = subjects.select("subject").join(names, how="cross", maintain_order="left_right")
    criteria = every.join(
        pl.concat(found, how="diagonal"),
        on=("subject", "name"),
        how="left",
        maintain_order="left",
    )
    return criteria.with_columns(_limit()).with_columns(said=_said())


def _limit() -> pl.Expr:
    none = pl.when(pl.col("name").is_in(SIGNS)).then(pl.lit("not recorded"))
    return pl.col("limit").fill_null(none.otherwise(pl.lit("no value")))


def _said() -> pl.Expr:
    unit = pl.col("analyte").replace_strict(UNITS, default=None, return_dtype=pl.String)
    measured = pl.format("{} {} {} on day {}", "analyte", in_print(pl.col("value")), unit, "day")
    return pl.format("{}, {}", pl.coalesce(measured, "name"), "limit")


def _clinical(subjects: pl.DataFrame) -> pl.DataFrame:
    """The criteria of the clinic, as far as they are recorded."""
    signs = [pl.col(sign).cast(pl.Boolean) for sign in SIGNS if sign in subjects.columns]
    recorded = subjects.select("subject", *signs).unpivot(index="subject", variable_name="name")
    met = pl.col("value").cast(pl.Boolean)
    present = pl.when(met).then(pl.lit("present")).when(~met).then(pl.lit("absent"))
    return recorded.select("subject", "name", met=met, limit=present)


def _near(values: pl.DataFrame, ferritin: pl.DataFrame, at: IecHsLimits) -> pl.DataFrame:
    """The values in time; `near` are those about a ferritin that may tell, all where none may."""
    may = ferritin.filter(pl.col("met").ne_missing(False)).select("subject", "day", at="day")
    found = values.sort("day", maintain_order=True).join_asof(
        may.sort("day"),
        on="day",
        by="subject",
        strategy="nearest",
        tolerance=at.within,
        check_sortedness=False,
    )
    none = ~pl.col("subject").is_in(may["subject"].implode())
    return found.with_columns(near=none | pl.col("at").is_not_null())


# ---------------------------------------------------------------- the verdict
def screen_iec_hs(criteria: pl.DataFrame, at: IecHsLimits) -> pl.DataFrame:
    """The verdict on each subject with its rule, and what is missing where it decides."""
    needed, met, name = pl.col("kind") == "required", pl.col("met"), pl.col("name")
    common = pl.col("kind") == "common"
    found = criteria.group_by("subject", maintain_order=True).agg(
        failed=pl.col("said").filter(needed & ~met).first(),
        common=name.filter(common & met),
        open=name.filter(common & met.is_null() & ~name.is_in(SOUGHT)),
        unknown=name.filter(needed & met.is_null()),
    )
    common_met, could_be = pl.col("common").list.len(), pl.col("open").list.len()
    open_too = pl.concat_list("unknown", "open")
    missing = pl.when(common_met < at.common).then(open_too).otherwise("unknown")
    named = pl.concat_list(pl.lit([LEVEL, RISE]), "common").list.join(", ")
    cases: tuple[tuple[pl.Expr, Verdict, pl.Expr], ...] = (
        (pl.col("failed").is_not_null(), "negative", pl.format("not met: {}", "failed")),
        (
            common_met + could_be < at.common,
            "negative",
            pl.format(f"{{}} of {at.common} common criteria met", common_met),
        ),
        (
            missing.list.len() > 0,
            "cannot be told",
            pl.format("not known: {}", missing.list.join(", ")),
        ),
        (pl.lit(True), "positive", pl.format("met: {}", named)),
    )
    verdict, rule = decided(*cases)
    untold = pl.col("verdict") == "cannot be told"
    none = pl.lit([], dtype=pl.List(pl.String))
    return found.with_columns(verdict=verdict, rule=rule).select(
        "subject", "verdict", "rule", missing=pl.when(untold).then(missing).otherwise(none)
    )
