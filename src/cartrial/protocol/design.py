"""Dose-escalation designs as data: those that count, and the union of all.

A rate is 0 to 1; dose levels count from 1. The modules of `dosing.design` hold what each design
decides, and its source.
"""

from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from cartrial.protocol.model_design import Blrm, Crm, TiteCrm
from cartrial.protocol.part import Part

Final = Literal["isotonic", "next dose"]
LETTERS = "UDSE"  # eliminate, de-escalate, stay, escalate: lowest dose first


class OptimalInterval(Part):
    """What the Bayesian optimal interval designs have in common.

    `extra_safe`: the trial ends where P(DLT rate > target) at dose 1 exceeds `eliminate_above` less
    `offset`. `bound_mtd`: the rate of the selected dose is not above the upper boundary.
    """

    target: float = Field(gt=0, lt=1)
    safe: float = Field(default=0.6, gt=0, lt=1)  # lower alternative, as a multiple of the target
    toxic: float = Field(default=1.4, gt=1)  # upper alternative, as a multiple of the target
    eliminate_above: float = Field(default=0.95, gt=0, lt=1)
    cohort: int = Field(default=3, gt=0)
    start: int = Field(default=1, ge=1)
    extra_safe: bool = False
    offset: float = Field(default=0.05, ge=0, lt=0.5)
    bound_mtd: bool = False
    stay_at_1_of_3: bool = False  # 1 DLT in 3 is no reason to de-escalate
    final: Final = "isotonic"

    @model_validator(mode="after")
    def _alternatives_are_rates(self) -> Self:
        if self.toxic * self.target >= 1:
            raise ValueError(
                f"toxic x target must be less than 1, got {self.toxic * self.target:g}"
            )
        return self


class Boin(OptimalInterval):
    """Bayesian optimal interval design (BOIN).

    `titration`: single patients up to the first DLT; a study that asks for more who have completed
    the window before it escalates (`dlt.escalate_complete`) stays until it has them.
    """

    kind: Literal["boin"] = "boin"
    titration: bool = False


class TiteBoin(OptimalInterval):
    """The time-to-event Bayesian optimal interval design (TITE-BOIN).

    It decides with patients in the window. They are expected to have the DLTs that the others lead
    to expect (`imputation`), or each counts for as much of a patient as has passed of the window
    (`effective sample size`). Nobody is enrolled while more than `suspend_above` of the patients at
    the dose are pending, unless the dose goes down whatever they show, nor does it go up before
    `complete` have completed the window. The trial is asked again when one of them completes
    (`completion`), or when the next patient arrives (`arrival`). A dose is barred as if none of the
    pending had a DLT (`everybody`), or by the others alone (`settled`).
    """

    kind: Literal["tite-boin"] = "tite-boin"
    variant: Literal["imputation", "effective sample size"] = "imputation"
    suspend_above: float = Field(default=0.5, ge=0, le=1)
    complete: int = Field(default=2, ge=0)
    wakes: Literal["completion", "arrival"] = "completion"
    bar_by: Literal["everybody", "settled"] = "everybody"


class BfBoin(OptimalInterval):
    """BOIN with backfilling (BF-BOIN).

    While a cohort is in its window, patients who come are treated at a lower level that has shown
    activity and is not too toxic, the highest or the lowest open (`assign`), until it has `cap`
    patients. Their DLTs count. The escalation ends where it would stay at a level that has `enough`
    settled patients. `wait`: the MTD is selected when the last of them has completed the
    window; else with the last cohort, without those still in the window.
    """

    kind: Literal["bf-boin"] = "bf-boin"
    cap: int = Field(default=12, ge=1)
    assign: Literal["highest", "lowest"] = "highest"
    enough: int | None = Field(default=None, ge=1)
    wait: bool = True


class ThreePlusThree(Part):
    """The 3+3 design.

    Two DLTs at a level end the escalation. `previous`: the level below is the maximum tolerated
    dose (MTD). `expand`: the level below is the MTD once six were treated at it, or it falls too.
    The highest level is the MTD after three without DLT, or after six where `six_at_top`.
    """

    kind: Literal["3+3"] = "3+3"
    variant: Literal["previous", "expand"] = "previous"
    six_at_top: bool = False
    start: int = Field(default=1, ge=1)


class RollingSix(Part):
    """The rolling six design: up to six at a level, without a pause after each three."""

    kind: Literal["rolling-6"] = "rolling-6"
    start: int = Field(default=1, ge=1)


