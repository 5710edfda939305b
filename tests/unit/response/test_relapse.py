"""Relapse from CR and signs of clinical relapse; subject 001, infused on 2024-01-01."""

import polars as pl
import pytest

from cartrial.protocol.read import packaged_study
from cartrial.response.assessed import Assessed, Component
from cartrial.response.relapse import with_relapse
from cartrial.response.sample import FollowUp, Sample
from tests.unit.response.tables import table

CRITERIA = packaged_study().criteria
FOLLOW_UP = """
    infused     death
    2024-01-01  -
"""
NONE = "number  component  level\n1  serum M-protein  CR"


def relapse(column, samples, *, first="CR", components=NONE):
    """The texts of a column at the assessments of March and April; the first is `first`."""
    assessed = table(
        Assessed,
        f"""
        number  first       last        on          response
        1       2024-03-01  2024-03-01  2024-03-01  {first}
        2       2024-04-01  2024-04-03  2024-04-03  VGPR
        """,
    )
    found = with_relapse(
        CRITERIA,
        assessed,
        table(Component, components),
        table(Sample, samples),
        table(FollowUp, FOLLOW_UP),
    )
    assert found.columns == assessed.columns
    return found[column].to_list()


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("serum", "2.4", "M-protein of serum 2.4 g/L on 2024-04-01"),
        ("urine", "60", "M-protein of urine 60 mg/24h on 2024-04-01"),
        ("serum_fixation", "positive", "immunofixation of serum positive on 2024-04-01"),
        ("urine_fixation", "positive", "immunofixation of urine positive on 2024-04-01"),
        ("serum_fixation", "negative", None),
        ("serum", "0", None),
        ("marrow", "5", "plasma cells of the marrow 5 % on 2024-04-01"),
        ("marrow", "4.9", None),
    ],
)
def test_after_cr_what_is_seen_again_is_a_relapse_from_it(column, value, expected):
    given = f"on  {column}\n2024-04-01  {value}"
    assert relapse("relapse_from_cr", given) == [None, expected]
    assert relapse("relapse_from_cr", given, first="sCR") == [None, expected]
    assert relapse("relapse_from_cr", given, first="VGPR") == [None, None]


def test_all_that_is_seen_again_is_named_as_it_was_last_seen():
    given = """
        on          serum  serum_fixation  serum_band     marrow
        2024-04-01  1      positive        -              -
        2024-04-03  2      positive        of the myeloma  8
    """
    assert relapse("relapse_from_cr", given) == [
        None,
        "M-protein of serum 2.0 g/L, immunofixation of serum positive, "
        "plasma cells of the marrow 8 % on 2024-04-03",
    ]


@pytest.mark.parametrize("band", ["oligoclonal", "therapeutic antibody"])
def test_a_band_that_is_not_of_the_myeloma_is_no_relapse(band):
    given = f"on  serum  serum_fixation  serum_band\n2024-04-01  2  positive  {band}"
    assert relapse("relapse_from_cr", given) == [None, None]


def test_a_new_or_growing_plasmacytoma_is_a_sign_of_clinical_relapse():
    grown = "number  component  level\n2  plasmacytomas  PD"
    found = relapse("clinical_relapse", "on  serum\n2024-04-01  0", components=grown)
    assert found == [None, "a new or growing plasmacytoma"]


@pytest.mark.parametrize(
    ("column", "values", "expected"),
    [
        # calcium above 2.65 mmol/L
        ("calcium", "2024-03-20 2.65", None),
        ("calcium", "2024-03-20 2.66", "calcium 2.66 mmol/L, above 2.65, on 2024-03-20"),
        # haemoglobin 20 g/L below the highest since day 28, which is 2024-01-29
        ("haemoglobin", "2024-02-20 120, 2024-03-20 101", None),
        (
            "haemoglobin",
            "2024-02-20 120, 2024-02-25 90, 2024-03-20 100",
            "haemoglobin 100 g/L, down from 120 on 2024-03-20",
        ),
        ("haemoglobin", "2024-01-28 120, 2024-03-20 90", None),
        (
            "haemoglobin",
            "2024-01-29 120, 2024-03-20 90",
            "haemoglobin 90 g/L, down from 120 on 2024-03-20",
        ),
        # creatinine 177 umol/L or more, or up by 177
        ("creatinine", "2024-03-20 176", None),
        ("creatinine", "2024-03-20 177", "creatinine 177 umol/L, 177 or more, on 2024-03-20"),
        (
            "creatinine",
            "2024-02-20 80, 2024-03-20 257",
            "creatinine 257 umol/L, up from 80 on 2024-03-20",
        ),
    ],
)
def test_blood_since_day_28_shows_signs_at_the_next_assessment(column, values, expected):
    rows = [one.replace(" ", "  ") for one in values.split(", ")]
    found = relapse("clinical_relapse", "\n".join([f"on  {column}", *rows]))
    assert found[1] == expected


def test_signs_are_shown_as_they_last_were_one_after_another():
    given = """
        on          calcium  haemoglobin
        2024-02-20  2.3      120
        2024-03-10  2.9      95
        2024-04-02  2.8      110
    """
    assert relapse("clinical_relapse", given) == [
        None,
        "calcium 2.8 mmol/L, above 2.65, on 2024-04-02; "
        "haemoglobin 95 g/L, down from 120 on 2024-03-10",
    ]


def test_samples_of_the_infusion_or_after_death_show_nothing():
    late = "on  calcium\n2024-01-01  3\n2024-04-02  3"
    assert relapse("clinical_relapse", late)[1] is not None
    dead = FOLLOW_UP.replace("-\n", "2024-04-01\n")
    found = with_relapse(
        CRITERIA,
        table(Assessed, "number  last  response\n1  2024-04-03  VGPR"),
        table(Component, NONE),
        table(Sample, late),
        table(FollowUp, dead),
    )
    assert found.select(pl.col("clinical_relapse").is_null().all()).item()
