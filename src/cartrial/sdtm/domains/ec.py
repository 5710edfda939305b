"""Exposure as Collected (EC): the dose planned for each infusion beside the dose given.

From the forms: lymphodepletion, infusion (derived: the forms are read back from EX).

Source: SDTM Implementation Guide 3.4, section 6.1.3 (EC and EX).
Reading: the planned dose stands on the day of the infusion that it was planned for.
"""

from dataclasses import replace

import polars as pl

from cartrial import schema as s
from cartrial.forms.catalogue import Forms
from cartrial.forms.product import Infusion, Lymphodepletion
from cartrial.protocol.study import Study
from cartrial.sdtm.domains.ex import CONDITIONING, INFUSED, INFUSION, link
from cartrial.sdtm.mapping import Record, to_records
from cartrial.sdtm.records import finished
from cartrial.sdtm.variable import char, dtc, dy, epoch, num, seq, usubjid


class Ec(s.Table):
    """Exposure as Collected (EC): the dose planned for each infusion beside the dose given."""

    STUDYID = char("Study Identifier", "Req")
    DOMAIN = char("Domain Abbreviation", "Req")
    USUBJID = usubjid()
    ECSEQ = seq()
    ECLNKID = char("Link ID")
    ECTRT = char("Name of Treatment", "Req")
    ECMOOD = char("Mood")
    ECCAT = char("Category of Treatment")
    ECDOSE = num("Dose", unit_in="ECDOSU", core="Exp")
    ECDOSU = char("Dose Units", "Exp")
    ECDOSFRM = char("Dose Form", "Exp")
    ECROUTE = char("Route of Administration")
    ECLOT = char("Lot Number")
    EPOCH = epoch()
    ECSTDTC = dtc("Start Date/Time of Treatment", "Exp")
    ECENDTC = dtc("End Date/Time of Treatment", "Exp")
    ECSTDY = dy("Study Day of Start of Treatment")
    ECENDY = dy("Study Day of End of Treatment")


ORDER = ("ECSTDTC", "ECCAT", "ECTRT", "ECMOOD")
PLANNED = Record(
    form=Infusion,
    domain=Ec,
    fields={"at": "ECSTDTC", "planned": "ECDOSE"},
    constants={"ECMOOD": "SCHEDULED", "ECCAT": INFUSION, "ECROUTE": "INTRAVENOUS"},
    known_by=("ECMOOD", "ECCAT"),
    derived={"ECENDTC": pl.col("at"), "ECLNKID": link()},
)
GIVEN = Record(
    form=Infusion,
    domain=Ec,
    fields={"at": "ECSTDTC", "given": "ECDOSE", "lot": "ECLOT"},
    constants={"ECMOOD": "PERFORMED", "ECCAT": INFUSION, "ECROUTE": "INTRAVENOUS"},
    known_by=("ECMOOD", "ECCAT"),
    derived={"ECENDTC": pl.col("at"), "ECLNKID": link()},
)
LYMPHODEPLETED = Record(
    form=Lymphodepletion,
    domain=Ec,
    fields={"drug": "ECTRT", "on": "ECSTDTC", "dose": "ECDOSE"},
    constants={
        "ECMOOD": "PERFORMED",
        "ECCAT": CONDITIONING,
        "ECDOSU": "mg/m2",
        "ECROUTE": "INTRAVENOUS",
    },
    known_by=("ECMOOD", "ECCAT"),
    derived={"ECENDTC": pl.col("on").dt.strftime("%Y-%m-%d")},
)


def to_ec(study: Study, forms: Forms) -> s.DataFrame[Ec]:
    """Doses planned and given as EC; the study names the product and the unit of its dose."""
    named = {
        "ECTRT": study.product.treatments[0],
        "ECDOSU": study.doses.unit,
        "ECDOSFRM": INFUSED.constants["EXDOSFRM"],
    }
    planned, given = (replace(m, constants={**m.constants, **named}) for m in (PLANNED, GIVEN))
    infusions = forms.of(Infusion)
    records = [
        to_records(planned, study, infusions.filter(pl.col("planned").is_not_null())),
        to_records(given, study, infusions),
        to_records(LYMPHODEPLETED, study, forms.of(Lymphodepletion)),
    ]
    return finished(Ec, study, forms, pl.concat(records), ORDER)
