"""The criteria of the screen for IEC-HS beside ferritin: values and signs held against limits.

    common      ALT or AST >5 x ULN (5 x baseline where that is abnormal)
                fibrinogen <1.5 g/L or <LLN
                a new cytopenia: neutrophils <1.0, platelets <100 x 10^9/L, haemoglobin <90 g/L,
                below the baseline, after a recovery, or the first one and late
                haemophagocytosis
    other       LDH >ULN; direct bilirubin >ULN; triglycerides >3.0 mmol/L (fasting)
                new splenomegaly, fever, neurotoxicity, lung or kidney involvement

Source: as grading.iec_hs
Reading: the cytopenia of lymphodepletion is in everybody and is not meant. It is the first run of
low values, where that begins by day 21; a line of cells has recovered from it with two values in
a row at or above the limit, transfused or not, and is low anew at 20 % below its highest since.
The limits are those of HLH-2004. 265 mg/dL of triglycerides are 3.0 mmol/L.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import polars as pl

from cartrial.running import highest_so_far

Analyte = Literal[
    "ferritin",
    "ALT",
    "AST",
    "fibrinogen",
    "LDH",
    "direct bilirubin",
    "triglycerides",
    "neutrophils",
    "platelets",
    "haemoglobin",
]
Sign = Literal[
    "haemophagocytosis", "splenomegaly", "fever", "neurotoxicity", "lung involvement",
    "kidney involvement",
]  # fmt: skip
Kind = Literal["required", "common", "other"]
SIGNS: Mapping[Sign, Kind] = {
    "haemophagocytosis": "common",
    "splenomegaly": "other",
    "fever": "other",
    "neurotoxicity": "other",
    "lung involvement": "other",
    "kidney involvement": "other",
}
LINES: tuple[Analyte, ...] = ("neutrophils", "platelets", "haemoglobin")
SOUGHT = ("haemophagocytosis",)  # on suspicion alone
LABORATORY: Mapping[str, tuple[Kind, tuple[Analyte, ...]]] = {
    "ALT or AST": ("common", ("ALT", "AST")),
    "fibrinogen": ("common", ("fibrinogen",)),
    "new cytopenia": ("common", LINES),
    "LDH": ("other", ("LDH",)),
    "direct bilirubin": ("other", ("direct bilirubin",)),
    "triglycerides": ("other", ("triglycerides",)),
}
UNITS: Mapping[Analyte, str] = {
    "ferritin": "ug/L",
    "ALT": "U/L",
    "AST": "U/L",
    "fibrinogen": "g/L",
    "LDH": "U/L",
    "direct bilirubin": "umol/L",
    "triglycerides": "mmol/L",
    "neutrophils": "× 10⁹/L",
    "platelets": "× 10⁹/L",
    "haemoglobin": "g/L",
}


MEASURED: Mapping[str, type[pl.DataType]] = {
    "analyte": pl.String,
    "day": pl.Int64,
    "value": pl.Float64,
    "lower": pl.Float64,
    "upper": pl.Float64,
    "baseline": pl.Float64,
}


@dataclass(frozen=True)
class IecHsLimits:
    """The limits of the screen."""

    ferritin_times: float = 2.0  # of the upper limit of normal, and of the baseline
    rise_times: float = 2.0  # of an earlier ferritin
    rise_days: int = 2
    lag: int = 1  # days by which ferritin follows CRS
    change: float = 0.2  # of a value: less is scatter, and neither a rise nor a fall
    transaminase_times: float = 5.0  # of the upper limit of normal, or of an abnormal baseline
    fibrinogen: float = 1.5  # g/L
    neutrophils: float = 1.0  # 10^9/L
    platelets: float = 100.0  # 10^9/L
    haemoglobin: float = 90.0  # g/L
    nadir: int = 21  # day up to which a first cytopenia is that of lymphodepletion
    triglycerides: float = 3.0  # mmol/L
    within: int = 7  # days around the ferritin
    common: int = 1  # criteria beside the required ones


@dataclass(frozen=True)
class Measured:
    """A value in the unit of `UNITS`, with its limits of normal and its baseline, None unknown."""

    analyte: Analyte
    day: int
    value: float
    lower: float | None = None
    upper: float | None = None
    baseline: float | None = None


@dataclass(frozen=True)
class Criterion:
    """A criterion: met, not met or unknown (None), its limit, and both in words with the value."""

    name: str
    kind: Kind
    met: bool | None
    limit: str
    said: str

    def __str__(self) -> str:
        return self.said


def written(value: float) -> str:
    """A value as a laboratory prints it: three figures, whole from 100 on."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def in_print(values: pl.Expr) -> pl.Expr:
    """The values of a column as they are written."""
    return values.map_elements(written, return_dtype=pl.String)


