"""The list of all forms, in the order of a subject's way through the trial.

A form's file is its name in the list with `.csv`. To add a form: declare its table in the module of
its kind and add one line here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

import polars as pl

from cartrial import schema as s
from cartrial.forms import (
    adverse,
    bedside,
    conduct,
    enrolment,
    laboratory,
    myeloma,
    product,
    treatment,
)

T = TypeVar("T", bound=s.Table)

FORMS: Mapping[str, type[s.Table]] = {
    "demographics": enrolment.Demographics,
    "eligibility": enrolment.Eligibility,
    "eligibility_exception": enrolment.EligibilityException,
    "disease_history": enrolment.DiseaseHistory,
    "slot_request": enrolment.SlotRequest,
    "leukapheresis": product.Leukapheresis,
    "product_release": product.ProductRelease,
    "bridging": product.Bridging,
    "lymphodepletion": product.Lymphodepletion,
    "infusion": product.Infusion,
    "retreatment": product.Retreatment,
    "visit": bedside.Visit,
    "vital_signs": bedside.VitalSigns,
    "crs_assessment": bedside.CrsAssessment,
    "icans_assessment": bedside.IcansAssessment,
    "hospital_stay": bedside.HospitalStay,
    "adverse_event": adverse.AdverseEvent,
    "ae_grade": adverse.AeGrade,
    "serious_event": adverse.SeriousEvent,
    "dlt_adjudication": adverse.DltAdjudication,
    "second_malignancy": adverse.SecondMalignancy,
    "laboratory": laboratory.Laboratory,
    "car_transgene": laboratory.CarTransgene,
    "car_flow": laboratory.CarFlow,
    "b_cell": laboratory.BCell,
    "m_protein": myeloma.MProtein,
    "free_light_chain": myeloma.FreeLightChain,
    "marrow": myeloma.Marrow,
    "plasmacytoma": myeloma.Plasmacytoma,
    "response": myeloma.Response,
    "best_response": myeloma.BestResponse,
    "mrd": myeloma.Mrd,
    "medication": treatment.Medication,
    "transfusion": treatment.Transfusion,
    "growth_factor": treatment.GrowthFactor,
    "immunoglobulin": treatment.Immunoglobulin,
    "disposition": conduct.Disposition,
    "death": conduct.Death,
    "survival_contact": conduct.SurvivalContact,
    "protocol_deviation": conduct.ProtocolDeviation,
    "dose_decision": conduct.DoseDecision,
    "published_margin": conduct.PublishedMargin,
}
NAMES: Mapping[type[s.Table], str] = {table: name for name, table in FORMS.items()}


@dataclass(frozen=True)
class Forms:
    """The filled forms of a trial; a form that was not collected is absent, not empty."""

    tables: Mapping[str, pl.DataFrame]

    def has(self, form: type[s.Table]) -> bool:
        """Whether the form was collected at all."""
        return NAMES[form] in self.tables

    def of(self, form: type[T]) -> s.DataFrame[T]:
        """The rows of a form; a table without rows where it was not collected."""
        return s.conform(form, self.tables.get(NAMES[form]))

    def of_subject(self, subject: str) -> "Forms":
        """The forms of one subject, and those that are of none."""
        return Forms(
            {
                name: frame.filter(pl.col("subject") == subject)
                if "subject" in frame.columns
                else frame
                for name, frame in self.tables.items()
            }
        )

    def __iter__(self) -> Iterator[tuple[str, pl.DataFrame]]:
        """Each collected form with its name, in the order of the catalogue."""
        return ((name, self.tables[name]) for name in FORMS if name in self.tables)
