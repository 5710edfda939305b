import polars as pl
import pytest

from cartrial.cdisc.spelling import all_spelled, altered, spelled


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 × 10⁶/kg", "1 x 10^6/kg"),
        ("10⁻¹²", "10^-12"),
        ("ANC ≤500/µL", "ANC <=500/uL"),
        ("38.0 °C", "38.0 deg C"),
        ("plain", "plain"),
        ("the patient’s “café” – Łódź, Ærø, groß", 'the patient\'s "cafe" - Lodz, AEro, gross'),
        ("TNF-α, IL-2Rβ, ΔF508, Ω", "TNF-alpha, IL-2Rbeta, DeltaF508, Omega"),
        ("½ tablet, H₂O, ﬁne, 5\u00a0mg…", "1/2 tablet, H2O, fine, 5 mg..."),
        ("two\nlines", "two lines"),
        ("骨髓", "骨髓"),
    ],
)
def test_a_text_is_spelt_as_far_as_it_can_be(text: str, expected: str):
    assert spelled(text) == expected


def test_a_column_is_spelt_and_null_stays():
    column = pl.Series(["≥2", None, "plain"])
    assert all_spelled(column).to_list() == [">=2", None, "plain"]


def test_what_a_letter_loses_is_told_and_a_sign_of_arithmetic_loses_nothing():
    column = pl.Series(["≥2 × 10⁶/kg", "café", "é\nà", None, "plain", "骨髓"])
    assert altered(column) == (2, "U+000A à é")
    assert altered(pl.Series(["≥2 µg", "plain"])) == (0, "")
