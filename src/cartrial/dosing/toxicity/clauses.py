"""DLT clauses and pause rules held against one toxicity: met, not met, or not settled yet.

    judge(clause, toxic, window=84) -> Judged(verdict, met, began, reason, evidence)

A clause asks for a grade, and some ask that it lasts. What is not known is an interval: of the
grade, from `lowest` to `highest`, and of the time, from `earliest` to `latest`. The clause is met
where the least toxicity that is possible meets it, not met where the most that is possible does
not, and open else.

    longer than D days               days from the day on which the grade is reached to the day
                                     on which it is over, greater than D; met on day D + 1 of them
    not at grade G within H hours    the same on the clock; met H hours after the grade is reached
    laboratory                       from the first to the last of values that follow each other

Reading: what belongs to the window is the day on which the grade of the clause is reached; it may
be met after it. A grade that was there before the infusion is not of the product: only what rises
above it counts. Where only the day is known, any hour of it is possible. An event without an end is
taken to last until it was last seen, and may have lasted longer.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import floor, inf
from typing import Literal

from cartrial.dosing.toxicity.concern import is_concerned
from cartrial.dosing.toxicity.toxic import LATEST, Step, Toxic, When
from cartrial.protocol.clause import HOURS, Selection

Answer = Literal["yes", "no", "open"]
MINUTES = 60 * HOURS  # in a day
SHOWN = 3  # steps at either end of a long run that the evidence spells out


@dataclass(frozen=True)
class Judged:
    """The verdict on a clause; `began` is the day on which its grade was reached.

    `met` is the day on which the clause was met, where it can be told; `reason` says why it is
    open, `evidence` which grades decide.
    """

    verdict: Answer
    met: int | None = None
    began: int | None = None
    reason: str = ""
    evidence: str = ""


@dataclass(frozen=True)
class Run:
    """A time at the grade of a clause or above it; `end` is nothing as long as it may last."""

    steps: tuple[Step, ...]
    start: When
    end: When | None


def judge(clause: Selection, toxic: Toxic, *, window: int | None) -> Judged:
    """The verdict on a clause; without a window, at any day from the infusion on."""
    concerned = is_concerned(clause, toxic)
    if concerned is False:
        return Judged("no")
    possible = [
        run
        for run in _runs(clause, toxic, lowest=False)
        if _in_window(run.start.earliest, window) and _most(clause, run)
    ]
    if not possible:
        return Judged("no")
    certain = [
        run
        for run in _runs(clause, toxic, lowest=True)
        if _in_window(run.start.latest, window) and _least(clause, run, toxic.seen_to)
    ]
    if certain and concerned:
        run = certain[0]
        return Judged("yes", _met(clause, run), run.start.day, evidence=_told(clause, run))
    run = possible[0]
    why = _why_open(clause, toxic, run, concerned=concerned)
    return Judged("open", None, run.start.day, why, _told(clause, run))


# ---------------------------------------------------------------- the time at a grade
def _runs(clause: Selection, toxic: Toxic, *, lowest: bool) -> Iterator[Run]:
    """The times at the grade of the clause, by the lowest or the highest grades possible."""
    sampled = toxic.kind == "laboratory"
    had = 0 if sampled else _had(toxic, lowest=lowest)
    run: list[Step] = []
    for step in toxic.steps:
        if step.when.latest < 0:
            continue
        grade = step.lowest if lowest else step.highest
        counted = grade if grade > had else 0
        if run and counted <= clause.floor:
            yield Run(tuple(run), run[0].when, run[-1].when if sampled else step.when)
            run = []
        elif run or counted >= clause.grade:
            run.append(step)
    if run:
        yield Run(tuple(run), run[0].when, toxic.ended)
    if toxic.reached >= clause.grade:
        last = toxic.seen_to if toxic.ended is None else toxic.ended.latest
        start = toxic.steps[0].when.earliest
        yield Run(toxic.steps, When(start, max(start, last)), toxic.ended)


def _had(toxic: Toxic, *, lowest: bool) -> int:
    """The grade in effect at the infusion: the one that leaves the least, or the most, to count."""
    before = [step for step in toxic.steps if step.when.latest < 0]
    if not before:
        return 0
    return before[-1].highest if lowest else before[-1].lowest


def _in_window(start: float, window: int | None) -> bool:
    return window is None or floor(start) <= window


def _least(clause: Selection, run: Run, seen_to: float) -> bool:
    """Whether a run has lasted long enough, whatever is not known."""
    end = max(seen_to, run.steps[-1].when.earliest) if run.end is None else run.end.earliest
    return _lasts(clause, run.start.latest, end)


def _most(clause: Selection, run: Run) -> bool:
    """Whether a run may have lasted long enough, or still may."""
    return _lasts(clause, run.start.earliest, inf if run.end is None else run.end.latest)


def _lasts(clause: Selection, start: float, end: float) -> bool:
    start = max(start, 0.0)
    if end == inf:
        return True
    if clause.days is not None:
        return floor(end) - floor(start) > clause.days
    if clause.hours is not None:
        return round((end - start) * MINUTES) > clause.hours * 60
    return True


def _met(clause: Selection, run: Run) -> int | None:
    """The day on which a run meets its clause."""
    first, last = max(run.start.earliest, 0.0), max(run.start.latest, 0.0)
    if clause.hours is not None:
        first, last = first + clause.hours / HOURS, last + clause.hours / HOURS
    day = When(first, last).day
    return day if day is None or clause.days is None else day + clause.days + 1


# ---------------------------------------------------------------- in words
def _why_open(clause: Selection, toxic: Toxic, run: Run, *, concerned: bool | None) -> str:
    """Why a clause that may be met cannot be settled."""
    if concerned is None:
        return "its term or organ class is not recorded"
    if toxic.reached >= clause.grade:
        return f"when it was at grade {clause.grade} or higher is not recorded"
    unsure = next((s for s in run.steps if s.lowest < min(s.highest, clause.grade)), None)
    if unsure is not None:
        return f"the grade on {_when(unsure.when)} is not known: {_grade(unsure)}"
    if run.end is None:
        return f"not over when last seen on day {floor(toxic.seen_to)}"
    if run.end.latest >= LATEST:
        return "when it was over is not known"
    days = [w.day for w in (run.start, run.end)]
    return "a date is known in part" if None in days else "the hour is not recorded"


def _told(clause: Selection, run: Run) -> str:
    """The grades of a run and its end; of a long one the beginning and the end."""
    said = [f"{_when(step.when)} grade {_grade(step)}" for step in run.steps]
    if len(said) > 2 * SHOWN:
        left = len(said) - 2 * SHOWN
        said = [*said[:SHOWN], f"{left} more", *said[-SHOWN:]]
    lasting = clause.hours is not None or clause.days is not None
    if lasting and run.end is not None and run.end != run.steps[-1].when:
        said.append(f"until {_when(run.end)}")
    return "; ".join(said)


def _grade(step: Step) -> str:
    low, high = step.lowest, step.highest
    return f"{low}" if low == high else f"{low} to {high}"


def _when(when: When) -> str:
    if when.latest >= LATEST:
        return f"on or after day {floor(when.earliest)}"
    if when.day is None:
        return f"between day {floor(when.earliest)} and day {floor(when.latest)}"
    if not when.timed:
        return f"day {when.day}"
    minutes = round((when.earliest - when.day) * MINUTES)
    return f"day {when.day}, {minutes // 60:02}:{minutes % 60:02}"
