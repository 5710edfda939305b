"""Laboratory grades agree with admiral 1.4.2 on every row but two named classes (README)."""

from pathlib import Path

import polars as pl
import pytest

from cartrial import files
from cartrial.grading.ctcae.criteria import laboratory_criteria
from cartrial.grading.ctcae.laboratory import grade_laboratory

NUMBERS = ("aval", "base", "anrlo", "anrhi", "grade")


@pytest.fixture(scope="module")
def labs() -> pl.DataFrame:
    raw = files.read_csv(Path(__file__).with_name("labs.csv.gz"))
    return raw.with_columns(pl.col(NUMBERS).cast(pl.Float64))


def graded(labs: pl.DataFrame, unknown: str) -> pl.DataFrame:
    rows = labs.select(
        "direction",
        "unit",
        test="param",
        value="aval",
        low="anrlo",
        high="anrhi",
        baseline="base",
        baseline_indicator="bnrind",
        is_baseline=pl.col("aval") == pl.col("base"),
    )
    return grade_laboratory(rows, laboratory_criteria("5.0"), unknown=unknown)


def divergence() -> pl.Expr:
    """The named class of a row on which we differ from admiral on purpose."""
    at_baseline = (pl.col("bnrind") == "HIGH") & (pl.col("aval") == pl.col("base"))
    triglycerides = (pl.col("param") == "Hypertriglyceridemia") & (
        ((pl.col("unit") == "MMOL/L") & (pl.col("aval") == 1.71))
        | ((pl.col("unit") == "mg/dL") & (pl.col("aval") == 150))
    )
    ggt = (pl.col("param") == "GGT increased") & (pl.col("aval") == 2 * pl.col("base"))
    return (
        pl.when(at_baseline)
        .then(pl.lit("baseline row"))
        .when(triglycerides | (ggt & (pl.col("bnrind") == "HIGH")))
        .then(pl.lit("printed limit"))
    )


def test_every_grade_agrees_or_belongs_to_a_named_divergence(labs):
    ours = graded(labs, "worst")["grade"]
    differing = labs.with_columns(ours=ours, named=divergence()).filter(
        ~pl.col("grade").eq_missing(pl.col("ours"))
    )
    assert labs.height == 9192
    assert dict(differing["named"].value_counts().iter_rows()) == {
        "baseline row": 1,
        "printed limit": 2,
    }


def test_the_range_without_answers_holds_what_admiral_gives(labs):
    ours, theirs = graded(labs, "ask"), labs["grade"]
    compared = theirs.is_not_null() & labs.select(divergence()).to_series().is_null()
    assert theirs.is_between(ours["lowest"], ours["highest"]).filter(compared).all()
    assert compared.sum() > 8000


def test_no_value_and_no_unit_are_refused_with_a_reason(labs):
    ours = graded(labs, "worst")
    refused = ours.filter(pl.col("lowest").is_null())["why"]
    assert refused.is_not_null().all()
    assert (refused == "no value").sum() == labs["aval"].null_count() == 190
    assert refused.str.starts_with("unit of").sum() == (labs["case"] == "wrong_unit").sum() == 57
