"""CTCAE grade sentences of the terms reported, where the study folder has NCI's sentences.

Reading: an event's term is its CTCAE term, or its preferred term where CTCAE has one of that name.
CRS and ICANS are graded by ASTCT and have no sentence here.
"""

from collections.abc import Mapping

import polars as pl

from cartrial.adam.adverse.adae import Adae
from cartrial.forms.adverse import SYNDROMES
from cartrial.grading.ctcae.terms import CTCAE, known_term
from cartrial.results.population import Trial
from cartrial.results.table import Filled, counted, listing


def grade_sentences(trial: Trial) -> tuple[Filled, ...]:
    """The sentence of each grade of each reported term; nothing where none were imported."""
    sentences = trial.study.sentences
    if not (sentences and trial.study.standards.by_ctcae_5 and trial.adam.has(Adae)):
        return ()
    named = _terms(trial)
    lines = _lines({name for name in named if name}, sentences)
    unnamed = named.count(None)
    return (
        listing(
            "ctcae_sentences",
            "ae",
            "CTCAE grade sentences of the reported terms",
            population="Terms of all recorded adverse events",
            columns=("Grade", "Sentence"),
            lines=lines,
            none=f"No event with a term of {CTCAE}.",
            footnotes=(
                f"Sentences of {CTCAE} (NCI 2017) as imported from NCI's file.",
                f"Without a term of {CTCAE}: {counted(unnamed, 'event')}." if unnamed else "",
            ),
            of_subjects=False,
        ),
    )


def _terms(trial: Trial) -> list[str | None]:
    """The CTCAE term of each event that is not graded by ASTCT."""
    events = trial.frame(Adae).filter(~pl.col("AECAT").is_in(SYNDROMES).fill_null(False))
    found = (known_term(*names) for names in events.select("AELLT", "AEDECOD").iter_rows())
    return [term.term if term else None for term in found]


def _lines(
    terms: set[str], sentences: Mapping[str, Mapping[int, str]]
) -> list[tuple[str, tuple[str | None, ...]]]:
    said = {term.lower(): graded for term, graded in sentences.items()}
    return [
        (term, (f"{grade}", sentence))
        for term in sorted(terms)
        for grade, sentence in said.get(term.lower(), {}).items()
    ]
