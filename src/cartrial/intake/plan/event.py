"""Adverse events in a plan: those that are CRS or ICANS themselves, their scale, their grades.

CRS, CRS G2, ICANS (grade 1)     the syndrome, which is graded by ASTCT
fever in CRS                     may be a sign of it: asked
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from cartrial import schema as s
from cartrial.forms.adverse import AeGrade
from cartrial.intake.plan.field import SHOWN, draft_fill
from cartrial.intake.plan.guess import Columns, FormGuess
from cartrial.intake.plan.model import EMPTY, Fill, Filling, ask, is_question
from cartrial.intake.plan.words import plain

SYNDROMES = {
    "CRS": ("crs", "cytokinereleasesyndrome", "cytokinereleasesyndromecrs"),
    "ICANS": ("icans", "immuneeffectorcellassociatedneurotoxicitysyndrome"),
}
NAMED = {name: syndrome for syndrome, names in SYNDROMES.items() for name in names}
MENTIONED = re.compile(r"\b(crs|icans)\b|cytokine.release|effector.cell.associated", re.IGNORECASE)
GRADED = re.compile(
    r"[\s,;:(\[-]+(ctcae|astct)?\s*(grade|grad|gr\.?|g)?\s*([1-5]|I{1,3}|IV|V)[)\]]?$",
    re.IGNORECASE,
)
GRADE = next(column for column in s.columns(AeGrade) if column.name == "grade")


def draft_syndrome(fills: Mapping[str, Fill], columns: Columns) -> dict[str, Fill]:
    """The syndrome that the term of an event names, where no column says it."""
    if "syndrome" in fills or "term" not in fills:
        return {}
    column = fills["term"].column
    terms = [term for term in columns.cells.get(column, ()) if MENTIONED.search(term)]
    words = {term: NAMED.get(plain(GRADED.sub("", term))) or _ask_syndrome(term) for term in terms}
    if not words:
        return {}
    why = "terms that name a syndrome"
    return {"syndrome": Fill(column, words=words, otherwise=EMPTY, sure="likely", why=why)}


def draft_scale(fills: Mapping[str, Fill], columns: Columns) -> Fill:
    """The scale of the grades: ASTCT of an event that is CRS or ICANS itself, else one for all."""
    named = " ".join(plain(f"{column.name} {column.label}") for column in columns.table.columns)
    always = "CTCAE" if "ctc" in named else "ASTCT" if "astct" in named else ""
    question = "by which scale {} graded: CTCAE, ASTCT or other?"
    others = always or ask(question.format("are the events"))
    syndromes = fills.get("syndrome")
    if syndromes is not None and syndromes.otherwise:
        words = {
            term: ask(question.format(f'is "{term[:SHOWN]}"')) if is_question(meant) else "ASTCT"
            for term, meant in syndromes.words.items()
        }
        why = "CRS and ICANS are graded by ASTCT"
        return Fill(syndromes.column, words=words, otherwise=others, sure="likely", why=why)
    if always:
        return Fill(always=always, sure="likely", why="a column is called so")
    return Fill(always=others)


def draft_grades(
    fills: Mapping[str, Fill], guess: FormGuess, columns: Columns
) -> tuple[Filling, ...]:
    """The grades of a list of adverse events, from the day on which each began."""
    if guess.form != "adverse_event" or "started" not in fills or "grade" not in guess.matches:
        return ()
    since = replace(
        fills["started"], sure="likely", why="a grade holds from the start of its event"
    )
    rivals = guess.rivals.get("grade", ())
    grades = {
        "subject": fills["subject"],
        "number": fills["number"],
        "since": since,
        "grade": draft_fill(GRADE, guess.matches["grade"], columns, rivals=rivals),
    }
    return (Filling("ae_grade", grades, (), "likely", "the events stand with their grade"),)


def _ask_syndrome(term: str) -> str:
    named = ", ".join(SYNDROMES)
    return ask(f'is "{term[:SHOWN]}" the syndrome itself: {named}; or {EMPTY}?')
