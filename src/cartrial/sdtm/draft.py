"""A minimal study from SDTM alone: what TS, DM and EX tell, and nothing that they do not.

Reading: a planned arm is a dose level, its dose the median EXDOSE of its subjects where all are in
    one unit; levels are ordered by dose (equal medians: by mean). The product is what EX calls a
    CAR-T infusion, else every treatment of EX that is not lymphodepletion. The seven analyses are
    named, none as registered. Response is derived by IMWG 2016 where RS names these criteria, or
    IMWG without a year, for every overall response. Rules on dose-limiting toxicity, design,
    schedule and assays are not drafted.
"""

import polars as pl

from cartrial.protocol.criteria_file import NONE, packaged_criteria
from cartrial.protocol.response_criteria import ResponseCriteria
from cartrial.protocol.study import (
    DoseLevel,
    Doses,
    Outcome,
    OutcomeId,
    Product,
    Standards,
    Study,
)
from cartrial.sdtm.domain import Sdtm
from cartrial.sdtm.domains.dm import Dm
from cartrial.sdtm.domains.ex import CONDITIONING, INFUSION, Ex
from cartrial.sdtm.domains.rs import Rs
from cartrial.sdtm.domains.ts import Ts

LONGEST_ID = 20
NO_ARM = ("SCRNFAIL", "NOTASSGN", "NOTTRT", "UNPLAN")
IMWG = {"IMWG", "IMWG 2016", "IMWG-2016", "KUMAR IMWG 2016"}  # of RSCAT
MEASURES: dict[OutcomeId, str] = {
    "ae": "Adverse events",
    "dlt": "Dose-limiting toxicity",
    "car": "CAR copies and CAR+ cells",
    "orr": "Objective response",
    "dor": "Duration of response",
    "pfs": "Progression or death",
    "os": "Death",
}
NOT_REGISTERED = "Not registered: the study was drafted from its data."


def draft_study(sdtm: Sdtm, *, name: str) -> Study:
    """The study as far as its SDTM tells; `name` says where the data are."""
    told = _told(sdtm)
    studies = sdtm.of(Dm)["STUDYID"].drop_nulls().unique().sort().to_list()
    known = studies[0] if studies else name
    planned = told.get("PLANSUB", "")
    criteria = _criteria(sdtm)
    by = criteria.name if criteria else NONE
    derived = (
        f" Response is also derived from the samples by {by}, which RS names." if criteria else ""
    )
    return Study(
        cartrial=1,
        id=known[:LONGEST_ID],
        title=told.get("TITLE", known),
        condition=told.get("INDIC", "not told by TS"),
        phase=told.get("TPHASE", ""),
        subjects=int(planned) if planned.isdigit() and int(planned) else None,
        registry=told.get("REGID", ""),
        product=_product(sdtm, told),
        outcomes=_outcomes(),
        standards=Standards(crs="other", icans="other", adverse_events="other", response=by),
        criteria=criteria,
        doses=_doses(sdtm),
        drafted_from=(
            f"The study was drafted from TS, DM and EX of {name}; "
            f"no protocol stands behind its dose levels, product and outcomes.{derived}"
        ),
    )


def _told(sdtm: Sdtm) -> dict[str, str]:
    """The first value of each parameter of TS."""
    rows = sdtm.of(Ts).sort("TSPARMCD", "TSSEQ").filter(pl.col("TSVAL").is_not_null())
    first = rows.group_by("TSPARMCD", maintain_order=True).first()
    return dict(first.select("TSPARMCD", "TSVAL").iter_rows())


def _criteria(sdtm: Sdtm) -> ResponseCriteria | None:
    """The criteria that every overall response of RS names; none where they are not known here."""
    responses = sdtm.of(Rs).filter(pl.col("RSTESTCD") == "OVRLRESP")
    named = set(responses["RSCAT"].str.strip_chars().str.to_uppercase())
    return packaged_criteria() if named and named <= IMWG else None


def _product(sdtm: Sdtm, told: dict[str, str]) -> Product:
    given = sdtm.of(Ex).filter(pl.col("EXTRT").is_not_null())
    infused = given.filter(pl.col("EXCAT") == INFUSION)
    others = given.filter(pl.col("EXCAT").ne_missing(CONDITIONING))
    rows = infused if infused.height else others
    treatments = tuple(rows["EXTRT"].unique().sort().to_list())
    named = told.get("TRT", treatments[0] if treatments else "not told by TS or EX")
    return Product(name=named, treatments=treatments or (named,))


def _outcomes() -> tuple[Outcome, ...]:
    return tuple(
        Outcome(analysis=analysis, role="other", measure=measure, description=NOT_REGISTERED)
        for analysis, measure in MEASURES.items()
    )


def _doses(sdtm: Sdtm) -> Doses:
    subjects = sdtm.of(Dm).filter(
        pl.col("ARMCD").is_not_null(),
        ~pl.col("ARMCD").str.to_uppercase().is_in(NO_ARM),
    )
    arms = subjects.select("USUBJID", "ARMCD", pl.coalesce("ARM", "ARMCD").alias("ARM"))
    units = _given(sdtm)["EXDOSU"].drop_nulls().unique().to_list()
    doses = _given(sdtm) if len(units) == 1 else _given(sdtm).clear()
    joined = arms.join(doses.select("USUBJID", "EXDOSE"), on="USUBJID", how="left")
    levels = (
        joined.group_by("ARMCD")
        .agg(
            pl.col("ARM").sort().first(),
            pl.col("EXDOSE").median(),
            pl.col("EXDOSE").mean().alias("mean"),
        )
        .sort("EXDOSE", "mean", "ARMCD", nulls_last=True)
    )
    named = pl.when(pl.col("ARM").is_duplicated()).then(pl.format("{} ({})", "ARM", "ARMCD"))
    levels = levels.with_columns(label=named.otherwise("ARM"))
    return Doses(
        unit=units[0] if len(units) == 1 else "not told by EX",
        levels=tuple(
            DoseLevel(label=row["label"], dose=row["EXDOSE"], arm=row["ARMCD"])
            for row in levels.iter_rows(named=True)
        )
        or (DoseLevel(label="All subjects"),),
    )


def _given(sdtm: Sdtm) -> pl.DataFrame:
    """The doses of the product."""
    treatments = _product(sdtm, {}).treatments
    return sdtm.of(Ex).filter(
        pl.col("EXTRT").is_in(treatments), pl.col("EXDOSE") >= 0, pl.col("EXDOSU").is_not_null()
    )
