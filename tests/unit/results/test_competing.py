import pytest

from cartrial.results.competing import competing
from cartrial.results.table import Drawn
from tests.unit.results.made import cell, output, trial, who, why

ADSL = """
subject  TRT01AN  SAFFL  TRTSDT
A        1        Y      2023-01-01
B        1        Y      2023-01-01
C        2        Y      2023-01-01
D        2        Y      2023-01-01
E        2        Y      2023-01-01
"""
# A progresses on day 100, B dies on day 200 without it, C is censored on day 150, D on day 400
ADTTE = """
PARAMCD = CRISK
subject  AVAL  CNSR  EVTYPE  WHYMISS
A        100   0     1       -
B        200   0     2       -
C        150   1     0       -
D        400   1     0       -
E        -     0     2       the date of the event is not known
"""
RELAPSE, DEATH = "Relapse or progression", "Death without progression (non-relapse mortality)"


def made():
    return competing(trial(ADSL=ADSL, ADTTE=ADTTE))


def test_each_incidence_is_read_with_the_other_competing():
    table = output(made(), "competing_risks")
    label = "Cumulative incidence at 12 months"
    # 4 at risk: 1/4 progress; of the 3/4, after C has left, 1 of 2 dies: 3/8
    assert cell(table, label)["percent"] == pytest.approx(25)
    assert cell(table, label, nth=1)["percent"] == pytest.approx(37.5)
    assert who(table, "Subjects with it") == "A"
    assert who(table, "Subjects with it", nth=1) == "B"
    assert who(table, "At 6 months") == "B D"


def test_a_landmark_needs_somebody_at_risk():
    table = output(made(), "competing_risks")
    label = "Cumulative incidence at 18 months"
    assert cell(table, label)["percent"] is None
    assert why(table, label, "percent") == "not estimable"


def test_who_has_no_time_is_named():
    notes = output(made(), "competing_risks").output.footnotes
    assert "Time not known: E (the date of the event is not known)." in notes


def test_the_curves_start_at_nothing_and_rise_with_their_own_event():
    [figure] = [part for part in made() if isinstance(part, Drawn)]
    points = figure.data["incidence"]
    relapse = points.filter(cause="relapse or progression")
    death = points.filter(cause="death without it")
    assert relapse["month"][0] == 0
    assert relapse["incidence"].to_list() == pytest.approx([0, 25, 25, 25, 25])
    assert death["incidence"].to_list() == pytest.approx([0, 0, 0, 37.5, 37.5])


def test_nothing_stands_where_progression_was_not_followed():
    assert competing(trial(ADSL=ADSL)) == ()
