"""Which events are of special interest, and by which scale they were graded."""

import datetime as dt

import pytest

from tests.unit.adam.trial import INFUSED, adam, only, records

INFECTIONS = "Infections and infestations"
NEOPLASMS = "Neoplasms benign, malignant and unspecified (incl cysts and polyps)"
BLOOD, NERVES = "Blood and lymphatic system disorders", "Nervous system disorders"


@pytest.mark.parametrize(
    ("preferred", "organ_class", "category"),
    [
        ("Pneumonia", INFECTIONS, "Infection"),
        ("pneumonia", INFECTIONS.upper(), "Infection"),
        ("Basal cell carcinoma", NEOPLASMS, "Second malignancy"),
        ("Skin papilloma", NEOPLASMS, None),
        ("Plasma cell myeloma", NEOPLASMS, None),
        ("Tumor pain", NEOPLASMS, None),
        ("Myelodysplastic syndrome", NEOPLASMS, "Second malignancy"),
        ("Haemophagocytic lymphohistiocytosis", BLOOD, "IEC-HS"),
        ("Hemophagocytic lymphohistiocytosis", BLOOD, "IEC-HS"),
        ("Parkinsonism", NERVES, "Delayed neurotoxicity"),
        ("Guillain-Barre syndrome", NERVES, "Delayed neurotoxicity"),
        ("Tumour lysis syndrome", "Metabolism and nutrition disorders", "Tumour lysis syndrome"),
        ("Tumor lysis syndrome", "Metabolism and nutrition disorders", "Tumour lysis syndrome"),
        ("Hypogammaglobulinaemia", "Immune system disorders", "Hypogammaglobulinaemia"),
        ("Headache", NERVES, None),
    ],
)
def test_the_category_is_by_term_else_by_organ_class(preferred, organ_class, category):
    found = adam(
        infusion=INFUSED,
        adverse_event=f"""
            subject  number  term  preferred    organ_class    scale  started
            001      1       X     {preferred}  {organ_class}  CTCAE  2024-01-20
        """,
    )
    assert only(found, "ADAE", "AESICAT", "AESIFL") == (category, category and "Y")


@pytest.mark.parametrize(
    ("grade", "ended", "outcome", "cut", "category", "untold"),
    [  # day 30 is 9 February
        (3, "2024-02-10", "-", "2024-03-31", "Prolonged cytopenia", None),
        (3, "2024-02-09", "-", "2024-03-31", None, None),
        (2, "2024-03-10", "-", "2024-03-31", None, None),
        (3, "2024-03", "-", "2024-03-31", "Prolonged cytopenia", None),
        (3, "2024-02", "-", "2024-03-31", None, "Y"),
        (2, "2024-02", "-", "2024-03-31", None, None),
        (3, "2024-01", "-", "2024-03-31", None, None),
        (3, "2024", "-", "2024-03-31", None, "Y"),
        (3, "-", "-", "2024-02-10", "Prolonged cytopenia", None),
        (3, "-", "not resolved", "2024-02-09", None, "Y"),
        (3, "-", "resolved", "2024-03-31", None, "Y"),
        ("-", "2024-03-10", "-", "2024-03-31", None, "Y"),
        ("-", "2024-01-20", "-", "2024-03-31", None, None),
    ],
)
def test_a_cytopenia_is_prolonged_where_grade_3_and_its_end_after_day_30_are_certain(
    grade, ended, outcome, cut, category, untold
):
    told = "" if grade == "-" else f"001  1  2024-01-12  {grade}"
    found = adam(
        infusion=INFUSED,
        adverse_event=f"""
            subject  number  term  preferred                   scale  started     ended    outcome
            001      1       X     Neutrophil count decreased  CTCAE  2024-01-05  {ended}  {outcome}
        """,
        ae_grade=f"subject  number  since  grade\n{told}".strip(),
        cutoff=dt.date.fromisoformat(cut),
    )
    assert only(found, "ADAE", "AESICAT", "AESIUFL") == (category, untold)


def test_a_cytopenia_that_lasted_to_a_death_by_day_30_was_not_prolonged():
    found = adam(
        infusion=INFUSED,
        adverse_event="""
            subject  number  term  preferred                    scale  started     ended
            001      1       X     Neutrophil count decreased   CTCAE  2024-01-12  -
        """,
        ae_grade="subject  number  since  grade\n001  1  2024-01-12  4",
        death="subject  on  cause  adjudicated\n001  2024-02-01  myeloma  yes",
        cutoff=dt.date(2024, 3, 31),
    )
    assert only(found, "ADAE", "AESICAT", "AESIUFL") == (None, None)


def test_a_sign_of_an_episode_is_of_no_category_and_each_grade_keeps_its_scale():
    found = adam(
        infusion=INFUSED,
        adverse_event="""
            subject  number  term  preferred     organ_class                  syndrome  component_of  scale  started
            001      1       CRS   CRS           Immune system disorders      CRS       -             ASTCT  2024-01-12
            001      2       X     Pneumonia     Infections and infestations  -         1             CTCAE  2024-01-13
            001      3       X     Tachycardia   Cardiac disorders            -         -             other  2024-01-14
        """,  # noqa: E501 - a table
        ae_grade="subject  number  since  grade\n001  1  2024-01-12  2\n001  2  2024-01-13  3",
    )
    assert records(found, "ADAE", "AESICAT", "ASTCTGRN", "CTCGRN") == [
        ("CRS", 2, None),
        (None, None, 3),
        (None, None, None),
    ]
