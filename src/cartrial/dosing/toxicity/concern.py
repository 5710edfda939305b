"""Whether a clause is about a toxicity at all: yes, no, or not to be told.

    kind             CRS, ICANS, an adverse event, a laboratory value; `any` is the first three
    terms, classes   where a clause names any, the event is of one of them
    group            haematological: of the organ class of the blood, or a blood count by its term
    related          not where somebody answered that it is not related to the CAR-T
    excluding        not where one of them holds

Reading: a sign of an episode of CRS or ICANS is part of that episode, and meets a clause only by
its own term (a seizure). Where the organ class is missing and decides, it cannot be told. `ae` and
`oe` are read as `e`, `our` as `or`, so that British and American spellings are one.
"""

from collections.abc import Collection, Iterable
from functools import lru_cache

from cartrial.dosing.toxicity.toxic import Toxic
from cartrial.protocol.clause import Selection

BLOOD = "Blood and lymphatic system disorders"
COUNTS = (
    "Neutrophil count decreased",
    "Platelet count decreased",
    "White blood cell count decreased",
    "White blood cell decreased",
    "Lymphocyte count decreased",
    "Lymphocyte count increased",
    "CD4 lymphocytes decreased",
    "B-lymphocyte count decreased",
    "Haemoglobin decreased",
    "Anaemia",
    "Neutropenia",
    "Thrombocytopenia",
    "Leukopenia",
    "Lymphopenia",
    "Febrile neutropenia",
)
KEPT = 2**14  # terms whose comparison is remembered
Truth = bool | None


def is_concerned(clause: Selection, toxic: Toxic) -> Truth:
    """Whether a clause is about a toxicity; nothing where that cannot be told."""
    if not _is_of_kind(clause, toxic):
        return False
    named = _has_term(toxic, clause.terms)
    return _all(
        not toxic.sign or named,
        not clause.related or toxic.related is not False,
        _is_selected(clause, toxic, named),
        _not(_is_excluded(clause, toxic)),
    )


def may_concern(clauses: Iterable[Selection], toxic: Toxic) -> bool:
    """Whether a clause may be about a toxicity, at a grade that it may have had."""
    worst = toxic.worst
    return any(
        clause.grade <= worst and is_concerned(clause, toxic) is not False for clause in clauses
    )


def is_haematological(toxic: Toxic) -> Truth:
    """Whether an event is of the blood; nothing where its organ class is needed and missing."""
    return _any(_has_term(toxic, COUNTS) or False, _is_in(toxic, (BLOOD,)))


@lru_cache(maxsize=KEPT)
def folded(words: str) -> str:
    """A term as it is compared."""
    plain = words.strip().casefold()
    return plain.replace("ae", "e").replace("oe", "e").replace("our", "or")


@lru_cache(maxsize=KEPT)
def _all_folded(terms: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(folded, terms))


def _is_of_kind(clause: Selection, toxic: Toxic) -> bool:
    if toxic.kind == "laboratory" and (toxic.analyte, toxic.direction) != (
        clause.analyte,
        clause.direction,
    ):
        return False
    return toxic.kind == clause.toxicity or (
        clause.toxicity == "any" and toxic.kind in ("CRS", "ICANS", "adverse event")
    )


def _is_selected(clause: Selection, toxic: Toxic, named: Truth) -> Truth:
    chosen: list[Truth] = [named] if clause.terms else []
    chosen += [_is_in(toxic, clause.organ_classes)] if clause.organ_classes else []
    return _all(_any(*chosen) if chosen else True, _is_of(toxic, clause.group))


def _is_excluded(clause: Selection, toxic: Toxic) -> Truth:
    left_out = clause.excluding
    alone = toxic.related is False and bool(toxic.causes & set(left_out.due_only_to))
    return _any(
        _has_term(toxic, left_out.terms) if left_out.terms else False,
        _is_in(toxic, left_out.organ_classes) if left_out.organ_classes else False,
        *(_is_of(toxic, group) for group in left_out.groups),
        alone,
    )


def _is_of(toxic: Toxic, group: str | None) -> Truth:
    if group is None:
        return True
    blood = is_haematological(toxic)
    return blood if group == "haematological" else _not(blood)


def _has_term(toxic: Toxic, terms: Collection[str]) -> Truth:
    if not toxic.terms:
        return None if terms else False
    return not _all_folded(tuple(terms)).isdisjoint(map(folded, toxic.terms))


def _is_in(toxic: Toxic, classes: Collection[str]) -> Truth:
    if not toxic.organ_class:
        return None
    return folded(toxic.organ_class) in _all_folded(tuple(classes))


def _not(truth: Truth) -> Truth:
    return None if truth is None else not truth


def _all(*truths: Truth) -> Truth:
    return False if False in truths else None if None in truths else True


def _any(*truths: Truth) -> Truth:
    return True if True in truths else None if None in truths else False
