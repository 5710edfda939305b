"""Relapse from complete response and signs of clinical relapse, shown beside the response.

Neither is progression: PFS and DOR take PD alone. A relapse from CR ends disease-free survival;
whether signs of clinical relapse are due to the myeloma a person judges.

    relapse from CR     after CR or sCR: M-protein seen again, by electrophoresis or immunofixation;
                        plasma cells of the marrow no longer below the limit of CR
    clinical relapse    a new or growing plasmacytoma; calcium too high; haemoglobin fallen;
                        creatinine too high or risen

Source: Kumar 2016, Lancet Oncol 17:e328-e346. doi:10.1016/S1470-2045(16)30206-6
Reading: the CR before a relapse need not be confirmed. A band that is not of the myeloma is no
relapse. Haemoglobin and creatinine are held against the highest and lowest of the samples before,
blood of the first weeks (`since`) left out: the treatment itself changes it. Blood belongs to the
first assessment that ends on its day or later, and shows there as it last was.
"""

import polars as pl

from cartrial import schema as s
from cartrial.protocol.response_criteria import ClinicalRelapse, ResponseCriteria
from cartrial.response.assessed import Assessed, Component
from cartrial.response.course.fixation import FLUIDS, myeloma_protein, seen
from cartrial.response.course.gathering import after_infusion
from cartrial.response.limits import at_least, at_most
from cartrial.response.sample import FollowUp, Sample
from cartrial.response.scale import COMPLETE
from cartrial.response.wording import amount, day, joined
from cartrial.running import before, highest_so_far, lowest_so_far

FLUID_UNIT = {"serum": "g/L", "urine": "mg/24h"}
KEY = ["subject", "number"]
SUBJECT = pl.col("subject")
SIGNS = ("calcium", "haemoglobin", "creatinine")


def with_relapse(
    criteria: ResponseCriteria,
    assessed: s.DataFrame[Assessed],
    components: s.DataFrame[Component],
    samples: s.DataFrame[Sample],
    follow_up: s.DataFrame[FollowUp],
) -> s.DataFrame[Assessed]:
    """The assessments with the relapse that each of them shows; null where it shows none."""
    placed = _placed(assessed, samples, follow_up)
    relapsed = _from_cr(criteria, assessed, placed)
    signs = _signs(criteria.clinical_relapse, placed)
    grown = components.filter(component="plasmacytomas", level="PD").select(
        *KEY, grown=pl.lit("a new or growing plasmacytoma")
    )
    known = assessed.drop("relapse_from_cr", "clinical_relapse").join(relapsed, on=KEY, how="left")
    known = known.join(signs, on=KEY, how="left").join(grown, on=KEY, how="left")
    shown = known.with_columns(clinical_relapse=joined(map(pl.col, ("grown", *SIGNS)), "; "))
    return Assessed.cast(shown.select(assessed.columns).sort(KEY))


def _placed(
    assessed: s.DataFrame[Assessed], samples: s.DataFrame[Sample], follow_up: s.DataFrame[FollowUp]
) -> pl.DataFrame:
    """The samples after the infusion, each with the assessment that it is shown at."""
    after = after_infusion(samples, follow_up).sort("on")
    ends = assessed.select(*KEY, on="last").sort("on")
    placed = after.join_asof(
        ends, on="on", by="subject", strategy="forward", check_sortedness=False
    )
    return placed.sort("subject", "on")


def _from_cr(
    criteria: ResponseCriteria, assessed: s.DataFrame[Assessed], placed: pl.DataFrame
) -> pl.DataFrame:
    """Of each assessment after a CR the relapse from it, as a text."""
    complete = pl.when(pl.col("response").is_in(COMPLETE)).then("number")
    later = assessed.filter(pl.col("number") > complete.min().over("subject"))
    given = placed.with_columns(seen(fluid).alias(f"{fluid}_seen") for fluid in FLUIDS)
    of_myeloma = given.with_columns(myeloma_protein(fluid).alias(fluid) for fluid in FLUIDS)
    found = of_myeloma.join(later, on=KEY, how="semi").with_columns(
        _again(criteria.marrow.clear).alias("relapse_from_cr")
    )
    return _last_told(found, "relapse_from_cr")


