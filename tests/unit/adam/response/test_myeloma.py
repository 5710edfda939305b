"""What is known of the myeloma, from the forms and from SDTM of other systems."""

import datetime as dt
import re

import polars as pl
import pytest

from cartrial import schema as s
from cartrial.adam.response.myeloma import (
    diameters,
    lesions,
    mrd,
    mrd_records,
    myeloma_samples,
)
from cartrial.adam.response.myeloma_results import myeloma_results
from cartrial.adam.subject.adsl import derive_adsl
from cartrial.sdtm.domain import DOMAINS, Sdtm
from cartrial.sdtm.tabulate import tabulate
from tests.unit.adam.trial import INFUSED, STUDY
from tests.unit.forms.tables import filled

SUBJECT = "BCMA-CD19-MM-001"
DAY = dt.date(2024, 2, 5)


def of_forms(made, **forms):
    """What `made` makes of the forms of subject 001."""
    given = {"demographics": "subject  consented\n001  2023-12-01", "infusion": INFUSED}
    sdtm = tabulate(STUDY, filled(**given, **forms))
    return made(sdtm, derive_adsl(STUDY, sdtm))


def of_records(made, domain, text):
    """What `made` makes of the records of a domain, as another system gives them."""
    sdtm = tabulate(STUDY, filled(demographics="subject  consented\n001  2023-12-01"))
    header, *lines = (re.split(r"\s{2,}", line.strip()) for line in text.strip().splitlines())
    cells = [[None if cell == "-" else cell for cell in line] for line in lines]
    raw = pl.DataFrame(cells, schema=dict.fromkeys(header, pl.String), orient="row")
    dated = (
        raw
        if f"{domain}DTC" in header
        else raw.with_columns(pl.lit("2024-02-05").alias(f"{domain}DTC"))
    )
    whole = dated.with_columns(USUBJID=pl.lit(SUBJECT)).with_row_index(f"{domain}SEQ", 1)
    tables = dict(sdtm.tables) | {domain: s.typed(DOMAINS[domain], whole)}
    return made(Sdtm(tables), derive_adsl(STUDY, sdtm))


def samples(sdtm, adsl):
    """What the laboratory measured of the subjects."""
    return myeloma_samples(myeloma_results(sdtm), adsl)


def plasmacytomas(sdtm, adsl):
    """What imaging measured of the subjects."""
    return lesions(diameters(sdtm), adsl)


def residual(sdtm, adsl):
    """The measurable residual disease of the subjects."""
    return mrd(mrd_records(sdtm), adsl)


def values(found):
    """The one row, as far as it is known."""
    row = found.drop("subject", "on").row(0, named=True)
    assert found.height == 1
    return {name: value for name, value in row.items() if value is not None}


def test_all_that_the_forms_know_of_a_day_stands_in_one_row():
    found = of_forms(
        samples,
        m_protein="""
            subject  on          specimen    m_protein  unit   immunofixation  band
            001      2024-02-05  serum       3.2        g/dL   positive        oligoclonal
            001      2024-02-05  24 h urine  0.3        g/24h  not done        -
        """,
        free_light_chain="subject  on  kappa  lambda_  unit\n001  2024-02-05  12.5  0.4  mg/dL",
        marrow="subject  on  plasma_cells  clonal\n001  2024-02-05  8  found",
        laboratory="""
            subject  at                analyte  specimen  value  unit
            001      2024-02-05T08:00  CA       serum     9.2    mg/dL
            001      2024-02-05T08:00  ALB      serum     30     g/L
            001      2024-02-05T08:00  HGB      blood     9.5    g/dL
            001      2024-02-05T20:00  HGB      blood     105    g/L
            001      2024-02-05        CREAT    serum     80     umol/L
            001      2024-02-05        CREAT    urine     9000   umol/L
            001      2024-02-05        PLSTCE   blood     0.25   10^9/L
        """,
    )
    assert found["on"].to_list() == [DAY]
    calcium = 9.2 / 4.0078 + 0.02 * (40 - 30)
    assert values(found) == {
        "serum": 32.0,
        "serum_fixation": "positive",
        "serum_band": "oligoclonal",
        "urine": 300.0,
        "urine_fixation": "not done",
        "kappa": 125.0,
        "lambda_": 4.0,
        "marrow": 8.0,
        "clonal": "found",
        "circulating": 250.0,
        "calcium": pytest.approx(calcium, abs=1e-6),
        "haemoglobin": 95.0,
        "creatinine": 80.0,
    }


