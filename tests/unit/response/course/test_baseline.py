"""The myeloma before treatment; lymphodepletion begins on day -5."""

import pytest

from tests.unit.response.assessing import derived


def baseline(samples, lesions="", **bounds):
    return derived(samples, lesions, **bounds).baseline.to_dicts()[0]


@pytest.mark.parametrize(
    ("serum", "urine", "kappa", "lambda_", "marrow", "expected"),
    [
        ("10", "-", "-", "-", "-", "serum"),
        ("10", "200", "500", "5", "60", "serum and urine"),
        ("9.9", "200", "500", "5", "60", "urine"),
        ("9.9", "199", "100", "5", "60", "free light chains"),
        ("-", "-", "5", "100", "-", "free light chains"),
        ("0", "0", "100", "0", "-", "free light chains"),
        ("0", "0", "99.9", "5", "30", "marrow"),
        ("0", "0", "120", "100", "30", "marrow"),
        ("0", "0", "165", "100", "29", "not measurable"),
        ("0", "0", "165.1", "100", "29", "free light chains"),
        ("0", "0", "26", "100", "29", "not measurable"),
        ("0", "0", "25.9", "100", "29", "free light chains"),
        ("0", "0", "100", "-", "29", "not known"),
        ("0", "-", "10", "10", "29", "not known"),
        ("0", "0", "10", "10", "-", "not known"),
        ("-", "-", "-", "-", "-", "not known"),
    ],
)
def test_what_the_disease_is_measured_by(serum, urine, kappa, lambda_, marrow, expected):
    found = baseline(
        f"""
        day  serum    urine    kappa    lambda_    marrow
        -6   {serum}  {urine}  {kappa}  {lambda_}  {marrow}
        """
    )
    assert found["measured_by"] == expected


@pytest.mark.parametrize(
    ("long", "short", "expected"),
    [("30", "20", "plasmacytoma"), ("0", "0", "not measurable"), ("30", "-", "not measurable")],
)
def test_a_plasmacytoma_with_both_diameters_measures_what_nothing_else_does(long, short, expected):
    found = baseline(
        """
        day  serum  urine  kappa  lambda_  marrow
        -6   0      0      10     10       3
        """,
        f"""
        day  lesion  long    short
        -9   1       {long}  {short}
        """,
    )
    assert found["measured_by"] == expected


SAMPLES = """
    day  serum  urine
    -40  50     900
    -20  30     -
    -10  25     -
    -5   20     -
    -4   15     100
    """


def test_the_last_sample_up_to_the_day_of_lymphodepletion_is_the_baseline():
    found = baseline(SAMPLES)
    assert (found["serum"], found["urine"]) == (20, 900)


def test_a_baseline_from_before_the_end_of_bridging_is_said_to_be():
    early = "Taken before the end of bridging therapy: "
    assert early not in baseline(SAMPLES)["explanation"]
    assert baseline(SAMPLES, after=-6)["explanation"].endswith(f"{early}urine M-protein.")
    both = f"{early}serum M-protein; urine M-protein."
    assert baseline(SAMPLES, after=-5)["explanation"].endswith(both)


def test_negative_fixation_without_an_amount_is_no_m_protein():
    found = baseline(
        """
        day  serum  serum_fixation  urine  urine_fixation
        -9   30     positive        -      positive
        -6   -      negative        -      negative
        """
    )
    assert (found["serum"], found["urine"]) == (30, 0)


def test_a_band_that_is_not_of_the_myeloma_is_no_m_protein():
    found = baseline(
        """
        day  serum  serum_fixation  serum_band
        -6   12     positive        therapeutic antibody
        """
    )
    assert (found["serum"], found["measured_by"]) == (0, "not known")


def test_the_plasmacytomas_are_those_of_the_last_imaging():
    found = baseline(
        "day  serum\n-6  30",
        """
        day  lesion  long  short
        -40  1       50    40
        -40  2       20    10
        -9   1       30    20
        -7   3       10    10
        -4   1       20    20
        """,
    )
    assert found["lesions"] == 30 * 20 + 10 * 10


def test_the_baseline_is_said_in_sentences():
    found = baseline(
        """
        day  serum  kappa  lambda_  marrow
        -6   30.1   120    5.5      40
        """,
        """
        day  lesion  long  short
        -9   1       30    20
        """,
    )
    assert found["explanation"] == (
        "Serum M-protein 30.1 g/L (measurable from 10). Urine M-protein not measured. Free kappa "
        "120 mg/L, free lambda 5.5 mg/L, ratio not normal (measurable from 100 of the involved "
        "one). Plasma cells in marrow 40 % (measurable from 30). 1 plasmacytoma, sum of products "
        "600 mm2."
    )
