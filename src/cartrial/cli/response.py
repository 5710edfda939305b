"""`cartrial response`: each subject's response, visit by visit, with its explanation."""

import datetime as dt
import json
import re
import shutil
import textwrap
from collections.abc import Iterator
from dataclasses import asdict
from difflib import get_close_matches
from typing import Annotated

import typer

from cartrial import pipeline
from cartrial.adam.response.adrs import Adrs
from cartrial.cli.analysis import analysed, tell
from cartrial.cli.option import option
from cartrial.cli.progress import doing
from cartrial.cli.trial import (
    AsJson,
    Cutoff,
    FormsFolder,
    SdtmFolder,
    StudyPlace,
    read_trial,
)
from cartrial.errors import DataError
from cartrial.protocol.endpoints import Evaluator
from cartrial.results.response.review import (
    Best,
    MrdAnswers,
    Opinion,
    ResponseReview,
    SubjectCourse,
    Visit,
)

NARROWEST, WIDEST = 60, 100  # columns
INDENT = " " * 4
LONGEST = 4  # letters of a response
UNCONFIRMED = "*"
OF_RESPONSE = ("EX", "LB", "RS", "TR")  # what is found there is told first
BEFORE_UNIT, HELD = re.compile(r"(?<=\d) (?=%|g/L|mg/|mm|points|cells/)"), "\N{NO-BREAK SPACE}"
ANSWER = {True: "yes", False: "no", None: "not known"}
NOT_JUDGED = "not applicable"
NO_MEASURE = {
    "not measurable": "disease not measurable at baseline",
    "not known": "not known by what disease is measurable: baseline missing",
}
WHO = {"investigator": "the investigator", "derived": "the criteria from the samples"}

OneSubject = Annotated[
    str | None, option("subject", "ID", "Only this subject, with the components and their numbers.")
]


def response(
    study: StudyPlace = None,
    forms: FormsFolder = None,
    sdtm: SdtmFolder = None,
    subject: OneSubject = None,
    cutoff: Cutoff = None,
    as_json: AsJson = False,
) -> None:
    """Show each subject's response visit by visit, and why.

    The investigator's response stands beside the one that is derived from the samples by the
    criteria of the study; then the confirmed status, and the best response so far.
    """
    with doing("deriving"):
        given = read_trial(study, forms, sdtm)
        analysis = analysed(given, cutoff)
        if not analysis.adam.has(Adrs):
            raise DataError("the data must tell of a response, got no responses and no samples")
        review = pipeline.review_response(given.study, analysis.adam)
    tell(tuple(sorted(analysis.findings, key=lambda one: one.table not in OF_RESPONSE)))
    courses = _chosen(review, subject)
    if as_json:
        typer.echo(_as_json(review, courses))
        return
    for line in _lines(review, courses, in_full=subject is not None):
        typer.echo(line)


def _chosen(review: ResponseReview, subject: str | None) -> tuple[SubjectCourse, ...]:
    if subject is None:
        return review.courses
    found = tuple(course for course in review.courses if course.subject == subject)
    if not found:
        near = get_close_matches(subject, [course.subject for course in review.courses], n=1)
        remedy = f". Did you mean {near[0]}?" if near else ""
        raise typer.BadParameter(f"--subject must be an infused subject, got {subject}{remedy}")
    return found


# ---------------------------------------------------------------- for a person
def _lines(
    review: ResponseReview, courses: tuple[SubjectCourse, ...], *, in_full: bool
) -> Iterator[str]:
    cut, primary = review.adam.cutoff, review.study.response.primary
    shown = _shown(review)
    at = f", at the data cut of {cut}" if cut else ""
    alone = "" if shown == primary else f", who judged no visit; status by {WHO[shown]}"
    changed = ", with changes of the study" if review.study.response.changes else ""
    criteria = review.study.criteria
    by = criteria.name if criteria else "criteria that the study does not name: none is derived"
    yield f"Response by {by}{changed}{at}"
    yield from _wrapped(f"Primary: {WHO[primary]}{alone}. {UNCONFIRMED} not confirmed.", "")
    if not courses:
        yield from ("", "No subject is infused yet.")
    for course in courses:
        yield ""
        yield from _course(course, shown, in_full=in_full)
    if len(courses) > 1 and review.rate:
        yield from ("", *_wrapped(review.rate, ""))


def _shown(review: ResponseReview) -> Evaluator:
    """Whose status is shown: the primary one, or the other where that judged no visit."""
    primary = review.study.response.primary
    other: Evaluator = "investigator" if primary == "derived" else "derived"
    visits = [visit for course in review.courses for visit in course.visits]
    judged = not visits or any(visit.by(primary) for visit in visits)
    return primary if judged else other


