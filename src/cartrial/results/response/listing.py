"""Listing of response: each visit of each infused subject, its numbers, and why it is so."""

from collections.abc import Sequence
from itertools import pairwise
from math import trunc

from cartrial.adam.response.adrs import Adrs
from cartrial.results.population import Trial
from cartrial.results.responders import BY, primary
from cartrial.results.response.review import (
    Component,
    Opinion,
    SubjectCourse,
    Visit,
    subject_courses,
)
from cartrial.results.statistic import in_figures
from cartrial.results.table import Filled, listing

NOT_APPLICABLE = "not applicable"
COLUMNS = (
    *("Dose level", "Day", "Date", "Investigator", "Derived"),
    *("Confirmed status", "Why by the criteria", "Components"),
)
JUDGED = slice(3, 6)  # of the columns: the responses and the status
FIGURES = 4  # significant, of a measured value

Line = tuple[str | None, ...]


def response_listing(trial: Trial) -> tuple[Filled, ...]:
    """Every visit at which the response was judged; nothing where no visit was recorded."""
    if not trial.adam.has(Adrs):
        return ()
    courses = subject_courses(trial)
    lines = [
        (course.subject, _line(trial, course, visit))
        for course in courses
        for visit in course.visits
    ]
    if not lines:
        return ()
    return (
        listing(
            "responses",
            "listing",
            "Response by subject and visit",
            population="Infused subjects",
            columns=COLUMNS,
            lines=lines,
            none="No response.",
            footnotes=(
                "Days count from the infusion, which is day 0. Investigator, derived: the response "
                "as assessed. Confirmed status: the response once confirmed, at this visit, "
                f"{BY[primary(trial)]} (primary).",
                "Components: value, change from baseline, and the response that each alone "
                "would give.",
                *_without_values(courses),
            ),
            source="ADRS",
            repeats=_repeats(lines),
        ),
    )


def _repeats(lines: Sequence[tuple[str, Line]]) -> set[int]:
    """The visits at which investigator, derived and status are as at the visit before."""
    judged = [(subject, cells[JUDGED]) for subject, cells in lines]
    return {place for place, pair in enumerate(pairwise(judged), start=1) if pair[0] == pair[1]}


def _without_values(courses: tuple[SubjectCourse, ...]) -> tuple[str, ...]:
    """Who has no derived response, where others have one."""
    derived = {c.subject for c in courses if any(visit.derived for visit in c.visits)}
    without = [c.subject for c in courses if c.subject not in derived]
    if not derived or not without:
        return ()
    return (f"Without raw values after the infusion, so not derived: {', '.join(without)}.",)


def _line(trial: Trial, course: SubjectCourse, visit: Visit) -> Line:
    derived, investigator = visit.derived, visit.investigator
    one = derived or investigator
    counted = derived if primary(trial) == "derived" else investigator
    components = [_component(one) for one in visit.components if one.response != NOT_APPLICABLE]
    return (
        course.group,
        None if one is None or one.day is None else f"{one.day}",
        None if one is None or one.on is None else f"{one.on}",
        _said(investigator),
        _said(derived),
        (counted.status if counted else None) or "none yet",
        derived.explanation if derived else "no raw values at this visit",
        "; ".join(components) or "none",
    )


def _said(opinion: Opinion | None) -> str:
    if opinion is None:
        return "not judged"
    return opinion.response or opinion.why_missing or "not judged"


def _component(one: Component) -> str:
    if one.value is None:
        return f"{one.name} missing: {one.response}"
    value = f"{in_figures(one.value, FIGURES):f} {one.unit or ''}".strip()
    change = "" if one.change is None else f" ({trunc(one.change):+d}%)".replace("-", "\u2212")
    return f"{one.name} {value}{change}: {one.response}"
