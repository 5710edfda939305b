"""What is known of a subject's myeloma: samples, lesions, MRD, and the time of response.

One row for each day on which anything was measured, in standard units. Whoever has the data in
another shape fills these tables; nothing here knows where they came from.
"""

from cartrial import schema as s
from cartrial.forms.myeloma import BANDS, FIXATION

CLONAL = ("found", "not found", "not done")
MRD_RESULT = ("negative", "positive", "not evaluable")
PET = ("negative", "positive", "not done")


class Sample(s.Table):
    """What the laboratory measured on one day.  Key: subject, on.

    An M-protein that electrophoresis cannot measure is 0, not null. `band` is what a positive
    immunofixation sees, in the judgement of who reported it. `lost` says what was planned and is
    missing, and why.
    """

    subject = s.subject_key()
    on = s.date("Sampled on", primary_key=True)
    serum = s.number("Serum M-protein", "g/L", min=0, nullable=True)
    serum_fixation = s.code("Immunofixation of serum", FIXATION, nullable=True)
    serum_band = s.code("Band in serum", BANDS, nullable=True)
    urine = s.number("Urine M-protein", "mg/24h", min=0, nullable=True)
    urine_fixation = s.code("Immunofixation of urine", FIXATION, nullable=True)
    urine_band = s.code("Band in urine", BANDS, nullable=True)
    kappa = s.number("Free kappa", "mg/L", min=0, nullable=True)
    lambda_ = s.number("Free lambda", "mg/L", min=0, nullable=True)
    marrow = s.number("Plasma cells in marrow", "%", min=0, max=100, nullable=True)
    clonal = s.code("Clonal plasma cells in marrow", CLONAL, nullable=True)
    circulating = s.number("Circulating plasma cells", "cells/uL", min=0, nullable=True)
    calcium = s.number("Calcium corrected for albumin", "mmol/L", min=0, nullable=True)
    haemoglobin = s.number("Haemoglobin", "g/L", min=0, nullable=True)
    creatinine = s.number("Creatinine", "umol/L", min=0, nullable=True)
    lost = s.text("What is missing, and why", private=False, nullable=True)


class Lesion(s.Table):
    """One plasmacytoma at one assessment; 0 is gone.  Key: subject, on, lesion."""

    subject = s.subject_key()
    on = s.date("Assessed on", primary_key=True)
    lesion = s.text("Lesion", private=False, primary_key=True)
    long = s.number("Longest diameter", "mm", min=0, nullable=True)
    short = s.number("Perpendicular diameter", "mm", min=0, nullable=True)
    new = s.flag("New lesion")


class Mrd(s.Table):
    """Measurable residual disease of one day by one method.  Key: subject, on, method."""

    subject = s.subject_key()
    on = s.date("Sampled on", primary_key=True)
    method = s.text("Method", private=False, primary_key=True)
    sensitivity = s.number("Sensitivity", "fraction of cells", min=0, nullable=True)
    result = s.code("Result", MRD_RESULT)
    pet = s.code("PET-CT at the same time", PET, nullable=True)


class FollowUp(s.Table):
    """One infused subject, and what bounds the time in which responses count.  Key: subject.

    `before` is the day of lymphodepletion, or of the infusion where there was none: a sample of
    that day or before it may be the baseline. `after` is the end of bridging therapy, null without
    one: a baseline of that day or before it is said to be from before its end.
    """

    subject = s.subject_key()
    infused = s.date("Infused on", nullable=True)
    before = s.date("Lymphodepletion from, or infusion", nullable=True)
    after = s.date("End of bridging therapy", nullable=True)
    new_therapy = s.date("New anti-myeloma therapy or retreatment from", nullable=True)
    died = s.flag("Died")
    death = s.date("Died on", nullable=True)
    died_of_disease = s.flag("Died of myeloma")
