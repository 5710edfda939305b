import polars as pl
import pytest

from cartrial.protocol.read import packaged_study
from cartrial.sdtm.domain import DOMAINS, Sdtm
from cartrial.sdtm.tabulate import tabulate, to_forms
from tests.unit.sdtm.filled import forms_of

STUDY = packaged_study()


def made(**tables: str) -> Sdtm:
    return tabulate(STUDY, forms_of(**tables))


def column(sdtm: Sdtm, domain: str, *names: str) -> list[tuple[object, ...]]:
    return sdtm.tables[domain].select(names).rows()


def test_only_collected_domains_are_there_and_dm_always():
    assert list(made().tables) == ["DM", "TS", "TA", "TE", "TI", "TV"]
    assert list(made(survival_contact="subject,on,status").tables)[:2] == ["DM", "SS"]


def test_every_domain_has_all_its_variables_in_the_declared_order():
    for code, table in made().tables.items():
        assert table.columns == list(DOMAINS[code].columns())


def test_arms_are_dose_levels_and_an_empty_arm_has_its_reason():
    sdtm = made(
        demographics="subject,level\n001,1\n002,2\n003,\n004,\n005,1\n006,9",
        eligibility="subject,decided,eligible\n003,2024-01-02,no\n004,2024-01-02,yes",
        infusion="subject,number,at,level,given\n001,1,2024-03-01,1,1\n002,1,2024-03-01,1,1\n"
        "005,1,2024-03-01,,1\n006,1,2024-03-01,9,1",
    )
    assert column(sdtm, "DM", "ARMCD", "ACTARMCD", "ARMNRS") == [
        ("DL1", "DL1", None),
        ("DL2", "DL1", None),
        (None, None, "SCREEN FAILURE"),
        (None, None, "NOT ASSIGNED"),
        ("DL1", None, "ACTUAL ARM NOT RECORDED"),
        ("DL9", "DL9", None),
    ]
    back = to_forms(STUDY, sdtm).tables["demographics"]
    assert back["level"].to_list() == [1, 2, None, None, 1, 9]


def test_participation_ends_with_the_study_else_with_death_else_it_is_open():
    sdtm = made(
        demographics="subject,consented\n001,2024-01-01\n002,2024-01-01\n003,2024-01-01",
        disposition="subject,milestone,on,reason\n001,end of study,2024-06-01,completed",
        death="subject,on,cause,adjudicated\n002,2024-05,myeloma,no",
        survival_contact="subject,on,status\n001,2024-07-01,alive\n003,2024-04-04,alive",
    )
    expected = [("2024-06-01", None, None), ("2024-05", "2024-05", "Y"), ("2024-04-04", None, None)]
    assert column(sdtm, "DM", "RFPENDTC", "DTHDTC", "DTHFL") == expected


def test_a_planned_day_on_which_nothing_happened_is_no_participation():
    sdtm = made(
        demographics="subject,consented\n001,2024-01-01",
        survival_contact="subject,on,status\n001,2024-04-04,alive\n001,2024-10-04,not reached",
        car_transgene="subject,visit,at,analyte,specimen,status,why_not_done\n"
        "001,Month 6,2024-07-01T09:00,CAR,blood,not done,visit missed",
    )
    assert column(sdtm, "DM", "RFPENDTC") == [("2024-04-04",)]


def test_a_unit_has_the_spelling_of_cdisc_and_comes_back_as_it_was_written():
    sdtm = made(
        laboratory="subject,at,analyte,specimen,value,unit,low,high,why_missing\n"
        "001-001,2024-01-01,FERRITIN,serum,300,ng/mL,,,\n"
        "001-001,2024-01-02,FERRITIN,serum,310,ug/L,,,\n"
        "001-001,2024-01-03,FERRITIN,serum,320,scoops,,,\n"
        "001-001,2024-01-04,PLAT,blood,100,G/L,,,",
        b_cell="subject,on,b_cells,igg\n001-001,2024-01-01,12,7",
    )
    names = ("LBTESTCD", "LBORRESU", "LBCOLLU", "LBSTRESU")
    assert set(column(sdtm, "LB", *names)) == {
        ("FERRITIN", "ug/L", "ng/mL", "ug/L"),
        ("FERRITIN", "ug/L", None, "ug/L"),
        ("FERRITIN", "scoops", None, None),
        ("PLAT", "10^9/L", "G/L", "10^9/L"),
        ("BLYCE", "10^6/L", None, "10^6/L"),
        ("IGG", "g/L", None, "g/L"),
    }
    back = to_forms(STUDY, sdtm).tables["laboratory"]
    assert back["unit"].to_list() == ["ng/mL", "ug/L", "scoops", "G/L"]


