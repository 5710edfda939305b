"""What keeps the analysis from being sure is said, once for each kind."""

import polars as pl
import pytest

from cartrial.adam.derive import derive_adam
from cartrial.adam.dose_limiting.clause_names import check_organ_classes
from cartrial.errors import StudyError
from cartrial.sdtm.domain import Sdtm
from cartrial.sdtm.tabulate import tabulate
from tests.unit.adam.bedside import crs, icans
from tests.unit.adam.trial import INFUSED, STUDY, adam
from tests.unit.forms.tables import filled


def said(found) -> list[str]:
    return [str(finding) for finding in found.findings if finding.table in ("AE", "DS", "EX", "RS")]


def test_a_study_that_does_not_name_the_product_says_so():
    product = STUDY.product.model_copy(update={"treatments": ("CAR-X",)})
    other = STUDY.model_copy(update={"product": product})
    forms = filled(demographics="subject  consented\n001  2023-12-01", infusion=INFUSED)
    found = derive_adam(other, tabulate(STUDY, forms))
    assert said(found) == [
        "EX: EXTRT: must name an infusion of the product as in study.yaml: product.treatments, "
        "got BCMA/CD19 CAR-T. Nobody counts as infused until it does"
    ]


def test_an_unknown_word_for_causality_counts_as_related():
    event = """
        subject  number  term  preferred  scale  started     car_t
        001      1       Rash  Rash       CTCAE  2024-01-12  related
    """
    people = "subject  consented\n001  2023-12-01"
    sdtm = tabulate(STUDY, filled(demographics=people, infusion=INFUSED, adverse_event=event))
    tables = dict(sdtm.tables) | {"AE": sdtm.tables["AE"].with_columns(AEREL=pl.lit("MAYBE"))}
    found = derive_adam(STUDY, Sdtm(tables))
    assert found.tables["ADAE"]["ARELFL"].to_list() == ["Y"]
    assert said(found) == [
        "AE: 1 record, first subject BCMA-CD19-MM-001: AEREL: must be a known word for causality, "
        "got another word. It counts as related"
    ]


def test_an_undated_event_a_death_and_an_unconfirmed_progression_are_named():
    found = adam(
        infusion=INFUSED,
        adverse_event="""
            subject  number  term  preferred  scale  started  car_t
            001      1       Rash  Rash       CTCAE  -        not
        """,
        death="subject  on  cause  adjudicated\n001  2024-03-09  infection  no",
        response="subject  on  response  progression\n001  2024-02-09  PD  laboratory",
    )
    assert said(found) == [
        "DS: 1 record, first subject BCMA-CD19-MM-001: DTHADJ: must be adjudicated, "
        "got a death that awaits it",
        "AE: 1 record, first subject BCMA-CD19-MM-001: AESTDTC: must be dated, "
        "got no start of the event. It counts as treatment emergent",
        "RS: 1 record, first subject BCMA-CD19-MM-001: RSCONF: must be confirmed, got PD. "
        "It is no event, and is shown as unconfirmed",
    ]


def test_a_new_therapy_and_a_response_without_a_date_are_named():
    kind = "new anti-myeloma therapy"
    found = adam(
        infusion=INFUSED,
        medication=f"subject  number  drug  kind  started\n001  1  X  {kind}  -",
    )
    assert [str(one) for one in found.findings if one.table == "CM"] == [
        "CM: 1 record, first subject BCMA-CD19-MM-001: CMSTDTC: must be dated, "
        "got no start of a new anti-myeloma therapy. It is not used"
    ]
    people = "subject  consented\n001  2023-12-01"
    seen = "subject  on  response\n001  2024-02-09  PR"
    sdtm = tabulate(STUDY, filled(demographics=people, infusion=INFUSED, response=seen))
    tables = dict(sdtm.tables) | {"RS": sdtm.tables["RS"].with_columns(RSDTC=pl.lit("2024-02"))}
    assert said(derive_adam(STUDY, Sdtm(tables))) == [
        "RS: 1 record, first subject BCMA-CD19-MM-001: RSDTC: must be a complete date, "
        "got a part or nothing. It is not used"
    ]


def test_a_dose_in_another_unit_than_that_of_the_study_is_named():
    forms = filled(demographics="subject  consented\n001  2023-12-01", infusion=INFUSED)
    sdtm = tabulate(STUDY, forms)
    tables = dict(sdtm.tables) | {"EX": sdtm.tables["EX"].with_columns(EXDOSU=pl.lit("cells"))}
    assert said(derive_adam(STUDY, Sdtm(tables))) == [
        "EX: 1 record, first subject BCMA-CD19-MM-001: EXDOSU: must be "
        f"{STUDY.doses.unit} as in study.yaml: doses.unit, got cells. "
        "The number is taken as if it were"
    ]


