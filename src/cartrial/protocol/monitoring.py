"""Bayesian monitoring rules as data: when too few respond, or too many die of the treatment.

    - endpoint: response
      limit: 0.5              # stop where P(response rate > 50 %) is below
      probability: 0.05       # this
      after: 6                # first asked after 6 subjects
    - endpoint: treatment-related death
      limit: 0.1              # stop where P(death rate > 10 %) is above
      probability: 0.9        # this
      prior: [0.5, 4.5]       # beta prior: worth 5 subjects, 10 % of them
      within: 90              # days from the infusion

The rules are shown beside the registered outcomes; a committee decides.
"""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from cartrial.protocol.part import Part

MonitoredEndpoint = Literal["response", "treatment-related death"]
Weight = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class MonitoringRule(Part):
    """A bound on a rate, held against the posterior after every subject from `after` on.

    `within` is how many days from the infusion a death counts, and how long a subject without one
    has to be followed to count; without it every infused subject counts, however short its time.
    """

    endpoint: MonitoredEndpoint
    limit: float = Field(gt=0, lt=1)
    probability: float = Field(gt=0, lt=1)
    prior: tuple[Weight, Weight] = (1.0, 1.0)
    after: int = Field(default=1, ge=1)
    within: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _a_window_is_of_deaths(self) -> "MonitoringRule":
        if self.endpoint == "response" and self.within is not None:
            raise ValueError(f"within must stand with deaths only, got {self.within} of response")
        return self

    @property
    def stops_below(self) -> bool:
        """Whether the rule stops for a rate that is too low; else for one that is too high."""
        return self.endpoint == "response"
