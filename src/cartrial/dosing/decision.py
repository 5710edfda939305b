"""What a design says: a decision about one dose, and the recommendation for the next cohort."""

from dataclasses import dataclass, replace
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
    next `State` has to carry them. `begun` counts the subjects of the cohort that the places
    complete, 0 where they open one. `provisional`: the committee has not decided yet. `full` is
    what the recommendation rests on, a line each.
    """

    level: int | None
    wait: bool
    reason: str
    eliminated: frozenset[int] = frozenset()
    places: int = 0
    begun: int = 0
    provisional: bool = False
    full: tuple[str, ...] = ()

    @property
    def stop(self) -> bool:
        """Whether the escalation ends here."""
        return self.level is None and not self.wait

    def waits(self, reason: str) -> "Recommendation":
        """The same, with nobody to be treated for now."""
        return replace(self, level=None, wait=True, reason=reason, places=0, begun=0)

    def stops(self, reason: str) -> "Recommendation":
        """The same, with the escalation ended."""
        return replace(self, level=None, wait=False, reason=reason, places=0, begun=0)
