"""What is simulated: a design under true DLT rates, and the setting in which its trials go on.

Days, unless a name says otherwise. `accrual` candidates come each month, at random (`poisson`), at
gaps from 0 to twice the mean (`uniform`) or evenly (`fixed`); of their products the share `made` is
made, and the infusion follows the enrolment by `lag` days, evenly from the first to the second
number. `late` is the share of DLTs in the second half of the window, with a Weibull time; without
it they come evenly over the window. `lost` patients would die or progress within the window without
a DLT, evenly over it: whoever does so first is not evaluable, and is replaced.

A dose does not rise before every patient at it has been followed for `escalate_after` days and
`escalate_complete` have completed the window. `whole_cohorts`: a running cohort is always filled;
else a design that decides with
patients in the window goes down within one as soon as nothing can change that.

`response` is the probability that a patient responds, for backfilling.
"""

from dataclasses import dataclass
from typing import Literal, Self

from pydantic import Field, model_validator

from cartrial.protocol.design import Design
from cartrial.protocol.part import Part
from cartrial.protocol.rules import Rules

DAYS_PER_MONTH = 30.4375
NO_RULES = Rules()


class Setting(Part):
    """What is assumed about a trial beside the DLT rates."""

    window: float = Field(gt=0, allow_inf_nan=False)
    accrual: float = Field(gt=0, allow_inf_nan=False)
    process: Literal["poisson", "uniform", "fixed"] = "poisson"
    lag: tuple[float, float] = (0.0, 0.0)
    made: float = Field(default=1.0, gt=0, le=1)
    late: float | None = Field(default=None, gt=0, lt=1)
    lost: float = Field(default=0.0, ge=0, lt=1)
    escalate_after: float = Field(default=0.0, ge=0)
    escalate_complete: int = Field(default=0, ge=0)
    whole_cohorts: bool = True
    response: float = Field(default=1.0, ge=0, le=1)

    @model_validator(mode="after")
    def _lag_is_a_range(self) -> Self:
        if not 0 <= self.lag[0] <= self.lag[1] < float("inf"):
            raise ValueError(f"lag must rise from 0 or more, got {self.lag[0]:g}, {self.lag[1]:g}")
        return self

    @property
    def gap(self) -> float:
        """The mean days between two candidates."""
        return DAYS_PER_MONTH / self.accrual


@dataclass(frozen=True)
class Scenario:
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
