import pytest

from cartrial.results.severity import adverse_events, worst
from tests.unit.results.made import trial


@pytest.mark.parametrize(
    ("levels", "at", "high", "missing"),
    [
        ([1, 3], 3, True, False),
        ([1, None], None, False, True),
        ([3, None], None, True, True),
        ([5, None], 5, True, False),
        ([None], None, False, True),
        ([2], 2, False, False),
    ],
)
def test_an_event_without_grade_makes_the_worst_grade_unknown(levels, at, high, missing):
    found = worst([("A", level) for level in levels])
    assert [n for n in range(1, 6) if "A" in found.at[n]] == ([] if at is None else [at])
    assert ("A" in found.high, "A" in found.missing) == (high, missing)
    assert found.any == {"A"}


def test_severity_in_words_is_never_made_a_grade():
    ae = """
    subject  AEDECOD  AESEV
    A        RASH     SEVERE
    A        COUGH    MILD
    """
    events, scale = adverse_events(trial(ADSL="subject  SAFFL\nA  Y", ADAE=ae))
    assert scale.high == "Severe or worse"
    assert events["level"].to_list() == [3, 1]


def test_events_with_a_grade_and_a_severity_are_shown_by_grade():
    ae = """
    subject  AEDECOD  AESEV   ATOXGRN
    A        RASH     SEVERE  2
    A        COUGH    MILD    -
    """
    events, scale = adverse_events(trial(ADSL="subject  SAFFL\nA  Y", ADAE=ae))
    assert scale.high == "Grade 3 or higher"
    assert events["level"].to_list() == [2, None]
