"""Which form a table is of, and which of its columns fills which field: by names and by values.

    1.0   the name or (0.98) the label of the field                  sure
    0.9   another name that people give it                           likely
    0.6   a name that is near, or that has its words                 unsure

A name counts only where the cells can be what the field holds. A form is known by its own name and
by the fields that its columns fill; fields that many forms have say less.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache

from cartrial import schema as s
from cartrial.forms.adverse import AeGrade
from cartrial.forms.catalogue import FORMS
from cartrial.forms.laboratory import STATUS
from cartrial.intake.plan.amount import read_amount, read_limit
from cartrial.intake.plan.analyte import named_analyte, named_unit
from cartrial.intake.plan.date import ORDERS, read_date
from cartrial.intake.plan.words import (
    FORM_WORDS,
    REASON_WORDS,
    answer_of,
    is_empty,
    names_of,
    plain,
)
from cartrial.intake.source import SourceColumn, SourceTable

EXACT, LABEL, OTHER_NAME, NEAR = 1.0, 0.98, 0.9, 0.6
ALIKE = 0.86  # of the letters of two names are the same
ASKED_WORDS = ("code", "count")  # what a field holds whose words are asked one by one
FEW = 12  # words that a person can be asked about, one by one
READABLE = 0.5  # of the cells must be what a field holds
SOME = 0.1  # are enough where the name has a unit: the others carry marks such as H, and are held
OWN_NAME, GIVEN_NAME, PART_OF_NAME = 4.0, 2.0, 1.0  # what a table's name is worth
COMMON = 4  # forms that have a field of the same name
LEAST = 1.2  # that a form must score
CLOSE = 0.9  # of the best score is too near to it
LEVEL = re.compile(r"(?:grade|grad|g|level|stage|dl)?\s*(\d+|I{1,3}|IV|V)", re.IGNORECASE)
FLAGS = ("1", "0", "true", "false")
LOOKED_AT = 200  # distinct cells of a column
SHORTEST = 5  # letters that a part of a name must have
WITH_IT = {"adverse_event": [c for c in s.columns(AeGrade) if c.name == "grade"]}  # in one list
WORDED = ("term", "preferred", "ctcae_term", "organ_class")  # hold words, not ids or codes
WIDE = 2  # columns that are analytes make a laboratory sheet


@dataclass(frozen=True)
class Match:
    """A column that fills a field, how well, and why."""

    column: str
    score: float
    why: str

    @property
    def sure(self) -> str:
        """The score in a word."""
        return "sure" if self.score >= LABEL else "likely" if self.score > NEAR else "unsure"


@dataclass(frozen=True)
class FormGuess:
    """A form that a table may be of, with the columns of its fields."""

    form: str
    score: float
    named: bool
    matches: Mapping[str, Match]
    rivals: Mapping[str, tuple[str, ...]]  # columns that fill a field as well


@dataclass(frozen=True)
class Columns:
    """The columns of a table that hold anything, or that it describes, each with its cells."""

    table: SourceTable
    cells: Mapping[str, tuple[str, ...]]

    def described(self, name: str) -> SourceColumn:
        """What the source says of a column."""
        return self.table.column(name) or SourceColumn(name)


def columns_of(table: SourceTable) -> Columns:
    """The columns of a table with their distinct cells, in the order of the rows."""
    cells = {
        column.name: tuple(table.cells[column.name].drop_nulls().unique(maintain_order=True))
        for column in table.columns
    }
    return Columns(table, cells)


def wide_analytes(columns: Columns) -> dict[str, str]:
    """The columns that are analytes each, with their codes, where there are enough of them."""
    found = {
        name: code
        for name, listed in columns.cells.items()
        if (code := named_analyte(columns.described(name)))
        and _numbers(listed) >= (SOME if _has_unit(name, columns) else READABLE)
    }
    return found if len(found) >= WIDE or any(_has_unit(n, columns) for n in found) else {}


def _has_unit(name: str, columns: Columns) -> bool:
    return bool(named_unit(name)[1] or columns.described(name).unit)


def guess_forms(columns: Columns) -> list[FormGuess]:
    """The forms that a table may be of, the likeliest first."""
    wide = wide_analytes(columns)
    if columns.table.name in FORMS and not wide:
        own = _guess(columns.table.name, columns, wide)
        if _is_whole(own):
            return [own]
    found = [_guess(form, columns, wide) for form in FORMS]
    return sorted((one for one in found if one.score >= LEAST), key=lambda one: -one.score)


def _is_whole(guess: FormGuess) -> bool:
    """Whether every field of the form stands there by its own name or label."""
    fields = [field.name for field in s.columns(FORMS[guess.form])]
    return all(name in guess.matches and guess.matches[name].score >= LABEL for name in fields)


def is_clear(guesses: Sequence[FormGuess]) -> bool:
    """Whether the first guess stands well before the second."""
    best, *others = guesses
    return not others or others[0].score < CLOSE * best.score


def match_fields(
    form: str, columns: Columns, names: Sequence[str]
) -> tuple[dict[str, Match], dict[str, tuple[str, ...]]]:
    """The column of each field, the best first, each column once; and the rivals of each."""
    fields = [*s.columns(FORMS[form]), *WITH_IT.get(form, ())]
    scored = [
        (match.score, bool(columns.cells[name]), -place, -nth, field.name, match)
        for nth, field in enumerate(fields)
        for place, name in enumerate(names)
        if (match := _match(form, field, columns, name)) is not None
    ]
    chosen: dict[str, Match] = {}
    taken: set[str] = set()
    for *_, name, match in sorted(scored, key=lambda one: one[:4], reverse=True):
        if name not in chosen and match.column not in taken:
            chosen[name] = match
            taken.add(match.column)
    rivals = {
        field: tuple(
            match.column
            for score, said, _, _, name, match in scored
            if name == field and said and match.column not in taken and score >= best.score
        )
        for field, best in chosen.items()
    }
    return chosen, {field: others for field, others in rivals.items() if others}


def fits(cells: Sequence[str], described: SourceColumn, field: s.Column, *, by_code: bool) -> float:
    """The share of the cells that can be what the field holds, a number by its code, too."""
    said = [cell for cell in cells[:LOOKED_AT] if not is_empty(cell)]
    known = [cell for cell in said if cell not in described.missing]
    if not known:
        return 1.0
    numeric = by_code and field.kind in ("number", "count")
    meant = [{described.choices.get(cell, cell), *([cell] if numeric else [])} for cell in known]
    return sum(any(_can_be(word, field) for word in words) for words in meant) / len(known)


# ---------------------------------------------------------------- forms
def _guess(form: str, columns: Columns, wide: Mapping[str, str]) -> FormGuess:
    laboratory = form == "laboratory" and bool(wide)
    names = [name for name in columns.cells if not (laboratory and name in wide)]
    matches, rivals = match_fields(form, columns, names)
    named = _name_of_form(form, columns.table.name)
    score = named + sum(_weight(name) * match.score for name, match in matches.items())
    score += len(wide) if laboratory else 0
    counted = {"subject", "number", "analyte", "specimen", "status", "value", "unit"}
    lacking = [
        field
        for field in s.columns(FORMS[form])
        if not field.nullable and field.name not in matches and field.name not in counted
    ]
    return FormGuess(form, score - len(lacking), named >= GIVEN_NAME, matches, rivals)


def _name_of_form(form: str, table: str) -> float:
    """What the name of a table says for a form."""
    word = plain(table)
    if word in (plain(form), plain(s.title(FORMS[form])), plain(FORMS[form].__name__)):
        return OWN_NAME
    others = (plain(form), *FORM_WORDS.get(form, ()))
    if word in others:
        return GIVEN_NAME
    parts = [plain(part) for part in re.split(r"[\W_\d]+", table) if part]
    runs = {"".join(parts[i:j]) for i in range(len(parts)) for j in range(i + 1, len(parts) + 1)}
    return PART_OF_NAME if runs & set(others) else 0.0


def _weight(field: str) -> float:
    """What a field says for its form: less, the more forms have it."""
    many = _forms_with()[field]
    return 0.2 if field == "subject" else 0.4 if many >= COMMON else 1.0


@cache
def _forms_with() -> Counter[str]:
    return Counter(column.name for table in FORMS.values() for column in s.columns(table))


# ---------------------------------------------------------------- fields
def _match(form: str, field: s.Column, columns: Columns, name: str) -> Match | None:
    described = columns.described(name)
    known = [_named(form, field, text) for text in (name, described.label) if text]
    score, why = max(known, key=lambda one: one[0])
    if not score:
        return None
    cells = columns.cells[name]
    share = fits(cells, described, field, by_code=score > NEAR)
    if not share and field.kind in ASKED_WORDS and score > NEAR and len(cells) <= FEW:
        return Match(name, NEAR, f"{why}; its words are not known")
    none = share == 0 and field.kind != "text"  # any text may be what its label says
    if share < READABLE and (score < LABEL or none):
        return None
    return Match(name, score, why)


def _named(form: str, field: s.Column, text: str) -> tuple[float, str]:
    """How well a name is that of a field, and why."""
    full, bare = plain(text), plain(named_unit(text)[0])
    short = bare.removeprefix(plain(form))
    own, label = plain(field.name), plain(field.label)
    if own in (full, bare, short):
        return EXACT, "the name of the field"
    if label in (full, bare):
        return LABEL, "the label of the field"
    others = names_of(form, field.name)
    if {full, bare, short} & set(others):
        return OTHER_NAME, "another name of the field"
    stem = re.sub(r"^[a-z0-9]{1,12}_", "", text.casefold())  # the prefix of an instrument
    if stem != text.casefold() and plain(stem) == own and text.casefold() not in _forms_with():
        return OTHER_NAME, "the name of the field, with something before it"
    if any(_alike(bare, one) for one in (label, own) if one):
        return NEAR, "near to the name of the field"
    parts = [one for one in (own, label, *others) if len(one) >= SHORTEST]
    if any(bare.startswith(one) or bare.endswith(one) for one in parts):
        return NEAR, "has a name of the field in it"
    return 0.0, ""


def _alike(name: str, other: str) -> bool:
    """Whether two names are nearly the same; of lengths too different they are not compared."""
    if 2 * min(len(name), len(other)) < ALIKE * (len(name) + len(other)):
        return False
    matcher = SequenceMatcher(None, name, other)
    return matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE


def _can_be(cell: str, field: s.Column) -> bool:
    match field.kind:
        case "number" | "count":
            return _number(cell) or plain(cell) in REASON_WORDS or _levelled(cell)
        case "flag":
            return answer_of(cell, ("yes", "no")) is not None or cell.lower() in FLAGS
        case "code":
            return answer_of(cell, field.codes) is not None
        case "date" | "moment" | "partial":
            return any(read_date(cell, order) is not None for order in ORDERS)
        case "text" if field.name == "subject":
            return bool(re.search(r"\d", cell)) or not re.search(r"[^\W\d_]{5}", cell)
        case "text" if field.name in WORDED:
            return bool(re.search(r"[^\W\d_]{3}|[^\x00-\u02ff]", cell))
    return True


def _number(cell: str) -> bool:
    marks = (".", ",")
    said = any(read_amount(cell, m) is not None or read_limit(cell, m) is not None for m in marks)
    return said or answer_of(cell, STATUS) is not None or cell.endswith("%")


def _levelled(cell: str) -> bool:
    return LEVEL.fullmatch(cell) is not None


def _numbers(cells: Sequence[str]) -> float:
    said = [cell for cell in cells[:LOOKED_AT] if not is_empty(cell)]
    return sum(map(_number, said)) / len(said) if said else 1.0
