"""The results of the myeloma laboratory, one record each, from LB of any system.

    serum M-protein      MCPROT of serum, g/L
    urine M-protein      MPROTEXR, or MCPROT of urine, mg in 24 h
    immunofixation       MPIFE, MPIGISO, or a code of M-protein with that method; MPIFEBND its band
    light chains         KLCFR, LLCFR, mg/L; KLCLLCFR their ratio
    marrow               PLSTCECE, or PLSTCE of marrow, %; PLSCLON whether clonal cells were found
    blood                PLSTCE of blood, CACR (or CA and ALB of one sample), HGB, CREAT

Reading: an M-protein that electrophoresis did not find or could not quantify, in whatever words, is
0; so is `<x`, of M-protein, light chains and marrow, where x is so low that all below it is within
VGPR (of marrow, CR) from any measurable disease. Other words, a unit that is not known or does not
fit (a concentration in urine) and an impossible number are no value: `fault` says so. An isotype
that immunofixation names is a positive result. One that names no specimen is of serum or blood,
plasma cells in % are of marrow.
"""

import re
from collections.abc import Callable, Mapping, Sequence

import polars as pl

from cartrial import units
from cartrial.adam.laboratory.corrected_calcium import (
    ALBUMIN,
    CALCIUM,
    CORRECTED,
    corrected_for_albumin,
)
from cartrial.errors import DataError
from cartrial.sdtm.domain import Sdtm
from cartrial.sdtm.domains.lb import DIGITS, RATIO, Lb
from cartrial.sdtm.mapping import NOT_DONE
from cartrial.sdtm.study_day import calendar_day

ANALYTE = {  # in whose standard unit a kind of value stands; marrow is in %
    "serum": "MCPROT",
    "urine": "MPROTEXR",
    "kappa": "KLCFR",
    "lambda_": "LLCFR",
    "ratio": RATIO,
    "circulating": "PLSTCE",
    "haemoglobin": "HGB",
    "creatinine": "CREAT",
    CALCIUM: CALCIUM,
    ALBUMIN: ALBUMIN,
    CORRECTED: CORRECTED,
}
KIND = {code: kind for kind, code in ANALYTE.items()}
MARROW = "marrow"
M_PROTEIN, BY_FIXATION = ("MCPROT", "MPROTEXR"), ("MPIFE", "MPIGISO")
CODES = (*KIND, *BY_FIXATION, "MPIFEBND", "PLSTCECE", "PLSCLON")
NEEDED = (  # of LB
    *("USUBJID", "LBSEQ", "LBDTC", "LBTESTCD", "LBSPEC", "LBMETHOD", "LBORRES", "LBORRESU"),
    *("LBSTRESC", "LBSTRESN", "LBSTRESU", "LBSTAT", "LBREASND"),
)
READ_BY = ("LBTESTCD", "LBSPEC", "LBMETHOD", "LBSTRESU", "LBORRESU")
READ_AS = {"kind": pl.String, "standard": pl.Float64, "original": pl.Float64}
LOW = {"serum": 1.0, "urine": 100.0, "kappa": 10.0, "lambda_": 10.0, MARROW: 5.0}  # see Reading

NOTHING = re.compile(  # what electrophoresis did not find, or found too little of for a number
    r"NEG(ATIVE)?|NONE|ABSENT|(NOT|NONE) (DETECTED|DETECTABLE|QUANTIFIABLE|MEASURABLE|FOUND|SEEN)"
    r"|UN(DETECTED|DETECTABLE|QUANTIFIABLE|MEASURABLE)|TOO SMALL TO (QUANTIFY|MEASURE)|TSTQ"
    r"|BELOW (THE )?(LIMIT OF )?(DETECTION|QUANTIFICATION)"
    r"|NO (M-?SPIKE|M-?PROTEIN|MONOCLONAL (PROTEIN|BAND))( DETECTED| FOUND| SEEN)?"
)
SOMETHING = re.compile(r"POS(ITIVE)?|PRESENT|DETECTED|IG ?[GADEM]\b.*|(FREE )?(KAPPA|LAMBDA)\b.*")
LISTED = {
    "clonal": {
        **{"DETECTED": "found", "NOT DETECTED": "not found"},
        **{"FOUND": "found", "NOT FOUND": "not found"},
    },
    "band": {
        word.upper(): word
        for word in ("of the myeloma", "oligoclonal", "therapeutic antibody", "not stated")
    },
}
OF_CALCIUM = (CALCIUM, ALBUMIN, CORRECTED)
STANDARD = {code: units.standard_unit(code) for code in OF_CALCIUM}
LIMIT = re.compile(r"< ?(\d+(\.\d+)?)")
IN_WORDS, NO_UNIT, IMPOSSIBLE = "result in words", "unit not known", "impossible number"


