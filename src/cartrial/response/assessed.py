"""What the criteria say of each subject: baseline, each assessment, and its components."""

from dataclasses import dataclass

from cartrial import schema as s
from cartrial.protocol.response_criteria import BEST_FIRST
from cartrial.response.scale import RESPONSES

MEASURED_BY = (
    "serum",
    "urine",
    "serum and urine",
    "free light chains",
    "marrow",
    "plasmacytoma",
    "not measurable",
    "not known",
)
COMPONENTS = (
    "serum M-protein",
    "urine M-protein",
    "free light chains",
    "marrow plasma cells",
    "plasmacytomas",
    "circulating plasma cells",
)
LEVELS = (*BEST_FIRST, "not applicable")  # of a component


class Baseline(s.Table):
    """The disease before treatment, and by what it can be measured.  Key: subject.

    Each value is the last one of its kind that may be a baseline. An M-protein whose band is not of
    the myeloma is 0, and so is one that immunofixation alone was negative for. Where no chain is
    known to be involved the larger one stands for it.
    """

    subject = s.subject_key()
    measured_by = s.code("Disease is measurable by", MEASURED_BY)
    serum = s.number("Serum M-protein", "g/L", nullable=True)
    urine = s.number("Urine M-protein", "mg/24h", nullable=True)
    kappa = s.number("Free kappa", "mg/L", nullable=True)
    lambda_ = s.number("Free lambda", "mg/L", nullable=True)
    involved = s.code("Involved light chain", ("kappa", "lambda"), nullable=True)
    difference = s.number("Involved less uninvolved light chain", "mg/L", nullable=True)
    marrow = s.number("Plasma cells in marrow", "%", nullable=True)
    lesions = s.number("Plasmacytomas, sum of products of diameters", "mm2", nullable=True)
    explanation = s.text("Explanation", private=False)


class Assessed(s.Table):
    """One assessment and its response by the criteria, unconfirmed.  Key: subject, number.

    Samples close together make one assessment. Nothing later is looked at: a later assessment never
    changes an earlier response. `on` dates it: its last sample; the first that shows it where it is
    PD. `capped` is what is missing for the next better response; null where nothing is.
    """

    subject = s.subject_key()
    number = s.count("Assessment after the infusion", "number", min=1, primary_key=True)
    first = s.date("First sample")
    last = s.date("Last sample")
    on = s.date("Dated")
    response = s.code("Response", RESPONSES)
    by_imaging = s.flag("PD that needs no confirmation: imaging or marrow")
    capped = s.text("Missing for a better response", private=False, nullable=True)
    relapse_from_cr = s.text("Relapse from complete response", private=False, nullable=True)
    clinical_relapse = s.text("Signs of clinical relapse", private=False, nullable=True)
    explanation = s.text("Explanation", private=False)


class Component(s.Table):
    """One component at one assessment, with its numbers.  Key: subject, number, component.

    `lowest` is the lowest confirmed value before it, baseline included; `change` is from baseline,
    a fall is negative; `rise` is from the lowest. `dated` may be earlier than the assessment where
    a value holds until the next. An M-protein whose band is not of the myeloma is 0.
    """

    subject = s.subject_key()
    number = s.count("Assessment after the infusion", "number", min=1, primary_key=True)
    component = s.code("Component", COMPONENTS, primary_key=True)
    dated = s.date("Sampled or assessed on", nullable=True)
    value = s.number("Value", unit_in="unit", nullable=True)
    unit = s.text("Unit", private=False)
    baseline = s.number("Baseline", unit_in="unit", nullable=True)
    lowest = s.number("Lowest confirmed value before", unit_in="unit", nullable=True)
    change = s.number("Change from baseline", "%", nullable=True)
    rise = s.number("Rise from the lowest", unit_in="unit", nullable=True)
    level = s.code("Response of the component", LEVELS)
    explanation = s.text("Explanation", private=False)


@dataclass(frozen=True)
class ResponseTables:
    """All that the criteria say of a trial, by subject and assessment."""

    baseline: s.DataFrame[Baseline]
    assessed: s.DataFrame[Assessed]
    components: s.DataFrame[Component]
