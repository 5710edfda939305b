import polars as pl

from cartrial.protocol.read import packaged_study
from cartrial.sdtm.domain import Sdtm
from cartrial.sdtm.tabulate import tabulate
from tests.unit.sdtm.filled import forms_of

STUDY = packaged_study()
TRIAL = {
    "demographics": "subject,consented,level\n001,2024-01-02,1\n002,2024-01-02,1",
    "leukapheresis": "subject,on\n001,2024-01-20\n002,2024-01-20",
    "lymphodepletion": "subject,drug,on,dose\n001,Fludarabine,2024-02-25,30\n"
    "001,Fludarabine,2024-02-26,30",
    "infusion": "subject,number,at,level,planned,given\n001,1,2024-03-01T10:00,1,1,0.9",
    "survival_contact": "subject,on,status\n001,2024-09-01,alive\n002,2024-03-01,alive",
}
ELEMENTS = ("USUBJID", "ETCD", "TAETORD", "EPOCH", "SESTDTC", "SEENDTC", "SEUPDES")


def made(**tables: str) -> Sdtm:
    return tabulate(STUDY, forms_of(**TRIAL | tables))


def rows(sdtm: Sdtm, domain: str, *names: str) -> list[tuple[object, ...]]:
    table = sdtm.tables[domain].with_columns(pl.col("USUBJID").str.slice(-3))
    return table.select(names).rows()


def test_an_element_ends_where_the_next_one_starts_and_the_last_with_participation():
    assert rows(made(), "SE", *ELEMENTS) == [
        ("001", "SCRN", 1, "SCREENING", "2024-01-02", "2024-01-20", None),
        ("001", "APH", 2, "PRE-TREATMENT", "2024-01-20", "2024-02-25", None),
        ("001", "LD", 3, "TREATMENT", "2024-02-25", "2024-03-01T10:00", None),
        ("001", "CART", 4, "TREATMENT", "2024-03-01T10:00", "2024-03-02", None),
        ("001", "FU", 5, "FOLLOW-UP", "2024-03-02", "2024-09-01", None),
        ("002", "SCRN", 1, "SCREENING", "2024-01-02", "2024-01-20", None),
        ("002", "APH", 2, "PRE-TREATMENT", "2024-01-20", "2024-03-01", None),
    ]


def test_a_retreatment_is_an_unplanned_element_of_treatment():
    again = TRIAL["infusion"] + "\n001,2,2024-06-01,1,1,1"
    elements = rows(made(infusion=again), "SE", *ELEMENTS)
    assert elements[4:7] == [
        ("001", "FU", 5, "FOLLOW-UP", "2024-03-02", "2024-06-01", None),
        ("001", "UNPLAN", None, "TREATMENT", "2024-06-01", "2024-06-02", elements[5][-1]),
        ("001", "FU", 5, "FOLLOW-UP", "2024-06-02", "2024-09-01", None),
    ]
    assert elements[5][-1] == "Retreatment with the CAR-T product"


def test_the_epoch_is_that_of_the_element_that_holds_the_start():
    sdtm = made(
        medication="subject,number,drug,kind,started\n"
        "001,1,before consent,other,2024-01-01\n"
        "001,2,on the day of leukapheresis,other,2024-01-20\n"
        "001,3,before the infusion,other,2024-03-01T08:00\n"
        "001,4,after,other,2024-03-02\n"
        "001,5,the month may lie in two epochs,other,2024-03\n"
        "001,6,the month lies in one,other,2024-05\n"
        "001,7,not known,other,\n"
        "002,1,never treated,other,2024-08-01"
    )
    assert sorted(rows(sdtm, "CM", "USUBJID", "CMSPID", "EPOCH")) == [
        ("001", "1", None),
        ("001", "2", "PRE-TREATMENT"),
        ("001", "3", "TREATMENT"),
        ("001", "4", "FOLLOW-UP"),
        ("001", "5", None),
        ("001", "6", "FOLLOW-UP"),
        ("001", "7", None),
        ("002", "1", "PRE-TREATMENT"),
    ]


def test_after_an_infusion_without_a_date_the_epoch_is_not_known():
    sdtm = made(
        infusion="subject,number,at,why_no_date,level\n001,1,,unknown,1",
        medication="subject,number,drug,kind,started\n001,1,a,other,2024-02-01\n"
        "001,2,b,other,2024-02-25\n001,3,c,other,2024-08-01",
    )
    assert rows(sdtm, "SE", "ETCD", "SEENDTC")[:3] == [
        ("SCRN", "2024-01-20"),
        ("APH", "2024-02-25"),
        ("LD", None),
    ]
    assert rows(sdtm, "CM", "CMSPID", "EPOCH") == [("1", "PRE-TREATMENT"), ("2", None), ("3", None)]


def test_a_result_belongs_to_the_visit_held_on_its_day_unless_it_names_its_own():
    sdtm = made(
        visit="subject,visit,on,why_missed,safety\n001,Day 0,2024-03-01,,yes\n"
        "001,Day 7,2024-03-08,,yes\n001,Extra,2024-03-08,,no\n001,Day 1,,too ill,no",
        vital_signs="subject,at,pulse\n001,2024-03-01T08:00,80\n001,2024-03-04T08:00,80\n"
        "001,2024-03-08T08:00,80",
        car_transgene="subject,at,analyte,specimen,visit,status,copies\n"
        "001,2024-03-09,CAR,blood,Day 7,value,10",
    )
    pulse = [row[1:] for row in rows(sdtm, "VS", "VSTESTCD", "VSDTC", "VISITNUM", "VISIT")]
    assert list(dict.fromkeys(pulse)) == [
        ("2024-03-01T08:00", 4.0, "Day 0"),
        ("2024-03-04T08:00", None, None),
        ("2024-03-08T08:00", None, None),  # two visits were held that day
    ]
    assert rows(sdtm, "PC", "VISITNUM", "VISIT") == [(7.0, "Day 7")]


def test_the_last_result_on_a_day_before_the_first_treatment_is_flagged():
    sdtm = made(
        laboratory="subject,at,analyte,specimen,value,unit,why_missing\n"
        "001,2024-02-01,HGB,blood,100,g/L,\n"
        "001,2024-02-24,HGB,blood,101,g/L,\n"
        "001,2024-02-24T12:00,HGB,blood,,,sample lost\n"
        "001,2024-02-25,HGB,blood,102,g/L,\n"
        "002,2024-02-25,HGB,blood,103,g/L,"
    )
    flagged = [row for row in rows(sdtm, "LB", "USUBJID", "LBORRES", "LBLOBXFL") if row[-1]]
    assert flagged == [("001", "101", "Y")]