def myeloma_results(sdtm: Sdtm) -> pl.DataFrame:
    """Every result of the myeloma and of the blood that tells of relapse, dated or not.

    USUBJID, LBSEQ and LBDTC of LB; `kind` is the column of Sample that it belongs to, or `ratio`;
    `on` its day. It has a `value` or a `word`, or was not done for a `reason`, or has a `fault`;
    `unit` is that of the record.
    """
    coded = sdtm.of(Lb).select(NEEDED).filter(pl.col("LBTESTCD").is_in(CODES))
    told = _looked_up(coded, READ_BY, READ_AS, _read).drop_nulls("kind")
    said = told.with_columns(
        on=calendar_day(pl.col("LBDTC")),
        said=_text(),
        unit=pl.coalesce("LBSTRESU", "LBORRESU"),
    )
    results = _with_value(_with_word(said.with_columns(reason=_reason())))
    names = ("USUBJID", "LBSEQ", "LBDTC", "on", "kind", "value", "word", "reason", "fault")
    of_calcium = pl.col("kind").is_in(OF_CALCIUM)
    plain = results.select(*names, "unit", "LBSTRESN").filter(~of_calcium)
    calcium = _calcium(results.select(names).filter(of_calcium))
    return pl.concat([plain, calcium.select(names)], how="diagonal")


def _looked_up(
    frame: pl.DataFrame,
    by: Sequence[str],
    names: Mapping[str, type[pl.DataType]],
    find: Callable[..., tuple[object, ...]],
) -> pl.DataFrame:
    """The frame with the columns that `find` makes of each distinct combination of others."""
    every = frame.select(by).unique()
    found = pl.DataFrame([find(*row) for row in every.iter_rows()], schema=names, orient="row")
    known = pl.concat([every, found], how="horizontal")
    return frame.join(known, on=by, how="left", nulls_equal=True, maintain_order="left")


def _read(
    code: str, specimen: str | None, method: str | None, standard: str | None, original: str | None
) -> tuple[str | None, float | None, float | None]:
    """What a record is of, and the factors of its two units."""
    kind = _kind(code, specimen, method)
    if kind is None:
        return None, None, None
    return kind, _factor(kind, standard), _factor(kind, original)


def _kind(code: str, specimen: str | None, method: str | None) -> str | None:
    """The column of Sample that a test belongs to; None where it is of something else."""
    of, by = (specimen or "").upper(), (method or "").upper()
    fluid = "urine" if "URINE" in of else "serum"
    in_marrow = "MARROW" in of
    in_blood = not of or any(word in of for word in ("BLOOD", "SERUM", "PLASMA"))
    if code in BY_FIXATION or (code in M_PROTEIN and "IMMUNOFIX" in by):
        return f"{fluid}_fixation"
    if code == "MPIFEBND":
        return f"{fluid}_band"
    if code == "PLSCLON":
        return "clonal" if in_marrow or not of else None
    if code == "PLSTCECE" or (code == "PLSTCE" and in_marrow):
        return MARROW if in_marrow or not of else None
    if code in M_PROTEIN:
        return "urine" if code == "MPROTEXR" else fluid
    return KIND[code] if in_blood else None


def _text() -> pl.Expr:
    """The result as it was said, where it is no plain number."""
    said = pl.coalesce("LBSTRESC", "LBORRES").str.strip_chars().str.to_uppercase()
    return pl.when(said.cast(pl.Float64, strict=False).is_null()).then(said)


def _reason() -> pl.Expr:
    """Why there is no result; null where there is one."""
    silent = pl.all_horizontal(pl.col("LBSTRESC", "LBSTRESN", "LBORRES").is_null())
    skipped = pl.any_horizontal(pl.col("LBSTAT", "said") == NOT_DONE)
    why = pl.col("LBREASND").str.to_lowercase().fill_null("not done")
    return pl.when(skipped).then(why).when(silent).then(pl.lit("no result"))


