"""The columns of a declared table: a label for each, a unit for every number.

class VitalSigns(Table):
    subject = subject()
    at = moment("Measured at", primary_key=True)
    pulse = number("Heart rate", "beats/min", min=0, max=300, nullable=True)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, TypeVar, cast

import dataframely as dy
import polars as pl

Table = dy.Schema
DataFrame = dy.DataFrame
rule = dy.rule

T = TypeVar("T", bound=dy.Schema)

Core = Literal["Req", "Exp", "Perm"]
MISSING_REASONS = (
    "not done",
    "not collected",
    "unknown",
    "sample lost",
    "sample unsuitable",
    "patient refused",
    "too ill",
    "visit missed",
    "not applicable",
    "not published",
    "pending",
)

PARTIAL = r"^\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}(:\d{2})?)?)?)?$"


# ---------------------------------------------------------------- columns
def _about(kind: str, label: str, **more: Any) -> dict[str, Any]:
    if not label:
        raise TypeError("a column must have a label")
    return {"kind": kind, "label": label} | {k: v for k, v in more.items() if v is not None}


def text(
    label: str,
    *,
    nullable: bool = False,
    primary_key: bool = False,
    private: bool = True,
    most: int | None = None,
    core: Core | None = None,
    supp: bool = False,
) -> dy.String:
    """Free text; a message never repeats it if `private`; `supp` is a supplemental qualifier."""
    about = _about("text", label, private=private, core=core, supp=supp, most=most)
    length = None if most is None else {"length": lambda column: column.str.len_chars() <= most}
    return dy.String(nullable=nullable, primary_key=primary_key, check=length, metadata=about)


def subject() -> dy.String:
    """The subject's key within the study, as collected: the first part of nearly every key."""
    return text("Subject", primary_key=True, private=False, most=20)


def subject_key() -> dy.String:
    """The subject's key in what is derived: of any length, as other systems make it."""
    return text("Subject", primary_key=True, private=False)


def code(
    label: str,
    values: Sequence[str],
    *,
    nullable: bool = False,
    primary_key: bool = False,
    core: Core | None = None,
    supp: bool = False,
) -> dy.String:
    """One of the listed values."""
    listed = tuple(values)
    return dy.String(
        nullable=nullable,
        primary_key=primary_key,
        check={"code": lambda column: column.is_in(listed)},
        metadata=_about("code", label, codes=listed, core=core, supp=supp),
    )


def number(
    label: str,
    unit: str | None = None,
    *,
    unit_in: str | None = None,
    min: float | None = None,  # noqa: A002 - the field's word
    max: float | None = None,  # noqa: A002 - the field's word
    nullable: bool = False,
    primary_key: bool = False,
    core: Core | None = None,
    supp: bool = False,
) -> dy.Float64:
    """A measured number: in `unit`, or in the unit that the column `unit_in` of its row names."""
    if not unit and not unit_in:
        raise TypeError(f"{label}: a number must have a unit")
    about = _about("number", label, unit=unit, unit_in=unit_in, core=core, supp=supp)
    return dy.Float64(nullable=nullable, primary_key=primary_key, min=min, max=max, metadata=about)


def count(
    label: str,
    unit: str = "count",
    *,
    min: int | None = 0,  # noqa: A002 - the field's word
    max: int | None = None,  # noqa: A002 - the field's word
    nullable: bool = False,
    primary_key: bool = False,
    core: Core | None = None,
    supp: bool = False,
) -> dy.Int64:
    """A whole number: a count, a sequence, a study day."""
    about = _about("count", label, unit=unit, core=core, supp=supp)
    return dy.Int64(nullable=nullable, primary_key=primary_key, min=min, max=max, metadata=about)


def flag(label: str, *, nullable: bool = False) -> dy.Bool:
    """Yes or no; null is unknown where `nullable`."""
    return dy.Bool(nullable=nullable, metadata=_about("flag", label))


def date(
    label: str, *, nullable: bool = False, primary_key: bool = False, private: bool = False
) -> dy.Date:
    """A complete calendar date."""
    about = _about("date", label, private=private)
    return dy.Date(nullable=nullable, primary_key=primary_key, metadata=about)


def moment(label: str, *, nullable: bool = False, primary_key: bool = False) -> dy.Datetime:
    """A date with its clock time, to the second, in the centre's own time."""
    about = _about("moment", label)
    return dy.Datetime(nullable=nullable, primary_key=primary_key, time_unit="us", metadata=about)


def partial_date(
    label: str,
    *,
    nullable: bool = False,
    primary_key: bool = False,
    private: bool = False,
    core: Core | None = None,
    supp: bool = False,
) -> dy.String:
    """A date as far as it is known, ISO 8601: 2024, 2024-05, 2024-05-03 or 2024-05-03T14:20."""
    about = _about("partial", label, private=private, core=core, supp=supp)
    return dy.String(nullable=nullable, primary_key=primary_key, regex=PARTIAL, metadata=about)


def why_missing(label: str, *, of: Sequence[str]) -> dy.String:
    """The reason why the columns `of` are all empty."""
    about = _about("code", label, codes=MISSING_REASONS, reason_of=tuple(of))
    listed = {"code": lambda column: column.is_in(MISSING_REASONS)}
    return dy.String(nullable=True, check=listed, metadata=about)


# ---------------------------------------------------------------- reading a declaration
@dataclass(frozen=True)
class Column:
    """One declared column, as its readers need it."""

    name: str
    kind: str
    label: str
    unit: str | None
    nullable: bool
    key: bool
    codes: tuple[str, ...]
    private: bool
    core: Core | None
    supp: bool
    reason_of: tuple[str, ...]
    least: float | None
    most: float | None

    @property
    def limits(self) -> str:
        """The limits of a number in words; empty where it has none."""
        if self.kind not in ("number", "count"):
            return ""
        if self.least is not None and self.most is not None:
            return f"{self.least:g} to {self.most:g}"
        if self.most is not None:
            return f"at most {self.most:g}"
        return f"at least {self.least:g}" if self.least else ""


@cache
def columns(table: type[Table]) -> tuple[Column, ...]:
    """The columns of a table in the order of their declaration."""
    return tuple(_column(name, declared) for name, declared in table.columns().items())


def _column(name: str, declared: Any) -> Column:
    about: dict[str, Any] = declared.metadata or {}
    unit_in = about.get("unit_in")
    return Column(
        name=name,
        kind=about["kind"],
        label=about["label"],
        unit=about.get("unit") or (f"as {unit_in}" if unit_in else None),
        nullable=declared.nullable,
        key=declared.primary_key,
        codes=about.get("codes", ()),
        private=about.get("private", False),
        core=about.get("core"),
        supp=about.get("supp", False),
        reason_of=about.get("reason_of", ()),
        least=getattr(declared, "min", None),
        most=getattr(declared, "max", about.get("most")),
    )


def key(table: type[Table]) -> list[str]:
    """The names of the key columns."""
    return list(table.primary_key())


def title(table: type[Table]) -> str:
    """What the table holds: the first sentence of its docstring."""
    return (table.__doc__ or table.__name__).strip().split("\n")[0].split("  ")[0].rstrip(".")


@cache
def empty(table: type[T]) -> DataFrame[T]:
    """The table without rows."""
    return table.create_empty()


def conform(table: type[T], frame: pl.DataFrame | None) -> DataFrame[T]:
    """The rows as the declared table; none where there is no frame."""
    if frame is None:
        return empty(table)
    if frame.schema == empty(table).schema:
        return cast("DataFrame[T]", frame)
    return table.cast(frame)
