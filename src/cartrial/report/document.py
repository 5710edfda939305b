"""The report before it is a page: its sections in order, its tables laid out, its figures drawn.

Sections stand in the record's order: who took part, then one section for each registered outcome,
then what was analysed without being registered, monitoring and dose escalation, then listings. The
HTML and the PDF are two renderings of this one document.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cartrial.protocol.study import Outcome, Study
from cartrial.report.table import ReportTable, lay_out
from cartrial.report.values import StudyValue, study_values
from cartrial.results.result import Figure, Headline, Prose, Results, Section

TITLES: Mapping[Section, str] = {
    "front": "Summary",
    "flow": "Participant flow",
    "baseline": "Baseline",
    "exposure": "Exposure",
    "ae": "Adverse events",
    "dlt": "Dose-limiting toxicity",
    "car": "CAR copies in blood",
    "orr": "Objective response",
    "dor": "Duration of response",
    "pfs": "Progression-free survival",
    "os": "Overall survival",
    "monitoring": "Monitoring",
    "escalation": "Dose escalation",
    "listing": "Listings",
}
BEFORE: tuple[Section, ...] = ("flow", "baseline", "exposure")
OUTCOMES: tuple[Section, ...] = ("ae", "dlt", "car", "orr", "dor", "pfs", "os")
AFTER: tuple[Section, ...] = ("monitoring", "escalation", "listing")
NOTHING_SHOWN = "Nothing is shown: no analysis was made for this outcome."


@dataclass(frozen=True)
class DrawnFigure:
    """A figure with its chart; without data it has the one line that says so."""

    id: str
    title: str
    population: str
    footnotes: tuple[str, ...]
    empty: str
    spec: Mapping[str, Any] | None


@dataclass(frozen=True)
class ReportProse:
    """Paragraphs, with the tables that belong to them."""

    id: str
    title: str
    paragraphs: tuple[str, ...]
    tables: tuple[ReportTable, ...]
    references: tuple[str, ...]


@dataclass(frozen=True)
class ReportSection:
    """A section: what was registered (where something was), and what is shown, in its order."""

    id: str
    title: str
    outcome: Outcome | None
    headlines: tuple[Headline, ...]
    parts: tuple[ReportTable | DrawnFigure | ReportProse, ...]
    registered: bool = True

    @property
    def claim(self) -> str:
        """What stands over the outcome's words: only a registered one is called so."""
        return "What was registered" if self.registered else "What is asked (not registered)"

    @property
    def tables(self) -> tuple[ReportTable, ...]:
        """The tables and listings of the section."""
        return tuple(part for part in self.parts if isinstance(part, ReportTable))

    @property
    def figures(self) -> tuple[DrawnFigure, ...]:
        """The figures of the section."""
        return tuple(part for part in self.parts if isinstance(part, DrawnFigure))

    @property
    def prose(self) -> tuple[ReportProse, ...]:
        """The texts of the section."""
        return tuple(part for part in self.parts if isinstance(part, ReportProse))

    @property
    def nothing(self) -> str:
        """The line that stands where a section has neither table nor figure."""
        return "" if self.parts else NOTHING_SHOWN


@dataclass(frozen=True)
class Document:
    """The whole report."""

    study: Study
    cutoff: dt.date | None
    facts: tuple[Headline, ...]
    pauses: tuple[Headline, ...]
    front: ReportSection
    sections: tuple[ReportSection, ...]
    values: tuple[StudyValue, ...]

    @property
    def outcomes(self) -> tuple[ReportSection, ...]:
        """The sections of registered outcomes, and of others that have a headline."""
        return tuple(
            section
            for section in self.sections
            if section.outcome or (section.id in OUTCOMES and section.headlines)
        )


def compose(results: Results) -> Document:
    """The document of the results."""
    lines = [line for line in results.headlines if not line.state]
    return Document(
        study=results.study,
        cutoff=results.cutoff,
        facts=tuple(line for line in lines if line.section not in OUTCOMES),
        pauses=tuple(line for line in results.headlines if line.state),
        front=_section(results, "front", None),
        sections=tuple(_sections(results)),
        values=study_values(results.study),
    )


def _sections(results: Results) -> Iterable[ReportSection]:
    used = {part.section for part in results.outputs}
    used |= {figure.section for figure in results.figures}
    registered = {outcome.analysis for outcome in results.study.outcomes}
    yield from (_section(results, name, None) for name in BEFORE if name in used)
    met: set[str | None] = set()
    for number, outcome in enumerate(results.study.outcomes, 1):
        first = outcome.analysis is not None and outcome.analysis not in met
        yield _section(results, outcome.analysis if first else None, outcome, number=number)
        met.add(outcome.analysis)
    for name in OUTCOMES:
        if name in used and name not in registered:
            yield _section(results, name, None)
    for name in AFTER:
        if name in used:
            yield _section(results, name, None)


def _section(
    results: Results, name: Section | None, outcome: Outcome | None, *, number: int = 0
) -> ReportSection:
    lines = tuple(h for h in results.headlines if h.section == name and not h.state)
    return ReportSection(
        id=name or f"outcome-{number}",
        title=outcome.measure if outcome else TITLES[name or "front"],
        outcome=outcome,
        headlines=lines,
        parts=tuple(_parts(results, name)),
        registered=results.study.mark(f"outcomes.{number - 1}") == "registered",
    )


def _parts(
    results: Results, name: Section | None
) -> Iterable[ReportTable | DrawnFigure | ReportProse]:
    """The tables of a section, each figure after the table that it follows, and its texts."""
    outputs = [output for output in results.outputs if output.section == name]
    figures = [figure for figure in results.figures if figure.section == name]
    followed = {output.id for output in outputs}
    yield from (_drawn(figure, results) for figure in figures if figure.after not in followed)
    for output in outputs:
        yield lay_out(output, results.values)
        yield from (_drawn(figure, results) for figure in figures if figure.after == output.id)
    yield from (_written(prose, results) for prose in results.prose if prose.section == name)


def _written(prose: Prose, results: Results) -> ReportProse:
    tables = tuple(
        lay_out(output, results.values) for output in results.outputs if output.id in prose.tables
    )
    return ReportProse(prose.id, prose.title, prose.paragraphs, tables, prose.references)


def _drawn(figure: Figure, results: Results) -> DrawnFigure:
    from cartrial.report.figures.draw import draw  # altair is loaded only when a figure is drawn

    spec = None if figure.empty else draw(figure, results.data)
    return DrawnFigure(
        figure.id, figure.title, figure.population, figure.footnotes, figure.empty, spec
    )
