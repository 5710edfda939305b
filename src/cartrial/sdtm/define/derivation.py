"""How the variables that no form fills are derived, in words: the methods of define.xml.

Two letters of the domain are written as two hyphens; what holds in one domain alone names it. The
rules themselves stand in the modules that apply them.
"""

from collections.abc import Mapping

METHODS: Mapping[str, str] = {
    "USUBJID": "The study identifier, a hyphen, and the subject's identifier within the study.",
    "--SEQ": "The records of a subject are sorted by date, category and topic, then by all other "
    "variables, and numbered from 1.",
    "EPOCH": "The epoch of the subject element that the start of the record falls into (SE). A "
    "date that is known in part has an epoch only where every day it can stand for lies in it.",
    "--DY": "Date minus the date of RFSTDTC, plus 1 where the date is on or after RFSTDTC. There "
    "is no day 0; a date that is not complete has none.",
    "--STDY": "Start date minus the date of RFSTDTC, plus 1 where it is on or after RFSTDTC. "
    "There is no day 0; a date that is not complete has none.",
    "--ENDY": "End date minus the date of RFSTDTC, plus 1 where it is on or after RFSTDTC. There "
    "is no day 0; a date that is not complete has none.",
    "--STRESC": "The result as collected; where a standard unit exists, the result converted to "
    "it, as text.",
    "--STRESN": "The numeric value of the result in the standard unit.",
    "--STRESU": "The unit of the standard result.",
    "--STNRLO": "The lower limit of the reference range, converted to the standard unit.",
    "--STNRHI": "The upper limit of the reference range, converted to the standard unit.",
    "--NRIND": "LOW where the standard result is below the lower limit of its reference range, "
    "HIGH where it is above the upper limit, NORMAL where it lies between them; empty where what "
    "is known does not tell.",
    "--STAT": "NOT DONE where the test was planned and the form gives no result.",
    "--LOBXFL": "Y on the last record with a result on a day before the first study treatment "
    "(RFXSTDTC), by subject, test, specimen and method.",
    "DM.RFSTDTC": "Date and time of the first infusion of the CAR-T; empty for subjects who were "
    "not infused.",
    "DM.AGEU": "YEARS where the age is known.",
    "DM.RFENDTC": "The end of participation (RFPENDTC); empty where the subject was not assigned "
    "to a dose level or not treated (ARMNRS).",
    "DM.RFXSTDTC": "The earliest date of study treatment: lymphodepletion or infusion.",
    "DM.RFXENDTC": "The latest date of study treatment: lymphodepletion or infusion.",
    "DM.RFPENDTC": "The disposition at the end of the study, else death, else the last date on "
    "the subject's forms on which something was done.",
    "DM.DTHDTC": "The date of death on the form of death, as far as it is known.",
    "DM.DTHFL": "Y where the death of the subject is recorded.",
    "DM.ARM": "The label of the dose level that was planned (ARMCD).",
    "DM.ACTARMCD": "The dose level of the subject's first infusion.",
    "DM.ACTARM": "The label of the dose level of the subject's first infusion.",
    "DM.ARMNRS": "Why the planned or actual arm is empty: ASSIGNED, NOT TREATED where a level was "
    "planned and nothing infused, SCREEN FAILURE where the subject was not eligible, else NOT "
    "ASSIGNED.",
    "DS.DSTERM": "The reason as recorded, else the standardized disposition term.",
    "DS.DSSCAT": "STUDY TREATMENT where treatment was not given, STUDY PARTICIPATION at the end of "
    "the study.",
    "AE.AEBODSYS": "The system organ class as recorded (AESOC).",
    "AE.AELLTCD": "The MedDRA code that CTCAE v5.0 prints for its term (AELLT).",
    "AE.AETOXGR": "The worst of the grades that were recorded for the event.",
    "AE.AELNKID": "The number of the event, which links it to its grades and its treatment.",
    "CM.CMLNKID": "The number of the adverse event that was treated.",
    "EX.EXLNKID": "The infusion or dose, which links EX to EC.",
    "EX.EXENDTC": "The start of the dose: each dose is given within a day.",
    "EC.ECENDTC": "The start of the dose: each dose is given within a day.",
    "BE.BEENDTC": "The date on which the product was made.",
    "HO.HODECOD": "HOSPITAL STAY, or INTENSIVE CARE UNIT STAY where the stay was in intensive "
    "care.",
    "PC.PCORRESU": "The unit of the analyte, where the result has a number.",
    "PC.PCGRPID": "The analyte and the specimen, which link PC to PP.",
    "CP.CPORRESU": "The unit of the analyte, where the result has a number.",
    "VISITNUM": "The number of the visit in the schedule; a visit that is not planned is numbered "
    "by date, from 901.",
    "VISIT": "The name of the visit at which the record was made, by its date.",
    "SV.SVOCCUR": "Y where the visit has a date, else N.",
    "SV.SVPRESP": "Y where the visit stands in the schedule.",
    "SE.ETCD": "The element that the date starts, as TE says (TESTRL).",
    "SE.ELEMENT": "The name of the element (ETCD).",
    "SE.SESTDTC": "The date of the event that starts the element, as TE says (TESTRL).",
    "SE.SEENDTC": "The start of the subject's next element; of the last one, the end of "
    "participation.",
    "PP.PPORRES": "Non-compartmental analysis of the subject's samples of blood in PC.",
    "SV.SVENDTC": "The date of the visit: a visit is one day.",
    "RELREC.RELID": "Records that the forms link share one identifier.",
}


def method_of(dataset: str, variable: str) -> str:
    """How the variable is derived; empty where nothing is derived."""
    general = f"--{variable.removeprefix(dataset)}"
    names = (f"{dataset}.{variable}", variable, general)
    return next((METHODS[name] for name in names if name in METHODS), "")
