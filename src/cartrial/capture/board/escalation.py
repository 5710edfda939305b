"""The part of the board that is about the dose: levels, windows, advice, table, outlook, rules."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from cartrial.adam.subject.adsl import Adsl
from cartrial.capture.board.board import Advice, Branch, Cell, Level, Rule, TableRow, Window
from cartrial.capture.dose.frozen import recommendation
from cartrial.capture.dose.known import Known
from cartrial.capture.dose.slot import Slot
from cartrial.dosing.decision import Decision
from cartrial.dosing.decision_table.pending import WORDS
from cartrial.dosing.decision_table.rule import Range, ranges, rows_of, rule_of
from cartrial.dosing.designs import cohort_size
from cartrial.dosing.state import State, Tally
from cartrial.results.monitoring import monitoring_lines
from cartrial.results.outlook import outlook as drawn
from cartrial.results.population import Trial
from cartrial.results.result import Headline

COLUMNS = (Decision.ESCALATE, Decision.STAY, Decision.DEESCALATE, Decision.ELIMINATE)
BOUNDS = tuple(WORDS[one].capitalize() for one in COLUMNS)
STATUSES = ("DLT", "complete", "pending", "maturing", "not evaluable")  # as a tally counts them
MOST = 18  # patients in the table where the study plans no number
SHOWN_PAST = 6  # patients beyond those treated that the table shows


def windows(known: Known) -> tuple[Window, ...]:
    """Each infused subject in its DLT window, in the order of infusion."""
    if known.review is None or known.study.dlt is None or known.analysis is None:
        return ()
    when = known.analysis.adam.of(Adsl).select("USUBJID", "TRTSDT")
    rows = known.review.statuses.join(when, on="USUBJID", how="left", maintain_order="left")
    made = [_window(known, row) for row in rows.to_dicts()]
    return tuple(sorted(made, key=lambda one: (one.infused or dt.date.max, one.subject)))


def _window(known: Known, row: dict[str, Any]) -> Window:
    dlt, infused = known.study.dlt, row["TRTSDT"]
    assert dlt is not None
    why = row["DLTREAS"] or ""
    if row["DLTSTAT"] == "DLT" and row["DLTTERM"]:
        why = f"{row['DLTTERM'][:1].upper()}{row['DLTTERM'][1:].lower()}, {why}"
    return Window(
        row["subject"],
        row["EVALLVL"] or row["DOSELVL"],
        row["DLTSTAT"],
        why,
        infused,
        row["DLTFUP"],
        (known.day - infused).days if infused else None,
        dlt.window,
        dlt.interim,
        row["DLTDAY"],
    )


def levels(
    known: Known, every: tuple[Window, ...], slots: tuple[Slot, ...]
) -> tuple[tuple[Level, ...], tuple[Window, ...]]:
    """Each dose level with its subjects, and those whose level is not known."""
    state = known.record.state if known.record else None
    count = len(known.study.doses.levels)
    made = tuple(_level(known, state, number, every, slots) for number in range(1, count + 1))
    return made, tuple(one for one in every if one.level not in range(1, count + 1))


def _level(
    known: Known,
    state: State | None,
    number: int,
    every: tuple[Window, ...],
    slots: tuple[Slot, ...],
) -> Level:
    mine = tuple(one for one in every if one.level == number)
    statuses = [one.status for one in mine]
    tally = Tally(*(statuses.count(status) for status in STATUSES))
    waiting = sum(s.is_waiting and s.is_granted and s.level == number for s in slots)
    barred = (
        state.eliminated | known.record.recommendation.eliminated if state and known.record else ()
    )
    return Level(
        number,
        known.study.level_label(number),
        tally,
        waiting,
        state is not None and state.current == number,
        number in barred,
        mine,
    )


def advice(known: Known, every: tuple[Window, ...]) -> Advice | None:
    """The recommendation of the design, and when it waits, for whom."""
    record = known.record
    if record is None:
        return None
    found = record.recommendation
    waits = (
        tuple(one for one in every if one.status in ("pending", "maturing")) if found.wait else ()
    )
    return Advice(
        **recommendation(known.study, record),
        provisional=found.provisional,
        rests_on=found.full,
        waits_for=waits,
        line=record.state.line,
    )


def table(known: Known) -> tuple[TableRow, ...]:
    """The decision table around where the trial is, with its cell marked."""
    record = known.record
    rule = rule_of(record.design) if record else None
    if record is None or rule is None:
        return ()
    state = record.state
    here = state.tally(state.current) if state.current else Tally()
    most = min(state.planned or MOST, here.decided + here.open + SHOWN_PAST)
    size = cohort_size(record.design, state) or 1
    asked = rows_of(record.design, most=max(most, 2 * size))
    shown = [n for n in asked if n % size == 0 or n == here.decided]
    return tuple(_row(n, ranges(rule, treated=n), here) for n in shown)


def _row(treated: int, made: dict[Decision, Range], here: Tally) -> TableRow:
    is_here = treated == here.decided
    cells = []
    for decision in COLUMNS:
        found = made.get(decision)
        inside = found is not None and found.fewest <= here.dlts <= found.most
        cells.append(Cell(WORDS[decision], _shown(found), is_here and inside))
    return TableRow(treated, tuple(cells), is_here)


def _shown(found: Range | None) -> str:
    if found is None:
        return "–"
    return f"{found.fewest}" if found.fewest == found.most else f"{found.fewest}–{found.most}"


def outlook(known: Known) -> tuple[Branch, ...]:
    """What each possible next outcome would lead to."""
    if known.analysis is None or known.record is None:
        return ()
    rows = [
        row
        for one in drawn(Trial(known.study, known.analysis.adam))
        if "outlook" in one.data
        for row in one.data["outlook"].to_dicts()
    ]
    return next(iter(_branches(rows, None))).then if rows else ()


def _branches(rows: list[dict[str, Any]], parent: int | None) -> Iterator[Branch]:
    for row in rows:
        if row["comes_from"] == parent:
            then = tuple(_branches(rows, row["number"]))
            yield Branch(row["seen"], row["next"], row["kind"], row["reason"], then)


def pauses(known: Known) -> tuple[Rule, ...]:
    """Each pause rule and how it stands."""
    return tuple(map(_rule, known.review.pauses)) if known.review else ()


def monitoring(known: Known) -> tuple[Rule, ...]:
    """Each monitoring rule and how it stands."""
    if known.analysis is None or known.review is None:
        return ()
    return tuple(map(_rule, monitoring_lines(Trial(known.study, known.analysis.adam))))


def _rule(line: Headline) -> Rule:
    label = line.label.removeprefix("Monitoring bound, ").capitalize()
    return Rule(
        label if line.label.startswith("Monitoring") else line.label,
        line.state,
        line.sentence,
        line.subjects,
    )
