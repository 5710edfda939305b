"""What a subject was given: the first infusion, its dose and level, and lymphodepletion.

Reading: EX names the product by the EXTRT that the study file lists; every other record of EX is
lymphodepletion. The first infusion is number 1 (EXNUM), or where infusions are not numbered the
earliest. Where EX was not collected, a subject with an actual arm was infused, at an unknown dose.
"""

import polars as pl

from cartrial.adam.time.imputation import moment
from cartrial.protocol.study import Study
from cartrial.sdtm.domain import Sdtm
from cartrial.sdtm.domains.dm import Dm
from cartrial.sdtm.domains.ex import Ex
from cartrial.sdtm.study_day import calendar_day


def is_infusion(study: Study) -> pl.Expr:
    """Whether a record of EX is an infusion of the product."""
    names = [name.strip().lower() for name in study.product.treatments]
    return pl.col("EXTRT").str.strip_chars().str.to_lowercase().is_in(names).fill_null(False)


def level_of_arm(study: Study, arm: str) -> pl.Expr:
    """The dose level that a variable with an arm code stands for; null for any other arm."""
    levels = {study.arm(level): level for level in range(1, len(study.doses.levels) + 1)}
    return pl.col(arm).replace_strict(levels, default=None, return_dtype=pl.Int64)


def level_label(study: Study, level: str) -> pl.Expr:
    """The label of a dose level; a level that the study does not have is named by its number."""
    labels = {level: study.level_label(level) for level in range(1, len(study.doses.levels) + 1)}
    other = pl.lit("Dose level ") + pl.col(level).cast(pl.String)
    return pl.col(level).replace_strict(labels, default=other, return_dtype=pl.String)


def planned_dose(study: Study, level: str) -> pl.Expr:
    """The planned dose of a level, in the unit of the study."""
    doses = {n: level.dose for n, level in enumerate(study.doses.levels, start=1)}
    return pl.col(level).replace_strict(doses, default=None, return_dtype=pl.Float64)


def first_infusions(study: Study, sdtm: Sdtm) -> pl.DataFrame:
    """One record per infused subject: date, level, planned and given dose, date of retreatment."""
    if not sdtm.has(Ex):
        return _by_arm(study, sdtm.of(Dm))
    infusions = sdtm.of(Ex).filter(is_infusion(study))
    ordered = infusions.sort("USUBJID", "EXNUM", "EXSTDTC", "EXSEQ", nulls_last=True)
    again = pl.col("EXNUM") > pl.col("EXNUM").first()
    first = ordered.group_by("USUBJID", maintain_order=True).agg(
        pl.col("EXSTDTC").first(),
        pl.col("EXLEVEL").first(),
        pl.col("EXPLDOSE").first(),
        CARDOSA=pl.col("EXDOSE").first(),
        TRTEDT=calendar_day(pl.col("EXSTDTC")).max(),
        RETRTDT=calendar_day(pl.col("EXSTDTC")).filter(again.fill_null(False)).min(),
    )
    arms = sdtm.of(Dm).select(
        "USUBJID", arm=pl.coalesce(level_of_arm(study, "ACTARMCD"), level_of_arm(study, "ARMCD"))
    )
    known = first.join(arms, on="USUBJID", how="left", maintain_order="left").with_columns(
        TRT01AN=pl.coalesce("EXLEVEL", "arm")
    )
    return known.select(
        "USUBJID",
        "TRT01AN",
        "CARDOSA",
        "TRTEDT",
        "RETRTDT",
        SAFFL=pl.lit("Y"),
        TRTSDT=calendar_day(pl.col("EXSTDTC")),
        TRTSDTM=moment(pl.col("EXSTDTC")),
        CARDOSP=pl.coalesce("EXPLDOSE", planned_dose(study, "TRT01AN")),
    )


def _by_arm(study: Study, dm: pl.DataFrame) -> pl.DataFrame:
    arms = dm.with_columns(TRT01AN=level_of_arm(study, "ACTARMCD"))
    return arms.filter(pl.col("TRT01AN").is_not_null()).select(
        "USUBJID",
        "TRT01AN",
        CARDOSA=pl.lit(None, dtype=pl.Float64),
        TRTEDT=calendar_day(pl.coalesce("RFSTDTC", "RFXSTDTC")),
        RETRTDT=pl.lit(None, dtype=pl.Date),
        SAFFL=pl.lit("Y"),
        TRTSDT=calendar_day(pl.coalesce("RFSTDTC", "RFXSTDTC")),
        TRTSDTM=moment(pl.coalesce("RFSTDTC", "RFXSTDTC")),
        CARDOSP=planned_dose(study, "TRT01AN"),
    )


def first_lymphodepletion(study: Study, sdtm: Sdtm) -> pl.DataFrame:
    """The date of the first lymphodepletion of each subject that had one on a known date."""
    given = sdtm.of(Ex).filter(~is_infusion(study))
    dated = given.select("USUBJID", LDSTDT=calendar_day(pl.col("EXSTDTC"))).drop_nulls()
    return dated.group_by("USUBJID", maintain_order=True).agg(pl.col("LDSTDT").min())


def dose_ratio(given: str, planned: str) -> pl.Expr:
    """The dose given as a fraction of the planned; null where no dose was planned."""
    ratio = pl.col(given) / pl.col(planned)
    return pl.when(ratio.is_finite()).then(ratio)