def test_a_race_has_the_capitals_of_cdisc_where_it_is_one_of_its_races():
    sdtm = made(demographics="subject,race\n001,Asian\n002,White\n003,of two races")
    assert sdtm.tables["DM"]["RACE"].to_list() == ["ASIAN", "WHITE", "of two races"]
    back = to_forms(STUDY, sdtm).tables["demographics"]
    assert back["race"].to_list() == ["Asian", "White", "of two races"]


def test_a_result_in_another_unit_is_standardised_with_its_range():
    sdtm = made(
        laboratory="subject,at,analyte,specimen,value,unit,low,high,why_missing\n"
        "001-001,2024-01-01,HGB,blood,9.9,g/dL,12,16,\n"
        "001-001,2024-01-02,HGB,blood,120,g/L,120,160,\n"
        "001-001,2024-01-03,HGB,blood,16.1,g/dL,,16,\n"
        "001-001,2024-01-04,HGB,blood,,,,,sample lost"
    )
    names = ("LBORRES", "LBSTRESN", "LBSTRESU", "LBSTNRLO", "LBSTNRHI", "LBNRIND", "LBSTAT")
    assert column(sdtm, "LB", *names) == [
        ("9.9", 99.0, "g/L", 120.0, 160.0, "LOW", None),
        ("120", 120.0, "g/L", 120.0, 160.0, "NORMAL", None),
        ("16.1", 161.0, "g/L", None, 160.0, "HIGH", None),
        (None, None, None, None, None, None, "NOT DONE"),
    ]


def test_an_unknown_unit_keeps_the_original_and_is_a_finding():
    sdtm = made(
        laboratory="subject,at,analyte,specimen,value,unit\n001-001,2024-01-01,ALB,serum,3.9,cups"
    )
    assert column(sdtm, "LB", "LBORRES", "LBORRESU", "LBSTRESN") == [("3.9", "cups", None)]
    unit = next(finding for finding in sdtm.findings if finding.table == "LB")
    assert str(unit) == (
        "LB: USUBJID BCMA-CD19-MM-001-001, LBSEQ 1: LBORRESU: must be a unit that ALB can be "
        "converted from, got cups. LBSTRESN is left empty"
    )


def test_m_protein_of_serum_and_urine_are_two_tests_with_their_immunofixation():
    sdtm = made(
        m_protein="subject,on,specimen,m_protein,unit,why_missing,immunofixation\n"
        "001-001,2024-01-01,serum,3.25,g/dL,,positive\n"
        "001-001,2024-01-01,24 h urine,0.3,g/24h,,not done"
    )
    names = ("LBTESTCD", "LBSPEC", "LBORRES", "LBSTRESN", "LBSTRESU", "LBSTAT")
    assert column(sdtm, "LB", *names) == [
        ("MCPROT", "SERUM", "3.25", 32.5, "g/L", None),
        ("MPIFE", "SERUM", "POSITIVE", None, None, None),
        ("MPIFE", "URINE", None, None, None, "NOT DONE"),
        ("MPROTEXR", "URINE", "0.3", 300.0, "mg/day", None),
    ]


def test_light_chains_are_in_the_unit_of_the_form_and_without_one_in_mg_per_litre():
    sdtm = made(
        free_light_chain="subject,on,kappa,lambda_,unit,ratio\n"
        "001-001,2024-01-01,12.5,,mg/dL,30\n"
        "001-001,2024-02-01,125,4,,"
    )
    names = ("LBTESTCD", "LBORRES", "LBORRESU", "LBSTRESN", "LBSTRESU")
    assert column(sdtm, "LB", *names) == [
        ("KLCFR", "12.5", "mg/dL", 125.0, "mg/L"),
        ("KLCLLCFR", "30", "RATIO", 30.0, "RATIO"),
        ("LLCFR", None, "mg/dL", None, "mg/L"),
        ("KLCFR", "125", "mg/L", 125.0, "mg/L"),
        ("LLCFR", "4", "mg/L", 4.0, "mg/L"),
    ]


