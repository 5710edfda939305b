"""`cartrial response`: each subject's response, visit by visit, with its explanation."""

import json
import shutil
import textwrap
from collections.abc import Iterator
from dataclasses import asdict
from difflib import get_close_matches
from typing import Annotated, Any

import typer

from cartrial import pipeline
from cartrial.adam.adrs import Adrs
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
from cartrial.results.response_review import (
    Best,
    Measure,
    Opinion,
    ResponseReview,
    SubjectCourse,
    Visit,
)

NARROWEST, WIDEST = 60, 100  # columns
INDENT = " " * 6
WHO = {"investigator": "the investigator's", "derived": "derived by the criteria"}

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
    tell(analysis.findings)
    courses = _chosen(review, subject)
    if as_json:
        typer.echo(json.dumps(_as_data(review, courses), ensure_ascii=False, indent=2))
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
    cut, study = review.adam.cutoff, review.study
    at = f" at the data cut of {cut}" if cut else ""
    yield f"Response by {study.standards.response}{at}"
    yield from _wrapped(f"Primary: {WHO[study.response.primary]}. Status and best so far are its own.")
    if not courses:
        yield from ("", "No subject is infused yet.")
    for course in courses:
        yield ""
        yield from _course(course, primary=study.response.primary, in_full=in_full)
    if not in_full and review.rate:
        yield from ("", *_wrapped(review.rate))


def _course(course: SubjectCourse, *, primary: str, in_full: bool) -> Iterator[str]:
    day = f"infused {course.infused}" if course.infused else "day of infusion not known"
    measured = f"Measurable by: {course.measured_by}." if course.measured_by else ""
    yield from _wrapped(f"{course.subject}  {course.group}, {day}. {measured}".rstrip())
    yield from _wrapped(f"Best response: {_best(course, primary)}.", indent=" " * 2)
    if course.visits:
        yield "   day  date        investigator  derived  status  best so far"
    for visit in course.visits:
        yield from _visit(visit, primary=primary, in_full=in_full)
    if in_full:
        for what, answer, why in course.mrd:
            yield from _wrapped(f"MRD, {what}: {answer or 'not known'}. {why or ''}".rstrip(), indent="  ")


def _best(course: SubjectCourse, primary: str) -> str:
    said = {"investigator": course.investigator, "derived": course.derived}
    order = sorted(said, key=lambda who: who != primary)
    parts = [f"{_confirmed(said[who])} {who}" for who in order if said[who].known]
    return "; ".join(parts) or "not assessed"


def _confirmed(best: Best) -> str:
    if best.confirmed is None:
        return best.why or "not known"
    seen = best.unconfirmed is not None and best.unconfirmed != best.confirmed
    return f"{best.confirmed} ({best.unconfirmed} seen, not confirmed)" if seen else best.confirmed


def _visit(visit: Visit, *, primary: str, in_full: bool) -> Iterator[str]:
    said = visit.investigator if primary == "investigator" else visit.derived
    dated = visit.derived or visit.investigator
    day = "?" if dated is None or dated.day is None else str(dated.day)
    on = "not known" if dated is None or dated.on is None else str(dated.on)
    status, best = (said.status or "-", said.best or "-") if said else ("", "")
    yield (
        f"{day:>6}  {on:10}  {_word(visit.investigator):12}  {_word(visit.derived):7}  "
        f"{status:6}  {best}"
    ).rstrip()
    if visit.derived is not None:
        missing = f" Missing for a better response: {visit.derived.capped}." if visit.derived.capped else ""
        yield from _wrapped(f"{visit.derived.explanation or ''}{missing}", indent=INDENT + "  ")
    if in_full:
        yield from _measures(visit.measures)


def _word(said: Opinion | None) -> str:
    if said is None:
        return "-"
    unconfirmed = "*" if said.confirmed is False else ""
    return f"{said.response or said.why_missing or '?'}{unconfirmed}"


def _measures(measures: tuple[Measure, ...]) -> Iterator[str]:
    if measures:
        yield f"{INDENT}  {'component':26}  response  {'value':>8}  {'baseline':>8}  {'lowest':>8}"
    for one in measures:
        numbers = "  ".join(f"{_number(n):>8}" for n in (one.value, one.baseline, one.lowest))
        yield f"{INDENT}  {one.name:26}  {one.response:8}  {numbers}  {one.unit or ''}".rstrip()


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.4g}"


def _wrapped(text: str, *, indent: str = "") -> list[str]:
    width = min(max(shutil.get_terminal_size().columns, NARROWEST), WIDEST)
    return textwrap.wrap(text, width, initial_indent=indent, subsequent_indent=indent or INDENT)


# ---------------------------------------------------------------- for a program
def _as_data(review: ResponseReview, courses: tuple[SubjectCourse, ...]) -> dict[str, Any]:
    cut = review.adam.cutoff
    return {
        "study": review.study.id,
        "cutoff": cut.isoformat() if cut else None,
        "criteria": review.study.standards.response,
        "primary": review.study.response.primary,
        "subjects": [_subject(course) for course in courses],
    }


def _subject(course: SubjectCourse) -> dict[str, Any]:
    return {
        "subject": course.subject,
        "group": course.group,
        "infused": course.infused.isoformat() if course.infused else None,
        "measured_by": course.measured_by,
        "best": {"investigator": asdict(course.investigator), "derived": asdict(course.derived)},
        "visits": [_as_visit(visit) for visit in course.visits],
        "mrd": [
            {"what": what, "answer": answer, "why": why} for what, answer, why in course.mrd
        ],
    }


def _as_visit(visit: Visit) -> dict[str, Any]:
    return {
        "investigator": _as_opinion(visit.investigator),
        "derived": _as_opinion(visit.derived),
        "components": [asdict(measure) for measure in visit.measures],
    }


def _as_opinion(said: Opinion | None) -> dict[str, Any] | None:
    if said is None:
        return None
    return asdict(said) | {"on": said.on.isoformat() if said.on else None}