class IntervalDesign(Part):
    """What the interval designs have in common.

    The target interval is `target - below` to `target + above`. A dose is barred with all above it
    once P(DLT rate > target) exceeds `eliminate_above` in at least `fewest_to_eliminate` patients.
    `final` is how the MTD is found: nearest to the target after isotonic regression, or the dose
    that the next cohort would get.
    """

    target: float = Field(gt=0, lt=1)
    below: float = Field(default=0.05, ge=0)
    above: float = Field(default=0.05, ge=0)
    eliminate_above: float = Field(default=0.95, gt=0, lt=1)
    fewest_to_eliminate: int = Field(default=3, ge=1)
    final: Final = "isotonic"
    cohort: int = Field(default=3, gt=0)
    start: int = Field(default=1, ge=1)

    @model_validator(mode="after")
    def _interval_of_rates(self) -> Self:
        if self.target - self.below <= 0:
            raise ValueError(f"below must be less than the target, got {self.below:g}")
        if self.target + self.above >= 1:
            raise ValueError(
                f"target + above must be less than 1, got {self.target + self.above:g}"
            )
        return self

    @property
    def interval(self) -> tuple[float, float]:
        """The lowest and the highest rate of the target interval."""
        return self.target - self.below, self.target + self.above


class IThreePlusThree(IntervalDesign):
    """The i3+3 design."""

    kind: Literal["i3+3"] = "i3+3"


class Mtpi2(IntervalDesign):
    """The modified toxicity probability interval design 2; its forerunner mTPI as a variant."""

    kind: Literal["mtpi-2"] = "mtpi-2"
    variant: Literal["mTPI-2", "mTPI"] = "mTPI-2"

    @model_validator(mode="after")
    def _interval_has_a_width(self) -> Self:
        if self.below + self.above == 0:
            raise ValueError("below + above must be more than 0, got 0")
        return self


class Keyboard(IntervalDesign):
    """The keyboard design.

    `edges` are what is left at 0 and at 1 where no whole key fits: judged by the mass per width, or
    left out.
    """

    kind: Literal["keyboard"] = "keyboard"
    edges: Literal["rescaled", "left out"] = "rescaled"

    @model_validator(mode="after")
    def _keys_on_both_sides(self) -> Self:
        width = self.below + self.above
        if width == 0:
            raise ValueError("below + above must be more than 0, got 0")
        low, high = self.interval
        if self.edges == "left out" and min(low, 1 - high) < width - 1e-9:
            raise ValueError(
                f"a key {width:g} wide must fit on both sides of the target key, got {low:g} "
                f"below and {1 - high:g} above it. Narrow the keys, or set edges to rescaled"
            )
        return self


class DecisionTable(Part):
    """A decision table of the study's own.

    `rows` hold a letter for each number of DLTs from 0 on, by the patients treated at the dose:
    E escalate, S stay, D de-escalate, U de-escalate and bar the dose with all above it.

        rows: {3: ESDU, 6: EESDUUU}

    With a target the MTD is nearest to it after isotonic regression; without, it is the dose that
    the next cohort would get.
    """

    kind: Literal["table"] = "table"
    rows: Mapping[int, str] = Field(min_length=1)
    target: float | None = Field(default=None, gt=0, lt=1)
    cohort: int = Field(default=3, gt=0)
    start: int = Field(default=1, ge=1)

    @model_validator(mode="after")
    def _rows_complete(self) -> Self:
        most = max(self.rows)
        needed = [*range(self.cohort, most, self.cohort), most]
        missing = next((n for n in needed if n not in self.rows), None)
        if missing is not None:
            raise ValueError(
                f"rows must be given after each cohort of {self.cohort} up to {most} patients, "
                f"got none for {missing}"
            )
        for treated, row in sorted(self.rows.items()):
            _check_row(treated, row)
        return self


def _check_row(treated: int, row: str) -> None:
    place = f"the row for {treated} patients"
    if treated < 1:
        raise ValueError(f"{place} must be for at least 1 patient")
    unknown = next((letter for letter in row if letter not in LETTERS), None)
    if unknown is not None:
        raise ValueError(f"{place} must be written with E S D U, got {unknown}")
    if len(row) != treated + 1:
        raise ValueError(
            f"{place} must have {treated + 1} letters, for 0 to {treated} DLTs, got {len(row)}"
        )
    if any(LETTERS.index(more) > LETTERS.index(fewer) for fewer, more in pairwise(row)):
        raise ValueError(f"{place} must not rise with more DLTs, got {row}")


CountDesign = Annotated[
    ThreePlusThree | RollingSix | IThreePlusThree | Mtpi2 | Keyboard | DecisionTable,
    Field(discriminator="kind"),
]

Design = (
    Boin
    | TiteBoin
    | BfBoin
    | ThreePlusThree
    | RollingSix
    | IThreePlusThree
    | Mtpi2
    | Keyboard
    | DecisionTable
    | Crm
    | TiteCrm
    | Blrm
)