def _course(course: SubjectCourse, shown: Evaluator, *, in_full: bool) -> Iterator[str]:
    day = f"infused {course.infused}" if course.infused else "day of infusion not known"
    yield f"{course.subject}  {course.group}, {day}"
    if course.measured_by:
        by = f"disease measurable by {course.measured_by}"
        yield f"{INDENT}{NO_MEASURE.get(course.measured_by, by)}"
    yield from _wrapped(f"best response: {_best(course, shown)}")
    if course.visits:
        yield f"{INDENT} day  date        investigator    derived  status  best so far"
    for visit in course.visits:
        yield from _visit(visit, shown, in_full=in_full)
    if in_full and course.mrd is not None:
        yield from _mrd(course.mrd)


def _mrd(mrd: MrdAnswers) -> Iterator[str]:
    said = [
        f"{what} {ANSWER[answer]}"
        for what, answer in (
            ("negative", mrd.negative),
            ("sustained", mrd.sustained),
            ("with imaging", mrd.imaging_plus),
        )
    ]
    yield f"{INDENT}measurable residual disease: {', '.join(said)}"
    yield from _wrapped(mrd.explanation or "", INDENT * 2)


def _best(course: SubjectCourse, shown: Evaluator) -> str:
    said = {"investigator": course.investigator, "derived": course.derived}
    order = sorted(said, key=lambda who: who != shown)
    known = [f"{_confirmed(best)} by {WHO[who]}" for who in order if (best := said[who])]
    return "; ".join(known) or "not assessed"


def _confirmed(best: Best) -> str:
    if best.confirmed is None:
        return best.why_missing or "not known"
    seen = best.unconfirmed is not None and best.unconfirmed != best.confirmed
    return f"{best.confirmed} ({best.unconfirmed} seen, not confirmed)" if seen else best.confirmed


def _visit(visit: Visit, shown: Evaluator, *, in_full: bool) -> Iterator[str]:
    said = visit.by(shown)
    dated = visit.derived or visit.investigator
    day = "?" if dated is None or dated.day is None else str(dated.day)
    on = "not known" if dated is None or dated.on is None else str(dated.on)
    status, best = (said.status or "-", said.best or "-") if said else ("-", "-")
    yield (
        f"{INDENT}{day:>4}  {on:10}  {_word(visit.investigator, dated):14}  "
        f"{_word(visit.derived, dated):7}  {status:6}  {best}"
    ).rstrip()
    if visit.derived is not None:
        yield from _wrapped(visit.derived.explanation or "", INDENT * 2)
    if in_full:
        yield from _components(visit)


def _word(said: Opinion | None, dated: Opinion | None) -> str:
    if said is None:
        return "-"
    word = said.response or said.why_missing or "?"
    if not said.used:
        return f"{word if len(word) <= LONGEST else word[: LONGEST - 1] + '…'}, not used"
    unconfirmed = UNCONFIRMED if said.confirmed is False else ""
    other = f", day {said.day}" if dated and said.day != dated.day else ""
    return f"{word}{unconfirmed}{other}"


def _components(visit: Visit) -> Iterator[str]:
    """The components of a visit; a sentence where the explanation of the whole has none."""
    if visit.components:
        yield f"{INDENT * 2}{'':29}  value  baseline  lowest    change  alone"
    for one in visit.components:
        name = f"{one.name}, {one.unit}" if one.unit else one.name
        change = "-" if one.change is None else f"{round(one.change, 1) + 0.0:+.1f} %"
        alone = "-" if one.response == NOT_JUDGED else one.response
        yield (
            f"{INDENT * 2}{name:28}  {_number(one.value):>6}  {_number(one.baseline):>8}  "
            f"{_number(one.lowest):>6}  {change:>8}  {alone}"
        )
        told = visit.derived.explanation if visit.derived else None
        if one.explanation and one.explanation not in (told or ""):
            yield from _wrapped(one.explanation, INDENT * 3)


def _number(value: float | None) -> str:
    return "-" if value is None else f"{round(value, 2) + 0.0:.10g}"


def _wrapped(text: str, indent: str = INDENT) -> list[str]:
    width = min(max(shutil.get_terminal_size().columns, NARROWEST), WIDEST)
    held = BEFORE_UNIT.sub(HELD, text)
    lines = textwrap.wrap(held, width, initial_indent=indent, subsequent_indent=indent)
    return [line.replace(HELD, " ") for line in lines]


# ---------------------------------------------------------------- for a program
def _as_json(review: ResponseReview, courses: tuple[SubjectCourse, ...]) -> str:
    told = {
        "study": review.study.id,
        "cutoff": review.adam.cutoff,
        "criteria": review.study.criteria.name if review.study.criteria else None,
        "changes": review.study.response.changes,
        "primary": review.study.response.primary,
        "subjects": [asdict(course) for course in courses],
    }
    return json.dumps(told, ensure_ascii=False, indent=2, default=dt.date.isoformat)
