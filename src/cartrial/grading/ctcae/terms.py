"""The terms of CTCAE v5.0: code, organ class, and which grades exist for each.

Only facts stand here. The sentences that say what a grade means are NCI's: they are read from its
own file with `cartrial ctcae import`.

Source: National Cancer Institute, Common Terminology Criteria for Adverse Events (CTCAE) v5.0,
    27 November 2017: 837 terms, each a lowest level term of MedDRA 20.1.
Reading: a grade without a sentence does not exist for the term. Letters may be large or small;
    spelling is NCI's (Anemia, Diarrhea), and another spelling is never guessed, only suggested.
    Grade 0, no longer there, is not a grade of CTCAE and is not checked here.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files as resources
from types import MappingProxyType

import polars as pl

CTCAE = "CTCAE v5.0"
FILE = "terms-5.0.csv"
SUGGESTED = 3


@dataclass(frozen=True)
class Term:
    """A term, with the grades that exist for it in rising order."""

    code: int
    organ_class: str
    term: str
    grades: tuple[int, ...]

    @property
    def graded(self) -> str:
        """Which grades exist, in words: `one of 3, 4, 5`."""
        listed = ", ".join(str(grade) for grade in self.grades)
        return f"one of {listed}" if len(self.grades) > 1 else listed


@cache
def ctcae_terms() -> Mapping[str, Term]:
    """Every term, by its name in small letters; sorted by organ class, then name."""
    content = (resources("cartrial.grading.ctcae") / FILE).read_text("utf-8")
    return MappingProxyType(
        {
            row["term"].lower(): Term(
                int(row["code"]),
                row["organ_class"],
                row["term"],
                tuple(int(grade) for grade in row["grades"]),
            )
            for row in csv.DictReader(content.splitlines())
        }
    )


def known_term(*names: str | None) -> Term | None:
    """The term of this name, or of the first of several that is one; None where CTCAE has none."""
    known = (ctcae_terms().get(_plain(name)) for name in names if name)
    return next((term for term in known if term), None)


@cache
def nearest_terms(name: str) -> tuple[str, ...]:
    """The terms spelled most like this name, the nearest first."""
    terms = ctcae_terms()
    near = get_close_matches(_plain(name), terms, n=SUGGESTED, cutoff=0.75)
    return tuple(terms[found].term for found in near)


def code_of_term(name: pl.Expr) -> pl.Expr:
    """The code of the term of this name; null where CTCAE has none."""
    codes = {plain: term.code for plain, term in ctcae_terms().items()}
    plain = name.str.to_lowercase().str.strip_chars().str.replace_all(r"\s+", " ")
    return plain.replace_strict(codes, default=None, return_dtype=pl.Int64)


def _plain(name: str) -> str:
    return " ".join(name.lower().split())
