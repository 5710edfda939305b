"""What the guide says of each dataset: its label, its class and its structure.

Source: SDTM Implementation Guide 3.4, the specification tables of sections 5 to 8.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Domain:
    """A dataset of the guide; `structure` says what one record is."""

    label: str
    class_: str
    structure: str


GUIDE: Mapping[str, Domain] = {
    "DM": Domain("Demographics", "SPECIAL PURPOSE", "One record per subject"),
    "SE": Domain(
        "Subject Elements", "SPECIAL PURPOSE", "One record per actual Element per subject"
    ),
    "SV": Domain(
        "Subject Visits", "SPECIAL PURPOSE", "One record per actual or planned visit per subject"
    ),
    "TA": Domain("Trial Arms", "TRIAL DESIGN", "One record per planned Element per Arm"),
    "TE": Domain("Trial Elements", "TRIAL DESIGN", "One record per planned Element"),
    "TI": Domain(
        "Trial Inclusion/Exclusion Criteria", "TRIAL DESIGN", "One record per I/E criterion"
    ),
    "TS": Domain("Trial Summary", "TRIAL DESIGN", "One record per trial summary parameter value"),
    "TV": Domain("Trial Visits", "TRIAL DESIGN", "One record per planned Visit per Arm"),
    "AE": Domain("Adverse Events", "EVENTS", "One record per adverse event per subject"),
    "BE": Domain(
        "Biospecimen Events",
        "EVENTS",
        "One record per instance per biospecimen event per biospecimen identifier per subject",
    ),
    "CE": Domain("Clinical Events", "EVENTS", "One record per event per subject"),
    "DS": Domain(
        "Disposition",
        "EVENTS",
        "One record per disposition status or protocol milestone per subject",
    ),
    "DV": Domain("Protocol Deviations", "EVENTS", "One record per protocol deviation per subject"),
    "HO": Domain(
        "Healthcare Encounters", "EVENTS", "One record per healthcare encounter per subject"
    ),
    "MH": Domain("Medical History", "EVENTS", "One record per medical history event per subject"),
    "CM": Domain(
        "Concomitant/Prior Medications",
        "INTERVENTIONS",
        "One record per recorded intervention occurrence or constant-dosing interval per subject",
    ),
    "EC": Domain(
        "Exposure as Collected",
        "INTERVENTIONS",
        "One record per protocol-specified study treatment, collected-dosing interval, "
        "per subject, per mood",
    ),
    "EX": Domain(
        "Exposure",
        "INTERVENTIONS",
        "One record per protocol-specified study treatment, constant-dosing interval, per subject",
    ),
    "PR": Domain(
        "Procedures",
        "INTERVENTIONS",
        "One record per recorded procedure per occurrence per subject",
    ),
    "BS": Domain(
        "Biospecimen Findings",
        "FINDINGS",
        "One record per measurement per biospecimen identifier per subject",
    ),
    "CP": Domain(
        "Cell Phenotype Findings",
        "FINDINGS",
        "One record per test per specimen per timepoint per visit per subject",
    ),
    "IE": Domain(
        "Inclusion/Exclusion Criteria Not Met",
        "FINDINGS",
        "One record per inclusion/exclusion criterion not met per subject",
    ),
    "LB": Domain(
        "Laboratory Test Results",
        "FINDINGS",
        "One record per lab test per time point per visit per subject",
    ),
    "PC": Domain(
        "Pharmacokinetics Concentrations",
        "FINDINGS",
        "One record per sample characteristic or time-point concentration per reference "
        "time point or per analyte per subject",
    ),
    "PP": Domain(
        "Pharmacokinetics Parameters",
        "FINDINGS",
        "One record per PK parameter per time-concentration profile per modeling method "
        "per subject",
    ),
    "RS": Domain(
        "Disease Response and Clin Classification",
        "FINDINGS",
        "One record per response assessment or clinical classification assessment per "
        "time point per visit per subject per assessor per medical evaluator",
    ),
    "SC": Domain(
        "Subject Characteristics", "FINDINGS", "One record per characteristic per visit per subject"
    ),
    "SS": Domain("Subject Status", "FINDINGS", "One record per status per visit per subject"),
    "TR": Domain(
        "Tumor/Lesion Results",
        "FINDINGS",
        "One record per tumor measurement/assessment per visit per subject per assessor",
    ),
    "TU": Domain(
        "Tumor/Lesion Identification",
        "FINDINGS",
        "One record per identified tumor per subject per assessor",
    ),
    "VS": Domain(
        "Vital Signs",
        "FINDINGS",
        "One record per vital sign measurement per time point per visit per subject",
    ),
    "FA": Domain(
        "Findings About Events or Interventions",
        "FINDINGS ABOUT",
        "One record per finding, per object, per time point, per visit per subject",
    ),
    "RELREC": Domain(
        "Related Records",
        "RELATIONSHIP",
        "One record per related record, group of records or dataset",
    ),
}
LABELS: Mapping[str, str] = {code: domain.label for code, domain in GUIDE.items()}
CLASSES: Mapping[str, str] = {code: domain.class_ for code, domain in GUIDE.items()}
STRUCTURES: Mapping[str, str] = {code: domain.structure for code, domain in GUIDE.items()}


def supplemental_label(code: str) -> str:
    """The label of a domain's supplemental dataset."""
    return f"Supplemental Qualifiers for {code}"