def decided(*cases: tuple[pl.Expr, bool | str | None, pl.Expr]) -> tuple[pl.Expr, pl.Expr]:
    """The outcome and the words of the first case that holds."""
    outcome: pl.Expr = pl.lit(None)
    words: pl.Expr = pl.lit(None)
    for holds, found, said in reversed(cases):
        outcome = pl.when(holds).then(pl.lit(found)).otherwise(outcome)
        words = pl.when(holds).then(said).otherwise(words)
    return outcome, words


def telling(judged: pl.DataFrame) -> pl.DataFrame:
    """The value of each subject that tells: the first that is met, else is unknown, else is not."""
    met = pl.col("met")
    rank = pl.when(met).then(0).when(met.is_null()).then(1).otherwise(2)
    ranked = judged.sort("subject", rank, "day", "analyte", "value", maintain_order=True)
    return ranked.unique("subject", keep="first", maintain_order=True)


# ---------------------------------------------------------------- criteria
def laboratory(values: pl.DataFrame, at: IecHsLimits) -> pl.DataFrame:
    """The criteria of the laboratory of each subject, from the value that tells.

    `values` are the columns of `Measured` and subject, in time; those that are `near` count, and
    the others are the course of a count.
    """
    judges = {
        "ALT or AST": _transaminase,
        "fibrinogen": _fibrinogen,
        "new cytopenia": _cytopenia,
        "LDH": _above_normal,
        "direct bilirubin": _above_normal,
        "triglycerides": _triglycerides,
    }
    return pl.concat(
        judges[name](values.filter(pl.col("analyte").is_in(analytes)), at).select(
            "subject", *MEASURED, "met", "limit", name=pl.lit(name)
        )
        for name, (_, analytes) in LABORATORY.items()
    )


def _transaminase(values: pl.DataFrame, at: IecHsLimits) -> pl.DataFrame:
    value, upper, baseline = pl.col("value"), pl.col("upper"), pl.col("baseline")
    abnormal = (baseline > upper).fill_null(False)
    limit = at.transaminase_times * pl.when(abnormal).then(baseline).otherwise(upper)
    above = value > limit
    met = pl.when(~above | baseline.is_not_null()).then(above)
    name = (
        pl.when(abnormal)
        .then(pl.lit("baseline"))
        .when(pl.col("met").is_null())
        .then(pl.lit("ULN, baseline unknown"))
        .otherwise(pl.lit("ULN"))
    )
    said = pl.format(f">{{}} ({at.transaminase_times:g} × {{}})", in_print(limit), name)
    told = telling(values.filter("near").with_columns(met=met))
    return told.with_columns(limit=said.fill_null("ULN unknown"))


def _fibrinogen(values: pl.DataFrame, at: IecHsLimits) -> pl.DataFrame:
    lower = pl.col("lower")
    limit = pl.max_horizontal(pl.lit(at.fibrinogen), lower)
    low = pl.col("value") < limit
    told = telling(
        values.filter("near").with_columns(met=pl.when(low | lower.is_not_null()).then(low))
    )
    either = pl.when(lower.is_null()).then(pl.lit(" or LLN")).otherwise(pl.lit(""))
    return told.with_columns(limit=pl.format("<{}{}", in_print(limit), either))


