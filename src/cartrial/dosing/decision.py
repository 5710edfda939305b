"""What a design says: a decision about one dose, and the recommendation for the next cohort."""

from dataclasses import dataclass
from enum import IntEnum


class Decision(IntEnum):
    """What the toxicity seen at a dose says about that dose; a higher value is a higher dose."""

    ELIMINATE = -2
    DEESCALATE = -1
    STAY = 0
    ESCALATE = 1


@dataclass(frozen=True)
class Recommendation:
    """The dose level of the next subjects, and why.

    `level` is None where nobody is to be treated: for now if `wait`, else for good. `places` are
    the subjects to treat before the next decision. `eliminated` are the levels barred so far; the
    next `State` has to carry them.
    """

    level: int | None
    wait: bool
    reason: str
    eliminated: frozenset[int] = frozenset()
    places: int = 0

    @property
    def stop(self) -> bool:
        """Whether the escalation ends here."""
        return self.level is None and not self.wait
