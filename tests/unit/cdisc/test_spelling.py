import polars as pl
import pytest

from cartrial.cdisc.spelling import all_spelled, spelled


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 × 10⁶/kg", "1 x 10^6/kg"),
        ("10⁻¹²", "10^-12"),
        ("ANC ≤500/µL", "ANC <=500/uL"),
        ("38.0 °C", "38.0 deg C"),
        ("plain", "plain"),
        ("骨髓", "骨髓"),
    ],
)
def test_a_sign_is_spelt_and_a_word_stays(text: str, expected: str):
    assert spelled(text) == expected


def test_a_column_is_spelt_and_null_stays():
    column = pl.Series(["≥2", None, "plain"])
    assert all_spelled(column).to_list() == [">=2", None, "plain"]
