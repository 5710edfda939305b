"""The decision table of a design that decides with patients in the window.

A row holds for some patients at a dose, their DLTs, and those of them who are pending. How long the
pending have been followed may decide: the parts of the window behind them, added up, at which one
decision gives way to the next.

    patients  DLTs  pending
        6      1       3      wait; stay from 1.53 windows on

Reading: rows are given after whole cohorts, as the design is asked; for the rolling six, which has
none, after each patient from the third on.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import TypeVar

from cartrial.dosing.decision import Decision
from cartrial.dosing.design import rolling_six, tite_boin
from cartrial.dosing.design.three_plus_three import FULL, HALF
from cartrial.dosing.design.tite_boin import Pending
from cartrial.protocol.design import Design, RollingSix, TiteBoin

HALVINGS = 52  # of a range of follow-up: to the last bit
WORDS = {
    Decision.ESCALATE: "escalate",
    Decision.STAY: "stay",
    Decision.DEESCALATE: "de-escalate",
    Decision.ELIMINATE: "bar",
    None: "wait",
}
T = TypeVar("T")
Decide = Callable[[int, int, int, float], Decision | None]


@dataclass(frozen=True)
class PendingRow:
    """The decision at first, None to wait, then each that follows it, from how many windows on.

    It is the same for every number of pending patients from `pending` to `most`.
    """

    treated: int
    dlts: int
    pending: int
    most: int
    decisions: tuple[tuple[float, Decision | None], ...]

    @property
    def words(self) -> str:
        """The decisions in one line."""
        (_, first), *later = self.decisions
        said = [f"{WORDS[decision]} from {since:.2f} windows on" for since, decision in later]
        return "; ".join([WORDS[first], *said])


def pending_rows(design: Design, *, most: int) -> tuple[PendingRow, ...]:
    """The rows for up to `most` patients at a dose; none for a design that waits for all."""
    match design:
        case TiteBoin():
            sizes = range(design.cohort, most + 1, design.cohort)
            return _table(partial(_tite, design), sizes)
        case RollingSix():
            return _table(_rolling, range(HALF, min(most, FULL) + 1))
    return ()


def changes(ask: Callable[[float], T], most: float) -> tuple[tuple[float, T], ...]:
    """The first answer as the follow-up rises from 0 to `most`, then each other, from where on."""
    found = [(0.0, ask(0.0))]
    while found[-1][1] != ask(most):
        low, high = found[-1][0], most
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            low, high = (middle, high) if ask(middle) == found[-1][1] else (low, middle)
        found.append((high, ask(high)))
    return tuple(found)


def _table(ask: Decide, sizes: range) -> tuple[PendingRow, ...]:
    return tuple(row for n in sizes for y in range(n) for row in _rows(ask, n, y))


def _rows(ask: Decide, n: int, y: int) -> Iterator[PendingRow]:
    """The rows of some patients and DLTs, those with the same decisions taken together."""
    told = [(c, changes(partial(ask, n, y, c), float(c))) for c in range(1, n - y + 1)]
    for decisions, run in groupby(told, key=lambda one: one[1]):
        pending = [c for c, _ in run]
        yield PendingRow(n, y, pending[0], pending[-1], decisions)


def _tite(design: TiteBoin, n: int, y: int, c: int, followed: float) -> Decision | None:
    return tite_boin.decide(design, treated=n, dlts=y, pending=Pending(c, followed))


def _rolling(n: int, y: int, c: int, followed: float) -> Decision | None:
    decision = rolling_six.decide(settled=n - c, dlts=y, pending=c)
    return None if n == FULL and decision == Decision.STAY else decision
