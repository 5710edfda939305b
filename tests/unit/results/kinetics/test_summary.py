from cartrial.results.kinetics.analyte import analytes
from cartrial.results.kinetics.summary import summaries
from tests.unit.results.kinetics.trial import ADSL, small_trial

ONE_LEVEL = ADSL.replace("        2        Y", "        1        Y")
HEAD = """
SPEC = BLOOD
SRCDOM = PC
PARAMCD = CARTG
PARAM = CAR DNA
METHOD = qPCR
AVALU = copies/ug
VISIT = Day 14
"""


def middle(rows: str):
    trial = small_trial(ADSL=ONE_LEVEL, ADPC=HEAD + rows)
    by_level, _ = summaries(trial, analytes(trial)[0])
    [found] = by_level.data["car_qpcr_by_level"].to_dicts()
    return found


def test_results_below_the_limit_rank_lowest_and_make_no_number():
    found = middle("""
    subject  AVAL  ASTATUS               ALLOQ  ADAY  ARELTM
    A        -     below quantification  50     14    14
    B        -     not detected          60     14    14
    C        100   quantified            50     14    14
    D        -     below quantification  55     14    14
    """)
    assert (found["n"], found["quantified"]) == (4, 1)
    assert found["below"]
    assert (found["median"], found["q1"], found["geometric_mean"]) == (60, 60, None)


def test_a_median_above_the_limit_is_a_number():
    found = middle("""
    subject  AVAL  ASTATUS               ALLOQ  ADAY  ARELTM
    A        -     below quantification  50     14    14
    B        100   quantified            50     14    14
    C        300   quantified            50     14    14
    """)
    assert (found["median"], found["below"], found["q1"]) == (100, False, 50)
    assert found["q3"] == 200


def test_the_geometric_mean_needs_every_result_quantified():
    found = middle("""
    subject  AVAL  ASTATUS     ALLOQ  ADAY  ARELTM
    A        10    quantified  5      14    14
    B        100   quantified  5      14    14
    C        1000  quantified  5      14    14
    """)
    assert abs(found["geometric_mean"] - 100) < 1e-9
    assert found["day"] == 14


def test_two_results_are_too_few_for_a_point():
    trial = small_trial()
    by_level, by_response = summaries(trial, analytes(trial)[0])
    assert by_level.figure.empty == "No visit with 3 subjects measured."
    assert by_response.figure.empty == "No visit with 3 subjects measured."
