"""What is simulated: a design under true DLT rates, and the setting in which its trials go on.

Days, unless a name says otherwise. `accrual` candidates come each month, at random (`poisson`), at
gaps from 0 to twice the mean (`uniform`) or evenly (`fixed`); of their products the share `made` is
made, and the infusion follows the enrolment by `lag` days, evenly from the first to the second
number. `late` is the share of DLTs in the second half of the window, with a Weibull time; without
it they come evenly over the window. `lost` patients would die or progress within the window without
a DLT, evenly over it: whoever does so first is not evaluable, and is replaced. `response` is the
probability that a patient responds, which backfilling asks for. `low` is the share of the products
made that are below the range of the planned dose: who is given one is not evaluable from then on,
and is replaced, but a DLT counts, and is as probable as at the planned dose. An event is settled to
be a DLT only `matures` days after it came, evenly from the first to the second number.

`committee` days pass before a cohort opens, or the rolling six goes to another level: from the day
on which those before it completed the window, or, in a design that decides with patients in the
window, on which the last of them was enrolled, or a suspension ended.

A dose does not rise before every patient at it has been followed for `escalate_after` days and
`escalate_complete` have completed the window. `whole_cohorts`: a running cohort is always filled;
else a design that decides with patients in the window goes down within one, as soon as nothing can
change that.
"""

from dataclasses import dataclass
from math import inf
from typing import Any, Literal

from cartrial.errors import RuleError
from cartrial.protocol.design import Design
from cartrial.protocol.rules import Rules
from cartrial.protocol.study import DAYS_PER_MONTH, Dlt

ACCRUAL = 2.0  # candidates a month, where nothing else is said
NO_RULES = Rules()


@dataclass(frozen=True)
class Setting:
    """What is assumed about a trial beside the DLT rates."""

    window: float
    accrual: float
    process: Literal["poisson", "uniform", "fixed"] = "poisson"
    lag: tuple[float, float] = (0.0, 0.0)
    made: float = 1.0
    late: float | None = None
    lost: float = 0.0
    response: float = 1.0
    low: float = 0.0
    matures: tuple[float, float] = (0.0, 0.0)
    committee: float = 0.0
    escalate_after: float = 0.0
    escalate_complete: int = 0
    whole_cohorts: bool = True

    def __post_init__(self) -> None:
        holds = {
            "window": ("be above 0", 0 < self.window < inf),
            "accrual": ("be above 0 a month", 0 < self.accrual < inf),
            "lag": ("rise from 0 or more", _rises(self.lag)),
            "made": ("be above 0 and at most 1", 0 < self.made <= 1),
            "late": ("be between 0 and 1", self.late is None or 0 < self.late < 1),
            "lost": ("be 0 or more and below 1", 0 <= self.lost < 1),
            "response": ("be 0 to 1", 0 <= self.response <= 1),
            "low": ("be 0 or more and below 1", 0 <= self.low < 1),
            "matures": ("rise from 0 or more", _rises(self.matures)),
            "committee": ("be 0 or more", 0 <= self.committee < inf),
            "escalate_after": ("be 0 or more", 0 <= self.escalate_after < inf),
            "escalate_complete": ("be 0 or more", self.escalate_complete >= 0),
        }
        for name, (rule, kept) in holds.items():
            if not kept:
                raise RuleError(f"simulation: {name} must {rule}, got {getattr(self, name)}")

    @property
    def all_evaluable(self) -> bool:
        """Whether everybody who is infused comes to be evaluable at the level."""
        return not (self.lost or self.low)

    @property
    def gap(self) -> float:
        """The mean days between two candidates."""
        return DAYS_PER_MONTH / self.accrual


def setting_of(dlt: Dlt | None, *, accrual: float = ACCRUAL, **assumed: Any) -> Setting | None:
    """The setting of a study, with what is assumed beside its DLT rule; None where it has none."""
    if dlt is None:
        return None
    return Setting(
        window=dlt.window,
        accrual=accrual,
        escalate_after=dlt.escalate_after,
        escalate_complete=dlt.escalate_complete,
        **assumed,
    )


def _rises(days: tuple[float, float]) -> bool:
    first, last = days
    return 0 <= first <= last < inf


@dataclass(frozen=True)
class Simulation:
    """Everything on which the numbers of a simulation depend, but for how many trials there are.

    `truth` are the true DLT rates, lowest level first; patients at a rate above `target` are
    over-dosed. In BF-BOIN `subjects` are those in cohorts.
    """

    design: Design
    truth: tuple[float, ...]
    setting: Setting
    subjects: int
    target: float
    rules: Rules = NO_RULES
    seed: int = 1
