"""The state of a dose escalation: who was treated at which dose level, and what is known of each.

A trial is written in one line: `1NNN 2NT. 2mX` is three subjects at level 1 without dose-limiting
toxicity (DLT), then three at level 2, one with DLT and one still in the window, and so on:
N complete without DLT, T DLT, `.` pending, m maturing, X not evaluable.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from cartrial.dosing.counts import Counts
from cartrial.errors import RuleError

Status = Literal["DLT", "complete", "pending", "maturing", "not evaluable"]
LETTERS: dict[str, Status] = {
    "N": "complete",
    "T": "DLT",
    ".": "pending",
    "m": "maturing",
    "X": "not evaluable",
}


@dataclass(frozen=True)
class Patient:
    """One treated subject: the level it counts at, its DLT status, and its documented days.

    `assigned` is the level it was treated at, where that is another one; `met` the day of its DLT,
    where that is known.
    """

    subject: str
    level: int
    status: Status
    followed: int
    assigned: int | None = None
    met: int | None = None

    @property
    def treated_at(self) -> int:
        """The level at which the subject was treated."""
        return self.level if self.assigned is None else self.assigned

    @property
    def open(self) -> bool:
        """Whether the status is not settled yet."""
        return self.status in ("pending", "maturing")

    @property
    def evaluable(self) -> bool:
        """Whether the subject counts or may still count."""
        return self.status != "not evaluable"


@dataclass(frozen=True)
class Tally:
    """How many subjects at one dose level have which DLT status."""

    dlts: int = 0
    complete: int = 0
    pending: int = 0
    maturing: int = 0
    not_evaluable: int = 0

    @property
    def decided(self) -> int:
        """Subjects whose DLT status is settled: DLT or complete."""
        return self.dlts + self.complete

    @property
    def open(self) -> int:
        """Subjects whose DLT status is not settled yet."""
        return self.pending + self.maturing

    @property
    def open_words(self) -> str:
        """How many subjects are not settled, in words."""
        parts = [f"{self.pending} pending" if self.pending else ""]
        parts.append(f"{self.maturing} maturing" if self.maturing else "")
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True)
class State:
    """The trial so far: subjects in the order of infusion, levels barred for good.

    `decided` is the level of the committee's last decision, where it is known, and `decided_after`
    the number of subjects then infused; `ended`: it has ended the escalation. `planned` are the
    subjects that the trial is to have.
    """

    levels: int
    patients: tuple[Patient, ...] = ()
    eliminated: frozenset[int] = frozenset()
    decided: int | None = None
    decided_after: int | None = None
    planned: int | None = None
    ended: bool = False

    @property
    def current(self) -> int:
        """The dose level that the trial is at; 0 before the first subject."""
        if self.decided is not None:
            return self.decided
        return self.patients[-1].treated_at if self.patients else 0

    @property
    def run(self) -> tuple[Patient, ...]:
        """The last subjects treated at the current level one after the other, since a decision."""
        first, since = len(self.patients), self.decided_after or 0
        while first > since and self.patients[first - 1].treated_at == self.current:
            first -= 1
        return self.patients[first:]

    def at(self, level: int) -> tuple[Patient, ...]:
        """The subjects that count at a level, in the order of infusion."""
        return tuple(patient for patient in self.patients if patient.level == level)

    def tally(self, level: int) -> Tally:
        """The tally of a level."""
        found = [patient.status for patient in self.at(level)]
        return Tally(*(found.count(status) for status in _ORDER))

    def tallies(self) -> tuple[Tally, ...]:
        """The tally of each level, lowest first."""
        return tuple(self.tally(level) for level in range(1, self.levels + 1))

    @property
    def counts(self) -> Counts:
        """The settled subjects and the DLTs of each level."""
        tallies = self.tallies()
        return Counts(
            treated=tuple(tally.decided for tally in tallies),
            dlts=tuple(tally.dlts for tally in tallies),
            current=self.current,
            barred=min(self.eliminated, default=self.levels + 1),
        )

    def settled(
        self, status: Literal["DLT", "complete"], *, more: int = 0, elsewhere: bool = False
    ) -> "State":
        """The state if all who are open had this status, and `more` at the current level no DLT.

        `elsewhere`: those at the current level stay open.
        """
        known = tuple(
            replace(patient, status=status)
            if patient.open and not (elsewhere and patient.level == self.current)
            else patient
            for patient in self.patients
        )
        others = (Patient("", self.current, "complete", 0),) * more
        return replace(self, patients=known + others)

    @property
    def words(self) -> str:
        """What was seen at the current level, which is not 0."""
        return self.counts.words

    @property
    def line(self) -> str:
        """The trial in one line; `outcomes` reads it."""
        runs = groupby(self.patients, key=lambda patient: patient.level)
        return " ".join(f"{level}{''.join(map(_letter, run))}" for level, run in runs)

    def without(self, levels: Iterable[int]) -> "State":
        """The same state with more levels barred; a barred level stays barred."""
        return replace(self, eliminated=self.eliminated | frozenset(levels))


_ORDER: tuple[Status, ...] = ("DLT", "complete", "pending", "maturing", "not evaluable")


def outcomes(line: str, *, levels: int, followed: int = 84) -> State:
    """The state in one line, `1NNN 2NT.`; a settled subject was followed for `followed` days.

    A pending subject may carry its days: `2N.[30].[61]`; without them it has 0.
    """
    patients: list[Patient] = []
    for word in line.split():
        level, rest = _level(word, levels)
        while rest:
            letter, rest = rest[0], rest[1:]
            if letter not in LETTERS:
                known = " ".join(LETTERS)
                raise RuleError(f"outcomes: {word}: must be written with {known}, got {letter}")
            days, rest = _days(rest, 0 if letter in ".m" else followed)
            patients.append(Patient(f"{len(patients) + 1:03}", level, LETTERS[letter], days))
    return State(levels=levels, patients=tuple(patients))


def _letter(patient: Patient) -> str:
    letter = next(letter for letter, status in LETTERS.items() if status == patient.status)
    return f"{letter}[{patient.followed}]" if patient.open else letter


def _level(word: str, levels: int) -> tuple[int, str]:
    digits = word[: len(word) - len(word.lstrip("0123456789"))]
    if not digits or not 1 <= int(digits) <= levels:
        raise RuleError(f"outcomes: {word}: must begin with a level from 1 to {levels}")
    return int(digits), word[len(digits) :]


def _days(rest: str, default: int) -> tuple[int, str]:
    if not rest.startswith("["):
        return default, rest
    days, closed, after = rest[1:].partition("]")
    if not closed or not days.isdecimal():
        raise RuleError(f"outcomes: days must be written [30], got {rest}")
    return int(days), after
