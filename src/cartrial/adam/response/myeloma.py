"""What the laboratory, imaging and MRD show of each subject's myeloma, from SDTM of any system.

From: LB, TR, TU, RS. The subject is USUBJID.

    samples    LB as adam.response.myeloma_results reads it, one row for each day
    lesions    longest and perpendicular diameter (LDIAM, LPERP) of TR, in mm; new where TRNEW or
               the lesion's record in TU says so
    MRD        MRDRESP or MRDIND of RS, with the sensitivity and PET-CT where they were given

Reading: of two results of one kind on one day the one that says more disease counts: the higher,
the positive; of haemoglobin the lower. A lesion whose longest diameter is 0 is gone. Where lesions
or MRD were read by several, the investigator's readings count. What has no complete date, or no
number that can be understood, is not used.
"""

import polars as pl

from cartrial import schema as s
from cartrial.adam.response.myeloma_results import MARROW
from cartrial.adam.subject.adsl import Adsl
from cartrial.response.sample import PET, Lesion, Mrd, Sample
from cartrial.sdtm.domain import Sdtm
from cartrial.sdtm.domains.rs import Rs
from cartrial.sdtm.domains.tr import Tr
from cartrial.sdtm.domains.tu import Tu
from cartrial.sdtm.mapping import NOT_DONE
from cartrial.sdtm.study_day import calendar_day

CHAINS = ("kappa", "lambda_")
HIGHEST = ("serum", "urine", *CHAINS, MARROW, "circulating", "calcium", "creatinine")
FIXED = ("positive", "negative", "not done")  # the worst first, as in all of these
BANDS = ("of the myeloma", "not stated", "oligoclonal", "therapeutic antibody")
WORST_FIRST = {
    "serum_fixation": FIXED,
    "serum_band": BANDS,
    "urine_fixation": FIXED,
    "urine_band": BANDS,
    "clonal": ("found", "not found", "not done"),
}
RANK = {word: rank for words in WORST_FIRST.values() for rank, word in enumerate(words)}
NAMED = {
    "serum": "serum M-protein",
    "urine": "urine M-protein",
    "kappa": "free kappa",
    "lambda_": "free lambda",
    MARROW: "marrow plasma cells",
}
BOTH_CHAINS = "free light chains"
DIAMETERS = {"LDIAM": "long", "DIAMETER": "long", "LPERP": "short"}
MM = {"mm": 1.0, "cm": 10.0}
DAY = ["subject", "on"]
MRD_TESTS = ("MRDRESP", "MRDIND")
MRD_WORDS = {"POSITIVE": "positive", "NEGATIVE": "negative", "NOT EVALUABLE": "not evaluable"}
MRD_WORST = {"positive": 0, "negative": 1, "not evaluable": 2}
MRD_WORDS |= {"POS": "positive", "NEG": "negative"}
MRD_WORDS |= dict.fromkeys(("NE", "INDETERMINATE"), "not evaluable")


def myeloma_samples(results: pl.DataFrame, adsl: s.DataFrame[Adsl]) -> s.DataFrame[Sample]:
    """What was measured on each day on which anything of the myeloma was, or was to be."""
    theirs = _of_subjects(results.rename({"USUBJID": "subject"}), adsl)
    mine = theirs.filter(pl.col("on").is_not_null())
    ranked = mine.with_columns(
        rank=pl.col("word").replace_strict(RANK, default=None, return_dtype=pl.Int8)
    )
    days = ranked.group_by(DAY).agg(
        *(_of(kind, "value").max().alias(kind) for kind in HIGHEST),
        _of("haemoglobin", "value").min().alias("haemoglobin"),
        *(_of(kind, "rank").min().alias(kind) for kind in WORST_FIRST),
    )
    days = days.with_columns(
        pl.col(kind).replace_strict(range(len(words)), words, return_dtype=pl.String)
        for kind, words in WORST_FIRST.items()
    )
    whole = days.join(_lost(mine), on=DAY, how="left")
    told = whole.filter(pl.any_horizontal(pl.exclude(DAY).is_not_null()))
    names = s.empty(Sample).columns
    return Sample.cast(told.select(names).sort(DAY))


def _of_subjects(records: pl.DataFrame, adsl: s.DataFrame[Adsl]) -> pl.DataFrame:
    return records.filter(pl.col("subject").is_in(adsl["USUBJID"].implode()))


def _of(kind: str, column: str) -> pl.Expr:
    """A column of the results of one kind, null in all others."""
    return pl.when(pl.col("kind") == kind).then(column)


