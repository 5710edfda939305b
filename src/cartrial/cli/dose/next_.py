"""`cartrial dose next`: the dose of the next cohort, why, and the record of it."""

import datetime as dt
import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any

import typer

from cartrial import files, pipeline
from cartrial.cli.dose.asked import (
    Cohort,
    DesignKind,
    MaxSubjects,
    Skeleton,
    Target,
    Window,
    level_words,
    overrides,
)
from cartrial.cli.dose.seen import Data, analysis_of
from cartrial.cli.trial import AsJson, Cutoff, FormsFolder, SdtmFolder, StudyPlace
from cartrial.dosing.conduct.record import DecisionRecord, differences, read_record
from cartrial.dosing.override import NOTHING, Overrides
from cartrial.dosing.state import State
from cartrial.protocol.read import FILE
from cartrial.protocol.study import Study

WIDTH = 11  # of the word before a line


def next_(
    study: StudyPlace = None,
    forms: FormsFolder = None,
    sdtm: SdtmFolder = None,
    cutoff: Cutoff = None,
    record: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Decision record to write (JSON).", show_default=False),
    ] = None,
    replay: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Decision record to make again and compare: from itself, or from the data given.",
            show_default=False,
        ),
    ] = None,
    design: DesignKind = None,
    target: Target = None,
    cohort: Cohort = None,
    skeleton: Skeleton = None,
    max_subjects: MaxSubjects = None,
    window: Window = None,
    as_json: AsJson = False,
) -> None:
    """Recommend the dose of the next cohort, and keep the record of it.

    By the design and the rules of the study, the DLT status of every subject at the data cut, and
    what the safety committee has decided. It is a recommendation: the committee decides. A record
    holds all that it was made of; where it is replayed and something differs, the exit code is 1.
    """
    given = overrides(design, target, cohort, skeleton, subjects=max_subjects, window=window)
    data = Data(forms, sdtm, cutoff)
    if replay is not None:
        if record is not None or cutoff is not None or given != NOTHING:
            raise typer.BadParameter("--replay must be given without what the record holds")
        _replay(replay, study, data, as_json=as_json)
        return
    asked, made = _made(study, data, given)
    if record is not None:
        files.write_text(record, made.as_text())
    if as_json:
        typer.echo(json.dumps(_as_data(asked, made), ensure_ascii=False, indent=2))
        return
    for line in _lines(asked, made):
        typer.echo(line)


def _made(place: Path | None, data: Data, given: Overrides) -> tuple[Study, DecisionRecord]:
    study, analysis = analysis_of(place, data, given)
    made = pipeline.recommend(
        study, analysis.adam, overrides=given, study_sha256=_hash(place) if place else None
    )
    return study, made


def _hash(place: Path) -> str:
    """The SHA-256 of the study file."""
    return sha256((place / FILE if place.is_dir() else place).read_bytes()).hexdigest()


# ---------------------------------------------------------------- for a person
def _lines(study: Study, made: DecisionRecord) -> Iterator[str]:
    found = made.recommendation
    yield f"{_said(study, made)}\t{found.reason}"
    yield ""
    if found.level is not None:
        whole = f"{found.places} to complete a cohort with {found.begun} in it"
        yield _named("subjects", whole if found.begun else f"{found.places} in a new cohort")
    yield _named("trial", made.state.line or "nobody infused")
    yield _named("committee", _committee(study, made.state))
    yield _named("data cut", f"{made.data_cut or 'no date in the data'}")
    for number, line in enumerate(found.full):
        yield _named("" if number else "rests on", line)


def _said(study: Study, made: DecisionRecord) -> str:
    found = made.recommendation
    if found.level is None:
        said = "wait" if found.wait else "stop"
    else:
        said = level_words(study, found.level)
    return f"{said} (provisional)" if found.provisional else said


def _committee(study: Study, state: State) -> str:
    """What the committee decided last."""
    if state.decided_after is None:
        return "no decision is recorded; the level infused last stands"
    since = f"after {state.decided_after} infused"
    if state.ended:
        return f"ended the escalation {since}"
    level = state.decided or 0
    known = 1 <= level <= len(study.doses.levels)
    said = level_words(study, level) if known else f"dose level {level}"
    return f"{said}, decided {since}"


def _named(name: str, text: str) -> str:
    return f"{name:{WIDTH}}{text}"


# ---------------------------------------------------------------- for a program
def _as_data(study: Study, made: DecisionRecord) -> dict[str, Any]:
    found, state = made.recommendation, made.state
    return {
        "study": study.id,
        "cutoff": made.data_cut.isoformat() if made.data_cut else None,
        "level": found.level,
        "dose": study.level_label(found.level) if found.level else None,
        "wait": found.wait,
        "stop": found.stop,
        "provisional": found.provisional,
        "places": found.places,
        "begun": found.begun,
        "eliminated": sorted(found.eliminated),
        "reason": found.reason,
        "full": found.full,
        "state": state.line,
        "decided": state.decided,
        "decided_after": state.decided_after,
    }


# ---------------------------------------------------------------- again
def _replay(place: Path, study: Path | None, data: Data, *, as_json: bool) -> None:
    """Make a recommendation again, and say whether it is the same."""
    kept = read_record(files.read_text(place).content, place=str(place))
    if study is None and not data.given:
        made = kept.again()
    else:
        cut = None if kept.data_cut is None else dt.datetime.combine(kept.data_cut, dt.time())
        made = _made(study, Data(data.forms, data.sdtm, cut), kept.overrides)[1]
    apart = differences(kept, made)
    if as_json:
        told = {"same": not apart, "differences": apart, "record": made.as_data()}
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
    elif apart:
        typer.echo(f"not the same, {len(apart)} apart")
        for line in apart:
            typer.echo(f"  {line}")
    else:
        found = kept.recommendation
        what = "wait" if found.wait else "stop" if found.stop else f"dose level {found.level}"
        typer.echo(f"the same: {what}\t{found.reason}")
    if apart:
        raise typer.Exit(1)
