import pytest

from cartrial.protocol.study import DAYS_PER_MONTH
from cartrial.results.swimmer import swimmer
from tests.unit.results.made import trial

ADSL = """
TRTSDT = 2025-01-01
SAFFL = Y
subject  TRT01AN  LSTALVDT    NACTDT      DTHDT       DTHFL  EOSSTT
A        1        2025-04-01  -           -           -      ONGOING
B        2        2025-07-01  2025-05-01  2025-07-01  Y      DISCONTINUED
C        2        2025-02-01  -           -           -      DISCONTINUED
"""
ADRS = """
subject  PARAMCD  AVAL  AVALC  ADT
A        OVR      4     PR     2025-02-01
A        OVR      4     PR     2025-03-01
A        CRSP     1     Y      2025-02-01
B        OVR      6     CR     2025-02-01
B        OVR      1     PD     2025-04-01
B        OVR      0     NE     2025-06-01
B        CRSP     0     N      -
"""
ADTTE = """
subject  PARAMCD  AVAL  ADT         CNSR  SRCDOM
B        PFS      90    2025-04-01  0     RS
A        PFS      59    2025-03-01  1     RS
"""


def figure():
    [drawn] = swimmer(trial(ADSL=ADSL, ADRS=ADRS, ADTTE=ADTTE))
    return drawn


def test_the_longest_followed_is_on_top_and_bars_end_when_last_known_alive():
    spans = figure().data["swimmer_spans"]
    assert spans["subject"].unique(maintain_order=True).to_list() == ["B", "A", "C"]
    ends = spans.group_by("subject", maintain_order=True).last()
    assert ends["end"].to_list() == pytest.approx([d / DAYS_PER_MONTH for d in (181, 90, 31)])


def test_a_status_holds_until_the_next_assessment_and_equal_ones_are_joined():
    spans = figure().data["swimmer_spans"]
    assert spans.filter(subject="A")["status"].to_list() == ["follow-up", "PR"]
    assert spans.filter(subject="B")["status"].to_list() == ["follow-up", "CR", "PD", "NE"]
    for _, mine in spans.group_by("subject"):
        assert mine["start"][0] == 0
        assert mine["end"].to_list()[:-1] == mine["start"].to_list()[1:]


def test_marks_are_events_only():
    marks = figure().data["swimmer_marks"]
    assert dict(marks.group_by("subject").agg("mark").iter_rows()) == {
        "A": ["first response", "ongoing"],
        "B": ["progression", "new anti-myeloma therapy", "death"],
    }


def test_without_responses_there_is_no_figure_and_a_reason():
    [drawn] = swimmer(trial(ADSL=ADSL))
    assert drawn.figure.empty == "Not collected: responses with their dates."
    assert drawn.figure.data == ()