def _again(clear: float) -> pl.Expr:
    """What is seen of the myeloma in a sample; null where nothing is."""
    measured = [
        pl.when(pl.col(fluid) > 0).then(
            pl.concat_str(pl.lit(f"M-protein of {fluid} "), amount(pl.col(fluid), unit))
        )
        for fluid, unit in FLUID_UNIT.items()
    ]
    fixed = [
        pl.when(pl.col(f"{fluid}_seen") == "myeloma").then(
            pl.lit(f"immunofixation of {fluid} positive")
        )
        for fluid in FLUIDS
    ]
    cells = pl.concat_str(pl.lit("plasma cells of the marrow "), amount(pl.col("marrow"), "%"))
    marrow = pl.when(at_least(pl.col("marrow"), clear)).then(cells)
    what = joined((*measured, *fixed, marrow), ", ")
    return pl.concat_str(what, pl.lit(" on "), day(pl.col("on")))


def _signs(criteria: ClinicalRelapse, placed: pl.DataFrame) -> pl.DataFrame:
    """The signs of clinical relapse in blood at each assessment, one column for each."""
    since = pl.col("on") - pl.col("infused") >= pl.duration(days=criteria.since)
    blood = placed.filter(since).with_columns(
        highest=before(highest_so_far(pl.col("haemoglobin"), SUBJECT), SUBJECT),
        lowest=before(lowest_so_far(pl.col("creatinine"), SUBJECT), SUBJECT),
    )
    told = blood.with_columns(
        calcium=_calcium(criteria.calcium),
        haemoglobin=_haemoglobin(criteria.haemoglobin_fall),
        creatinine=_creatinine(criteria.creatinine, criteria.creatinine_rise),
    )
    return _last_told(told, *SIGNS)


def _calcium(most: float) -> pl.Expr:
    value = pl.col("calcium")
    told = _told("calcium", value.round(2), f"mmol/L, above {most:g},")
    return pl.when(~at_most(value, most)).then(told)


def _haemoglobin(fall: float) -> pl.Expr:
    value, highest = pl.col("haemoglobin"), pl.col("highest")
    from_ = pl.concat_str(pl.lit("g/L, down from "), _plain(highest.round(0)))
    return pl.when(at_least(highest - value, fall)).then(
        _told("haemoglobin", value.round(0), from_)
    )


def _creatinine(most: float, rise: float) -> pl.Expr:
    value, lowest = pl.col("creatinine"), pl.col("lowest")
    from_ = pl.concat_str(pl.lit("umol/L, up from "), _plain(lowest.round(0)))
    high = _told("creatinine", value.round(0), f"umol/L, {most:g} or more,")
    return (
        pl.when(at_least(value - lowest, rise))
        .then(_told("creatinine", value.round(0), from_))
        .when(at_least(value, most))
        .then(high)
    )


def _told(what: str, value: pl.Expr, rest: pl.Expr | str) -> pl.Expr:
    more = pl.lit(rest) if isinstance(rest, str) else rest
    return pl.concat_str(
        pl.lit(f"{what} "), _plain(value), pl.lit(" "), more, pl.lit(" on "), day(pl.col("on"))
    )


def _plain(value: pl.Expr) -> pl.Expr:
    return value.cast(pl.String).str.strip_suffix(".0")


def _last_told(found: pl.DataFrame, *names: str) -> pl.DataFrame:
    """The last text of each column at each assessment."""
    mine = found.filter(pl.col("number").is_not_null())
    return mine.group_by(KEY, maintain_order=True).agg(pl.col(*names).drop_nulls().last())