def test_light_chains_without_a_unit_are_in_mg_per_litre():
    found = of_forms(samples, free_light_chain="subject  on  kappa\n001  2024-02-05  12.5")
    assert values(found)["kappa"] == 12.5


def test_what_is_missing_is_told_with_its_reason():
    found = of_forms(
        samples,
        m_protein="""
            subject  on          specimen    m_protein  unit  why_missing
            001      2024-02-05  serum       4          g/L   -
            001      2024-02-05  24 h urine  -          -     sample lost
        """,
        free_light_chain="subject  on  why_missing\n001  2024-02-05  patient refused",
        marrow="subject  on  why_missing\n001  2024-02-05  too ill",
    )
    assert values(found)["lost"] == (
        "free light chains: patient refused; marrow plasma cells: too ill; "
        "urine M-protein: sample lost"
    )


@pytest.mark.parametrize(
    ("test", "specimen", "result", "unit", "expected"),
    [
        ("MCPROT", "SERUM", "0.3", "g/dL", {"serum": 3.0}),
        ("MCPROT", "-", "3", "g/L", {"serum": 3.0}),
        ("MCPROT", "URINE", "250", "mg/24 hours", {"urine": 250.0}),
        ("MPROTEXR", "-", "0.25", "g/day", {"urine": 250.0}),
        ("MCPROT", "URINE", "250", "mg/L", {"lost": "urine M-protein: unit not known"}),
        ("MCPROT", "SERUM", "3", "-", {"lost": "serum M-protein: unit not known"}),
        ("MCPROT", "SERUM", "3", "cups", {"lost": "serum M-protein: unit not known"}),
        ("MCPROT", "SERUM", "-3", "g/L", {"lost": "serum M-protein: impossible number"}),
        ("MCPROT", "SERUM", "-", "g/L", {"lost": "serum M-protein: no result"}),
        ("MCPROT", "SERUM", "NOT DONE", "-", {"lost": "serum M-protein: not done"}),
        # words of electrophoresis
        ("MCPROT", "SERUM", "not detected", "-", {"serum": 0.0}),
        ("MCPROT", "SERUM", "Too small to quantify", "-", {"serum": 0.0}),
        ("MCPROT", "SERUM", "No M-spike", "-", {"serum": 0.0}),
        ("MCPROT", "SERUM", "No result", "-", {"lost": "serum M-protein: result in words"}),
        ("MCPROT", "SERUM", "see comment", "-", {"lost": "serum M-protein: result in words"}),
        # a limit: 1 g/L is a tenth of measurable disease, VGPR asks for urine below 100 mg
        ("MCPROT", "SERUM", "<0.1", "g/dL", {"serum": 0.0}),
        ("MCPROT", "SERUM", "<0.2", "g/dL", {"lost": "serum M-protein: result in words"}),
        ("MPROTEXR", "URINE", "<100", "mg/day", {"urine": 0.0}),
        ("MPROTEXR", "URINE", "< 200", "mg/day", {"lost": "urine M-protein: result in words"}),
        ("KLCFR", "SERUM", "<1.3", "mg/L", {"kappa": 0.0}),
        ("LLCFR", "SERUM", ">3000", "mg/L", {"lost": "free lambda: result in words"}),
        ("KLCFR", "URINE", "20", "mg/L", {}),
        ("PLSTCECE", "BONE MARROW", "<5", "%", {"marrow": 0.0}),
        ("PLSTCECE", "BONE MARROW", "0.4", "FRACTION", {"marrow": 40.0}),
        ("PLSTCECE", "BONE MARROW", "140", "%", {"lost": "marrow plasma cells: impossible number"}),
        ("PLSTCE", "BONE MARROW", "40", "%", {"marrow": 40.0}),
        ("PLSTCE", "BLOOD", "300", "/uL", {"circulating": 300.0}),
        # immunofixation
        ("MPIFE", "SERUM", "Negative", "-", {"serum_fixation": "negative"}),
        ("MPIFE", "URINE", "POSITIVE", "-", {"urine_fixation": "positive"}),
        ("MPIGISO", "SERUM", "IgG kappa", "-", {"serum_fixation": "positive"}),
        ("MPIGISO", "SERUM", "No monoclonal protein detected", "-", {"serum_fixation": "negative"}),
        ("MPIFE", "SERUM", "not done", "-", {"serum_fixation": "not done"}),
        ("MPIFE", "SERUM", "equivocal", "-", {}),
    ],
)
def test_results_of_another_system_come_into_the_units_of_the_criteria(
    test, specimen, result, unit, expected
):
    records = f"""
        LBTESTCD  LBSPEC      LBORRES   LBORRESU
        HGB       BLOOD       100       g/L
        {test}    {specimen}  {result}  {unit}
    """
    records = records.replace("mg/24 hours", "mg/24hours")
    assert values(of_records(samples, "LB", records)) == {"haemoglobin": 100.0, **expected}


