"""What an import plan says: how each field of a form is filled from a table of the source.

    subject: Patient                               the column Patient
    specimen: {always: blood}                      the same in every row
    at: {column: Date, dates: day/month/year}      the column Date, in this order
    number: {counted: per subject}                 1, 2, ... in the order of the rows

A value that begins with `ask:` is a question that nobody has answered yet.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, fields

ASK = "ask:"
LEAVE_OUT = "leave out"  # the answer of whoever does not want a table, a row or a word
EMPTY = "empty"  # the answer for a word that says that nothing is known
COUNTED = "per subject"
AS_WRITTEN = "as written"  # a clock time whose zone is passed over

Words = Mapping[str, str]


@dataclass(frozen=True)
class Fill:
    """How one field is filled.

    `take` says what of a cell is meant where it says more than one thing: of `<50`, the result is
    `below quantification` and the limit 50; of `not done`, the reason. `words` are those of the
    source with what the form says for each, `otherwise` what it says for any other word; `empty`
    are those that say nothing.
    """

    column: str = ""
    always: str = ""
    counted: str = ""
    time: str = ""
    take: str = ""
    dates: str = ""
    clock: str = ""
    decimal: str = ""
    unit: str = ""
    below: str = ""
    like: str = ""
    empty: tuple[str, ...] = ()
    words: Words = field(default_factory=dict)
    otherwise: str = ""
    sure: str = field(default="", compare=False)
    why: str = field(default="", compare=False)


SETTINGS = tuple(f.name for f in fields(Fill) if f.name not in ("sure", "why"))
TAKES = ("result", "limit", "reason")
CHOICES: Mapping[str, tuple[str, ...]] = {
    "take": TAKES,
    "dates": ("day/month/year", "month/day/year", "year/month/day", "year/day/month"),
    "decimal": (".", ","),
    "below": ("limit", "half", "zero", "empty", "hold"),
    "counted": (COUNTED,),
}


@dataclass(frozen=True)
class Filling:
    """A form that a table fills: a row of it a row, or one for each of several columns (`each`)."""

    form: str
    fields: Mapping[str, Fill]
    each: tuple[Mapping[str, Fill], ...] = ()
    sure: str = field(default="", compare=False)
    why: str = field(default="", compare=False)

    def rows(self) -> tuple[Mapping[str, Fill], ...]:
        """The fields of every row of the form that a row of the table makes."""
        return tuple({**self.fields, **part} for part in self.each) or (self.fields,)

    def used(self) -> tuple[str, ...]:
        """The columns of the table that are read, each once."""
        names = (
            name
            for row in self.rows()
            for fill in row.values()
            for name in (fill.column, fill.time)
        )
        return tuple(dict.fromkeys(name for name in names if name))


@dataclass(frozen=True)
class TablePlan:
    """What becomes of one table; a column stands in a filling or among those left out, with why."""

    table: str
    shape: str
    fillings: tuple[Filling, ...]
    left_out: Mapping[str, str] = field(default_factory=dict)

    def known(self) -> tuple[str, ...]:
        """Every column that the plan knows."""
        used = (name for filling in self.fillings for name in filling.used())
        return tuple(dict.fromkeys([*used, *self.left_out]))


@dataclass(frozen=True)
class Plan:
    """A whole import: the files, and what becomes of each of their tables."""

    tables: tuple[TablePlan, ...]
    source: str = ""
    dictionary: str = ""


@dataclass(frozen=True)
class Question:
    """Something that a person must say before the plan can run, and where it stands."""

    place: str
    text: str

    def __str__(self) -> str:
        return f"{self.place}: must be answered: {self.text}"


def ask(text: str) -> str:
    """A value that stands for an answer that is not given yet."""
    return f"{ASK} {text}"


def is_question(value: str) -> bool:
    """Whether a value still waits for its answer."""
    return value.startswith(ASK)


def questions(plan: Plan) -> tuple[Question, ...]:
    """Every question of a plan, in the order of its lines; of a row left out nothing is asked."""
    return tuple(
        Question(place, value.removeprefix(ASK).strip())
        for table in plan.tables
        for place, value in _values(table)
        if is_question(value)
    )


def _values(table: TablePlan) -> Iterator[tuple[str, str]]:
    for filling in table.fillings:
        yield f"{table.table}: form", filling.form
        out = {
            (fill.column, word)
            for fill in filling.fields.values()
            for word, meaning in fill.words.items()
            if meaning == LEAVE_OUT
        }
        for name, fill in filling.fields.items():
            yield from _of_fill(f"{table.table}: {name}", fill, out)
        for part in filling.each:
            column = next((fill.column for fill in part.values() if fill.column), "")
            for name, fill in part.items():
                yield from _of_fill(f"{table.table}: {column}: {name}", fill, out)


def _of_fill(
    place: str, fill: Fill, left_out: Collection[tuple[str, str]]
) -> Iterator[tuple[str, str]]:
    for name in SETTINGS:
        value = getattr(fill, name)
        if isinstance(value, str):
            yield (place if name in ("column", "always") else f"{place}: {name}"), value
    for word, meaning in fill.words.items():
        if (fill.column, word) not in left_out:
            yield f"{place}: {word}", meaning
