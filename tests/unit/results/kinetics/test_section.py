import pytest

from cartrial.results.kinetics.section import car
from cartrial.results.table import Drawn
from tests.unit.results.made import cell, labels, output, trial, who

ADSL = """
subject  TRT01AN  SAFFL
A        1        Y
B        2        Y
C        2        Y
"""
ADPC = """
SRCDOM = PC
PARAMCD = CARTG
PARAM = CAR DNA
METHOD = qPCR
AVALU = copies/ug
subject  SPEC    AVAL  ASTATUS               ALLOQ  ADAY  ARELTM  VISIT
A        BLOOD   10    quantified            5      7     7.1     Day 7
B        BLOOD   1000  quantified            5      7     6.9     Day 7
C        BLOOD   -     below quantification  5      7     7       Day 7
A        MARROW  77    quantified            5      28    28      Day 28
A        BLOOD   -     not done              -      28    28      Day 28
B        BLOOD   -     not detected          5      28    28      Day 28
C        BLOOD   -     below quantification  8      28    28      Day 28
"""
ADPP = """
subject  PARAMCD  PPCAT    METHOD  AVAL  AVALU      WHYMISS
A        CMAX     CAR DNA  qPCR    10    copies/ug  -
B        CMAX     CAR DNA  qPCR    1000  copies/ug  -
C        CMAX     CAR DNA  qPCR    -     copies/ug  nothing quantified
"""


def parts():
    return car(trial(ADSL=ADSL, ADPC=ADPC, ADPP=ADPP))


def test_results_below_the_limit_are_counted_and_never_numbers():
    table = output(parts(), "car_qpcr_visits")
    assert cell(table, "Quantified, of measured") == pytest.approx(
        {"n": 2, "of": 3, "percent": 200 / 3}
    )
    assert cell(table, "Median (min, max)") == {"n": 2, "median": 505, "min": 10, "max": 1000}
    assert cell(table, "Geometric mean")["value"] == pytest.approx(100)
    assert who(table, "Below LLOQ") == "C"


def test_a_sample_that_was_not_done_is_not_measured():
    table = output(parts(), "car_qpcr_visits")
    assert cell(table, "Quantified, of measured", nth=1)["of"] == 2
    assert who(table, "Not done") == "A"
    assert who(table, "Not detected") == "B"
    assert labels(table).count("Median (min, max)") == 1


def test_persistence_tells_quantified_from_detectable():
    table = output(parts(), "car_qpcr_persistence")
    assert who(table, "Month 1: quantified") == ""
    assert who(table, "Month 1: detectable") == "C"
    assert cell(table, "Month 1: detectable")["of"] == 2


def test_what_is_not_quantified_is_counted_of_what_was_measured():
    table = output(parts(), "car_qpcr_visits")
    assert cell(table, "Below LLOQ", nth=1)["of"] == 2
    assert cell(table, "Not detected")["of"] == 2
    assert cell(table, "Not done")["of"] == 3


def test_the_curve_flags_what_is_below_the_limit_of_its_result():
    figure = next(part for part in parts() if isinstance(part, Drawn))
    points = figure.data["car_qpcr_points"].filter(subject="C").sort("day")
    assert points["status"].to_list() == ["below quantification"] * 2
    assert points["value"].to_list() == [None, None]
    assert points["shown"].to_list() == [5.0, 8.0]
    assert figure.data["car_qpcr_limits"]["lloq"].to_list() == [5, 8]
    assert figure.data["car_qpcr_points"].filter(value=77).is_empty()


def test_a_method_that_was_not_used_is_named():
    empty = output(parts(), "car_flow").output.empty
    assert empty == "Not collected: CAR by flow cytometry in infused subjects."


def test_no_measurement_is_one_line():
    [empty] = car(trial(ADSL=ADSL))
    assert empty.output.empty == ("Not collected: CAR copies and CAR+ cells (no PC or CP data).")


def test_results_without_a_unit_are_shown_and_said_to_have_none():
    table = output(
        car(trial(ADSL=ADSL, ADPC=ADPC.replace("AVALU = copies/ug", ""))), "car_qpcr_visits"
    )
    assert cell(table, "Quantified, of measured")["n"] == 2
    assert table.output.shown.startswith("In unit not given.")


def test_a_sample_of_a_retreatment_is_said_and_not_shown():
    again = """
    subject  TRT01AN  SAFFL  RETRTDT
    A        1        Y      2025-02-01
    """
    samples = """
    SRCDOM = PC
    PARAMCD = CARTG
    PARAM = CAR DNA
    METHOD = qPCR
    AVALU = copies/ug
    subject  SPEC   AVAL  ASTATUS     ALLOQ  ADT         ADAY  ARELTM  VISIT
    A        BLOOD  10    quantified  5      2025-01-08  7     7       Day 7
    A        BLOOD  99    quantified  5      2025-02-10  40    40      Month 1
    """
    found = car(trial(ADSL=again, ADPC=samples))
    figure = next(part for part in found if isinstance(part, Drawn))
    assert figure.data["car_qpcr_points"]["value"].to_list() == [10]
    assert "Of a retreatment, with its own clock, and not shown: 1 result." in (
        figure.figure.footnotes
    )
