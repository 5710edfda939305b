"""Response by the criteria from raw values, for all subjects at once.

Samples are gathered to assessments; each component is judged against its baseline and its lowest
value before; the response is the lowest of them. Nothing later is ever looked at, and no subject at
another one.

Source: Kumar 2016, Lancet Oncol 17:e328-e346. doi:10.1016/S1470-2045(16)30206-6
Reading: a response is dated at the last sample of its assessment, progression at the first that
shows it.
"""

import polars as pl

from cartrial import schema as s
from cartrial.protocol.response_criteria import ResponseCriteria
from cartrial.response.assessed import (
    COMPONENTS,
    Assessed,
    Baseline,
    Component,
    ResponseTables,
)
from cartrial.response.course.baseline import DIGITS, derive_baseline, difference, to_baseline
from cartrial.response.course.gathering import gather
from cartrial.response.course.imaging import baseline_lesions, summed
from cartrial.response.course.visits import derive_visits
from cartrial.response.explanation import explained, word
from cartrial.response.overall import KEYS, judged, progressions
from cartrial.response.relapse import with_relapse
from cartrial.response.sample import FollowUp, Lesion, Sample
from cartrial.response.scale import RANK

UNITS = ("g/L", "mg/24h", "mg/L", "%", "mm2", "cells/uL")
AT_ONCE = 10_000  # subjects, so that memory does not grow with the trial
SAMPLED = ("serum", "urine", "difference", "marrow", "circulating")
BY_IMAGING = ("marrow_pd", "spd_pd")
PD = RANK["PD"]


def derive_response(
    criteria: ResponseCriteria,
    samples: s.DataFrame[Sample],
    lesions: s.DataFrame[Lesion],
    follow_up: s.DataFrame[FollowUp],
    *,
    together: int,
) -> ResponseTables:
    """The baseline, every assessment after the infusion, and its components.

    Samples within `together` days after the first make one assessment.
    """
    limits = criteria.with_listed_limits()
    ordered = follow_up.sort("subject")
    starts = range(0, max(ordered.height, 1), AT_ONCE)
    parts = [
        _derived(
            limits,
            Sample.cast(samples.join(some, on="subject", how="semi", maintain_order="left")),
            Lesion.cast(lesions.join(some, on="subject", how="semi", maintain_order="left")),
            FollowUp.cast(some),
            together,
        )
        for some in (ordered.slice(start, AT_ONCE) for start in starts)
    ]
    return ResponseTables(
        Baseline.cast(pl.concat([part.baseline for part in parts])),
        Assessed.cast(pl.concat([part.assessed for part in parts])),
        Component.cast(pl.concat([part.components for part in parts])),
    )


def _derived(
    criteria: ResponseCriteria,
    samples: s.DataFrame[Sample],
    lesions: s.DataFrame[Lesion],
    follow_up: s.DataFrame[FollowUp],
    together: int,
) -> ResponseTables:
    gathered = gather(samples, lesions, follow_up, together=together)
    at_baseline = baseline_lesions(lesions, follow_up, together=together)
    baseline = derive_baseline(criteria, samples, summed(at_baseline), follow_up)
    visits = derive_visits(criteria, baseline, lesions, at_baseline, gathered)
    known = explained(criteria, judged(criteria, visits))
    dated = _dated(criteria, known, gathered)
    components = _components(dated)
    assessed = with_relapse(criteria, _assessed(dated), components, samples, follow_up)
    return ResponseTables(to_baseline(baseline), assessed, components)


def _dated(criteria: ResponseCriteria, known: pl.DataFrame, gathered: pl.DataFrame) -> pl.DataFrame:
    """The assessments with `on`: the first sample that shows PD, else the last one."""
    shown = [f"{key}_pd" for key in SAMPLED]
    progressed = known.filter(pl.any_horizontal(shown))
    values = ("serum", "urine", "kappa", "lambda_", "marrow", "circulating")
    rows = gathered.select("subject", "number", "on", *values)
    each = rows.join(progressed.drop(*values, "difference"), on=["subject", "number"])
    each = each.with_columns(difference=difference())
    shows = progressions(criteria)
    first = each.filter(pl.any_horizontal(pl.col(f"{k}_pd") & shows[k] for k in SAMPLED))
    sampled = first.group_by("subject", "number").agg(pd_on=pl.col("on").min())
    imaged = pl.when("spd_pd").then(pl.coalesce("told_on", "imaged_on"))
    on = pl.coalesce(pl.min_horizontal("pd_on", imaged), "last")
    joined = known.join(sampled, on=["subject", "number"], how="left", maintain_order="left")
    return joined.with_columns(on=on)


def _assessed(dated: pl.DataFrame) -> s.DataFrame[Assessed]:
    named = dated.with_columns(
        response=word(pl.col("rank")),
        by_imaging=(pl.col("rank") == PD) & pl.any_horizontal(BY_IMAGING),
        relapse_from_cr=pl.lit(None, dtype=pl.String),
        clinical_relapse=pl.lit(None, dtype=pl.String),
    )
    return Assessed.cast(named.select(Assessed.column_names()))


def _components(dated: pl.DataFrame) -> s.DataFrame[Component]:
    """One row for each component that is applicable, or was measured."""
    rows = dated.rename({"imaged_on": "spd_on"})
    parts = [
        _component(rows, place, key, name, unit)
        for place, (key, name, unit) in enumerate(zip(KEYS, COMPONENTS, UNITS, strict=True))
    ]
    whole = pl.concat(parts).sort("subject", "number", "place")
    return Component.cast(whole.drop("place"))


def _component(rows: pl.DataFrame, place: int, key: str, name: str, unit: str) -> pl.DataFrame:
    value, baseline, lowest = (pl.col(f"{key}{part}") for part in ("", "_baseline", "_lowest"))
    level = pl.col(f"{key}_level")
    always = key in ("serum", "urine")
    shown = rows if always else rows.filter(level.is_not_null() | value.is_not_null())
    change = pl.when(baseline != 0).then((value - baseline) / baseline.abs() * 100)
    return shown.select(
        "subject",
        "number",
        pl.lit(name).alias("component"),
        pl.col(f"{key}_on").alias("dated"),
        value.alias("value"),
        pl.lit(unit).alias("unit"),
        baseline.alias("baseline"),
        lowest.alias("lowest"),
        change.round(DIGITS).alias("change"),
        (value - lowest).round(DIGITS).alias("rise"),
        pl.coalesce(word(level), pl.lit("not applicable")).alias("level"),
        pl.col(f"{key}_said").alias("explanation"),
        pl.lit(place).alias("place"),
    )
