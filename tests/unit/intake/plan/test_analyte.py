"""What laboratories call an analyte, and its unit in the head of a column."""

import pytest

from cartrial.intake.plan.analyte import analyte_of, named_unit, nearest_analyte, specimen_of


@pytest.mark.parametrize(
    ("header", "name", "unit", "code"),
    [
        ("ANC (10^9/L)", "ANC", "10^9/L", "NEUT"),
        ("Hb [g/dl]", "Hb", "g/dl", "HGB"),
        ("Thrombozyten /nl", "Thrombozyten", "/nl", "PLAT"),
        ("Ferritin (µg/L)", "Ferritin", "µg/L", "FERRITIN"),
        ("IL-6 pg/mL", "IL-6", "pg/mL", "INTLK6"),
        ("D-Dimer (mg/L FEU)", "D-Dimer", "mg/L FEU", "DDIMER"),
        ("Kreatinin, mg/dl", "Kreatinin", "mg/dl", "CREAT"),
        ("ALT (GPT) [U/l]", "ALT (GPT)", "U/l", "ALT"),
        ("CRP", "CRP", "", "CRP"),
        ("Notes", "Notes", "", None),
        ("Country (ISO 3166 alpha-3)", "Country (ISO 3166 alpha-3)", "", None),
        ("Date", "Date", "", None),
    ],
)
def test_the_head_of_a_column(header, name, unit, code):
    assert named_unit(header) == (name, unit)
    assert analyte_of(name) == code


def test_a_misspelt_analyte_has_a_nearest():
    assert nearest_analyte("Fibrinogn") == "FIBRINO"
    assert nearest_analyte("Urine colour") is None


def test_an_analyte_has_its_usual_specimen():
    assert [specimen_of(code) for code in ("HGB", "CRP", "DDIMER", "CD19")] == [
        "blood",
        "serum",
        "plasma",
        "",
    ]