EVENTS = """
    subject  number  term   preferred     ctcae_term    scale  started     car_t
    001      1       sick   Nausea        -             CTCAE  2024-01-12  not
    001      2       cells  Leucocytosis  Leukocytosis  CTCAE  2024-01-12  not
    001      3       storm  Tremor        -             ASTCT  2024-01-12  not
    001      4       hot    Pyrexia       Fever         CTCAE  2024-01-12  not
"""
GRADES = """
    subject  number  since       grade
    001      1       2024-01-12  4
    001      2       2024-01-12  2
    001      3       2024-01-12  4
    001      4       2024-01-12  4
"""


def test_a_grade_that_ctcae_does_not_have_for_the_term_is_named_and_counted_as_recorded():
    found = adam(infusion=INFUSED, adverse_event=EVENTS, ae_grade=GRADES)
    assert said(found) == [
        "AE: 2 records, first subject BCMA-CD19-MM-001: AETOXGR: must be a grade that CTCAE v5.0 "
        "has for the term, got Leukocytosis 2, Nausea 4. It is counted as recorded"
    ]


def test_a_study_of_another_version_is_not_held_to_the_grades_of_version_5():
    standards = STUDY.standards.model_copy(update={"adverse_events": "CTCAE-4.03"})
    other = STUDY.model_copy(update={"standards": standards})
    found = adam(study=other, infusion=INFUSED, adverse_event=EVENTS, ae_grade=GRADES)
    assert said(found) == []


def syndromes(found) -> list[str]:
    """What is said of bedside assessments and grades, without the place."""
    said = [str(one) for one in found.findings if one.table[:2] in ("AE", "FA")]
    return [text.partition("-001: ")[2] or text for text in said]


CRS_EVENT = """
    subject  number  term  preferred  syndrome  scale  started     ended       car_t
    001      1       CRS   CRS        CRS       ASTCT  2024-02-12  2024-02-13  related
"""
SEEN = crs("""
    at                temperature  oxygen     grade
    2024-01-12T08:00  38.4         face mask  2
    2024-01-13T08:00  36.8         none       0
""")


def test_grades_that_the_signs_do_not_allow_and_what_has_no_match_are_named():
    found = adam(infusion=INFUSED, adverse_event=CRS_EVENT, crs_assessment=SEEN)
    listing = "The recorded grade is reported; the listing of discrepancies shows both"
    assert syndromes(found) == [
        "FA (crs_assessment): subject 001, 2024-01-12T08:00: ASTCTGR: must be a CRS grade that "
        f"the signs allow (3), got 2. {listing}",
        "AECAT: must have a sign of CRS in the bedside assessments of its days, got none. "
        "The event counts",
        "FADTC: must be recorded as an adverse event where CRS was seen, got none. "
        "The episode counts",
    ]


def test_the_worst_grade_of_an_event_that_its_episode_does_not_allow_is_named():
    found = adam(
        infusion=INFUSED,
        adverse_event=CRS_EVENT.replace("2024-02", "2024-01"),
        ae_grade="subject  number  since  grade\n001  1  2024-01-12  2",
        crs_assessment=SEEN.replace("face mask  2", "face mask  3"),
    )
    assert syndromes(found) == [
        "AE (adverse_event): subject 001, event 1: AETOXGR: must be a worst CRS grade that the "
        "signs allow (3), got 2. The recorded grade is reported; "
        "the listing of discrepancies shows both"
    ]


def test_a_grade_5_at_the_bedside_that_nobody_has_judged_is_named():
    found = adam(infusion=INFUSED, crs_assessment=crs("at  grade\n2024-01-12T08:00  5"))
    assert syndromes(found) == [
        "ASTCTGR: must be grade 5 only where a person has judged the death as due to it, "
        "got grade 5 without that verdict. The signs are graded instead"
    ]


def test_an_event_of_a_subject_whose_bedside_was_not_assessed_is_no_finding():
    found = adam(infusion=INFUSED, adverse_event=CRS_EVENT)
    assert syndromes(found) == []
    other = icans("at  orientation  grade\n2024-01-12T08:00  4  0")
    assert syndromes(adam(infusion=INFUSED, adverse_event=CRS_EVENT, icans_assessment=other)) == []


def test_a_baseline_ice_below_10_is_named():
    seen = icans("at  orientation  grade\n2024-01-08T08:00  2  -\n2024-01-12T08:00  4  0")
    assert syndromes(adam(infusion=INFUSED, icans_assessment=seen)) == [
        "FASTRESN: must be 10 as ICE score before the infusion, got less. "
        "The ASTCT grade knows no baseline: the investigator judges what is new"
    ]


