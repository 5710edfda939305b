"""What the myeloma laboratory and imaging leave unsure, as findings.

Reading: a ratio of light chains agrees with kappa and lambda within 5 %, or within the rounding to
two decimals. A baseline is asked for where the trial collected values of the myeloma at all, of
each subject that was infused and assessed afterwards.
"""

from collections.abc import Iterator

import polars as pl

from cartrial import units
from cartrial.adam.response.courses import Recorded
from cartrial.adam.response.myeloma import FIXED, NAMED
from cartrial.adam.response.myeloma_results import (
    ANALYTE,
    CODES,
    IMPOSSIBLE,
    IN_WORDS,
    NO_UNIT,
)
from cartrial.adam.summed import Tables, summed
from cartrial.schema import Finding
from cartrial.sdtm.domain import Sdtm
from cartrial.sdtm.domains.lb import Lb

NAMES = NAMED | {
    "ratio": "ratio of free light chains",
    "circulating": "circulating plasma cells",
    "serum_fixation": "immunofixation of serum",
    "urine_fixation": "immunofixation of urine",
    "serum_band": "band seen by immunofixation of serum",
    "urine_band": "band seen by immunofixation of urine",
    "clonal": "clonal plasma cells",
}
NOT_USED = "It is not used"
FLUIDS = ("serum", "urine")
OF_MYELOMA = (
    r"(?i)m[- ]?(protein|spike)|paraprotein|monoclonal|immunofix|light chain|free (kappa|lambda)"
    r"|plasma cell"
)
MOST_CODES = 5  # that one line names
SHARE, ROUNDING = 0.05, 0.005  # of the ratio of light chains
UNDATED, PART = "be a complete date", "a part or nothing"


def myeloma_findings(sdtm: Sdtm, tables: Tables, recorded: Recorded) -> tuple[Finding | None, ...]:
    """The warnings on what response is derived from, in a fixed order."""
    adsl = tables["ADSL"].select("USUBJID", "SAFFL", "TRTSDT", "LDSTDT", "DTHDT")
    named = recorded.results.filter(pl.col("kind").is_in(list(NAMES)))
    known = named.join(adsl, on="USUBJID", maintain_order="left")
    told = known.filter(pl.col("value").is_not_null() | pl.col("word").is_not_null())
    return (
        _unknown_tests(sdtm),
        _no_baseline(recorded, told, adsl),
        _no_serum(told),
        *_faults(known),
        _undated(told),
        *_several_a_day(told),
        _ratio(told),
        *_negative_beside_protein(told),
        _after_death(told),
        *_lesions(recorded.diameters, adsl),
    )


def _unknown_tests(sdtm: Sdtm) -> Finding | None:
    """Tests that by their name are of the myeloma, under a code that is not read."""
    named = pl.coalesce("LBTEST", "LBTESTCD").str.contains(OF_MYELOMA)
    unread = ~pl.col("LBTESTCD").is_in(CODES)
    tests = sdtm.of(Lb).select("USUBJID", "LBTESTCD", "LBTEST").filter(unread)
    strange = tests.select("LBTESTCD", "LBTEST").unique().filter(named)
    if strange.is_empty():
        return None
    rows = tests.join(strange, on=strange.columns, how="semi", nulls_equal=True)
    got = ", ".join(rows["LBTESTCD"].unique().sort()[:MOST_CODES])
    must = "be a code of CDISC, such as MCPROT, MPIFE, KLCFR, LLCFR or PLSTCECE"
    return summed("LB", rows, "LBTESTCD", must, got, NOT_USED)


def _no_baseline(recorded: Recorded, told: pl.DataFrame, adsl: pl.DataFrame) -> Finding | None:
    """Infused subjects that were assessed and have no value of the myeloma before treatment."""
    measured = told.filter(pl.col("kind").is_in(list(NAMED)))
    if measured.is_empty():
        return None
    before = pl.coalesce("LDSTDT", "TRTSDT")
    based = measured.filter(pl.col("on") <= before)
    after = measured.filter(pl.col("on") > pl.col("TRTSDT")).select("USUBJID")
    responses = recorded.responses.drop_nulls("RESPONSE").select("USUBJID")
    imaged = recorded.diameters.select(USUBJID="subject", on="on", mm="mm").drop_nulls()
    lesions = imaged.join(adsl, on="USUBJID").filter(pl.col("on") <= before)
    assessed = pl.concat([after, responses]).unique()
    rows = (
        adsl.filter(pl.col("SAFFL") == "Y", pl.col("TRTSDT").is_not_null())
        .join(assessed, on="USUBJID", how="semi")
        .join(based, on="USUBJID", how="anti")
        .join(lesions, on="USUBJID", how="anti")
    )
    must = "have M-protein, light chains, marrow or a plasmacytoma measured before treatment"
    remedy = "No response can be derived by the criteria"
    return summed("LB", rows, "", must, "none", remedy, what="subject")


def _no_serum(told: pl.DataFrame) -> Finding | None:
    """Subjects with serum M-protein after the infusion, and a baseline of other kinds alone."""
    before = pl.col("on") <= pl.coalesce("LDSTDT", "TRTSDT")
    based = told.filter(before, pl.col("kind").is_in(list(NAMED)))
    serum = based.filter(pl.col("kind").is_in(("serum", "serum_fixation")))
    some = told.filter(
        pl.col("kind") == "serum", pl.col("value") > 0, pl.col("on") > pl.col("TRTSDT")
    )
    rows = (
        some.unique("USUBJID")
        .join(based, on="USUBJID", how="semi")
        .join(serum, on="USUBJID", how="anti")
    )
    must = "have serum M-protein measured before treatment"
    remedy = "Its fall is not judged"
    return summed("LB", rows, "", must, "the first one after it", remedy, what="subject")


