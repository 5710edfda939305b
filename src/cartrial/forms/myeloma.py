"""Myeloma assessments: M-protein, free light chains, marrow, plasmacytoma, response, MRD."""

import polars as pl

from cartrial import schema as s
from cartrial.forms.enrolment import RESPONSES

FIXATION = ("negative", "positive", "not done")
BANDS = ("of the myeloma", "oligoclonal", "therapeutic antibody", "not stated")


class MProtein(s.Table):
    """M-protein and immunofixation in serum or urine."""

    subject = s.subject()
    on = s.date("Sampled on", primary_key=True)
    specimen = s.code("Specimen", ("serum", "24 h urine"), primary_key=True)
    m_protein = s.number("M-protein", unit_in="unit", min=0, nullable=True)
    unit = s.code("Unit", ("g/L", "g/dL", "mg/24h", "g/24h"), nullable=True)
    why_missing = s.why_missing("Why M-protein is missing", of=["m_protein"])
    immunofixation = s.code("Immunofixation", FIXATION, nullable=True)
    band = s.code("What a positive immunofixation sees", BANDS, nullable=True)

    @s.rule()
    def a_value_has_a_unit(cls) -> pl.Expr:
        return cls.m_protein.col.is_null() | cls.unit.col.is_not_null()

    @s.rule()
    def a_band_is_of_a_positive_immunofixation(cls) -> pl.Expr:
        return cls.band.col.is_null() | cls.immunofixation.col.eq_missing("positive")


class FreeLightChain(s.Table):
    """Free light chains in serum."""

    subject = s.subject()
    on = s.date("Sampled on", primary_key=True)
    kappa = s.number("Free kappa", unit_in="unit", min=0, nullable=True)
    lambda_ = s.number("Free lambda", unit_in="unit", min=0, nullable=True)
    unit = s.code("Unit; mg/L where none is given", ("mg/L", "mg/dL"), nullable=True)
    ratio = s.number("Ratio kappa/lambda, as reported", "ratio", min=0, nullable=True)
    why_missing = s.why_missing("Why both are missing", of=["kappa", "lambda_"])


class Marrow(s.Table):
    """Bone marrow."""

    subject = s.subject()
    on = s.date("Sampled on", primary_key=True)
    plasma_cells = s.number("Plasma cells", "%", min=0, max=100, nullable=True)
    clonal = s.code("Clonal plasma cells", ("found", "not found", "not done"), nullable=True)
    why_missing = s.why_missing("Why plasma cells are missing", of=["plasma_cells"])


class Plasmacytoma(s.Table):
    """One plasmacytoma at one assessment, by imaging or examination."""

    subject = s.subject()
    lesion = s.count("Lesion", "number", min=1, primary_key=True)
    on = s.date("Assessed on", primary_key=True)
    place = s.text("Location", private=False, nullable=True)
    method = s.code("Method", ("CT", "PET-CT", "MRI", "examination"), nullable=True)
    new = s.flag("New lesion")
    long = s.number("Longest diameter", "mm", min=0, max=500, nullable=True)
    short = s.number("Perpendicular diameter", "mm", min=0, max=500, nullable=True)
    why_missing = s.why_missing("Why it was not measured", of=["long"])


class Response(s.Table):
    """Overall response by the investigator (IMWG)."""

    subject = s.subject()
    on = s.date("Assessed on", primary_key=True)
    response = s.code("Overall response", RESPONSES)
    confirmed = s.flag(
        "Confirmed by this assessment, in the investigator's judgement", nullable=True
    )
    progression = s.code(
        "Progression shown by", ("laboratory", "imaging", "clinical"), nullable=True
    )


class BestResponse(s.Table):
    """Best overall response, where it is reported without its visits."""

    subject = s.subject()
    response = s.code("Best response", RESPONSES)
    confirmed = s.flag("Confirmed", nullable=True)
    duration = s.number("Duration of response", unit_in="duration_unit", min=0, nullable=True)
    duration_unit = s.code("Unit of duration", ("days", "weeks", "months"), nullable=True)
    ongoing = s.flag("Response ongoing at the last report", nullable=True)

    @s.rule()
    def a_duration_has_a_unit(cls) -> pl.Expr:
        return cls.duration.col.is_null() | cls.duration_unit.col.is_not_null()


class Mrd(s.Table):
    """Measurable residual disease in marrow."""

    subject = s.subject()
    on = s.date("Sampled on", primary_key=True)
    method = s.code("Method", ("flow", "NGS"), primary_key=True)
    sensitivity = s.number("Sensitivity", "fraction of cells", min=0, max=0.01, nullable=True)
    result = s.code("Result", ("negative", "positive", "not evaluable"))
    pet_ct = s.code("PET-CT at the same time", ("negative", "positive", "not done"), nullable=True)