def test_the_band_of_a_positive_immunofixation_is_a_test_of_its_own():
    sdtm = made(
        m_protein="subject,on,specimen,m_protein,unit,immunofixation,band\n"
        "001-001,2024-01-01,serum,0,g/L,positive,oligoclonal"
    )
    assert column(sdtm, "LB", "LBTESTCD", "LBSTRESC", "LBSPEC") == [
        ("MCPROT", "0", "SERUM"),
        ("MPIFE", "POSITIVE", "SERUM"),
        ("MPIFEBND", "OLIGOCLONAL", "SERUM"),
    ]


def test_pet_ct_stands_beside_mrd_and_a_duration_beside_the_best_response():
    sdtm = made(
        mrd="subject,on,method,sensitivity,result,pet_ct\n"
        "001-001,2024-01-01,flow,0.00001,negative,not done",
        best_response="subject,response,duration,duration_unit,ongoing\n001-001,CR,13.5,months,yes",
    )
    names = ("RSTESTCD", "RSSTRESC", "RSPETCT", "RSDUR", "RSDURU", "RSONGO")
    assert column(sdtm, "RS", *names) == [
        ("MRDRESP", "NEGATIVE", "NOT DONE", None, None, None),
        ("BESTRESP", "CR", None, 13.5, "MONTHS", "Y"),
    ]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ("value,641.5,50,", ("641.5", 641.5, None, None)),
        ("below quantification,,50,", ("<50", None, None, None)),
        ("not detected,,,", ("NOT DETECTED", None, None, None)),
        ("not done,,,sample lost", (None, None, "NOT DONE", "sample lost")),
    ],
)
def test_a_car_result_is_never_a_bare_zero(cells: str, expected: tuple[object, ...]):
    sdtm = made(
        car_transgene="subject,at,analyte,specimen,status,copies,lloq,why_not_done\n"
        f"001-001,2024-03-15,CAR,blood,{cells}"
    )
    assert column(sdtm, "PC", "PCORRES", "PCSTRESN", "PCSTAT", "PCREASND") == [expected]


def test_what_is_not_known_at_the_bedside_is_not_done_and_never_no():
    sdtm = made(
        crs_assessment="subject,at,temperature,hypotension,vasopressin\n"
        "001-001,2024-03-01T08:00,38.5,no,"
    )
    told = {row[0]: row[1:] for row in column(sdtm, "FA", "FATESTCD", "FASTRESC", "FASTAT")}
    assert told["TEMP"] == ("38.5", None)
    assert told["HYPOTENS"] == ("N", None)
    assert told["VASOPSIN"] == (None, "NOT DONE")


def test_an_event_carries_its_worst_grade_and_its_grades_name_it():
    sdtm = made(
        adverse_event="subject,number,term,preferred,syndrome,scale,started,car_t,dlt\n"
        "001-001,1,fever and chills,Cytokine release syndrome,CRS,ASTCT,2024-03-02,related,"
        "cannot be settled yet",
        ae_grade="subject,number,since,grade\n001-001,1,2024-03-02T10:00,1\n001-001,1,2024-03-03,3\n"
        "001-001,1,2024-03-05,1",
    )
    assert column(sdtm, "AE", "AECAT", "AETOXGR", "AEREL", "AEDLT") == [
        ("CRS", "3", "RELATED", "U")
    ]
    names = ("FALNKID", "FAOBJ", "FADTC", "FASTRESN")
    assert column(sdtm, "FA", *names)[0] == (
        "1",
        "Cytokine release syndrome",
        "2024-03-02T10:00",
        1,
    )


