"""From the cells collected to the cells infused."""

import polars as pl

from cartrial import schema as s

DOSE_UNIT = "dose unit of the study"  # stands for the unit that the study names


def unit_in(dose_unit: str, column: s.Column) -> str:
    """The unit of a column in a study with this unit of doses; empty where it has none."""
    return dose_unit if column.unit == DOSE_UNIT else column.unit or ""


class Leukapheresis(s.Table):
    """A leukapheresis."""

    subject = s.subject()
    on = s.date("Leukapheresis on", primary_key=True)
    volume = s.number("Blood volume processed", "L", min=0, max=50, nullable=True)
    cd3 = s.number("CD3+ cells collected", "10^6/kg", min=0, nullable=True)


class ProductRelease(s.Table):
    """Release of a manufactured product, or why there is none."""

    subject = s.subject()
    lot = s.text("Product lot", primary_key=True, private=False, most=20)
    made = s.date("Manufacturing ended on", nullable=True)
    released = s.flag("Released")
    within_specification = s.flag("Within specification", nullable=True)
    viability = s.number("Viability", "%", min=0, max=100, nullable=True)
    car_positive = s.number("CAR+ of CD3+ cells", "%", min=0, max=100, nullable=True)
    vector_copies = s.number("Vector copy number", "copies/cell", min=0, max=50, nullable=True)


class Bridging(s.Table):
    """Bridging therapy between leukapheresis and lymphodepletion."""

    subject = s.subject()
    number = s.count("Number", "number", min=1, primary_key=True)
    drug = s.text("Treatment", private=False)
    started = s.partial_date("Started")
    ended = s.partial_date("Ended", nullable=True)


class Lymphodepletion(s.Table):
    """One dose of a lymphodepleting drug."""

    subject = s.subject()
    drug = s.text("Drug", primary_key=True, private=False, most=40)
    on = s.date("Given on", primary_key=True)
    dose = s.number("Dose given", "mg/m2", min=0, max=5000)


class Infusion(s.Table):
    """Infusion of the CAR-T product.

    `number` 1 is the first infusion, day 0; a later number is a retreatment. The doses count in the
    unit of the study's dose levels.
    """

    subject = s.subject()
    number = s.count("Infusion", "number", min=1, primary_key=True)
    at = s.partial_date("Infused at", nullable=True)
    why_no_date = s.why_missing("Why the time of infusion is missing", of=["at"])
    level = s.count("Dose level", "level", min=1, nullable=True)
    planned = s.number("Planned dose", DOSE_UNIT, min=0, nullable=True)
    given = s.number("CAR+ dose given", DOSE_UNIT, min=0, nullable=True)
    why_no_dose = s.why_missing("Why the dose given is missing", of=["given"])
    weight = s.number("Body weight", "kg", min=20, max=300, nullable=True)
    lot = s.text("Product lot", private=False, most=20, nullable=True)


class Retreatment(s.Table):
    """The decision to infuse again; the infusion itself is an `infusion` with the next number."""

    subject = s.subject()
    number = s.count("Infusion", "number", min=2, primary_key=True)
    decided = s.date("Decided on")
    reason = s.code("Reason", ("relapse", "no response", "loss of CAR cells", "planned"))

    @s.rule()
    def a_retreatment_is_not_the_first_infusion(cls) -> pl.Expr:
        return cls.number.col >= 2
