"""The look-up for who fills the forms: every CTCAE term and grade, with its sentence if known."""

from collections.abc import Mapping

import polars as pl

from cartrial.grading.ctcae.terms import ctcae_terms

COLUMNS = ("organ_class", "ctcae_term", "grade", "sentence")


def look_up(sentences: Mapping[str, Mapping[int, str]]) -> pl.DataFrame:
    """One row for each term and grade that exists; `ctcae_term` is the word for the form."""
    said = {term.lower(): graded for term, graded in sentences.items()}
    rows = [
        (term.organ_class, term.term, grade, said.get(name, {}).get(grade))
        for name, term in ctcae_terms().items()
        for grade in term.grades
    ]
    types = (pl.String, pl.String, pl.Int64, pl.String)
    return pl.DataFrame(rows, schema=dict(zip(COLUMNS, types, strict=True)), orient="row")
