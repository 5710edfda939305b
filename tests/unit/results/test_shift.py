from cartrial.results.shift import shifts
from tests.unit.results.made import cell, labels, output, trial, who

ADSL = """
SAFFL = Y
subject  TRT01AN
A        1
B        1
C        2
D        2
"""
ADLB = """
ATOXDSCL = Neutrophil count decreased
PARAMCD = NEUT
PARAM = Neutrophils (10^9/L)
subject  ABLFL  ADAY  AVAL  ATOXLLO  ATOXLHI
A        Y      -6    4     0        0
A        -      0     2     0        0
A        -      9     0.1   4        4
A        -      20    1.2   2        2
B        -      -9    1     2        2
B        Y      -6    1.3   2        2
B        -      9     0.7   2        3
C        -      12    0.7   3        3
C        -      13    7     -        -
D        Y      -5    9     -        -
"""
LOW = "Neutrophil count decreased (neutrophils)"


def table():
    return output(shifts(trial(ADSL=ADSL, ADLB=ADLB)), "lab_shift_low")


def test_each_subject_stands_once_at_its_baseline_and_its_worst_grade():
    found = table()
    assert labels(found) == [LOW, "Grade 0", "Grade 2", "Not assessable", "Baseline missing"]
    assert who(found, "Grade 0", "Grade 4") == "A"
    assert [who(found, row.label, "All") for row in found.output.rows[1:]] == ["A", "B", "D", "C"]


def test_an_interval_is_its_own_column_and_never_a_number():
    found = table()
    assert who(found, "Grade 2", "At least grade 2") == "B"
    assert cell(found, "Grade 2", "At least grade 3")["n"] == 0


def test_a_result_that_cannot_be_graded_leaves_the_worst_open():
    # C: grade 3 on day 12, and a result without grade on day 13 that may be worse
    assert who(table(), "Baseline missing", "At least grade 3") == "C"


def test_a_result_in_words_leaves_the_worst_open_and_one_not_done_does_not():
    table = """
        ATOXDSCL = Neutrophil count decreased
        PARAMCD = NEUT
        PARAM = Neutrophils (10^9/L)
        subject  ADAY  AVAL  AVALC  ATOXLLO  ATOXLHI  WHYMISS
        A        9     1.2   1.2    2        2        -
        A        12    -     <0.5   -        -        the result is in words
        B        9     1.2   1.2    2        2        -
        B        12    -     -      -        -        not in a known unit
        C        9     1.2   1.2    2        2        -
        C        12    -     -      -        -        not done
    """
    found = output(shifts(trial(ADSL=ADSL, ADLB=table)), "lab_shift_low")
    assert who(found, "Baseline missing", "At least grade 2") == "A B"
    assert who(found, "Baseline missing", "Grade 2") == "C"


def test_no_result_after_the_infusion_is_said():
    assert who(table(), "Not assessable", "No result") == "D"


def test_what_would_settle_an_open_grade_is_asked_once_under_the_table():
    asked = "\nATOXASKL = symptomatic? grade 2; left untreated? grade 1\n" + ADLB
    notes = output(shifts(trial(ADSL=ADSL, ADLB=asked)), "lab_shift_low").output.footnotes
    said = "the answers that would settle an open grade"
    assert f"{LOW}, {said}: symptomatic? grade 2; left untreated? grade 1." in notes


def test_a_direction_without_results_says_so():
    found = output(shifts(trial(ADSL=ADSL, ADLB=ADLB)), "lab_shift_high")
    assert found.output.empty == "Not collected: laboratory results that CTCAE grades."
