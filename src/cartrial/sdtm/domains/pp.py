"""Pharmacokinetics Parameters (PP): the non-compartmental parameters of CAR copies in blood.

From PC, by non-compartmental analysis; no form holds them.

Source: SDTM Implementation Guide 3.4, section 6.3.5.9 (PP, and its relation to PC by PPGRPID).
Reading: the parameters that controlled terminology has; ADPP holds the sponsor's own beside them.
    The clock starts at the first infusion and stops at a retreatment; time is exact where both
    clock times are known, else it counts whole days. A subject without a sample has no record.
"""

from collections.abc import Mapping

import polars as pl

from cartrial import schema as s
from cartrial.cdisc.terminology import packaged
from cartrial.forms.catalogue import Forms
from cartrial.forms.product import Infusion
from cartrial.kinetics.nca.course import Course
from cartrial.kinetics.nca.parameter import Parameter, unit_of
from cartrial.kinetics.nca.parameters import PARAMETERS
from cartrial.kinetics.nca.profile import profiles_from_infusion
from cartrial.protocol.study import Study
from cartrial.sdtm.domains.status import plain_number
from cartrial.sdtm.mapping import NOT_DONE, dtypes, unique_subject
from cartrial.sdtm.records import finished
from cartrial.sdtm.study_day import calendar_day, reference_starts
from cartrial.sdtm.variable import char, dtc, num, seq, usubjid


class Pp(s.Table):
    """Pharmacokinetics Parameters (PP): the non-compartmental parameters of CAR copies in blood."""

    STUDYID = char("Study Identifier", "Req")
    DOMAIN = char("Domain Abbreviation", "Req")
    USUBJID = usubjid()
    PPSEQ = seq()
    PPGRPID = char("Group ID")
    PPTESTCD = char("Parameter Short Name", "Req")
    PPTEST = char("Parameter Name", "Req")
    PPCAT = char("Parameter Category", "Exp")
    PPORRES = char("Result or Finding in Original Units", "Exp")
    PPORRESU = char("Original Units", "Exp")
    PPSTRESC = char("Character Result/Finding in Std Format", "Exp")
    PPSTRESN = num("Numeric Result/Finding in Standard Units", unit_in="PPSTRESU", core="Exp")
    PPSTRESU = char("Standard Units", "Exp")
    PPSTAT = char("Completion Status")
    PPREASND = char("Reason Parameter Not Calculated")
    PPSPEC = char("Specimen Material Type", "Exp")
    PPANMETH = char("Analysis Method")
    PPTPTREF = char("Time Point Reference")
    PPRFTDTC = dtc("Date/Time of Reference Point", "Exp")
    PPSTINT = char("Planned Start of Assessment Interval")
    PPENINT = char("Planned End of Assessment Interval")


ORDER = ("PPGRPID", "PPTESTCD", "PPENINT")
SPECIMEN = "BLOOD"
METHOD = "LINEAR UP LOG DOWN METHOD"  # of the areas
FIRST_INFUSION = "INFUSION 1"
NAMES, CODES = "C85493", "C85839"  # the codelists of parameter names and short names
DIGITS = 12  # significant digits of a parameter
MINUTES_PER_DAY = 1440


def to_pp(study: Study, forms: Forms, concentrations: pl.DataFrame) -> s.DataFrame[Pp]:
    """The parameters of each subject and analyte of PC in blood, or why there is none."""
    samples = _samples(study, forms, concentrations)
    profile = ("PCTEST", "PCSTRESU")
    units = samples.drop_nulls("PCSTRESU").unique(profile).sort(profile)
    parts = [pl.DataFrame(schema=dict(dtypes(Pp)))]
    for analyte, unit in units.select(profile).iter_rows():
        mine = samples.filter(pl.col("PCTEST") == analyte)
        parts += _parameters(mine.sort("USUBJID", "time"), unit)
    return finished(Pp, study, forms, pl.concat(parts, how="diagonal"), ORDER)


