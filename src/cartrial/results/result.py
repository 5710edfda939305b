"""The shape of the results: a long table of numbers, what each output is, data of each figure.

A number is found by output, row, group and statistic, and keeps the subjects behind it. `Output`
says how the rows of a table are called and which statistics make up a cell; it holds no number. A
renderer formats what stands here and computes nothing.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import polars as pl

from cartrial import schema as s
from cartrial.protocol.study import Study

Section = Literal[
    "front",
    "flow",
    "baseline",
    "exposure",
    "ae",
    "dlt",
    "car",
    "orr",
    "dor",
    "pfs",
    "os",
    "monitoring",
    "escalation",
    "listing",
]
STATISTICS = (
    "n",  # subjects counted
    "of",  # of how many
    "events",
    "percent",  # 0 to 100
    "value",
    "lower",
    "upper",
    "mean",
    "sd",
    "median",
    "q1",
    "q3",
    "min",
    "max",
    "geometric mean",
    "cv",  # geometric coefficient of variation, percent
    "text",
)


class Result(s.Table):
    """One statistic of one cell of one output."""

    output = s.text("Output", primary_key=True, private=False)
    row = s.count("Row, in the order shown", "number", min=1, primary_key=True)
    group = s.text("Group: a dose level, a pool, All, or a column", primary_key=True, private=False)
    statistic = s.code("Statistic", STATISTICS, primary_key=True)
    variable = s.text("What was counted or measured", private=False)
    level = s.text("Category of the variable", private=False, nullable=True)
    value = s.number("Value", unit_in="unit", nullable=True)
    unit = s.text("Unit", private=False, nullable=True)
    text = s.text("Value that is not a number", private=False, nullable=True)
    why_missing = s.text("Why there is no value", private=False, nullable=True)
    subjects = s.text(
        "Subjects behind the value, separated by a space", private=False, nullable=True
    )
    source = s.text("Dataset and selection", private=False, nullable=True)


Cell = Literal[
    "n (%)",  # 3 (16.7%)
    "n/N (%)",  # 3/18 (16.7%)
    "n/N (%) [interval]",  # 15/18 (83.3%) [58.6, 96.4]
    "n",
    "value",
    "value [interval]",  # 12.3 [4.1, 20.0]
    "value (cv)",  # 12.3 (45%), geometric
    "percent [interval]",  # 61.1% [35.3, 79.2]
    "mean (sd)",
    "median (min, max)",
    "median [q1, q3]",
    "events (subjects)",
    "text",
]


@dataclass(frozen=True)
class Row:
    """A row of a table: its words, its depth, and how its cells are made up."""

    number: int
    label: str
    cell: Cell | None  # None is a heading without cells
    indent: int = 0
    digits: int = 1
    repeats: bool = False  # judges as the row before it does: on paper it is left out


@dataclass(frozen=True)
class Group:
    """A column: `name` is the `group` of the long table, `label` and `of` stand in the header."""

    name: str
    label: str
    of: int | None = None


@dataclass(frozen=True)
class Output:
    """One table or listing: everything but its numbers.

    `empty` is the one line that is shown where its data were not collected; rows are then none.
    `shown` says what it shows, `method` how, with the source of the method.
    """

    id: str
    section: Section
    title: str
    kind: Literal["table", "listing"]
    population: str
    groups: tuple[Group, ...] = ()
    rows: tuple[Row, ...] = ()
    shown: str = ""
    method: tuple[str, ...] = ()
    footnotes: tuple[str, ...] = ()
    empty: str = ""


@dataclass(frozen=True)
class Figure:
    """One figure: `kind` names the module that draws it, `data` its tidy tables.

    `after` is the output that it follows; without one it opens its section.
    """

    id: str
    section: Section
    kind: Literal[
        "kaplan_meier",
        "car_curves",
        "car_summary",
        "relations",
        "power_model",
        "agreement",
        "individual_fits",
        "vpc",
        "swimmer",
        "waterfall",
        "spider",
        "response_by_dose",
        "subject_course",
        "incidence",
        "dlt_window",
        "grades",
        "heat_map",
        "escalation",
        "outlook",
        "selection",
        "correct_selection",
    ]
    title: str
    population: str
    x: str
    y: str
    data: tuple[str, ...] = ()
    footnotes: tuple[str, ...] = ()
    empty: str = ""
    after: str = ""


@dataclass(frozen=True)
class Prose:
    """Paragraphs in words; `tables` are the outputs that belong to them.

    It ends its section, and is written to a file of its own, with its tables, as `<id>.md`.
    """

    id: str
    section: Section
    title: str
    paragraphs: tuple[str, ...]
    tables: tuple[str, ...] = ()
    references: tuple[str, ...] = ()


@dataclass(frozen=True)
class Headline:
    """One line of the front page for one outcome or pause rule, said in a sentence."""

    section: Section
    label: str
    sentence: str
    state: Literal["", "met", "not met", "not assessable"] = ""
    subjects: tuple[str, ...] = ()


@dataclass(frozen=True)
class Results:
    """All that the report shows, and nothing about how it looks."""

    study: Study
    cutoff: dt.date | None
    values: s.DataFrame[Result]
    outputs: tuple[Output, ...]
    figures: tuple[Figure, ...]
    data: Mapping[str, pl.DataFrame]
    headlines: tuple[Headline, ...]
    prose: tuple[Prose, ...] = ()
    findings: tuple[s.Finding, ...] = ()


def data_cut(cutoff: dt.date | None) -> str:
    """The data cut in words."""
    return f"data cut {cutoff}" if cutoff else "no data cut"
