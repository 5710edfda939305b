"""Laboratory values, CAR copies by qPCR, CAR+ cells by flow, B cells and IgG.

A CAR measurement is a value, below quantification, not detected, or not done with its reason; it is
never a bare zero. Limits of quantification stand in each row.
"""

import polars as pl

from cartrial import schema as s

STATUS = ("value", "below quantification", "not detected", "not done")
SPECIMENS = ("blood", "serum", "plasma", "urine", "24 h urine", "marrow", "CSF")


class Laboratory(s.Table):
    """One laboratory result, in the unit of the laboratory."""

    subject = s.subject()
    at = s.partial_date("Sampled at", primary_key=True)
    analyte = s.text(
        "Analyte (code of the data dictionary)", primary_key=True, private=False, most=8
    )
    specimen = s.code("Specimen", SPECIMENS, primary_key=True)
    value = s.number("Value", unit_in="unit", min=0, nullable=True)
    unit = s.text("Unit", private=False, most=20, nullable=True)
    low = s.number("Lower limit of normal", unit_in="unit", min=0, nullable=True)
    high = s.number("Upper limit of normal", unit_in="unit", min=0, nullable=True)
    why_missing = s.why_missing("Why the value is missing", of=["value"])

    @s.rule()
    def a_value_has_a_unit(cls) -> pl.Expr:
        return cls.value.col.is_null() | cls.unit.col.is_not_null()

    @s.rule()
    def lower_limit_below_upper(cls) -> pl.Expr:
        return cls.low.col <= cls.high.col


class CarTransgene(s.Table):
    """CAR copies by quantitative PCR."""

    subject = s.subject()
    at = s.partial_date("Sampled at", primary_key=True)
    analyte = s.text("Analyte of the study file", primary_key=True, private=False, most=40)
    specimen = s.code("Specimen", ("blood", "marrow", "CSF"), primary_key=True)
    visit = s.text("Visit", private=False, most=40, nullable=True)
    status = s.code("Result", STATUS)
    copies = s.number("CAR copies", "copies/ug DNA", min=0, nullable=True)
    copies_per_ml = s.number("CAR copies in blood", "copies/mL", min=0, nullable=True)
    lloq = s.number("Lower limit of quantification", "copies/ug DNA", min=0, nullable=True)
    lod = s.number("Limit of detection", "copies/ug DNA", min=0, nullable=True)
    dna = s.number("DNA in the reaction", "ng", min=0, nullable=True)
    why_not_done = s.why_missing("Why it was not done", of=["status"])

    @s.rule()
    def only_a_value_has_copies(cls) -> pl.Expr:
        return (cls.status.col == "value") == cls.copies.col.is_not_null()

    @s.rule()
    def below_quantification_names_its_limit(cls) -> pl.Expr:
        return (cls.status.col != "below quantification") | cls.lloq.col.is_not_null()

    @s.rule()
    def not_done_has_its_reason(cls) -> pl.Expr:
        return (cls.status.col != "not done") | cls.why_not_done.col.is_not_null()


class CarFlow(s.Table):
    """CAR+ cells by flow cytometry."""

    subject = s.subject()
    at = s.partial_date("Sampled at", primary_key=True)
    analyte = s.text("Analyte of the study file", primary_key=True, private=False, most=40)
    specimen = s.code("Specimen", ("blood", "marrow", "CSF"), primary_key=True)
    visit = s.text("Visit", private=False, most=40, nullable=True)
    status = s.code("Result", STATUS)
    cells = s.number("CAR+ cells", "cells/uL", min=0, nullable=True)
    percent = s.number("CAR+ of CD3+ cells", "%", min=0, max=100, nullable=True)
    lloq = s.number("Lower limit of quantification", "cells/uL", min=0, nullable=True)
    why_not_done = s.why_missing("Why it was not done", of=["status"])

    @s.rule()
    def only_a_value_has_cells(cls) -> pl.Expr:
        return (cls.status.col == "value") == cls.cells.col.is_not_null()

    @s.rule()
    def below_quantification_names_its_limit(cls) -> pl.Expr:
        return (cls.status.col != "below quantification") | cls.lloq.col.is_not_null()

    @s.rule()
    def not_done_has_its_reason(cls) -> pl.Expr:
        return (cls.status.col != "not done") | cls.why_not_done.col.is_not_null()


class BCell(s.Table):
    """B cells and IgG."""

    subject = s.subject()
    on = s.date("Sampled on", primary_key=True)
    b_cells = s.number("B cells", "cells/uL", min=0, nullable=True)
    igg = s.number("IgG", "g/L", min=0, nullable=True)
    why_missing = s.why_missing("Why both are missing", of=["b_cells", "igg"])