def test_a_grade_change_without_a_date_is_named():
    people = "subject  consented\n001  2023-12-01"
    grades = "subject  number  since  grade\n001  1  2024-02-12  1\n001  1  2024-02-13  3"
    given = filled(demographics=people, infusion=INFUSED, adverse_event=CRS_EVENT, ae_grade=grades)
    sdtm = tabulate(STUDY, given)
    later = pl.when(pl.col("FASTRESN") == 1).then("FADTC")
    tables = dict(sdtm.tables) | {"FA": sdtm.tables["FA"].with_columns(FADTC=later)}
    found = derive_adam(STUDY, Sdtm(tables))
    assert found.tables["ADAE"]["ATOXGRN"].to_list() == [1]
    assert syndromes(found) == [
        "FADTC: must say when the grade began, got a grade without a date. It is not used"
    ]


def test_of_several_grades_that_the_signs_do_not_allow_the_first_stands_in_full():
    seen = """
        at                temperature  oxygen      grade
        2024-01-13T08:00  38.6         face mask   2
        2024-01-12T08:00  38.4         face mask   -
        2024-01-12T16:00  38.4         -           1
        2024-01-12T20:00  38.4         CPAP        2
    """
    found = adam(
        infusion=INFUSED, crs_assessment=crs(seen.replace("-           1", "CPAP        1"))
    )
    [line] = [text for text in syndromes(found) if "ASTCTGR" in text]
    assert line.startswith(
        "FA (crs_assessment): 3 records, first subject 001, 2024-01-12T16:00: ASTCTGR: "
        "must be a CRS grade that the signs allow (4), got 1. "
    )


def clauses(**changed) -> list[str]:
    """What is said of the study file, where clauses and standards are changed."""
    standards, clause = changed.pop("standards", {}), changed.pop("clause", {})
    listed = tuple(
        one.model_copy(update=clause) if one.id == "seizure" else one for one in STUDY.dlt.clauses
    )
    study = STUDY.model_copy(
        update={
            "dlt": STUDY.dlt.model_copy(update={"clauses": listed}),
            "standards": STUDY.standards.model_copy(update=standards),
        }
    )
    found = adam(study=study, infusion=INFUSED, **changed)
    return [str(one) for one in found.findings if one.table == "study.yaml"]


def test_the_names_in_the_packaged_clauses_are_known():
    assert clauses() == []


def test_a_term_in_a_clause_that_no_event_has_is_named_with_the_nearest():
    misspelt = {"terms": ("Seisure", "Xyzzy")}
    assert clauses(clause=misspelt) == [
        "study.yaml: dlt.clauses.seizure: terms: must be a term of CTCAE v5.0 or of an event in "
        "the data, got Seisure. Did you mean Seizure?",
        "study.yaml: dlt.clauses.seizure: terms: must be a term of CTCAE v5.0 or of an event in "
        "the data, got Xyzzy",
    ]
    assert clauses(clause=misspelt | {"active": False}) == []
    event = EVENTS.replace("Nausea      ", "XYZZY       ")
    assert len(clauses(clause=misspelt, adverse_event=event)) == 1


def test_clauses_of_laboratory_values_by_a_ctcae_without_limits_are_named_once():
    assert clauses(standards={"adverse_events": "CTCAE-6.0"}) == []
    assert clauses(standards={"adverse_events": "CTCAE-4.03"}) == [
        "study.yaml: standards.adverse_events: must be CTCAE-5.0 or CTCAE-6.0 for clauses of "
        "laboratory values (neutropenia, platelets), got CTCAE-4.03. They are not judged"
    ]


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("Liver disorders", "Known are Blood and lymphatic system disorders; Cardiac disorders; "),
        ("Hepatobilary disorders", "Did you mean Hepatobiliary disorders?"),
        ("Infections", "Did you mean Infections and infestations?"),
    ],
)
def test_an_organ_class_that_does_not_exist_is_refused_with_the_nearest(name, remedy):
    listed = tuple(
        one.model_copy(update={"organ_classes": (name,)}) if one.id == "organ" else one
        for one in STUDY.dlt.clauses
    )
    study = STUDY.model_copy(update={"dlt": STUDY.dlt.model_copy(update={"clauses": listed})})
    with pytest.raises(StudyError) as raised:
        check_organ_classes(study, [None, "Eye disorders"])
    assert str(raised.value).startswith(
        "study.yaml: dlt.clauses.organ.organ_classes: must be an organ class of CTCAE or of an "
        f"event in the data, got {name}. {remedy}"
    )
    check_organ_classes(study, [name.upper()])
    check_organ_classes(STUDY, [])
