from math import log

import pytest

from cartrial.results.kinetics.proportionality import proportionality
from cartrial.results.table import Drawn, Filled
from tests.unit.results.kinetics.trial import ADSL, small_trial
from tests.unit.results.made import cell, why

CMAX = "car_qpcr_cmax"


def parts(**instead: str):
    return list(proportionality(small_trial(**instead)))


def table(**instead: str) -> Filled:
    first = parts(**instead)[0]
    assert isinstance(first, Filled)
    return first


def test_the_slope_over_the_dose_given():
    # dose 1: 100 and 200; dose 2: 400
    slope = cell(table(), "Slope", CMAX)["value"]
    assert slope == pytest.approx((log(400) - (log(100) + log(200)) / 2) / log(2))
    assert cell(table(), "Highest dose, times the lowest", CMAX)["value"] == 2
    assert cell(table(), "Slope if proportional", CMAX)["text"] == "0.68 to 1.32"
    assert cell(table(), "Conclusion", CMAX)["text"] == "cannot be told"


def test_one_dose_is_not_estimable():
    one = ADSL.replace("2025-01-01  2", "2025-01-01  1")
    assert why(table(ADSL=one), "Slope", "value", CMAX) == "one dose only"
    assert [p for p in parts(ADSL=one) if isinstance(p, Drawn)] == []


def test_the_lines_cross_in_the_middle_of_the_doses():
    figure = next(p for p in parts() if isinstance(p, Drawn))
    lines = figure.data[f"{CMAX}_dose_lines"]
    assert lines["line"].unique(maintain_order=True).to_list() == ["Power model", "Proportional"]
    proportional = lines.filter(line="Proportional")["value"].to_list()
    assert proportional[1] == pytest.approx(2 * proportional[0])
    power = lines.filter(line="Power model")["value"].to_list()
    assert power[0] * power[1] == pytest.approx(proportional[0] * proportional[1])