def _cytopenia(values: pl.DataFrame, at: IecHsLimits) -> pl.DataFrame:
    """Whether a count is low anew, and not still from lymphodepletion."""
    value, baseline = pl.col("value"), pl.col("baseline")
    courses = _courses(values, at)
    low = (value < pl.col("bound")) & (value < baseline).fill_null(True)
    new, why = _anew(at)
    anew = pl.when(~new | baseline.is_not_null()).then(new)
    told = telling(
        courses.filter("near").with_columns(low=low, met=pl.when(low).then(anew).otherwise(False))
    )
    said = pl.format("<{} and below baseline", in_print(pl.col("bound")))
    because = pl.when("low").then(pl.concat_str(pl.lit("; "), why))
    return told.with_columns(limit=pl.concat_str(said, because, ignore_nulls=True))


def _courses(values: pl.DataFrame, at: IecHsLimits) -> pl.DataFrame:
    """The counts with what each line of cells went through on the days before.

    `begun` is the day of the first low count, and `highest` and `recovered` (two in a row at or
    above the limit) are since then; `highest` is of all days where none was low.
    """
    line = ("subject", "analyte")
    limits = {name: getattr(at, name) for name in LINES}
    bound = pl.col("analyte").replace_strict(limits, return_dtype=pl.Float64)
    value, day, begun = pl.col("value"), pl.col("day"), pl.col("begun")
    of_line = values.sort(*line, "day", "value", maintain_order=True).with_columns(bound=bound)
    begun_on = pl.when(value < pl.col("bound")).then(day).min().over(line)
    since = (day >= begun).fill_null(False)
    parts = of_line.with_columns(begun=begun_on).with_columns(
        line=pl.struct(line).rle_id(),
        part=pl.struct(*line, since).rle_id(),
        high=since & (value >= pl.col("bound")),
        row=pl.int_range(pl.len()),
    )
    follows = pl.col("line") == pl.col("line").shift()
    twice = follows & pl.col("high") & pl.col("high").shift()
    stepped = parts.with_columns(
        highest=pl.when(follows).then(highest_so_far(value, pl.col("part")).shift()),
        recovery=pl.when(twice).then("row"),
    )
    recovered = pl.col("row") > pl.col("recovery").min().over("line")
    by_day = stepped.with_columns(recovered=recovered.fill_null(False)).with_columns(
        pl.col("highest", "recovered").first().over("line", "day")
    )
    return by_day.with_columns(begun=pl.when(begun < day).then(begun))


def _anew(at: IecHsLimits) -> tuple[pl.Expr, pl.Expr]:
    """Whether a low count is a new one, and why."""
    first, highest = pl.col("begun").is_null(), pl.col("highest")
    before = in_print(highest)
    by_nadir = first & (pl.col("day") <= at.nadir)
    alone = first & highest.is_null()
    scatter = pl.col("value") > (1 - at.change) * highest
    below = pl.format(f"not {at.change:.0%} below the {{}} before it", before)
    return decided(
        (by_nadir, False, pl.lit(f"the first one, by day {at.nadir}")),
        (alone, None, pl.lit("no value before it since the infusion")),
        (~first & ~pl.col("recovered"), False, pl.format("not recovered since day {}", "begun")),
        (scatter, False, below),
        (first, True, pl.lit("the first one")),
        (pl.lit(True), True, pl.format("after a recovery to {}", before)),
    )


def _triglycerides(values: pl.DataFrame, at: IecHsLimits) -> pl.DataFrame:
    told = telling(values.filter("near").with_columns(met=pl.col("value") > at.triglycerides))
    return told.with_columns(limit=pl.lit(f">{written(at.triglycerides)}"))


def _above_normal(values: pl.DataFrame, _: IecHsLimits) -> pl.DataFrame:
    told = telling(values.filter("near").with_columns(met=pl.col("value") > pl.col("upper")))
    said = pl.format(">{} (ULN)", in_print(pl.col("upper")))
    return told.with_columns(limit=said.fill_null("ULN unknown"))
