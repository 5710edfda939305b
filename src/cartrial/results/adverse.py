"""Adverse events: the overview, and every event by organ class, term and worst grade.

The registered table holds what is related to the product, began (or worsened) after the infusion
and within the registered time frame, and is not CRS, ICANS or a sign of them. The second holds
every recorded event, whatever its cause and time.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

import polars as pl

from cartrial.adam.adverse.adae import Adae
from cartrial.results.population import ALL, OTHERS, Column, Population, Trial, plain_case
from cartrial.results.result import Group
from cartrial.results.severity import Scale, Worst, adverse_events, grade_note, pairs, worst
from cartrial.results.table import Filled, Table, counted, nothing

NOT_COLLECTED = "Not collected: adverse events (no AE data)."
NOT_CODED = "Not coded"
NO_CLASS = "Organ class not given"
ANY = "Any"
FLAGS = {
    "Serious": "AESER",
    "Of special interest": "AESIFL",
    "Dose-limiting by the investigator": "AEDLT",
}
ASKED = ("AESER", "AEDLT")  # of the flags: answers of the investigator, which may be missing


@dataclass(frozen=True)
class Selection:
    """Which events a table shows, and its words."""

    id: str
    title: str
    shown: str
    where: str
    events: pl.DataFrame
    people: Population
    notes: tuple[str, ...]


def adverse(trial: Trial) -> tuple[Filled, ...]:
    """The overview, the registered table and all events; each term also by every grade."""
    if not trial.adam.has(Adae):
        return (nothing("ae", "ae", "Adverse events", trial.infused.label, NOT_COLLECTED),)
    events, scale = adverse_events(trial)
    registered = _registered(trial, events, scale)
    everything = _everything(trial, events, scale)
    return (
        _overview(trial, events, scale),
        _terms(registered, scale),
        _grades(registered, scale),
        _terms(everything, scale),
        _grades(everything, scale),
        _serious(trial, events, scale),
    )


def is_registered() -> pl.Expr:
    """Whether an event belongs to the registered outcome: related, after the infusion, in time."""
    return (
        (pl.col("SAFFL") == "Y")
        & (pl.col("ARELFL") == "Y")
        & (pl.col("TRTEMFL") == "Y")
        & (pl.col("REGFL") == "Y")
    )


def is_fatal() -> pl.Expr:
    """Whether an event ended in death."""
    return (pl.col("AEOUT").str.to_uppercase() == "FATAL") | (pl.col("level") == 5)


# ---------------------------------------------------------------- what is shown
def _registered(trial: Trial, events: pl.DataFrame, scale: Scale) -> Selection:
    chosen = events.filter(is_registered() & (pl.col("TABFL") == "Y"))
    undated = events.filter((pl.col("SAFFL") == "Y") & pl.col("ASTDT").is_null()).height
    return Selection(
        "ae_registered",
        f"Adverse events related to {trial.study.product.name}, by term and worst grade",
        "The registered outcome: events that began or worsened after the infusion, up to Month 24,"
        " and are related to the product.",
        "ADAE where ARELFL, TRTEMFL, REGFL and TABFL = Y",
        chosen,
        trial.infused,
        (
            "CRS and ICANS, and events recorded as signs of them, stand in their own tables.",
            _missing_cause(chosen),
            f"Without a start date: {counted(undated, 'event')} of infused subjects; what cannot "
            "be placed after the infusion is in the table of all events only."
            if undated
            else "",
            grade_note(trial, scale),
        ),
    )


def _everything(trial: Trial, events: pl.DataFrame, scale: Scale) -> Selection:
    others = frozenset(events["subject"]) - trial.infused.everyone
    people = trial.infused.beside(OTHERS, others) if others else trial.infused
    before = events.filter((pl.col("SAFFL") == "Y") & pl.col("TRTEMFL").is_null()).height
    return Selection(
        "ae_all",
        "All adverse events whatever the cause, by term and worst grade",
        "Every recorded event, of any cause and time, CRS, ICANS and their signs included.",
        "ADAE",
        events,
        people,
        (
            "Begun before the infusion without worsening after it, or not to be placed after it: "
            f"{before} of {counted(events.height, 'event')}."
            if before
            else "",
            f"{OTHERS}: subjects with an event who were not infused; not part of {ALL}."
            if others
            else "",
            grade_note(trial, scale),
        ),
    )


def _serious(trial: Trial, events: pl.DataFrame, scale: Scale) -> Filled:
    """The serious events by term; nothing where it was not collected which are serious."""
    name, title = "ae_serious", "Serious adverse events whatever the cause, by term and worst grade"
    after = events.filter((pl.col("SAFFL") == "Y") & (pl.col("TRTEMFL") == "Y"))
    unsaid = after["AESER"].null_count()
    if unsaid and unsaid == after.height:
        why = "Not collected: whether an event was serious."
        return nothing(name, "ae", title, trial.infused.label, why)
    chosen = Selection(
        name,
        title,
        "Serious events that began or worsened after the infusion, CRS, ICANS and their signs "
        "included.",
        "ADAE where SAFFL, TRTEMFL and AESER = Y",
        after.filter(pl.col("AESER") == "Y"),
        trial.infused,
        (_unsaid_note(unsaid), grade_note(trial, scale)),
    )
    return _terms(chosen, scale)


def _unsaid_note(unsaid: int) -> str:
    said = counted(unsaid, "event")
    return f"Not said to be serious or not, and not counted as serious: {said}." if unsaid else ""


def _missing_cause(events: pl.DataFrame) -> str:
    missing = events.filter(pl.col("ARELMFL") == "Y").height
    said = counted(missing, "event")
    return f"Causality missing, counted as related: {said}." if missing else ""


# ---------------------------------------------------------------- tables
def _overview(trial: Trial, events: pl.DataFrame, scale: Scale) -> Filled:
    table = Table("ae_overview", trial.infused, source="ADAE where SAFFL = Y")
    infused = events.filter(pl.col("SAFFL") == "Y")
    after = infused.filter(pl.col("TRTEMFL") == "Y")
    related = infused.filter(is_registered())
    table.events("All recorded events", infused["subject"].to_list())
    for heading, rows in (
        ("Began or worsened after the infusion", after),
        (f"Of these, related to {trial.study.product.name} and up to Month 24", related),
    ):
        found = worst(pairs(rows))
        table.heading(heading)
        table.events("Number of events", rows["subject"].to_list(), indent=1)
        table.count("Any event", found.any, indent=1, cell="n/N (%)", variable=heading)
        table.count(scale.high, found.high, indent=1, cell="n/N (%)", variable=heading)
        _flagged(table, heading, rows, after)
        table.count("Fatal", _who(rows, is_fatal()), indent=1, cell="n/N (%)", variable=heading)
        if found.missing:
            table.count(scale.missing, found.missing, indent=1, cell="n/N (%)", variable=heading)
    missing = after.filter(pl.col("ARELMFL") == "Y")
    table.events("Causality missing, counted as related", missing["subject"].to_list())
    unknown = after.filter(pl.col("AESER").is_null()).height
    return table.fill(
        "ae",
        "Adverse events: overview",
        shown="How many subjects had which kind of event.",
        footnotes=(
            "CRS, ICANS and their signs are included.",
            _unsaid_note(unknown),
            _missing_note(scale),
        ),
    )


def _flagged(table: Table, heading: str, rows: pl.DataFrame, after: pl.DataFrame) -> None:
    for words, flag in FLAGS.items():
        if flag in ASKED and not after.is_empty() and not after[flag].count():
            table.missing(words, "not collected", cell="n/N (%)", indent=1)
            continue
        who = _who(rows, pl.col(flag) == "Y")
        table.count(words, who, indent=1, cell="n/N (%)", variable=f"{heading}, {words}")


def _who(events: pl.DataFrame, condition: pl.Expr) -> list[str]:
    return events.filter(condition)["subject"].to_list()


def _missing_note(scale: Scale) -> str:
    return (
        f"{scale.missing}: a subject with an event without it, whose worst is therefore not known."
    )


def _terms(chosen: Selection, scale: Scale) -> Filled:
    """One line for each term, with a line below it where somebody had it at 3 or above."""
    table = Table(chosen.id, chosen.people, source=chosen.where)
    table.events("Number of events", chosen.events["subject"].to_list())
    _lines(table, "Any event", worst(pairs(chosen.events)), scale, 0, all_lines=True)
    for label, depth, found in _by_term(chosen.events):
        _lines(table, label, found, scale, depth)
    return table.fill(
        "ae",
        chosen.title,
        shown=chosen.shown,
        footnotes=(
            "Subjects with at least one such event. A subject counts once in each line, at its "
            "worst grade.",
            f"A line '{scale.high.lower()}' stands under a term where there is such a subject.",
            _missing_note(scale),
            *chosen.notes,
        ),
    )


def _lines(
    table: Table, label: str, found: Worst, scale: Scale, depth: int, *, all_lines: bool = False
) -> None:
    table.count(label, found.any, indent=depth)
    for words, subjects in ((scale.high, found.high), (scale.missing, found.missing)):
        if subjects or all_lines:
            table.count(words, subjects, indent=depth + 1, variable=f"{label}, {words.lower()}")


def _grades(chosen: Selection, scale: Scale) -> Filled:
    """One line for each term; the columns are the worst grades of all infused subjects."""
    whole = chosen.people.column(ALL)
    shown = {**{label: n for n, label in enumerate(scale.labels, start=1)}, scale.missing: 0}
    table = Table(f"{chosen.id}_grades", Population(chosen.people.label, ()), source=chosen.where)
    groups = tuple(Group(name, name) for name in (*shown, ANY))
    events = chosen.events.filter(pl.col("subject").is_in(list(whole.subjects)))
    lines: list[tuple[str, int, Worst]] = [("Any event", 0, worst(pairs(events)))]
    for label, depth, found in [*lines, *_by_term(events)]:
        number = table.row(label, "n (%)", indent=depth)
        for name, level in shown.items():
            _cell(table, number, name, label, found.at[level] if level else found.missing, whole)
        _cell(table, number, ANY, label, found.any, whole)
    return table.fill(
        "ae",
        f"{chosen.title}: every grade",
        shown=f"The same events; all {len(whole.subjects)} infused subjects by their worst grade.",
        footnotes=(
            f"Percent of {len(whole.subjects)} infused subjects.",
            _missing_note(scale),
            *chosen.notes,
        ),
        groups=groups,
    )


def _cell(
    table: Table, number: int, name: str, label: str, subjects: Iterable[str], whole: Column
) -> None:
    table.share(number, Column(name, name, whole.subjects), frozenset(subjects), label)


def _by_term(events: pl.DataFrame) -> list[tuple[str, int, Worst]]:
    """(label, depth, worst) of each organ class and its terms, the most frequent first."""
    found: dict[str, dict[str, list[tuple[str, int | None]]]] = {}
    organs, terms = plain_case(events["AEBODSYS"]), plain_case(events["AEDECOD"])
    for organ, term, pair in zip(organs, terms, pairs(events), strict=True):
        found.setdefault(organ or NO_CLASS, {}).setdefault(term or NOT_CODED, []).append(pair)
    classes = {organ: worst(chain(*graded.values())) for organ, graded in found.items()}
    lines: list[tuple[str, int, Worst]] = []
    for organ in _frequent(classes):
        lines.append((organ, 0, classes[organ]))
        graded = {term: worst(rows) for term, rows in found[organ].items()}
        lines += [(term, 1, graded[term]) for term in _frequent(graded)]
    return lines


def _frequent(found: dict[str, Worst]) -> Sequence[str]:
    return sorted(found, key=lambda name: (-len(found[name].any), name))
