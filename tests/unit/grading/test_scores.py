"""CAR-HEMATOTOX and EASIX."""

from itertools import product
from types import SimpleNamespace

import polars as pl
import pytest

from cartrial.grading.car_hematotox import derive_car_hematotox
from cartrial.grading.easix import derive_easix

NORMAL = {"anc": 3.4, "haemoglobin": 124, "platelets": 220, "crp": 8, "ferritin": 180}


def of_one(derive, values):
    frame = pl.DataFrame([values], schema=dict.fromkeys(values, pl.Float64))
    return SimpleNamespace(**derive(frame).row(0, named=True))


def score(**changed):
    return of_one(derive_car_hematotox, NORMAL | changed)


def easix(**values):
    return of_one(derive_easix, values)


@pytest.mark.parametrize(
    ("changed", "points"),
    [
        ({}, 0),
        ({"anc": 1.201}, 0),
        ({"anc": 1.2}, 1),
        ({"anc": 0.1}, 1),
        ({"haemoglobin": 90.1}, 0),
        ({"haemoglobin": 90}, 1),
        ({"platelets": 175.5}, 0),
        ({"platelets": 175}, 1),
        ({"platelets": 75}, 1),
        ({"platelets": 74.9}, 2),
        ({"crp": 29.9}, 0),
        ({"crp": 30}, 1),
        ({"ferritin": 649}, 0),
        ({"ferritin": 650}, 1),
        ({"ferritin": 2000}, 1),
        ({"ferritin": 2001}, 2),
    ],
)
def test_the_points_of_each_value(changed, points):
    assert score(**changed).certain == points


def test_two_points_are_a_high_risk():
    assert score(anc=1.0).risk == "low"
    assert score(anc=1.0, crp=30).risk == "high"
    worst = score(anc=0.4, haemoglobin=78, platelets=40, crp=95, ferritin=3200)
    assert (worst.certain, worst.risk) == (7, "high")


@pytest.mark.parametrize(
    ("changed", "between", "risk"),
    [
        ({"crp": None}, (0, 1), "low"),
        ({"ferritin": None}, (0, 2), "not assessable"),
        ({"crp": None, "anc": 1.0}, (1, 2), "not assessable"),
        ({"crp": None, "platelets": 60}, (2, 3), "high"),
        (dict.fromkeys(NORMAL), (0, 7), "not assessable"),
    ],
)
def test_a_missing_value_leaves_an_interval(changed, between, risk):
    found = score(**changed)
    assert ((found.lowest, found.highest), found.risk) == (between, risk)
    assert found.certain is None


def test_the_interval_is_that_of_all_completions():
    values = {"anc": (0.5, 3), "crp": (5, 50), "ferritin": (100, 900, 5000)}
    reached = [
        score(anc=anc, crp=crp, ferritin=ferritin).certain
        for anc, crp, ferritin in product(*values.values())
    ]
    found = score(anc=None, crp=None, ferritin=None)
    assert (found.lowest, found.highest) == (min(reached), max(reached))
    assert found.missing == "ANC, CRP, ferritin"


def test_the_score_says_its_points():
    assert score(platelets=60, crp=None).rule == (
        "ANC 3.4 10^9/L: 0, haemoglobin 124 g/L: 0, platelets 60 10^9/L: 2, "
        "ferritin 180 ug/L: 0, CRP missing: 0-1"
    )


def test_easix_is_ldh_times_creatinine_over_platelets():
    found = easix(ldh=250, creatinine=1.28 * 10000 / 113.12, platelets=80)
    assert found.value == pytest.approx(4.0)
    assert found.rule == "LDH (U/L) x creatinine (mg/dL) / platelets (10^9/L): 250 x 1.28 / 80"
    assert found.why_missing is None


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"ldh": None, "creatinine": 80, "platelets": 100}, "LDH not known"),
        ({"ldh": 250, "creatinine": None, "platelets": None}, "creatinine, platelets not known"),
        ({"ldh": 250, "creatinine": 80, "platelets": 0}, "platelets are 0"),
    ],
)
def test_easix_that_cannot_be_had_says_why(values, reason):
    found = easix(**values)
    assert (found.value, found.why_missing) == (None, reason)
