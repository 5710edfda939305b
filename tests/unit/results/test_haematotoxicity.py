import pytest

from cartrial.results.haematotoxicity import haematotoxicity
from tests.unit.results.made import cell, labels, output, trial, who, why

ADSL = """
SAFFL = Y
subject  TRT01AN
A        1
B        1
C        2
D        2
"""
ADSCORE = """
SAFFL = Y
AVALU = ug/L
subject  PARAMCD  AVAL  AVALLO  AVALHI  AVALC           DERTXT           ADAY  MISSTXT
A        ICAHTE   3     3       3       grade 3         a run of 18      -     -
B        ICAHTE   -     1       4       at least 1      days not known   -     ANC
C        ICAHTE   -     0       4       not assessable  no count         -     ANC
A        HEMATOX  1     1       1       low             -                -     -
B        HEMATOX  -     1       3       not assessable  -                -     ferritin
C        HEMATOX  4     4       4       high            -                -     -
A        EASIX    0.5   0.5     0.5     -               -                -     -
B        EASIX    2.5   2.5     2.5     -               -                -     -
C        EASIX    -     -       -       -               -                -     LDH
A        IECHS    1     1       1       positive        met              -     -
A        IECFERR  9000  9000    9000    met             >600 (2 × ULN)   9     -
A        IECRISE  1     1       1       met             above all        9     -
A        IECCOM   1     1       1       ALT or AST      ALT 400 U/L      -     -
A        IECSUP   0     0       0       none            -                -     -
B        IECHS    0     0       0       negative        not met          -     -
B        IECFERR  200   200     200     not met         >600 (2 × ULN)   9     -
C        IECHS    -     0       1       cannot be told  not known        -     fibrinogen
C        IECFERR  900.4  900.4  900.4  met             >600 (2 × ULN)   12    -
"""
ADLB = """
PARAMCD = NEUT
subject  ADAY  AVAL  ATOXLLO  ATOXLHI
A        22    3     0        0
A        27    0.4   4        4
B        21    0.7   3        3
B        35    3     0        0
C        28    0.9   2        3
D        40    0.1   4        4
D        60    0.6   3        3
"""
EARLY, ANC = "Early ICAHT, neutrophils, day 0 to 30", "Neutropenia on day {}"


EVIDENCE = (
    "Screen",
    "Ferritin",
    "Limit",
    "New rise",
    "Common criteria met",
    "Supporting",
    "Not known",
)


def parts():
    return haematotoxicity(trial(ADSL=ADSL, ADSCORE=ADSCORE, ADLB=ADLB))


def table():
    return output(parts(), "haematotoxicity")


@pytest.mark.parametrize(
    ("label", "subjects"),
    [
        ("Grade 3", "A"),
        ("At least grade 1", "B"),
        ("Not assessable", "C"),
        ("No score", "D"),
        ("Grade 4", ""),
        ("Grade 3 or higher", "A"),
    ],
)
def test_each_subject_stands_once_at_what_is_known_of_its_grade(label, subjects):
    assert who(table(), label) == subjects


def test_a_score_of_nobody_is_not_shown():
    assert EARLY in labels(table())
    assert "Late ICAHT, neutrophils, day 31 to 100" not in labels(table())


def test_the_result_nearest_to_the_day_says_whether_the_cytopenia_lasts():
    # A: day 27; B: days 21 and 35 are as near, the earlier; C: open; D: none within 7 days
    found = cell(table(), ANC.format(28))
    assert (found["n"], found["of"]) == (2, 3)
    assert who(table(), ANC.format(28)) == "A B"
    assert cell(table(), ANC.format(60)) == {"n": 1, "of": 1, "percent": 100}


def test_a_grade_that_may_be_3_is_counted_as_open():
    found = cell(table(), "Grade open: 3 or higher cannot be excluded")
    assert (found["n"], found["of"]) == (1, 3)
    assert who(table(), "Grade open: 3 or higher cannot be excluded") == "C"


def test_open_is_explained_where_such_a_row_is_there():
    assert any("Open:" in note for note in table().output.footnotes)
    closed = trial(ADSL=ADSL, ADSCORE=ADSCORE, ADLB=ADLB.replace("2        3", "3        3"))
    without = output(haematotoxicity(closed), "haematotoxicity")
    assert not any("Open:" in note for note in without.output.footnotes)


def test_no_result_near_the_day_is_not_a_no():
    assert cell(table(), ANC.format(90))["percent"] is None
    assert why(table(), ANC.format(90), "percent") == "nobody in this group"


def test_a_risk_is_low_or_high_where_every_completion_agrees():
    assert who(table(), "Low, 0 to 1") == "A"
    assert who(table(), "High, 2 or more") == "C"
    assert who(table(), "Not assessable", nth=1) == "B"


def test_easix_is_summarised_over_those_who_have_it():
    found = cell(table(), "EASIX before lymphodepletion, median [q1, q3]")
    assert (found["n"], found["median"]) == (2, 1.5)


def test_the_screen_lists_every_subject_that_is_not_negative_with_its_evidence():
    listed = output(parts(), "iec_hs")
    assert labels(listed) == ["A", "C"]
    said = {column: cell(listed, "A", column)["text"] for column in EVIDENCE}
    assert said == {
        "Screen": "positive",
        "Ferritin": "9,000 ug/L on day 9",
        "Limit": ">600 (2 × ULN)",
        "New rise": "above all",
        "Common criteria met": "ALT 400 U/L",
        "Supporting": "none",
        "Not known": "nothing",
    }
    assert cell(listed, "C", "Screen") == {"text": "cannot be told"}
    assert cell(listed, "C", "Ferritin") == {"text": "900 ug/L on day 12"}
    assert cell(listed, "C", "Not known") == {"text": "fibrinogen"}
    assert who(table(), "Screen negative") == "B"


def test_without_counts_and_scores_nothing_is_shown():
    [found] = haematotoxicity(trial(ADSL=ADSL))
    assert found.output.empty == "Not collected: blood counts."
