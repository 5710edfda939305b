"""Treatment given beside the CAR-T: drugs, blood products, growth factors, immunoglobulin."""

import polars as pl

from cartrial import schema as s

KINDS = (
    "tocilizumab",
    "steroid",
    "anakinra",
    "antipyretic",
    "vasopressor",
    "anti-infective",
    "anti-epileptic",
    "new anti-myeloma therapy",
    "other",
)


class Medication(s.Table):
    """A drug given, new anti-myeloma therapy included."""

    subject = s.subject()
    number = s.count("Number", "number", min=1, primary_key=True)
    drug = s.text("Drug", private=False)
    kind = s.code("Kind", KINDS)
    started = s.partial_date("Started", nullable=True)
    ended = s.partial_date("Ended", nullable=True)
    dose = s.number("Dose", unit_in="unit", min=0, nullable=True)
    unit = s.text("Unit", private=False, most=20, nullable=True)
    route = s.code("Route", ("intravenous", "oral", "subcutaneous", "other"), nullable=True)
    event = s.count("For the adverse event", "number", min=1, nullable=True)

    @s.rule()
    def a_dose_has_a_unit(cls) -> pl.Expr:
        return cls.dose.col.is_null() | cls.unit.col.is_not_null()


class Transfusion(s.Table):
    """A transfusion."""

    subject = s.subject()
    on = s.date("Given on", primary_key=True)
    product = s.code("Product", ("red cells", "platelets", "plasma"), primary_key=True)
    units = s.number("Amount", "units", min=0, max=50)


class GrowthFactor(s.Table):
    """Granulocyte colony-stimulating factor."""

    subject = s.subject()
    started = s.date("Started", primary_key=True)
    ended = s.date("Ended", nullable=True)
    dose = s.number("Daily dose", "ug", min=0, nullable=True)


class Immunoglobulin(s.Table):
    """Immunoglobulin replacement."""

    subject = s.subject()
    on = s.date("Given on", primary_key=True)
    dose = s.number("Dose", "g", min=0, max=200)
