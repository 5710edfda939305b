"""What keeps the analysis from being sure is said, once for each kind."""

import polars as pl

from cartrial.adam.derive import derive_adam
from cartrial.sdtm.domain import Sdtm
from cartrial.sdtm.tabulate import tabulate
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
