"""What a design decides on when nobody is pending: patients and DLTs by dose level.

    advise(design, counts) -> Advice      one function in the module of each design

It is pure, so that the trial, its simulation and its enumeration ask the same function.
"""

from dataclasses import dataclass

from cartrial.dosing.decision import Decision
from cartrial.errors import RuleError


@dataclass(frozen=True)
class Counts:
    """Evaluable patients and DLTs of each level, lowest first, and where the trial is.

    `current` is the level of the last cohort, 0 before the first; `barred` is the lowest level that
    is barred for good, with all above it: one more than there are levels where none is. `last` are
    the patients and the DLTs of the last cohort, for a design that asks for them.
    """

    treated: tuple[int, ...]
    dlts: tuple[int, ...]
    current: int
    barred: int
    last: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        for level, (n, y) in enumerate(zip(self.treated, self.dlts, strict=True), start=1):
            if not 0 <= y <= n:
                raise RuleError(f"dose level {level}: DLTs must be 0 to {n} patients, got {y}")

    @property
    def levels(self) -> int:
        """The number of dose levels."""
        return len(self.treated)

    @property
    def here(self) -> tuple[int, int]:
        """Patients and DLTs at the current level, which is not 0."""
        return self.treated[self.current - 1], self.dlts[self.current - 1]

    @property
    def words(self) -> str:
        """What was seen at the current level, which is not 0."""
        treated, dlts = self.here
        return f"{dlts} DLT in {treated} at dose level {self.current}"

    def tried(self, barred: int) -> tuple[int, ...]:
        """The levels below `barred` that have patients, lowest first."""
        return tuple(level for level, n in enumerate(self.treated, start=1) if n and level < barred)


@dataclass(frozen=True)
class Advice:
    """The level of the next cohort, None where the trial ends, and why.

    `barred` is the lowest barred level from now on; the next `Counts` carries it. `places` are the
    patients to treat before the next decision. `wait`: nobody for now, the trial goes on.
    """

    level: int | None
    decision: Decision
    reason: str
    barred: int
    places: int = 0
    wait: bool = False

    @property
    def stop(self) -> bool:
        """Whether the escalation ends here."""
        return self.level is None and not self.wait
