"""Exposure (EX): lymphodepletion and CAR-T infusions.

From the forms: lymphodepletion, infusion.
"""

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from cartrial import schema as s
from cartrial.forms.catalogue import Forms
from cartrial.forms.product import Infusion, Lymphodepletion
from cartrial.protocol.study import Study
from cartrial.sdtm.mapping import Record
from cartrial.sdtm.records import finished, made, read_back
from cartrial.sdtm.variable import char, dtc, dy, epoch, num, seq, usubjid, whole


class Ex(s.Table):
    """Exposure (EX): lymphodepletion and CAR-T infusions."""

    STUDYID = char("Study Identifier", "Req")
    DOMAIN = char("Domain Abbreviation", "Req")
    USUBJID = usubjid()
    EXSEQ = seq()
    EXLNKID = char("Link ID")
    EXTRT = char("Name of Treatment", "Req")
    EXCAT = char("Category of Treatment")
    EXDOSE = num("Dose", unit_in="EXDOSU", core="Exp")
    EXDOSU = char("Dose Units", "Exp")
    EXDOSFRM = char("Dose Form", "Exp")
    EXROUTE = char("Route of Administration")
    EXLOT = char("Lot Number")
    EPOCH = epoch()
    EXSTDTC = dtc("Start Date/Time of Treatment", "Exp")
    EXENDTC = dtc("End Date/Time of Treatment", "Exp")
    EXSTDY = dy("Study Day of Start of Treatment")
    EXENDY = dy("Study Day of End of Treatment")
    EXNUM = whole("Infusion Number", "number", supp=True)
    EXLEVEL = whole("Dose Level", "level", supp=True)
    EXPLDOSE = num("Planned Dose", unit_in="EXDOSU", supp=True)
    EXWEIGHT = num("Body Weight", "kg", supp=True)
    EXDTCRSN = char("Reason Date Is Missing", supp=True)
    EXDOSRSN = char("Reason Dose Is Missing", supp=True)


ORDER = ("EXSTDTC", "EXCAT", "EXTRT", "EXNUM")
CONDITIONING, INFUSION = "LYMPHODEPLETION", "CAR-T INFUSION"

LYMPHODEPLETED = Record(
    form=Lymphodepletion,
    domain=Ex,
    fields={"drug": "EXTRT", "on": "EXSTDTC", "dose": "EXDOSE"},
    constants={"EXCAT": CONDITIONING, "EXDOSU": "mg/m2", "EXROUTE": "INTRAVENOUS"},
    known_by=("EXCAT",),
    derived={"EXENDTC": pl.col("on").dt.strftime("%Y-%m-%d")},
)


def link() -> pl.Expr:
    """What an infusion is called in EX and EC."""
    return pl.format("INFUSION {}", "number")


INFUSED = Record(
    form=Infusion,
    domain=Ex,
    fields={
        "number": "EXNUM",
        "at": "EXSTDTC",
        "why_no_date": "EXDTCRSN",
        "level": "EXLEVEL",
        "planned": "EXPLDOSE",
        "given": "EXDOSE",
        "why_no_dose": "EXDOSRSN",
        "weight": "EXWEIGHT",
        "lot": "EXLOT",
    },
    constants={
        "EXCAT": INFUSION,
        "EXDOSFRM": "INJECTION, SUSPENSION",
        "EXROUTE": "INTRAVENOUS",
    },
    known_by=("EXCAT",),
    derived={"EXENDTC": pl.col("at"), "EXLNKID": link()},
)


def to_ex(study: Study, forms: Forms) -> s.DataFrame[Ex]:
    """Lymphodepletion and infusions as EX."""
    return finished(Ex, study, forms, made(study, forms, (LYMPHODEPLETED, infused(study))), ORDER)


def from_ex(study: Study, records: pl.DataFrame) -> Mapping[type[s.Table], pl.DataFrame]:
    """The forms that were mapped into EX."""
    return read_back(study, records, (LYMPHODEPLETED, infused(study)))


def infused(study: Study) -> Record:
    """The mapping of the infusion; the study names the product and the unit of its dose."""
    named = {"EXTRT": study.product.treatments[0], "EXDOSU": study.doses.unit}
    return replace(INFUSED, constants={**INFUSED.constants, **named})
