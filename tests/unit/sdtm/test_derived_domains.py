"""What one form says in two domains, and what is computed: EC, MH, BE, PP, TS."""

import pytest

from cartrial.protocol.read import packaged_study
from cartrial.sdtm.domain import Sdtm
from cartrial.sdtm.tabulate import tabulate, to_forms
from tests.unit.sdtm.filled import forms_of

STUDY = packaged_study()


def made(**tables: str) -> Sdtm:
    return tabulate(STUDY, forms_of(**tables))


def column(sdtm: Sdtm, domain: str, *names: str) -> list[tuple[object, ...]]:
    return sdtm.tables[domain].select(names).rows()


def test_the_planned_dose_is_scheduled_and_the_given_dose_performed():
    sdtm = made(
        infusion="subject,number,at,level,planned,given,lot\n"
        "001-001,1,2024-03-01T10:00,1,1,0.9,A1\n001-002,1,2024-03-08,1,,1,A2"
    )
    assert column(sdtm, "EC", "ECMOOD", "ECDOSE", "ECLOT", "ECLNKID") == [
        ("PERFORMED", 0.9, "A1", "INFUSION 1"),
        ("SCHEDULED", 1.0, None, "INFUSION 1"),
        ("PERFORMED", 1.0, "A2", "INFUSION 1"),
    ]


def test_the_diagnosis_is_medical_history_and_the_rest_characteristics():
    sdtm = made(disease_history="subject,diagnosed,iss\n001-001,2019-05,II\n001-002,,")
    assert column(sdtm, "MH", "MHTERM", "MHEVDTYP", "MHSTDTC") == [
        ("Multiple Myeloma", "DIAGNOSIS", "2019-05"),
        ("Multiple Myeloma", "DIAGNOSIS", None),
    ]
    assert "2019-05" not in sdtm.tables["SC"]["SCORRES"].to_list()
    back = to_forms(STUDY, sdtm).tables["disease_history"]
    assert back.select("subject", "diagnosed", "iss").rows() == [
        ("001-001", "2019-05", "II"),
        ("001-002", None, None),
    ]


def test_a_lot_with_a_date_has_its_end_of_manufacturing():
    sdtm = made(
        product_release="subject,lot,made,released\n001-001,A1,2024-02-20,yes\n001-002,A2,,no"
    )
    assert column(sdtm, "BE", "BEREFID", "BETERM", "BESTDTC") == [
        ("A1", "END OF MANUFACTURING", "2024-02-20")
    ]


SAMPLES = "subject,at,analyte,specimen,status,copies,lloq,why_not_done\n" + "\n".join(
    f"001-001,2024-03-{day:02},CAR,blood,{said}"
    for day, said in (
        (1, "below quantification,,50,"),
        (8, "value,1000,50,"),
        (15, "value,4000,50,"),
        (22, "not done,,,sample lost"),
        (29, "value,400,50,"),
    )
)


def test_parameters_are_computed_from_the_infusion_and_missing_ones_have_their_reason():
    sdtm = made(infusion="subject,number,at,level\n001-001,1,2024-03-01,1", car_transgene=SAMPLES)
    names = ("PPTESTCD", "PPENINT", "PPSTRESN", "PPSTRESU", "PPSTAT")
    told = {row[:2]: row[2:] for row in column(sdtm, "PP", *names)}
    unit = sdtm.tables["PC"]["PCSTRESU"].drop_nulls()[0]
    assert told["CMAX", None] == (4000.0, unit, None)
    assert told["TMAX", None] == (14.0, "day", None)
    # linear up to the peak, logarithmic after it: 3500 + 17500 + (4000 - 400) / ln(10) * 14
    area = 3500 + 17500 + 3600 / 2.302585092994046 * 14
    assert told["AUCINT", "P28D"][0] == pytest.approx(area)
    assert told["LAMZ", None] == (None, None, "NOT DONE")
    reasons = sdtm.tables["PP"].filter(sdtm.tables["PP"]["PPSTAT"].is_not_null())["PPREASND"]
    assert reasons.null_count() == 0
    assert set(sdtm.tables["PP"]["PPGRPID"]) == set(sdtm.tables["PC"]["PCGRPID"])


def test_samples_from_a_retreatment_on_and_subjects_without_a_clock_have_no_parameter():
    again = "subject,number,at,level\n001-001,1,2024-03-01,1\n001-001,2,2024-03-15,1"
    sdtm = made(infusion=again, car_transgene=SAMPLES)
    told = dict(column(sdtm, "PP", "PPTESTCD", "PPSTRESN"))
    assert told["CMAX"] == 1000.0
    assert "PP" not in made(car_transgene=SAMPLES).tables


def test_a_value_of_ts_has_its_code_and_what_nobody_told_a_null_flavor():
    sdtm = made(demographics="subject,consented\n001,2024-02-03\n002,2024-01\n003,2024-01-09")
    names = ("TSPARMCD", "TSVAL", "TSVALNF", "TSVALCD", "TSVCDREF", "TSVCDVER")
    told = {row[0]: row[1:] for row in column(sdtm, "TS", *names)}
    assert told["STYPE"] == ("INTERVENTIONAL", None, "C98388", "CDISC CT", "2025-03-28")
    assert told["SSTDTC"] == ("2024-01-09", None, None, None, None)
    assert told["ACTSUB"][0] == "3"
    assert told["PCLAS"] == (None, "NI", None, "ISO 21090", None)
    required = {"ADDON", "AGEMAX", "AGEMIN", "RANDOM", "SEXPOP", "TBLIND", "TCNTRL"}
    assert {name: told[name][:2] for name in required} == dict.fromkeys(required, (None, "NI"))


def test_what_was_not_done_has_a_reason_and_read_back_it_has_none():
    sdtm = made(vital_signs="subject,at,pulse\n001-001,2024-03-01T08:00,80")
    assert column(sdtm, "VS", "VSTESTCD", "VSSTAT", "VSREASND")[:2] == [
        ("DIABP", "NOT DONE", "NOT RECORDED"),
        ("OXYSAT", "NOT DONE", "NOT RECORDED"),
    ]
    lost = made(
        laboratory="subject,at,analyte,specimen,value,unit,why_missing\n"
        "001-001,2024-01-04,HGB,blood,,,\n001-001,2024-01-05,HGB,blood,,,sample lost"
    )
    assert column(lost, "LB", "LBREASND") == [("NOT RECORDED",), ("sample lost",)]
    back = to_forms(STUDY, lost).tables["laboratory"]
    assert back["why_missing"].to_list() == [None, "sample lost"]
