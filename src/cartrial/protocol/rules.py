"""The rules that a study lays around its dose-escalation design, whichever that is, as data.

`dosing.conduct.safeguard` holds what each of them does.
"""

from typing import Literal

from pydantic import Field

from cartrial.protocol.part import Part


class TooToxic(Part):
    """The lowest dose is too toxic where P(DLT rate > `rate`) exceeds `probability`."""

    rate: float = Field(gt=0, lt=1)
    probability: float = Field(default=0.95, gt=0, lt=1)


class Rules(Part):
    """What a study lays around its design; without a value of its own, only what every study needs.

    `no_skipping`: no untried level is jumped on the way up. `while_short`: what happens while the
    follow-up is too short to escalate (`dlt.escalate_after`, `dlt.escalate_complete`): more at the
    dose, or nobody while somebody is in the window. `maturing`: an event not settled yet holds up
    a design that weighs follow-up, or counts there as pending with none. `parallel_cohorts`: one
    may open while somebody of another is in the window. `too_toxic` and `most_at_dose` (evaluable
    subjects at the dose of the next cohort) end the escalation, and so does `stop_at_planned` once
    the planned `subjects` of the study are infused, counting those who replace others where
    `replacements_count`. `replacement`: who is not evaluable leaves the place in the cohort to
    another. `sentinel`: days that the first of a cohort (of a level, in a rolling six) is followed
    before the next is infused.
    `committee`: a new cohort is provisional until the committee has decided.

    A continual reassessment method ends for toxicity only by `too_toxic`.
    """

    no_skipping: bool = False
    while_short: Literal["stay", "wait"] = "wait"
    maturing: Literal["wait", "no follow-up"] = "wait"
    parallel_cohorts: bool = True
    too_toxic: TooToxic | None = None
    most_at_dose: int | None = Field(default=None, ge=1)
    stop_at_planned: bool = False
    replacements_count: bool = True
    replacement: bool = True
    sentinel: int | None = Field(default=None, ge=1)
    committee: bool = False
