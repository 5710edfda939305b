"""A candidate on its way to the infusion: consent, place, cells, product, and what may stop it."""

import datetime as dt
from dataclasses import dataclass
from math import log1p

from cartrial.protocol.study import DAYS_PER_MONTH
from cartrial.virtual.life import Life
from cartrial.virtual.person import Person, draw_person
from cartrial.virtual.scenario import Scenario
from cartrial.virtual.stream import Chance, happens, one_of, spread, stream, within

BRIDGES = ("Bortezomib and dexamethasone", "Pomalidomide and dexamethasone", "Cyclophosphamide")
WITHDRAWN = (("progression", 0.5), ("withdrew consent", 0.3), ("physician decision", 0.2))


@dataclass(frozen=True)
class Stopped:
    """Why a candidate was not infused, and the day of the trial on which it was known."""

    day: int
    reason: str


@dataclass(frozen=True)
class Making:
    """Cells and product of a candidate; days count from the day it was granted a place."""

    apheresis: int
    volume: float  # L
    cd3: float  # 10^6/kg
    made: int
    failed: bool
    withdraws: Stopped | None
    infusion: int
    bridge: str | None
    bridge_days: tuple[int, int]
    share: float  # of the planned dose
    viability: float  # %
    car_positive: float  # %
    vector_copies: float


@dataclass
class Candidate:
    """A candidate and how far it came; days are those of the trial, 0 the first consent."""

    index: int
    subject: str
    person: Person
    consented: int
    decided: int
    eligible: bool
    patience: int
    making: Making
    granted: int | None = None
    granted_level: int | None = None
    level: int | None = None
    infused: int | None = None
    life: Life | None = None
    stopped: Stopped | None = None


def arrive(scenario: Scenario, seed: int, index: int, *, number: int, day: int) -> Candidate:
    """The candidate with this place in line, who consents on a day."""
    chance = stream(seed, index, "arrival")
    chance.random()  # the time since the one before
    return Candidate(
        index=index,
        subject=f"001-{number:03}",
        person=draw_person(seed, index),
        consented=day,
        decided=day + within(chance, 4, 9),
        eligible=not happens(chance, scenario.screening_failure),
        patience=60 + int(chance.exponential(160)),
        making=_making(stream(seed, index, "product"), scenario),
    )


def days_to_next(scenario: Scenario, seed: int, index: int) -> float:
    """Days between the arrival of a candidate and of the one before it."""
    return (
        -log1p(-stream(seed, index, "arrival").random())
        * DAYS_PER_MONTH
        / scenario.accrual_per_month
    )


def _making(chance: Chance, scenario: Scenario) -> Making:
    apheresis = within(chance, 3, 8)
    made = apheresis + within(chance, 13, 20)
    infusion = made + within(chance, 9, 15)
    failed, under = (
        happens(chance, scenario.manufacturing_failure),
        happens(chance, scenario.under_dosed),
    )
    leaves, reason = happens(chance, scenario.withdrawal), one_of(chance, WITHDRAWN)
    left = within(chance, apheresis + 1, infusion - 7)
    bridged, bridge = happens(chance, 0.6), BRIDGES[within(chance, 0, len(BRIDGES) - 1)]
    share = float(chance.uniform(0.5, 0.75)) if under else float(chance.normal(1.0, 0.06))
    begin = apheresis + within(chance, 2, 4)
    return Making(
        apheresis=apheresis,
        volume=round(float(chance.normal(11, 1.5)), 1),
        cd3=round(spread(chance, 62, 0.4), 1),
        made=made,
        failed=failed,
        withdraws=Stopped(left, reason) if leaves else None,
        infusion=infusion,
        bridge=bridge if bridged else None,
        bridge_days=(begin, begin + within(chance, 1, 4)),
        share=min(max(share, 0.5), 1.15),
        viability=round(min(float(chance.normal(92, 3)), 99.5), 1),
        car_positive=round(min(max(float(chance.normal(38, 9)), 12), 75), 1),
        vector_copies=round(spread(chance, 2.6, 0.3), 2),
    )


def on(scenario: Scenario, day: int) -> dt.date:
    """The calendar date of a day of the trial."""
    return scenario.first_consent + dt.timedelta(days=day)