def _lost(results: pl.DataFrame) -> pl.DataFrame:
    """What was to be measured on a day and has no value, in words."""
    why = pl.coalesce("reason", "fault")
    named = results.filter(pl.col("kind").is_in(list(NAMED)))
    missing = named.filter(why.is_not_null()).select(*DAY, "kind", why=why)
    values = named.filter(pl.col("value").is_not_null())
    lost = missing.unique().join(values, on=[*DAY, "kind"], how="anti")
    chain = pl.col("kind").is_in(CHAINS)
    both = chain & (chain.sum().over(*DAY, "why") == len(CHAINS))
    name = pl.when(both).then(pl.lit(BOTH_CHAINS)).otherwise(pl.col("kind").replace(NAMED))
    said = lost.select(*DAY, said=pl.format("{}: {}", name, "why"))
    return said.group_by(DAY).agg(lost=pl.col("said").unique().sort().str.join("; "))


# ---------------------------------------------------------------- lesions
def lesions(sizes: pl.DataFrame, adsl: s.DataFrame[Adsl]) -> s.DataFrame[Lesion]:
    """Each plasmacytoma at each assessment of it, measured or not, from its diameters."""
    measured = sizes.drop_nulls(("on", "lesion"))
    key = [*DAY, "lesion"]
    each = (
        _of_subjects(measured, adsl)
        .group_by(key)
        .agg(
            long=pl.col("mm").filter(pl.col("side") == "long").max(),
            short=pl.col("mm").filter(pl.col("side") == "short").max(),
            new=pl.col("new").any(),
        )
        .with_columns(short=pl.when(pl.col("long") == 0).then(0.0).otherwise("short"))
    )
    return Lesion.cast(each.select(s.empty(Lesion).columns).sort(key))


def diameters(sdtm: Sdtm) -> pl.DataFrame:
    """Each diameter of TR: subject, lesion, on, side, new; `mm` where it was measured in mm or cm.

    TRSEQ, `number` and `unit` are those of the record.
    """
    sizes = sdtm.of(Tr).filter(pl.col("TRTESTCD").is_in(list(DIAMETERS)))
    number = pl.coalesce("TRSTRESN", pl.col("TRORRES").cast(pl.Float64, strict=False))
    unit = pl.when(pl.col("TRSTRESN").is_null()).then("TRORRESU").otherwise("TRSTRESU")
    size = unit.str.to_lowercase().replace_strict(MM, default=None, return_dtype=pl.Float64)
    new = sdtm.of(Tu).filter(pl.col("TUSTRESC").str.to_uppercase().str.contains("NEW"))
    first = new.select("USUBJID", TRLNKID="TULNKID", TRDTC="TUDTC", first=True).unique()
    known = of_investigator(sizes, "TREVAL").join(
        first, on=("USUBJID", "TRLNKID", "TRDTC"), how="left", maintain_order="left"
    )
    done = pl.col("TRSTAT").ne_missing(NOT_DONE)
    return known.select(
        "TRSEQ",
        subject="USUBJID",
        on=calendar_day(pl.col("TRDTC")),
        lesion="TRLNKID",
        side=pl.col("TRTESTCD").replace_strict(DIAMETERS),
        new=(pl.col("TRNEW") == "Y").fill_null(False) | pl.col("first").is_not_null(),
        number=pl.when(done).then(number),
        unit=unit,
        mm=pl.when(done, number >= 0).then(number * size),
    )


def of_investigator(records: pl.DataFrame, evaluator: str) -> pl.DataFrame:
    """The investigator's records, and those that name nobody; all where there is none such."""
    who = pl.col(evaluator)
    mine = records.filter(who.is_null() | (who == "INVESTIGATOR"))
    return records if mine.is_empty() else mine


# ---------------------------------------------------------------- MRD
def mrd(records: pl.DataFrame, adsl: s.DataFrame[Adsl]) -> s.DataFrame[Mrd]:
    """Each result of measurable residual disease that is dated and understood."""
    told = records.drop_nulls(("on", "result"))
    key = [*DAY, "method"]
    worst = pl.col("result").replace_strict(MRD_WORST, return_dtype=pl.Int8)
    chosen = _of_subjects(told, adsl).sort(*key, worst, "RSSEQ")
    once = chosen.unique(key, keep="first", maintain_order=True)
    return Mrd.cast(once.select(s.empty(Mrd).columns).sort(key))


def mrd_records(sdtm: Sdtm) -> pl.DataFrame:
    """Each record of MRD that was done, `result` null where its word is not known."""
    done = pl.col("RSSTAT").ne_missing(NOT_DONE)
    tests = sdtm.of(Rs).filter(pl.col("RSTESTCD").is_in(MRD_TESTS), done)
    said = pl.coalesce("RSSTRESC", "RSORRES").str.to_uppercase()
    pet = pl.col("RSPETCT").str.to_lowercase()
    return of_investigator(tests, "RSEVAL").select(
        "RSSEQ",
        subject="USUBJID",
        on=calendar_day(pl.col("RSDTC")),
        method=pl.coalesce("RSMETHOD", pl.lit("method not stated")).str.to_lowercase(),
        sensitivity="RSSENS",
        result=said.replace_strict(MRD_WORDS, default=None, return_dtype=pl.String),
        pet=pl.when(pet.is_in(PET)).then(pet),
    )
