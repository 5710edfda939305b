"""Subject Characteristics (SC): disease history and state before treatment.

From the forms: disease_history (its date of diagnosis is in MH). The form is filled in screening.
"""

from collections.abc import Mapping

import polars as pl

from cartrial import schema as s
from cartrial.forms.catalogue import Forms
from cartrial.forms.enrolment import DiseaseHistory
from cartrial.protocol.study import Study
from cartrial.sdtm.mapping import Findings, Item
from cartrial.sdtm.records import finished, made, read_back
from cartrial.sdtm.variable import char, epoch, num, seq, usubjid


class Sc(s.Table):
    """Subject Characteristics (SC): disease history and state before treatment."""

    STUDYID = char("Study Identifier", "Req")
    DOMAIN = char("Domain Abbreviation", "Req")
    USUBJID = usubjid()
    SCSEQ = seq()
    SCTESTCD = char("Subject Characteristic Short Name", "Req")
    SCTEST = char("Subject Characteristic", "Req")
    SCORRES = char("Result or Finding in Original Units", "Exp")
    SCORRESU = char("Original Units")
    SCSTRESC = char("Character Result/Finding in Std Format", "Exp")
    SCSTRESN = num("Numeric Result/Finding in Standard Units", unit_in="SCSTRESU")
    SCSTRESU = char("Standard Units")
    SCSTAT = char("Completion Status")
    SCREASND = char("Reason Not Performed")
    EPOCH = epoch()


ORDER = ("SCTESTCD",)
MAPPINGS = (
    Findings(
        form=DiseaseHistory,
        domain=Sc,
        constants={"EPOCH": "SCREENING"},
        items=(
            Item("heavy_chain", "MMHEAVY", "Heavy Chain"),
            Item("light_chain", "MMLIGHT", "Light Chain"),
            Item("iss", "ISS", "ISS Stage"),
            Item("r_iss", "RISS", "R-ISS Stage"),
            Item("high_risk", "HIGHRISK", "High-Risk Cytogenetics"),
            Item("extramedullary", "EXTRAMED", "Extramedullary Disease"),
            Item("prior_lines", "PRIORLIN", "Prior Lines of Therapy"),
            Item("prior_transplant", "PRIORASC", "Prior Autologous Transplant"),
            Item("triple_refractory", "TRIPREF", "Refractory to PI, IMiD and Anti-CD38"),
            Item("ecog", "ECOG", "ECOG Performance Status"),
            Item("bcma_positive", "BCMAPOS", "BCMA-Positive Plasma Cells"),
        ),
    ),
)


def to_sc(study: Study, forms: Forms) -> s.DataFrame[Sc]:
    """Disease history as SC."""
    return finished(Sc, study, forms, made(study, forms, MAPPINGS), ORDER)


def from_sc(study: Study, records: pl.DataFrame) -> Mapping[type[s.Table], pl.DataFrame]:
    """The forms that were mapped into SC."""
    return read_back(study, records, MAPPINGS)
