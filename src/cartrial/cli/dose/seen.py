"""What was seen in the escalation that a command of `dose` is asked about."""

import datetime as dt
from dataclasses import dataclass, replace
from pathlib import Path

import typer

from cartrial import pipeline
from cartrial.cli.analysis import analysed, tell
from cartrial.cli.dose.asked import design_of, study_of
from cartrial.cli.progress import doing
from cartrial.cli.trial import read_trial
from cartrial.dosing.override import Overrides, overridden
from cartrial.dosing.state import State, outcomes
from cartrial.errors import RuleError
from cartrial.protocol.study import Study
from cartrial.trial import Analysis


@dataclass(frozen=True)
class Data:
    """Where the data of a trial are, and their cut."""

    forms: Path | None
    sdtm: Path | None
    cutoff: dt.datetime | None

    @property
    def given(self) -> bool:
        """Whether there are data at all."""
        return self.forms is not None or self.sdtm is not None


def analysis_of(place: Path | None, data: Data, given: Overrides) -> tuple[Study, Analysis]:
    """The study with what is given, and the trial's data as they were known at the cut."""
    with doing("deriving"):
        trial = read_trial(place, data.forms, data.sdtm)
        trial = replace(trial, study=overridden(trial.study, given))
        design_of(trial.study)
        analysis = analysed(trial, data.cutoff)
    tell(analysis.findings)
    return trial.study, analysis


def holds_data(place: Path | None) -> bool:
    """Whether a study is a folder that holds the trial's data too."""
    return place is not None and any((place / name).is_dir() for name in ("forms", "sdtm"))


def seen(
    place: Path | None,
    given: Overrides,
    *,
    after: str | None,
    data: Data,
    levels: int | None = None,
) -> tuple[Study, State]:
    """The study, and the state of the escalation: from the trial's data, or as it is written."""
    if not data.given and (after is not None or not holds_data(place)):
        if data.cutoff is not None:
            raise typer.BadParameter("--cutoff must be given with the trial's data, got it alone")
        study = study_of(place, given, levels=levels)
        state = outcomes(after or "", levels=len(study.doses.levels))
        _check_days(state, study)
        return study, state
    if after is not None:
        raise typer.BadParameter("must be given once: the trial's data, or --after, got both")
    study, analysis = analysis_of(place, data, given)
    return study, pipeline.escalation_state(study, analysis.adam)


def _check_days(state: State, study: Study) -> None:
    """Refuse a subject that is pending, and yet was followed to the end of the window."""
    days = max((p.followed for p in state.patients if p.status == "pending"), default=0)
    if study.dlt is not None and days >= study.dlt.window:
        raise RuleError(
            f"outcomes: the days of who is pending must be below the window of {study.dlt.window}, "
            f"got {days}. Write N for no DLT in the window"
        )