def _samples(study: Study, forms: Forms, concentrations: pl.DataFrame) -> pl.DataFrame:
    """The samples that were done on the clock of the first infusion, with their time in days."""
    again = forms.of(Infusion).filter(pl.col("number") > 1)
    stop = again.group_by(unique_subject(study)).agg(again=calendar_day(pl.col("at")).min())
    starts = reference_starts(study, forms).filter(calendar_day(pl.col("RFSTDTC")).is_not_null())
    known = concentrations.join(starts, on="USUBJID").join(stop, on="USUBJID", how="left")
    day, start = calendar_day(pl.col("PCDTC")), calendar_day(pl.col("RFSTDTC"))
    minutes = (_clock("PCDTC") - _clock("RFSTDTC")).dt.total_minutes()
    timed = known.with_columns(
        time=pl.coalesce(minutes / MINUTES_PER_DAY, (day - start).dt.total_days()),
    )
    counts = (pl.col("PCSPEC") == SPECIMEN) & pl.col("PCSTAT").ne_missing(NOT_DONE)
    before = pl.col("again").is_null() | (day < pl.col("again"))
    return timed.filter(counts, before, pl.col("time").is_not_null())


def _parameters(samples: pl.DataFrame, unit: str) -> list[pl.DataFrame]:
    """The records of one analyte, one part for each parameter."""
    subjects = samples.unique("USUBJID", keep="first", maintain_order=True).select(
        "USUBJID", PPGRPID="PCGRPID", PPCAT="PCTEST", PPRFTDTC="RFSTDTC"
    )
    placed = samples.join(
        subjects.select("USUBJID").with_row_index("row"), on="USUBJID", maintain_order="left"
    )
    above = pl.col("PCSTRESN") > 0
    value = placed.select(pl.when(above).then("PCSTRESN")).to_series()
    course = Course(
        profiles_from_infusion(
            placed["row"].cast(pl.Int64).to_numpy(),
            placed["time"].to_numpy(),
            value.to_numpy(),
            placed["PCLLOQ"].to_numpy(),
            subjects=subjects.height,
        )
    )
    names = _names()
    return [_records(subjects, p, course, unit, names) for p in PARAMETERS if p.cdisc in names]


def _records(
    subjects: pl.DataFrame,
    parameter: Parameter,
    course: Course,
    unit: str,
    names: Mapping[str, str],
) -> pl.DataFrame:
    """One parameter in each subject."""
    values, reasons = zip(*parameter.of(course).cells(), strict=True)
    code = parameter.cdisc or ""
    found = subjects.with_columns(
        pl.Series("PPSTRESN", values, dtype=pl.Float64).round_sig_figs(DIGITS),
        pl.Series("PPREASND", reasons, dtype=pl.String),
        PPTESTCD=pl.lit(code),
        PPTEST=pl.lit(names[code]),
        PPSPEC=pl.lit(SPECIMEN),
        PPANMETH=pl.lit(METHOD if "x concentration" in parameter.unit else None, dtype=pl.String),
        PPTPTREF=pl.lit(FIRST_INFUSION),
        PPSTINT=pl.lit(_interval(parameter, 0), dtype=pl.String),
        PPENINT=pl.lit(_interval(parameter, 1), dtype=pl.String),
    )
    done = pl.col("PPSTRESN").is_not_null()
    said = plain_number("PPSTRESN")
    measured = pl.when(done).then(pl.lit(unit_of(parameter, unit), dtype=pl.String))
    return found.with_columns(
        PPORRES=said,
        PPORRESU=measured,
        PPSTRESC=said,
        PPSTRESU=measured,
        PPSTAT=pl.when(~done).then(pl.lit(NOT_DONE)),
    )


def _interval(parameter: Parameter, end: int) -> str | None:
    """One end of the window of a partial area, as a duration from the infusion."""
    return f"P{parameter.window[end]:g}D" if parameter.window else None


def _names() -> dict[str, str]:
    """The name of each parameter of controlled terminology, by short name."""
    lists = packaged().codelists
    by_code = {term.code: term.value for term in lists[NAMES].terms.values()}
    return {value: by_code[term.code] for value, term in lists[CODES].terms.items()}


def _clock(name: str) -> pl.Expr:
    return (
        pl.col(name)
        .str.slice(0, 16)
        .str.to_datetime("%Y-%m-%dT%H:%M", strict=False, time_unit="us")
    )
