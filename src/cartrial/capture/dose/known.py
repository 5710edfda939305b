"""What is known of the escalation now: the forms at the newest clinical entry, cut at today.

The same steps as the command line's (`cartrial dose next --cutoff TODAY`), made once for each
clinical entry and day. Where the data cannot be analysed, it says in one line why.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from cartrial import pipeline, trial
from cartrial.adam.dose_limiting.addl import Addl
from cartrial.capture.deployment import deployment
from cartrial.capture.dose.kept import Kept
from cartrial.capture.ledger.models import Entry, Record
from cartrial.capture.ledger.read import Head, forms_now
from cartrial.capture.state.words import local_now
from cartrial.capture.trail.verify_trail import FIRST
from cartrial.dosing.conduct.record import DecisionRecord
from cartrial.errors import TrialError
from cartrial.forms.catalogue import Forms
from cartrial.forms.enrolment import Demographics
from cartrial.protocol.study import Study
from cartrial.results.dlt_review import DltReview

NOBODY = "no subject is entered yet"
T = TypeVar("T")


@dataclass(frozen=True)
class Known:
    """The trial up to an entry, at a day; `fault` says why it cannot be analysed."""

    study: Study
    study_sha256: str
    forms: Forms
    entry: Head  # the newest clinical entry
    day: dt.date
    analysis: trial.Analysis | None
    fault: str = ""
    _said: dict[str, str] = field(default_factory=dict, compare=False)

    @cached_property
    def record(self) -> DecisionRecord | None:
        """The recommendation with all it was made of; null where there is none."""
        return self._try(
            "record",
            lambda a: pipeline.recommend(self.study, a.adam, study_sha256=self.study_sha256),
        )

    @cached_property
    def review(self) -> DltReview | None:
        """The DLT status of each infused subject; null where nobody is, or nothing can be told."""
        if self.study.dlt is None:
            return None
        return self._try(
            "review",
            lambda a: pipeline.review_dlt(self.study, a.adam) if a.adam.has(Addl) else None,
        )

    @property
    def why_not(self) -> str:
        """Why there is no recommendation, in one line; empty where there is one."""
        if self.fault or self.record is not None:
            return self.fault
        return self._said["record"]

    def _try(self, what: str, step: Callable[[trial.Analysis], T]) -> T | None:
        if self.analysis is None:
            return None
        try:
            return step(self.analysis)
        except TrialError as fault:
            self._said[what] = one_line(fault)
            return None


_KEPT: Kept[tuple[str, dt.date, str], Known] = Kept()


def known_now() -> Known:
    """What is known now; made anew when a clinical entry came, or a day began."""
    here, newest, day = deployment(), newest_clinical(), local_now().date()
    sha256 = here.study_sha256
    return _KEPT.get((newest.hash, day, sha256), lambda: _made(here.study, sha256, day))


def newest_clinical() -> Head:
    """The newest entry that changed clinical data."""
    seq = Record.objects.order_by("-seq").values_list("seq", flat=True).first()
    found = Entry.objects.filter(seq=seq).values_list("seq", "hash").first() if seq else None
    return Head(*found) if found else Head(0, FIRST)


def _made(study: Study, sha256: str, day: dt.date) -> Known:
    newest = newest_clinical()
    forms, _ = forms_now()
    return known_of(study, sha256, forms, newest, day)


def known_of(study: Study, sha256: str, forms: Forms, entry: Head, day: dt.date) -> Known:
    """What the forms say at a day."""
    if forms.of(Demographics).is_empty():
        return Known(study, sha256, forms, entry, day, None, NOBODY)
    try:
        given = trial.trial_of_forms(study, forms, ())
        analysis = trial.analysed(given, day, today=day)
    except TrialError as fault:
        return Known(study, sha256, forms, entry, day, None, one_line(fault))
    return Known(study, sha256, forms, entry, day, analysis)


def one_line(fault: TrialError) -> str:
    """What a fault says, on one line."""
    lines = [line.strip() for line in str(fault).splitlines()]
    return lines[0] if len(lines) == 1 else f"{lines[0]} {lines[1]}"
