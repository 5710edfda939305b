"""How the efficacy of a trial is read: whose response counts, and what is estimated of it."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field

from cartrial.protocol.monitoring import Weight
from cartrial.protocol.part import Part

Evaluator = Literal["investigator", "derived"]  # derived: by the criteria, from raw values
Confirmation = Literal["IMWG", "best so far"]


class ResponsePlan(Part):
    """Whose response counts, and how the criteria are applied in this study.

    `confirmation` is a method of response.confirmation. Samples within `together` days after the
    first make one assessment. `changes` are numbers and readings of the criteria that this study
    changes: `{serum: {measurable: 5}}`.
    """

    primary: Evaluator = "investigator"
    confirmation: Confirmation = "IMWG"
    together: int = Field(default=6, ge=0)
    changes: Mapping[str, Any] = Field(default_factory=dict)


class Endpoints(Part):
    """Readings of the registered outcomes.

    `response_prior` are the two parameters of the beta prior of the response rate, `response_above`
    a rate of which the probability that the true one is above it is shown.
    """

    landmarks: tuple[int, ...] = (6, 12, 18, 24)  # months
    confirmed_response: bool = True
    level: float = Field(default=0.95, gt=0, lt=1)
    response_prior: tuple[Weight, Weight] = (1.0, 1.0)
    response_above: float | None = Field(default=None, gt=0, lt=1)
