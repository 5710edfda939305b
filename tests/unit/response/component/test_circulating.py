"""Circulating plasma cells, cells/uL, where the disease cannot be measured otherwise; IMWG 2016."""

from tests.unit.response.assessing import levels

CIRCULATING = "circulating plasma cells"
NOTHING_ELSE = {"serum": 0.0, "urine": 0.0, "kappa": 10.0, "lambda_": 10.0, "marrow": 5.0}
TEXT = """
    baseline  now   expected
    400       600   PD
    400       599   not applicable
    1000      1500  PD
    1000      1499  not applicable
    0         200   PD
    0         199   not applicable
    400       -     -
    """


def test_progression_is_a_half_and_200_cells_above_the_lowest():
    found, expected = levels(TEXT, CIRCULATING, "circulating", always=NOTHING_ELSE)
    assert found == expected


def test_where_the_disease_is_measurable_they_are_not_asked():
    found, _ = levels(TEXT, CIRCULATING, "circulating", always=NOTHING_ELSE | {"serum": 30.0})
    assert found == [*["not applicable"] * 6, None]
