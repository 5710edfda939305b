"""An entry as the folds see it, and the place that it is about."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from cartrial.capture.ledger import clock


class Place(NamedTuple):
    """A record; a subject, where there is no form; the trial, where there is no subject either."""

    subject: str = ""
    form: str = ""
    key: str = ""

    @property
    def scopes(self) -> tuple["Place", ...]:
        """The trial, the subject and the record: what a hold on each of them holds too."""
        return tuple(dict.fromkeys((Place(), Place(self.subject), self)))

    @property
    def kind(self) -> str:
        """What it is: a record, a subject, the trial."""
        if self.form:
            return "record"
        return "subject" if self.subject else "trial"

    def holds(self, other: "Place") -> bool:
        """Whether another place lies within it."""
        return self in other.scopes


class Entered(NamedTuple):
    """A clinical entry, as far as the folds ask: a trial has many, so nothing more is read."""

    seq: int
    action: str
    place: Place


@dataclass(frozen=True)
class Act:
    """One entry: who did what, where and when, and what it says; null where it was redacted."""

    seq: int
    at: str
    actor: str
    name: str
    role: str
    organisation: str
    action: str
    place: Place
    reason: str
    content: Mapping[str, Any] | None = None

    @property
    def moment(self) -> dt.datetime:
        """When, in UTC."""
        return clock.moment(self.at)

    def said(self, name: str) -> str:
        """A text of its content; empty where there is none."""
        return str((self.content or {}).get(name, ""))
