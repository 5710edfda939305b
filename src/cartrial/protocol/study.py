"""The study: everything that the protocol fixes, as one immutable value.

Every value of a study file is marked `registered` (it stands in the registry record) or `assumed`
(chosen so that the trial can be run); `Study.marks` says which, by the path of the value.
Durations are days unless the name says otherwise; day 0 is the infusion; dose levels count from 1.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from pydantic import Field, model_validator

from cartrial.protocol.assay import Assay
from cartrial.protocol.clause import Clause, PauseRule
from cartrial.protocol.design import Design, TiteBoin
from cartrial.protocol.endpoints import Endpoints, ResponsePlan
from cartrial.protocol.model_design import TiteCrm
from cartrial.protocol.monitoring import MonitoringRule
from cartrial.protocol.part import Part
from cartrial.protocol.response_criteria import ResponseCriteria
from cartrial.protocol.rules import Rules

Mark = Literal["registered", "assumed"]
OutcomeId = Literal["ae", "dlt", "car", "orr", "dor", "pfs", "os"]
DAYS_PER_MONTH = 30.4375


class Intervention(Part):
    """An intervention as registered."""

    kind: str
    name: str


class Outcome(Part):
    """An outcome in the words in which it is registered; `analysis` names what cartrial shows."""

    analysis: OutcomeId | None = None
    role: Literal["primary", "secondary", "other"]
    measure: str
    description: str = ""
    time_frame: str = ""


class Standards(Part):
    """The versions of the criteria by which the trial is judged.

    `response` is IMWG-2016, `other` (not myeloma), or the name of a criteria file beside the study
    file, without its ending.
    """

    crs: Literal["ASTCT-2019", "other"] = "ASTCT-2019"
    icans: Literal["ASTCT-2019", "other"] = "ASTCT-2019"
    adverse_events: Literal["CTCAE-5.0", "CTCAE-4.03", "CTCAE-6.0", "other"] = "CTCAE-5.0"
    response: str = "IMWG-2016"
    haematotoxicity: Literal["ICAHT-2023"] = "ICAHT-2023"

    @property
    def by_ctcae_5(self) -> bool:
        """Whether adverse events are graded by CTCAE v5.0, whose terms and grades are known."""
        return self.adverse_events == "CTCAE-5.0"


class DoseLevel(Part):
    """A planned dose; `label` is shown, `dose` counts in the unit of `Doses`.

    `arm` is its ARMCD in SDTM; where it is empty, level 1 is DL1.
    """

    label: str
    dose: float | None = Field(default=None, ge=0)
    arm: str = ""


class PooledLevels(Part):
    """Dose levels that are also shown together."""

    label: str
    levels: tuple[int, ...] = Field(min_length=1)


class Doses(Part):
    """The planned doses of the product, lowest first."""

    unit: str
    levels: tuple[DoseLevel, ...] = Field(min_length=1)
    pooled: tuple[PooledLevels, ...] = ()

    @model_validator(mode="after")
    def _labels_tell_apart(self) -> "Doses":
        labels = [level.label for level in self.levels] + [pool.label for pool in self.pooled]
        _check_once("a label", labels)
        return self

    @model_validator(mode="after")
    def _pools_known_levels(self) -> "Doses":
        for pool in self.pooled:
            if not all(1 <= level <= len(self.levels) for level in pool.levels):
                raise ValueError(f"pooled levels must be between 1 and {len(self.levels)}")
        return self


class Product(Part):
    """The CAR-T product; `treatments` are the EXTRT by which exposure data name its infusion."""

    name: str
    treatments: tuple[str, ...] = Field(min_length=1)


class LymphodepletionDrug(Part):
    """One drug of the lymphodepletion; days count from the infusion."""

    drug: str
    dose: float = Field(gt=0)
    unit: str
    days: tuple[int, ...] = Field(min_length=1)


class Visit(Part):
    """A planned visit and its window in days."""

    name: str
    day: int
    before: int = Field(default=0, ge=0)
    after: int = Field(default=0, ge=0)
    unanchored: bool = False  # screening, apheresis: not counted from the infusion


class Schedule(Part):
    """Planned visits, and the days on which samples and assessments are due."""

    visits: tuple[Visit, ...] = Field(min_length=1)
    car_samples: tuple[int, ...] = ()
    response_assessments: tuple[int, ...] = ()
    end_of_study: int = Field(default=730, gt=0)


class Dlt(Part):
    """How dose-limiting toxicity is judged.

    `window` and `interim` are days from the infusion, both inclusive. Outside `least` to `most` of
    the planned dose a subject without DLT is not evaluable at its level. What meets one of the
    `clauses` is proposed as DLT, beside what the investigator proposes; the committee decides.
    """

    definition: str
    window: int = Field(gt=0)
    interim: int | None = Field(default=None, gt=0)
    least: float = Field(default=0.8, gt=0)
    most: float = Field(default=1.2, gt=0)
    escalate_after: int = Field(default=0, ge=0)  # days that every subject at the dose has passed
    escalate_complete: int = Field(default=0, ge=0)  # subjects that have completed the window
    clauses: tuple[Clause, ...] = ()

    @model_validator(mode="after")
    def _interim_before_the_end(self) -> "Dlt":
        if self.interim is not None and self.interim >= self.window:
            raise ValueError(
                f"interim must be before the window ends on day {self.window}, got {self.interim}"
            )
        return self

    @model_validator(mode="after")
    def _clauses_tell_apart(self) -> "Dlt":
        _check_once("an id of a clause", [clause.id for clause in self.clauses])
        late = next((c for c in self.clauses if (c.window or 0) > self.window), None)
        if late is not None:
            raise ValueError(
                f"the window of a clause must end by day {self.window}, got {late.window} "
                f"of {late.id}"
            )
        return self


class Analyte(Part):
    """What a CAR assay measures."""

    name: str
    method: Literal["qPCR", "flow"]
    unit: str
    lloq: float = Field(gt=0)


class ToxicityScenario(Part):
    """True DLT rates, lowest dose level first, under which the design is judged."""

    name: str
    rates: tuple[Annotated[float, Field(ge=0, le=1)], ...]


class Version(Part):
    """A version of the protocol; a subject belongs to the one in force when it consented."""

    version: str
    since: dt.date | None = None
    changes: str = ""


class Study(Part):
    """One trial, from its study file."""

    cartrial: Literal[1]
    id: str = Field(min_length=1, max_length=20)
    title: str
    purpose: str = ""
    condition: str
    phase: str = ""
    centres: int | None = Field(default=None, ge=1)
    subjects: int | None = Field(default=None, ge=1)
    registry: str = ""
    interventions: tuple[Intervention, ...] = ()
    product: Product
    outcomes: tuple[Outcome, ...] = Field(min_length=1)
    standards: Standards = Standards()
    doses: Doses
    lymphodepletion: tuple[LymphodepletionDrug, ...] = ()
    schedule: Schedule | None = None
    dlt: Dlt | None = None
    design: Design | None = Field(default=None, discriminator="kind")
    rules: Rules = Rules()
    scenarios: tuple[ToxicityScenario, ...] = ()
    pause_rules: tuple[PauseRule, ...] = ()
    monitoring: tuple[MonitoringRule, ...] = ()
    analytes: tuple[Analyte, ...] = ()
    assay: Assay = Assay()
    response: ResponsePlan = ResponsePlan()
    endpoints: Endpoints = Endpoints()
    eligibility: tuple[str, ...] = ()
    versions: tuple[Version, ...] = ()
    marks: Mapping[str, Mark] = Field(default_factory=dict, exclude=True)
    drafted_from: str = Field(default="", exclude=True)  # said in the report where it is set
    # the criteria of response that `standards.response` names, with the study's changes
    criteria: ResponseCriteria | None = Field(default=None, exclude=True)
    # NCI's grade sentences by CTCAE term and grade, where they were imported
    sentences: Mapping[str, Mapping[int, str]] = Field(default_factory=dict, exclude=True)

    @model_validator(mode="after")
    def _pause_rules_tell_apart(self) -> "Study":
        _check_once("a name of a pause rule", [rule.name for rule in self.pause_rules])
        return self

    @model_validator(mode="after")
    def _design_fits_the_study(self) -> "Study":
        levels = len(self.doses.levels)
        rates = getattr(self.design, "skeleton", getattr(self.design, "doses", None))
        if rates is not None and len(rates) != levels:
            raise ValueError(
                f"the design must have a rate or a dose for each of the {levels} dose levels, "
                f"got {len(rates)}"
            )
        if isinstance(self.design, TiteBoin | TiteCrm) and self.dlt is None:
            raise ValueError("dlt must be given with a design that weighs follow-up, got nothing")
        return self

    @model_validator(mode="after")
    def _scenarios_fit_the_levels(self) -> "Study":
        levels = len(self.doses.levels)
        wrong = next((one for one in self.scenarios if len(one.rates) != levels), None)
        if wrong is not None:
            raise ValueError(
                f"a scenario must have a rate for each of the {levels} dose levels, "
                f"got {len(wrong.rates)} of {wrong.name}"
            )
        _check_once("a name of a scenario", [one.name for one in self.scenarios])
        return self

    def level_label(self, level: int) -> str:
        """The label of a dose level, counted from 1."""
        return self.doses.levels[level - 1].label

    def arm(self, level: int) -> str:
        """The ARMCD of a dose level, counted from 1."""
        return self.doses.levels[level - 1].arm or f"DL{level}"

    def outcome(self, analysis: OutcomeId) -> Outcome | None:
        """The first registered outcome that this analysis answers."""
        return next((o for o in self.outcomes if o.analysis == analysis), None)

    def mark(self, path: str) -> Mark:
        """Whether the value at a path (`dlt.window`) is registered or assumed."""
        while path:
            if path in self.marks:
                return self.marks[path]
            path = path.rpartition(".")[0]
        return "assumed"


def landmark_day(months: int) -> int:
    """The study day of a landmark in months: 6, 12, 18, 24 are days 182, 365, 547, 730."""
    return int(DAYS_PER_MONTH * months)


def _check_once(what: str, values: Sequence[str]) -> None:
    twice = next((value for value in values if values.count(value) > 1), None)
    if twice is not None:
        raise ValueError(f"{what} must stand once, got {twice} twice")
