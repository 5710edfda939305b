import pytest

from cartrial.results.kinetics.agreement import agreement
from cartrial.results.kinetics.analyte import analytes
from cartrial.results.table import Drawn, Filled
from tests.unit.results.kinetics.trial import ADPC, small_trial
from tests.unit.results.made import cell, who


def parts(**instead: str):
    trial = small_trial(**instead)
    return list(agreement(trial, analytes(trial)))


def test_pairs_are_counted_and_only_values_have_a_ratio():
    table = parts()[0]
    assert isinstance(table, Filled)
    assert cell(table, "Pairs", "All times")["n"] == 3
    assert cell(table, "By flow alone", "All times")["n"] == 1
    assert who(table, "Subjects with a ratio", "Day 0 to 14") == "A B"
    ratio = cell(table, "Ratio, median (min, max)", "All times")
    assert ratio == pytest.approx({"median": 45, "min": 40, "max": 50})
    assert "Without a partner: 1 results of qPCR, 0 of flow." in table.output.footnotes


def test_the_line_has_the_median_ratio():
    figure = parts()[1]
    assert isinstance(figure, Drawn)
    line = figure.data["car_agreement_line"]
    assert (line["copies"] / line["cells"]).to_list() == pytest.approx([45, 45])


def test_one_method_alone_has_nothing_to_agree_with():
    alone = "\n".join(line for line in ADPC.splitlines() if "flow" not in line)
    [empty] = parts(ADPC=alone)
    assert isinstance(empty, Filled)
    assert empty.output.empty == "Not estimable: blood was not measured by both methods."
