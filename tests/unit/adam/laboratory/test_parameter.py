"""One code and one name for one thing that is measured."""

import polars as pl

from cartrial.adam.laboratory.laboratory_grade import of_blood
from cartrial.adam.laboratory.parameter import with_parameters
from tests.unit.adam.trial import INFUSED, adam, records


def test_a_result_without_a_number_has_the_unit_of_its_parameter():
    frame = pl.DataFrame(
        {"PARAMCD": ["ALB"] * 3 + ["PH"], "PARAM": ["Albumin"] * 3 + ["pH"],
         "AVALU": ["g/L", None, "g/L", None]}
    )  # fmt: skip
    named = with_parameters(frame)["PARAM"].to_list()
    assert named == ["Albumin (g/L)"] * 3 + ["pH"]


def test_a_test_of_blood_and_of_urine_is_two_parameters():
    fixation = """
        subject  on          specimen    m_protein  unit    immunofixation
        001      2023-12-05  serum       0          g/L     positive
        001      2023-12-05  24 h urine  0          mg/24h  negative
    """
    found = adam(infusion=INFUSED, m_protein=fixation)
    words = [
        row for row in records(found, "ADLB", "PARAMCD", "PARAM", "AVALC") if "MPIFE" in row[0]
    ]
    assert words == [
        ("MPIFE", "Monoclonal Protein by Immunofixation", "POSITIVE"),
        ("MPIFEU", "Monoclonal Protein by Immunofixation, Urine", "NEGATIVE"),
    ]


def test_a_test_of_urine_alone_keeps_its_code():
    urine = {"PARAMCD": ["GLUC"], "PARAM": ["Glucose"], "SPEC": ["URINE"], "AVALU": ["mmol/L"]}
    named = with_parameters(pl.DataFrame(urine), of_blood())
    assert named.select("PARAMCD", "PARAM").row(0) == ("GLUC", "Glucose (mmol/L)")