def _faults(known: pl.DataFrame) -> Iterator[Finding | None]:
    """Results that are no value of their kind."""
    for kind, name in NAMES.items():
        mine = known.filter(pl.col("kind") == kind)
        if mine["fault"].null_count() == mine.height:
            continue
        in_words = mine.filter(pl.col("fault") == IN_WORDS)
        must = f"be {_readable(kind)} for {name}"
        yield summed("LB", in_words, "LBSTRESC", must, "other words", NOT_USED)
        # a number without a standard value is told where SDTM is checked
        foreign = mine.filter(pl.col("fault") == NO_UNIT, pl.col("LBSTRESN").is_not_null())
        units_ = ", ".join(foreign["unit"].unique(maintain_order=True).fill_null("no unit")[:3])
        must = f"be a unit of {name}, such as {_units(kind)}"
        yield summed("LB", foreign, "LBSTRESU", must, units_, NOT_USED)
        impossible = mine.filter(pl.col("fault") == IMPOSSIBLE)
        must = "be from 0 to 100 %" if kind == "marrow" else "be 0 or more"
        yield summed("LB", impossible, "LBSTRESN", f"{must} for {name}", "another number", NOT_USED)


def _readable(kind: str) -> str:
    if kind.endswith("fixation"):
        return f"one of {', '.join(FIXED)}"
    if kind in FLUIDS:
        return "a number, or words that say that there was none to measure,"
    return "one of the words of the form" if kind.endswith(("band", "clonal")) else "a number"


def _units(kind: str) -> str:
    return ", ".join(units.usual_units(ANALYTE[kind])[:2]) if kind in ANALYTE else "%"


def _undated(told: pl.DataFrame) -> Finding | None:
    return summed("LB", told.filter(pl.col("on").is_null()), "LBDTC", UNDATED, PART, NOT_USED)


def _several_a_day(told: pl.DataFrame) -> Iterator[Finding | None]:
    """Results of one kind and day that differ."""
    value, word = pl.col("value"), pl.col("word")
    days = told.drop_nulls("on").group_by("kind", "USUBJID", "on")
    differ = pl.any_horizontal(value.min() < value.max(), word.min() < word.max())
    twice = days.agg(differ=differ).filter("differ")
    for kind, name in NAMES.items():
        rows = twice.filter(pl.col("kind") == kind)
        remedy = "What says more disease counts"
        must = f"be one result of {name} a day"
        yield summed("LB", rows, "LBSTRESC", must, "different ones", remedy, what="day")


def _ratio(told: pl.DataFrame) -> Finding | None:
    """Ratios of light chains that are not those of kappa and lambda of the sample."""
    sample = ["USUBJID", "LBDTC"]
    mine = told.filter(pl.col("kind").is_in(("kappa", "lambda_", "ratio")))
    of = {kind: mine.filter(pl.col("kind") == kind) for kind in ("kappa", "lambda_", "ratio")}
    both = of["ratio"].select(*sample, ratio="value")
    for kind in ("kappa", "lambda_"):
        both = both.join(of[kind].select(*sample, pl.col("value").alias(kind)), on=sample)
    made = pl.col("kappa") / pl.col("lambda_")
    off = (pl.col("ratio") - made).abs()
    apart = (off > SHARE * made) & (off > ROUNDING)
    rows = both.with_columns(made=made).filter(pl.col("lambda_") > 0, apart).sort(sample)
    got = f"{rows['ratio'][0]:g} where they give {rows['made'][0]:.3g}" if rows.height else ""
    must = "be kappa divided by lambda of the sample, as ratio of free light chains"
    return summed("LB", rows, "LBSTRESN", must, got, "Kappa and lambda count")


def _negative_beside_protein(told: pl.DataFrame) -> Iterator[Finding | None]:
    for fluid in FLUIDS:
        kind, day = pl.col("kind"), ["USUBJID", "on"]
        negative = told.filter(kind == f"{fluid}_fixation", pl.col("word") == "negative")
        some = told.filter(kind == fluid, pl.col("value") > 0)
        rows = negative.join(some, on=day, how="semi")
        must = f"not be negative beside an M-protein above 0 in {fluid}"
        remedy = "The M-protein counts: it is no CR"
        yield summed("LB", rows, "LBSTRESC", must, "negative by immunofixation", remedy)


def _after_death(told: pl.DataFrame) -> Finding | None:
    rows = told.filter(pl.col("on") > pl.col("DTHDT"))
    return summed("LB", rows, "LBDTC", "not be after death", "a later date", NOT_USED)


def _lesions(sizes: pl.DataFrame, adsl: pl.DataFrame) -> Iterator[Finding | None]:
    """Diameters that are not used."""
    measured = sizes.drop_nulls("number")
    rows = measured.rename({"subject": "USUBJID"}).join(adsl, on="USUBJID")
    unnamed = rows.filter(pl.col("lesion").is_null())
    yield summed("TR", unnamed, "TRLNKID", "name the lesion", "nothing", NOT_USED)
    foreign = rows.filter(pl.col("mm").is_null())
    must = "be a diameter from 0 in mm or cm"
    yield summed("TR", foreign, "TRSTRESU", must, "another unit or number", NOT_USED)
    undated = rows.filter(pl.col("on").is_null())
    yield summed("TR", undated, "TRDTC", UNDATED, PART, NOT_USED)
    late = rows.filter(pl.col("on") > pl.col("DTHDT"))
    yield summed("TR", late, "TRDTC", "not be after death", "a later date", NOT_USED)
