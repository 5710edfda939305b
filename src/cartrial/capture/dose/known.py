"""What is known of the escalation now: the forms at the newest clinical entry, cut at today.

The same steps as the command line's (`cartrial dose next --cutoff TODAY`), made once for each
clinical entry and day. Where the data cannot be analysed, it says in one line why.
"""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property, lru_cache

from cartrial import pipeline, trial
from cartrial.adam.dose_limiting.addl import Addl
from cartrial.capture.deployment import deployment
from cartrial.capture.dose.kept import Kept
from cartrial.capture.ledger.centre import local_now
from cartrial.capture.ledger.models import Entry, Record
from cartrial.capture.ledger.read import Head, forms_now
from cartrial.capture.trail.verify_trail import FIRST
from cartrial.dosing.conduct.record import DecisionRecord
from cartrial.errors import TrialError
from cartrial.forms.catalogue import Forms
from cartrial.forms.enrolment import Demographics
from cartrial.protocol.study import Study
from cartrial.results.dlt_review import DltReview
from cartrial.results.result import Headline

NOBODY = "no subject is entered yet"


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

    @property
    def record(self) -> DecisionRecord | None:
        """The recommendation with all it was made of; null where there is none."""
        return self._recommended[0]

    @property
    def why_not(self) -> str:
        """Why there is no recommendation, in one line; empty where there is one."""
        return self.fault or self._recommended[1]

    @cached_property
    def _recommended(self) -> tuple[DecisionRecord | None, str]:
        if self.analysis is None:
            return None, self.fault
        try:
            adam, sha256 = self.analysis.adam, self.study_sha256
            return pipeline.recommend(self.study, adam, study_sha256=sha256), ""
        except TrialError as fault:
            return None, one_line(fault)

    @cached_property
    def review(self) -> DltReview | None:
        """The DLT status of each infused subject; null where it cannot be told."""
        if self.analysis is None or self.study.dlt is None or not self.analysis.adam.has(Addl):
            return None
        return pipeline.review_dlt(self.study, self.analysis.adam)

    @property
    def paused(self) -> tuple[Headline, ...]:
        """The pause rules that are met."""
        rules = self.review.pauses if self.review else ()
        return tuple(rule for rule in rules if rule.state == "met")


_KEPT: Kept[tuple[str, dt.date, str], Known] = Kept()


def known_now() -> Known:
    """What is known now; made anew when a clinical entry came, or a day began."""
    study, sha256 = study_now()
    day = local_now().date()
    return _KEPT.get((newest_clinical().hash, day, sha256), lambda: _made(study, sha256, day))


@lru_cache(maxsize=1)
def study_now() -> tuple[Study, str]:
    """The study as this process has read it, and the SHA-256 of its file then."""
    here = deployment()
    return here.study, here.study_sha256


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
