import pytest

from cartrial.protocol.study import DAYS_PER_MONTH
from cartrial.results.response.swimmer import swimmer
from tests.unit.results.made import trial

ADSL = """
TRTSDT = 2025-01-01
SAFFL = Y
subject  TRT01AN  LSTALVDT    NACTDT      DTHDT       DTHFL  EOSSTT
A        2        2025-04-01  -           -           -      ONGOING
B        2        2025-07-01  2025-05-01  2025-07-01  Y      DISCONTINUED
C        1        2025-02-01  -           -           -      DISCONTINUED
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
subject  PARAMCD  AVAL  ADT         CNSR  EVNTDESC
B        PFS      90    2025-04-01  0     Progression
A        PFS      59    2025-03-01  1     No progression or death
"""
ADCE = """
ACAT = CRS
SAFFL = Y
REGFL = Y
subject  ASTDT       ASTDTF  ASTDAY  AENDAY  ATOXGRN  INFNO
A        2025-01-02  -       1       5       2        1
B        2025-01-04  -       3       -       -        1
B        2025-03-01  -       0       4       1        2
C        2025-01-01  D       0       9       1        1
"""


def figure(**more: str):
    [drawn] = swimmer(trial(ADSL=ADSL, ADRS=ADRS, ADTTE=ADTTE, **more))
    return drawn


def test_dose_levels_stand_together_and_the_longest_followed_on_top():
    spans = figure().data["swimmer_spans"]
    assert spans["subject"].unique(maintain_order=True).to_list() == ["C", "B", "A"]
    ends = spans.group_by("subject", maintain_order=True).last()
    assert ends["end"].to_list() == pytest.approx([d / DAYS_PER_MONTH for d in (31, 181, 90)])


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


def test_crs_is_that_after_the_first_infusion_with_both_days_counted():
    crs = figure(ADCE=ADCE).data["swimmer_crs"]
    assert crs.select("subject", "first", "last", "until", "grade").rows() == [
        ("A", 1, 5, 6.0, "grade 2"),
        ("B", 3, None, 4.0, "grade missing"),
    ]


def test_an_episode_without_its_first_day_is_counted_and_not_drawn():
    notes = figure(ADCE=ADCE).figure.footnotes
    assert notes[-1] == "CRS whose first day is not known, not drawn: 1 episode."


def test_without_crs_the_figure_says_nothing_of_it():
    drawn = figure()
    assert drawn.data["swimmer_crs"].is_empty()
    assert not [note for note in drawn.figure.footnotes if "CRS" in note]


def test_without_responses_there_is_no_figure_and_a_reason():
    [drawn] = swimmer(trial(ADSL=ADSL))
    assert drawn.figure.empty == "Not collected: responses with their dates."
    assert drawn.figure.data == ()


def test_a_response_published_without_visits_is_as_long_as_it_is_published_to_have_lasted():
    adrs = """
    subject  PARAMCD  AVAL  AVALC  MVAL     MUNIT
    A        UBOR     5     VGPR   -        -
    A        PUBDUR   1     Y      60.875   day
    B        UBOR     2     SD     -        -
    B        PUBDUR   -     -      30.4375  day
    C        UBOR     4     PR     -        -
    """
    adsl = """
    SAFFL = Y
    subject  TRT01AN
    A        1
    B        1
    C        2
    """
    [drawn] = swimmer(trial(ADSL=adsl, ADRS=adrs))
    bars = drawn.data["swimmer_spans"].select("subject", "start", "end", "status").rows()
    assert bars == [("A", 0, 2, "VGPR"), ("B", 0, 1, "SD")]
    assert drawn.data["swimmer_marks"].select("subject", "month", "mark").rows() == [
        ("A", 2, "ongoing")
    ]
    assert drawn.figure.footnotes[-1] == "No duration is published for: C."
