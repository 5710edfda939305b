"""Kinetics parameters (ADPP): the non-compartmental parameters per subject and analyte.

From: ADPC, by non-compartmental analysis.

Reading: blood alone, and samples that do not name their specimen. Samples that were not done are
left out, those below quantification or not detected enter as such. Samples from the day of a
retreatment on belong to its own clock and are left out. A subject whose infusion has no date has no
time, and no parameter. Every infused subject stands for each analyte that was measured in any; who
was not sampled has each parameter missing for that reason. Code and name are those of the CDISC
terminology where it has one; of an AUCINT the code tells the days, AUC028.
"""

from collections.abc import Sequence

import numpy as np
import polars as pl

from cartrial import schema as s
from cartrial.adam.kinetics.adpc import NOT_DONE, Adpc, is_before_retreatment, is_blood
from cartrial.adam.subject.adsl import Adsl
from cartrial.adam.subject.record import TREATMENT, declared, with_subject
from cartrial.adam.variable import char, num, seq, usubjid, whole, yes_no
from cartrial.kinetics.nca.course import Course, Setting
from cartrial.kinetics.nca.parameter import Parameter, unit_of
from cartrial.kinetics.nca.parameters import PARAMETERS
from cartrial.kinetics.nca.profile import Profiles, profiles_from_infusion

ANALYTE = ("PARAM", "METHOD")


class Adpp(s.Table):
    """Kinetics parameters (ADPP): the non-compartmental parameters per subject and analyte."""

    STUDYID = char("Study Identifier", "Req")
    USUBJID = usubjid()
    ASEQ = seq()
    TRTP = char("Planned Treatment")
    TRTA = char("Actual Treatment")
    TRT01A = char("Actual Treatment for Period 01")
    TRT01AN = whole("Actual Treatment for Period 01 (N)", "level")
    PKFL = yes_no("Cellular Kinetics Population Flag")
    PARAMCD = char("Parameter Code")
    PARAM = char("Parameter")
    PPCAT = char("Analyte")
    METHOD = char("Method of Test or Examination")
    AVAL = num("Analysis Value", unit_in="AVALU")
    AVALU = char("Analysis Value Unit")
    WHYMISS = char("Why the Value Is Missing")
    SRCDOM = char("Source Data")
    SRCVAR = char("Source Variable")


SCHEMA = {
    name: dtype for name, dtype in s.empty(Adpp).schema.items() if name not in ("ASEQ", *TREATMENT)
}


def derive_adpp(
    adpc: s.DataFrame[Adpc],
    adsl: s.DataFrame[Adsl],
    setting: Setting | None = None,
    parameters: Sequence[Parameter] = PARAMETERS,
) -> s.DataFrame[Adpp]:
    """The parameters of each infused subject and analyte in blood, or why there is none."""
    samples = with_subject(adpc, adsl, "RETRTDT").filter(pl.col("SAFFL") == "Y", is_blood())
    infused = adsl.filter(pl.col("SAFFL") == "Y").sort("USUBJID")
    measured = adpc.select("USUBJID", "PKFL").unique("USUBJID")
    infused = infused.select("STUDYID", "USUBJID").join(
        measured, on="USUBJID", how="left", maintain_order="left"
    )
    infused = infused.with_columns(pl.col("PKFL").fill_null("N"))
    found = [
        _values(infused, mine, setting or Setting(), parameters).with_columns(
            PPCAT=pl.lit(key[0]), METHOD=pl.lit(key[1])
        )
        for key, mine in samples.group_by(ANALYTE, maintain_order=True)
    ]
    given = [part.select(pl.col(name).cast(of) for name, of in SCHEMA.items()) for part in found]
    rows = pl.concat([pl.DataFrame(schema=SCHEMA), *given])
    return declared(Adpp, with_subject(rows, adsl), ("PPCAT", "METHOD", "PARAMCD"))


def _values(
    infused: pl.DataFrame,
    samples: pl.DataFrame,
    setting: Setting,
    parameters: Sequence[Parameter],
) -> pl.DataFrame:
    """Every parameter of one analyte in each infused subject."""
    course = Course(_profiles(infused, samples), setting)
    concentration = samples["AVALU"].drop_nulls()
    unit = concentration[0] if concentration.len() else None
    found = [parameter.of(course) for parameter in parameters]
    reasons = pl.Series([why for one in found for why in one.why.tolist()], dtype=pl.String)
    about = pl.DataFrame(
        [(each.code, each.name, unit_of(each, unit)) for each in parameters],
        schema=dict.fromkeys(("PARAMCD", "PARAM", "AVALU"), pl.String),
        orient="row",
    )
    return about.join(infused, how="cross", maintain_order="left_right").with_columns(
        AVAL=pl.Series(np.concatenate([one.value for one in found])).set(
            reasons.is_not_null(), None
        ),
        WHYMISS=reasons,
        SRCDOM=pl.lit("ADPC"),
        SRCVAR=pl.lit("AVAL"),
    )


def _profiles(infused: pl.DataFrame, samples: pl.DataFrame) -> Profiles:
    done = samples.filter(
        is_before_retreatment(), pl.col("ARELTM").is_not_null(), pl.col("ASTATUS") != NOT_DONE
    )
    placed = done.join(infused.with_row_index("row"), on="USUBJID", maintain_order="left")
    return profiles_from_infusion(
        placed["row"].cast(pl.Int64).to_numpy(),
        placed["ARELTM"].to_numpy(),
        placed["AVAL"].to_numpy(),
        placed["ALLOQ"].to_numpy(),
        subjects=infused.height,
    )
