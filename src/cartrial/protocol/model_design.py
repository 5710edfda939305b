"""Dose-escalation designs that fit a model of the DLT rate over all doses, as data.

A rate is 0 to 1; dose levels count from 1. The modules of `dosing.model` hold what each design
decides, and its source.
"""

from itertools import pairwise
from math import exp
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from cartrial.protocol.part import Part

Final = Literal["model", "tried", "next dose"]
Rate = Annotated[float, Field(gt=0, lt=1)]
Real = Annotated[float, Field(allow_inf_nan=False)]
Dose = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Spread = Annotated[float, Field(gt=0, le=10)]  # standard deviation of a logarithm


class WorkingModel(Part):
    """What the continual reassessment methods have in common: a one-parameter model of the rates.

    `skeleton` is a first guess of the DLT rate of each level. The rate of a level is its guess to
    the power exp(b) (`empiric`), or expit(`intercept` + x exp(b)), with x such that b = 0 gives the
    guess (`logistic`). b has a normal prior around 0 with standard deviation `scale` and is
    estimated by its posterior mean (`bayes`), or by maximum likelihood (`mle`). A level has the
    rate at that estimate (`plug-in`), or its posterior mean rate (`mean`).

    Unless `skip`, the dose rises by one level at most. `coherence`: it does not rise while the DLT
    rate of the last cohort, or of all at the current dose, is at or above the target. `final` is
    the MTD: the level nearest to the target by the model, the nearest of the tried levels, or the
    level of the next cohort.
    """

    target: float = Field(gt=0, lt=1)
    skeleton: tuple[Rate, ...]
    model: Literal["empiric", "logistic"] = "empiric"
    intercept: float = Field(default=3.0, ge=-20, le=20)
    scale: float = Field(default=1.34**0.5, gt=0, le=10)
    method: Literal["bayes", "mle"] = "bayes"
    rates: Literal["plug-in", "mean"] = "plug-in"
    skip: bool = False
    coherence: Literal["last cohort", "current dose", "none"] = "last cohort"
    final: Final = "model"
    cohort: int = Field(default=3, gt=0)
    start: int = Field(default=1, ge=1)

    @model_validator(mode="after")
    def _skeleton_rises(self) -> Self:
        _check_rising("skeleton", self.skeleton)
        _check_start(self.start, len(self.skeleton))
        top = 1 / (1 + exp(-self.intercept))
        if self.model == "logistic" and self.skeleton[-1] >= top:
            raise ValueError(
                f"skeleton must be below {top:.3g}, where the intercept lies, "
                f"got {self.skeleton[-1]:g}"
            )
        return self

    @model_validator(mode="after")
    def _mean_needs_a_prior(self) -> Self:
        if self.method == "mle" and self.rates == "mean":
            raise ValueError("rates must be plug-in with the method mle, got mean")
        return self


class Crm(WorkingModel):
    """The continual reassessment method (CRM)."""

    kind: Literal["crm"] = "crm"


class TiteCrm(WorkingModel):
    """The time-to-event continual reassessment method (TITE-CRM).

    A patient without DLT weighs as much of the window as has passed (`linear`), or as much of the
    DLTs seen as came by that day (`adaptive`).
    """

    kind: Literal["tite-crm"] = "tite-crm"
    weights: Literal["linear", "adaptive"] = "linear"


class Blrm(Part):
    """The Bayesian logistic regression model (BLRM), with escalation with overdose control (EWOC).

    logit(DLT rate) = log a + b log(dose / reference), where (log a, log b) has a bivariate normal
    prior with `mean`, standard deviations `sd` and `correlation`. The rates between `low` and
    `high` are the target interval. A level is open where P(rate > `high`) is at most `overdose`; of
    the open levels the next cohort gets the most probable to be in the target interval (`target`),
    or the highest (`highest`). `skip` and `final` are as in the continual reassessment method.
    """

    kind: Literal["blrm"] = "blrm"
    doses: tuple[Dose, ...]
    reference: Dose
    mean: tuple[Real, Real]
    sd: tuple[Spread, Spread]
    correlation: float = Field(default=0.0, gt=-1, lt=1)
    low: float = Field(default=0.16, gt=0, lt=1)
    high: float = Field(default=0.33, gt=0, lt=1)
    overdose: float = Field(default=0.25, gt=0, lt=1)
    choose: Literal["target", "highest"] = "target"
    skip: bool = False
    final: Final = "model"
    cohort: int = Field(default=3, gt=0)
    start: int = Field(default=1, ge=1)

    @model_validator(mode="after")
    def _doses_rise(self) -> Self:
        _check_rising("doses", self.doses)
        _check_start(self.start, len(self.doses))
        if self.low >= self.high:
            raise ValueError(f"low must be below high, got {self.low:g} and {self.high:g}")
        return self


def _check_rising(name: str, values: tuple[float, ...]) -> None:
    if len(values) < 2:
        raise ValueError(f"{name} must have at least 2 levels, got {len(values)}")
    fall = next(((a, b) for a, b in pairwise(values) if b <= a), None)
    if fall is not None:
        raise ValueError(f"{name} must rise from level to level, got {fall[1]:g} after {fall[0]:g}")


def _check_start(start: int, levels: int) -> None:
    if start > levels:
        raise ValueError(f"start must be one of the {levels} levels, got {start}")
