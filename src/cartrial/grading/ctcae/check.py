"""Whether the events of the forms keep to CTCAE v5.0: the term is one of its, the grade exists.

Reading: only events graded by CTCAE that name a CTCAE term are held to it. Grade 0 says that the
event is no longer there and is always allowed.
"""

from collections.abc import Iterator

import polars as pl

from cartrial import schema as s
from cartrial.forms.adverse import AdverseEvent, AeGrade
from cartrial.forms.catalogue import NAMES, Forms
from cartrial.grading.ctcae.terms import CTCAE, known_term, nearest_terms

KEY = ("subject", "number")


def check_terms(forms: Forms, judged: Forms | None = None) -> list[s.Finding]:
    """Terms that CTCAE does not have, and grades that do not exist for their term.

    `judged` are the rows to be judged, where not all are: what is found stands in one of them.
    """
    judged = forms if judged is None else judged
    if not (judged.has(AdverseEvent) or judged.has(AeGrade)):
        return []
    graded = _by_ctcae(forms.of(AdverseEvent))
    grades = judged.of(AeGrade).join(graded.select(*KEY, "ctcae_term"), on=KEY)
    return [
        *_unknown_terms(_by_ctcae(judged.of(AdverseEvent))),
        *_absent_grades(grades.sort(s.key(AeGrade))),
    ]


def _by_ctcae(events: pl.DataFrame) -> pl.DataFrame:
    return events.filter(pl.col("scale") == "CTCAE", pl.col("ctcae_term").is_not_null())


def _unknown_terms(events: pl.DataFrame) -> Iterator[s.Finding]:
    for row in events.to_dicts():
        name = row["ctcae_term"]
        if known_term(name) is None:
            near = nearest_terms(name)
            remedy = f"Nearest: {'; '.join(near)}" if near else ""
            must, place = f"be a term of {CTCAE}", f"{NAMES[AdverseEvent]}.csv"
            yield s.Finding(place, s.row_key(AdverseEvent, row), "ctcae_term", must, name, remedy)


def _absent_grades(grades: pl.DataFrame) -> Iterator[s.Finding]:
    for row in grades.to_dicts():
        term, grade = known_term(row["ctcae_term"]), row["grade"]
        if term is not None and grade not in (0, *term.grades):
            must = f"be {term.graded}, as {term.term} has no other grade in {CTCAE}"
            key = s.row_key(AeGrade, row)
            yield s.Finding(f"{NAMES[AeGrade]}.csv", key, "grade", must, f"{grade}")
