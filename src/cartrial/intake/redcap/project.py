"""Our forms as a REDCap project: where each form stands in it, and what its fields are called.

A form of one row per subject is an instrument of its event; any other is a repeating instrument.
What is not of a subject belongs to one record of an arm of its own.

Reading: a field's name is the form's prefix and the name in our form, of 26 characters at most, as
    REDCap recommends; names must be unique over all instruments.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from cartrial import schema as s
from cartrial.forms.catalogue import FORMS

RECORD, RECORD_LABEL = "record_id", "Subject"
COMMITTEE = "committee"  # the record of what is not of a subject
LONGEST = 26  # characters of a name
ARMS = {1: "Subjects", 2: "Committee"}
EVENTS = ("screening", "treatment", "course", "end", "decisions")

PLACES = """
    form                   event      prefix
    demographics           screening  dm
    eligibility            screening  elig
    eligibility_exception  screening  exc
    disease_history        screening  hist
    slot_request           screening  slot
    leukapheresis          treatment  leuk
    product_release        treatment  prod
    bridging               treatment  brid
    lymphodepletion        treatment  ld
    infusion               treatment  inf
    retreatment            treatment  retr
    visit                  course     vis
    vital_signs            course     vs
    crs_assessment         course     crs
    icans_assessment       course     icans
    hospital_stay          course     hosp
    adverse_event          course     ae
    ae_grade               course     aegr
    serious_event          course     sae
    dlt_adjudication       course     dlt
    second_malignancy      course     spm
    laboratory             course     lab
    car_transgene          course     qpcr
    car_flow               course     flow
    b_cell                 course     bcell
    m_protein              course     mprot
    free_light_chain       course     flc
    marrow                 course     marr
    plasmacytoma           course     plas
    response               course     resp
    best_response          course     best
    mrd                    course     mrd
    medication             course     med
    transfusion            course     trans
    growth_factor          course     gcsf
    immunoglobulin         course     ivig
    disposition            end        disp
    death                  end        death
    survival_contact       end        surv
    protocol_deviation     end        dev
    dose_decision          decisions  dose
    published_margin       decisions  publ
"""


@dataclass(frozen=True)
class Instrument:
    """A form as an instrument of the project."""

    name: str
    event: str
    prefix: str

    @property
    def form(self) -> type[s.Table]:
        """The form that it is."""
        return FORMS[self.name]

    @property
    def columns(self) -> tuple[s.Column, ...]:
        """The columns that are fields; the subject is the record."""
        return tuple(column for column in s.columns(self.form) if column.name != "subject")

    @property
    def repeats(self) -> bool:
        """Whether a subject may have more than one row."""
        return s.key(self.form) != ["subject"]

    @property
    def of_subject(self) -> bool:
        """Whether its rows are of a subject."""
        return "subject" in s.key(self.form)

    @property
    def arm(self) -> int:
        """The arm of its event."""
        return 1 if self.of_subject else 2

    @property
    def unique_event(self) -> str:
        """The event as REDCap names it in data."""
        return f"{self.event}_arm_{self.arm}"

    def field(self, column: s.Column) -> str:
        """The name of a column's field."""
        return f"{self.prefix}_{column.name.strip('_')}"


def instruments() -> tuple[Instrument, ...]:
    """Every form as an instrument, in the order of the catalogue."""
    lines = (line.split() for line in PLACES.strip().splitlines()[1:])
    return tuple(Instrument(*line) for line in lines)


def codes(values: Sequence[str]) -> dict[str, str]:
    """The code of each value: its number in the list."""
    return {value: str(number) for number, value in enumerate(values, start=1)}