def _with_word(told: pl.DataFrame) -> pl.DataFrame:
    """The results with what their words mean; of a number that is 0."""
    by, word = ("kind", "said", "unit"), {"word": pl.String}
    known = _looked_up(told, by, word, lambda *row: (_word(*row),))
    asked = pl.col("kind").str.ends_with("fixation") | (pl.col("kind") == "clonal")
    skipped = pl.col("reason").is_not_null()
    none = pl.when(asked).then(pl.lit("not done"))
    return known.with_columns(word=pl.when(skipped).then(none).otherwise("word"))


def _word(kind: str, said: str | None, unit: str | None) -> str | None:
    if said is None:
        return None
    for name, words in LISTED.items():
        if kind.endswith(name):
            return words.get(said)
    negative = NOTHING.fullmatch(said) is not None
    if kind.endswith("fixation"):
        return "negative" if negative else "positive" if SOMETHING.fullmatch(said) else None
    if negative and kind in ("serum", "urine"):
        return "0"
    limit = LIMIT.fullmatch(said)
    factor = _factor(kind, unit) if limit and kind in LOW else None
    return "0" if limit and factor and float(limit[1]) * factor <= LOW[kind] else None


def _with_value(told: pl.DataFrame) -> pl.DataFrame:
    """The results with their value in the standard unit, or what is wrong with it."""
    exact = ~pl.col("said").str.contains("^[<>]").fill_null(False)
    raw = pl.col("LBORRES").cast(pl.Float64, strict=False)
    number = pl.when(exact).then(pl.coalesce("LBSTRESN", raw))
    value = pl.coalesce(_times("LBSTRESN", "standard"), _times("LBORRES", "original"))
    zero = pl.when(pl.col("word") == "0").then(0.0)
    is_number = pl.col("kind").is_in((*ANALYTE, MARROW))
    most = pl.when(pl.col("kind") == MARROW).then(100.0).otherwise(float("inf"))
    return (
        told.with_columns(value=pl.coalesce(zero, pl.when(exact, is_number).then(value)))
        .with_columns(
            fault=pl.when(pl.col("reason").is_not_null())
            .then(None)
            .when(~pl.col("value").is_between(0, most))
            .then(pl.lit(IMPOSSIBLE))
            .when(is_number & pl.col("value").is_null() & number.is_not_null())
            .then(pl.lit(NO_UNIT))
            .when(pl.col("value").is_null() & pl.col("word").is_null())
            .then(pl.lit(IN_WORDS))
        )
        .with_columns(
            value=pl.when(pl.col("fault").is_null() & pl.col("reason").is_null()).then("value"),
            word=pl.when(~is_number).then("word"),
        )
    )


def _factor(kind: str, unit: str | None) -> float | None:
    """What a value is multiplied by to stand in the unit of its kind; None where it cannot be."""
    if unit is None:
        return 1.0 if kind == "ratio" else None
    if kind == MARROW:
        share = units.ratio(unit, "%")
        return None if share is None else float(share)
    try:
        return float(units.factor(ANALYTE[kind], unit)) if kind in ANALYTE else None
    except DataError:
        return None


def _times(number: str, factor: str) -> pl.Expr:
    """A number in standard units, free of the noise that binary multiplication adds."""
    measured = pl.col(number).cast(pl.Float64, strict=False)
    product = (measured * pl.col(factor)).round_sig_figs(DIGITS)
    return pl.when(pl.col(factor) == 1).then(measured).otherwise(product)


def _calcium(results: pl.DataFrame) -> pl.DataFrame:
    """The calcium corrected for albumin, as reported or of calcium and albumin of one sample."""
    mine = results.with_columns(
        PARAMCD="kind",
        AVAL="value",
        AVALU=pl.col("kind").replace_strict(STANDARD, default=None, return_dtype=pl.String),
        SPEC=pl.lit(None, dtype=pl.String),
        ANRLO=pl.lit(None, dtype=pl.Float64),
        ANRHI=pl.lit(None, dtype=pl.Float64),
    )
    reported = mine.filter(pl.col("kind") == CORRECTED)
    made = corrected_for_albumin(mine).filter(pl.col("AVAL").is_not_null())
    both = pl.concat([reported, made.with_columns(value="AVAL")], how="diagonal")
    return both.with_columns(kind=pl.lit("calcium"))
