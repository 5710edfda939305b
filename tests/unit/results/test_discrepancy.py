from cartrial.results.discrepancy import discrepancies
from tests.unit.results.made import cell, labels, output, trial

ADSL = """
SAFFL = Y
subject  TRT01AN
A        1
B        1
C        2
"""
ADTOX = """
PARAMCD = CRS
subject  ADTM              ADAY  EPNO  ATOXGRN  DTOXGRL  DTOXGRH  AGREEFL  DTOXRULE  DTOXMISS
A        2025-01-02T08:00  1     1     2        1        1        N        fever     -
A        2025-01-03T08:00  2     1     1        3        4        N        mask      oxygen
A        2025-01-03T16:00  2     1     1        2        2        N        low flow  -
A        2025-01-04T08:00  3     1     3        2        2        N        low flow  -
A        2025-01-05T08:00  4     1     2        2        2        Y        low flow  -
B        2025-01-05T08:00  4     1     1        1        1        Y        fever     -
B        -                 6     -     1        0        0        N        no sign   -
C        2025-01-05T08:00  4     1     1        1        1        Y        fever     -
"""
ADCE = """
ACAT = CRS
subject  EPNO  ASRC                ATOXGRN  DTOXGRL  DTOXGRH  AGREEFL  ASTDAY  AENDAY  DTOXRULE
A        1     AE and assessments  3        3        4        Y        1       5       mask
B        1     assessments         1        1        1        Y        4       4       fever
B        -     AE                  2        -        -        -        20      -       -
C        1     AE and assessments  2        1        1        N        4       5       fever
"""


def listed(name):
    return output(discrepancies(trial(ADSL=ADSL, ADTOX=ADTOX, ADCE=ADCE)), name)


def test_an_episode_has_one_line_with_its_worst_disagreement():
    found = listed("grade_discrepancies")
    assert labels(found) == ["A", "C"]
    assert cell(found, "A", "Assessments that disagree") == {"text": "4"}
    assert cell(found, "A", "Furthest apart") == {
        "text": "day 2: grade 1 recorded, at least grade 3 (3 to 4) derived"
    }
    assert cell(found, "A", "Derived by") == {"text": "mask; missing: oxygen"}


def test_an_episode_whose_worst_grade_alone_disagrees_is_listed():
    found = listed("grade_discrepancies")
    assert cell(found, "C", "Worst recorded") == {"text": "grade 2"}
    assert cell(found, "C", "Worst derived") == {"text": "grade 1"}
    assert cell(found, "C", "Furthest apart") == {"text": "none"}


def test_of_an_episode_the_assessments_furthest_apart_are_listed_and_the_rest_is_counted():
    found = listed("assessment_discrepancies")
    assert labels(found) == ["A", "A", "A", "B"]
    days = [cell(found, "A", "Day", nth=n)["text"] for n in range(3)]
    assert days == ["1", "2", "2"]
    assert cell(found, "B", "Derived by") == {"text": "no sign"}
    assert cell(found, "B", "Episode") == {"text": "outside an episode"}
    assert any(note.startswith("Not listed: 1 more assessment;") for note in found.output.footnotes)


def test_events_and_episodes_without_each_other_are_listed():
    found = listed("unmatched_episodes")
    assert labels(found) == ["B", "B"]
    assert cell(found, "B", "Found", nth=0) == {
        "text": "episode in the assessments, no adverse event"
    }
    assert cell(found, "B", "Found", nth=1) == {
        "text": "adverse event, no episode in the assessments"
    }


def test_an_event_of_a_subject_without_assessments_is_not_unmatched():
    alone = ADCE.replace("B        -     AE", "Z        -     AE")
    made = trial(ADSL=ADSL + "Z        1\n", ADTOX=ADTOX, ADCE=alone)
    assert labels(output(discrepancies(made), "unmatched_episodes")) == ["B"]


def test_agreement_is_said():
    agreed = ADTOX.replace(" N  ", " Y  ")
    made = trial(ADSL=ADSL, ADTOX=agreed, ADCE=ADCE.replace(" N  ", " Y  "))
    for name in ("grade_discrepancies", "assessment_discrepancies"):
        found = output(discrepancies(made), name)
        assert found.output.empty == "No recorded grade disagrees with the derived one."


def test_without_assessments_there_is_no_listing():
    assert discrepancies(trial(ADSL=ADSL, ADCE=ADCE)) == ()