def test_planned_visits_have_the_number_of_the_schedule_and_others_follow_by_date():
    sdtm = made(
        visit="subject,visit,on,why_missed,safety\n001-001,Extra B,2024-03-09,,yes\n"
        "001-001,Extra A,2024-03-08,,no\n001-001,Day 0,2024-03-01,,yes\n001-001,Day 1,,too ill,no"
    )
    assert column(sdtm, "SV", "VISITNUM", "VISIT", "SVOCCUR", "SVREASOC", "SVSAFETY") == [
        (4.0, "Day 0", "Y", None, "Y"),
        (5.0, "Day 1", "N", "too ill", "N"),
        (901.0, "Extra A", "Y", None, "N"),
        (902.0, "Extra B", "Y", None, "Y"),
    ]


def test_a_plasmacytoma_is_identified_once_and_measured_each_time():
    sdtm = made(
        plasmacytoma="subject,lesion,on,place,method,new,long,short,why_missing\n"
        "001-001,1,2024-02-01,rib,CT,no,30,20,\n001-001,1,2024-04-01,rib,MRI,no,,,not done"
    )
    assert column(sdtm, "TU", "TULNKID", "TUDTC", "TULOC") == [("1", "2024-02-01", "RIB")]
    assert column(sdtm, "TR", "TRTESTCD", "TRSTRESN", "TRSTAT", "TRREASND") == [
        ("LDIAM", 30.0, None, None),
        ("LPERP", 20.0, None, None),
        ("LDIAM", None, "NOT DONE", "not done"),
        ("LPERP", None, "NOT DONE", "not done"),
    ]


def test_the_verdict_of_the_committee_is_a_supplemental_column_of_dm():
    sdtm = made(
        dlt_adjudication="subject,verdict,decided,number,met,clause\n"
        "001-002,DLT,2024-05-01,3,2024-04-20,clause 2"
    )
    names = ("DLTADJ", "DLTADJDT", "DLTAENO", "DLTMETDT")
    empty, verdict = column(sdtm, "DM", *names)
    assert empty == (None,) * 4
    assert verdict == ("DLT", "2024-05-01", 3, "2024-04-20")


def test_published_margins_travel_beside_sdtm():
    sdtm = made(
        published_margin="analysis,group,category,subjects,of,scale,source\n"
        "CRS,all,grade 1-2,23,33,Lee 2014,a paper"
    )
    assert sdtm.margins["subjects"].to_list() == [23]
    assert "published_margin" in to_forms(STUDY, sdtm).tables


def test_a_serious_event_without_its_adverse_event_is_named():
    sdtm = made(
        serious_event="subject,number,fatal,life_threatening,hospitalisation,disability,"
        "congenital,important\n001-001,7,no,no,yes,no,no,no"
    )
    assert str(sdtm.findings[0]) == (
        "serious_event: subject 001-001, number 7: must belong to an adverse event, got no such row"
    )


def test_a_reason_for_what_is_not_missing_is_named():
    sdtm = made(b_cell="subject,on,b_cells,igg,why_missing\n001-001,2024-01-01,0,5,sample lost")
    assert [str(finding) for finding in sdtm.findings if finding.table == "b_cell"] == [
        "b_cell: subject 001-001, on 2024-01-01: why_missing: must be empty where b_cells and igg "
        "is given, got sample lost"
    ]


def test_the_study_file_becomes_the_trial_design_domains():
    sdtm = made()
    told = dict(sdtm.tables["TS"].filter(TSSEQ=1).select("TSPARMCD", "TSVAL").iter_rows())
    assert (told["INDIC"], told["PLANSUB"], told["NARMS"]) == ("Multiple Myeloma", "18", "3")
    assert sdtm.tables["TA"].filter(pl.col("ARMCD") == "DL2")["ETCD"].to_list() == [
        "SCRN",
        "APH",
        "LD",
        "CART",
        "FU",
    ]
    assert sdtm.tables["TI"]["IETESTCD"].to_list()[0] == "CRIT01"


def test_a_ctcae_term_is_the_lowest_level_term_with_its_code():
    sdtm = made(
        adverse_event="subject,number,term,ctcae_term,scale\n001,1,low,anemia,CTCAE\n"
        "001,2,odd,Anaemia,CTCAE\n001,3,none,,CTCAE"
    )
    assert column(sdtm, "AE", "AESPID", "AELLT", "AELLTCD") == [
        ("1", "anemia", 10002272),
        ("2", "Anaemia", None),
        ("3", None, None),
    ]