def test_standard_values_come_before_the_original_ones():
    found = of_records(
        samples,
        "LB",
        """
        LBTESTCD  LBSPEC  LBORRES  LBORRESU  LBSTRESC  LBSTRESN  LBSTRESU
        MCPROT    SERUM   trace    -         0.1       0.1       g/dL
        """,
    )
    assert values(found) == {"serum": 1.0}


def test_fixation_may_be_a_method_of_the_m_protein():
    found = of_records(
        samples,
        "LB",
        """
        LBTESTCD  LBSPEC  LBMETHOD                        LBORRES   LBORRESU
        MCPROT    SERUM   IMMUNOFIXATION ELECTROPHORESIS  POSITIVE  -
        MCPROT    SERUM   ELECTROPHORESIS                 0         g/L
        """,
    )
    assert values(found) == {"serum": 0.0, "serum_fixation": "positive"}


def test_of_two_results_of_one_day_the_one_with_more_disease_counts():
    found = of_records(
        samples,
        "LB",
        """
        LBTESTCD  LBSPEC  LBORRES   LBORRESU
        MCPROT    SERUM   3         g/L
        MCPROT    SERUM   5         g/L
        HGB       BLOOD   110       g/L
        HGB       BLOOD   100       g/L
        MPIFE     SERUM   NEGATIVE  -
        MPIFE     SERUM   POSITIVE  -
        """,
    )
    assert values(found) == {"serum": 5.0, "serum_fixation": "positive", "haemoglobin": 100.0}


def test_a_result_without_a_complete_date_is_not_used():
    records = "LBTESTCD  LBORRES  LBORRESU  LBDTC\nMCPROT  3  g/L  2024-02"
    assert of_records(samples, "LB", records).is_empty()


def test_lesions_have_both_diameters_and_one_that_is_gone_has_none():
    found = of_forms(
        plasmacytomas,
        plasmacytoma="""
            subject  lesion  on          new  long  short  why_missing
            001      1       2024-02-05  no   30    20     -
            001      2       2024-02-05  yes  12    -      -
            001      1       2024-03-05  no   0     -      -
            001      2       2024-03-05  yes  -     -      not done
        """,
    )
    assert found.drop("subject", "on").rows() == [
        ("1", 30.0, 20.0, False),
        ("2", 12.0, None, True),
        ("1", 0.0, 0.0, False),
        ("2", None, None, True),
    ]


def test_lesions_of_another_system_are_read_in_mm_by_the_investigator():
    found = of_records(
        plasmacytomas,
        "TR",
        """
        TRLNKID  TRTESTCD  TRORRES  TRORRESU  TREVAL
        T1       LDIAM     3        cm        INVESTIGATOR
        T1       LPERP     20       mm        INVESTIGATOR
        T1       LDIAM     50       mm        INDEPENDENT ASSESSOR
        """,
    )
    assert found.drop("subject", "on").rows() == [("T1", 30.0, 20.0, False)]


def test_mrd_has_its_sensitivity_and_pet_ct():
    found = of_forms(
        residual,
        mrd="""
            subject  on          method  sensitivity  result    pet_ct
            001      2024-02-05  flow    0.00001      negative  negative
            001      2024-02-05  NGS     -            positive  -
        """,
    )
    assert found.drop("subject", "on").rows() == [
        ("flow cytometry", 0.00001, "negative", "negative"),
        ("next generation sequencing", None, "positive", None),
    ]
