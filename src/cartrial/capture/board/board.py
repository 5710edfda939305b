"""What the board shows: one frozen value, made by pure functions of what is known."""

import datetime as dt
from dataclasses import dataclass

from cartrial.dosing.state import Tally


@dataclass(frozen=True)
class Window:
    """A subject in its DLT window: how far it is documented, how it stands, and why."""

    subject: str
    level: int | None
    status: str
    why: str
    infused: dt.date | None
    days: int | None  # documented
    elapsed: int | None  # since the infusion
    window: int
    interim: int | None
    met: int | None  # the day of its DLT

    @property
    def documented(self) -> float:
        """The part of the bar that is documented, of 100."""
        return 100 * min((self.days or 0) / self.window, 1.0)

    @property
    def passed(self) -> float:
        """The part of the bar that time has passed, of 100."""
        return 100 * min(max(self.elapsed or 0, 0) / self.window, 1.0)

    @property
    def mark(self) -> float | None:
        """Where the DLT stands on the bar, of 100."""
        return None if self.met is None else 100 * min(max(self.met, 0) / self.window, 1.0)

    @property
    def early(self) -> float | None:
        """Where the interim day stands on the bar, of 100."""
        return None if self.interim is None else 100 * self.interim / self.window

    @property
    def look(self) -> str:
        """The class by which it is drawn."""
        return self.status.replace(" ", "-").lower()

    @property
    def until(self) -> dt.date | None:
        """The last day of the window."""
        return self.infused + dt.timedelta(days=self.window) if self.infused else None


@dataclass(frozen=True)
class Level:
    """A dose level: its subjects, and how many of them stand how."""

    number: int
    label: str
    tally: Tally
    waiting: int  # slots granted and not infused yet
    is_current: bool
    is_barred: bool
    windows: tuple[Window, ...]

    @property
    def evaluable(self) -> int:
        """Those who count or may still count."""
        return self.tally.decided + self.tally.open


@dataclass(frozen=True)
class Cell:
    """A decision of a row of the decision table: with which DLTs, and whether the trial is here."""

    decision: str
    dlts: str
    is_here: bool


@dataclass(frozen=True)
class TableRow:
    """A row of the decision table, by patients at the dose."""

    treated: int
    cells: tuple[Cell, ...]
    is_here: bool


@dataclass(frozen=True)
class Branch:
    """An outcome, what is then done, and what may follow."""

    seen: str
    next: str
    kind: str
    reason: str
    then: tuple["Branch", ...] = ()


@dataclass(frozen=True)
class Advice:
    """The recommendation: what, at which dose, for how many, why, and what it waits for."""

    what: str
    level: int | None
    label: str
    places: str
    reason: str
    provisional: bool
    rests_on: tuple[str, ...]
    waits_for: tuple[Window, ...]
    line: str  # the trial in one line


@dataclass(frozen=True)
class Rule:
    """A pause or a monitoring rule, how it stands, and by whom."""

    label: str
    state: str
    sentence: str
    subjects: tuple[str, ...]


@dataclass(frozen=True)
class Queue:
    """A slot, which dose it is for, and why."""

    subject: str
    stage: str
    requested: dt.date
    granted: dt.date | None
    apheresis: dt.date | None
    made: dt.date | None
    dose: str
    why: str


@dataclass(frozen=True)
class Curve:
    """How many subjects were counted by each day: points on a plane of 100 x 100."""

    name: str
    total: int
    points: str


@dataclass(frozen=True)
class Accrual:
    """The curves, from the first day to today, and the planned number."""

    first: dt.date
    last: dt.date
    planned: int | None
    top: int
    plan_at: float | None  # the height of the plan, of 100
    curves: tuple[Curve, ...]
    ticks: tuple[tuple[float, str], ...]


@dataclass(frozen=True)
class Waiting:
    """A kind of work that waits: how often, and whether some of it is urgent."""

    kind: str
    count: int
    urgent: bool


@dataclass(frozen=True)
class Pending:
    """A proposal that waits for the committee."""

    number: int
    what: str
    by: str
    at: str


@dataclass(frozen=True)
class Board:
    """The whole board; where there is no recommendation, `why_not` says in one line why."""

    day: dt.date
    at: str
    entry: int  # of the chain, up to which it stands
    head: str
    data: int  # the newest entry of clinical data
    advice: Advice | None
    why_not: str
    levels: tuple[Level, ...]
    unplaced: tuple[Window, ...]  # infused, with a level that is not known
    window: int | None  # days of the DLT window
    interim: int | None  # day of the interim status
    table: tuple[TableRow, ...]
    bounds: tuple[str, ...]  # the decisions that are columns of the table
    outlook: tuple[Branch, ...]
    pauses: tuple[Rule, ...]
    monitoring: tuple[Rule, ...]
    queue: tuple[Queue, ...]
    open_places: str
    accrual: Accrual | None
    work: tuple[Waiting, ...]
    access: str
    proposal: Pending | None
    findings: tuple[str, ...] = ()
    is_former: bool = False
