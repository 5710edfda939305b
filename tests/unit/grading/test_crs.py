import pytest

from cartrial.forms.bedside import CrsAssessment
from cartrial.grading.crs import CrsSigns, crs_grade
from cartrial.grading.grade import Grade
from tests.unit.grading.cases import cases, span

WELL = {
    "temperature": "36.8",
    "other_cause": "no",
    "treated": "no",
    "hypotension": "no",
    "pressure_other_cause": "no",
    "vasopressors": "0",
    "vasopressin": "no",
    "oxygen": "none",
    "oxygen_flow": "0",
    "oxygen_other_cause": "no",
}
FEBRILE = WELL | {"temperature": "38.5"}
OPEN = {"yes": True, "no": False, None: None}


def agree(text: str, **fixed: str) -> None:
    """Each row of the table has its expected grade; no episode is open unless it says so."""
    fixed = {"open": "no"} | fixed
    for signs, row in cases(CrsAssessment, CrsSigns, text, **fixed):
        grade = crs_grade(signs, was_open=OPEN[row["open"]])
        assert span(grade) == row["expected"], (row, grade)


def test_fever_of_38_or_more_is_grade_1() -> None:
    agree(
        """
        temperature  other_cause  expected
        37.9         no           0
        38.0         no           1
        38.0         yes          0
        40.5         no           1
        40.5         yes          0
        """,
        **WELL,
    )


def test_the_number_of_vasopressors_sets_the_grade_by_pressure() -> None:
    agree(
        """
        hypotension  vasopressors  vasopressin  expected
        no           0             no           1
        yes          0             no           2
        yes          1             no           3
        yes          1             yes          3
        yes          0             yes          3
        yes          2             no           4
        yes          2             yes          4
        yes          3             no           4
        no           1             no           3
        """,
        **FEBRILE,
    )


def test_the_device_sets_the_grade_by_oxygen() -> None:
    agree(
        """
        oxygen                  oxygen_flow  expected
        none                    0            1
        low-flow nasal cannula  2            2
        low-flow nasal cannula  6            2
        blow-by                 4            2
        high-flow nasal cannula  30          3
        face mask               8            3
        non-rebreather mask     15           3
        Venturi mask            9            3
        CPAP                    ?            4
        BiPAP                   ?            4
        mechanical ventilation  ?            4
        """,
        **FEBRILE,
    )


def test_the_device_beats_the_flow_and_a_cannula_above_6_litres_is_high_flow() -> None:
    agree(
        """
        oxygen                   oxygen_flow  expected
        face mask                5            3
        high-flow nasal cannula  5            3
        low-flow nasal cannula   6.5          3
        low-flow nasal cannula   ?            2
        blow-by                  10           2
        blow-by                  ?            2
        ?                        8            1 to 4
        """,
        **FEBRILE,
    )


def test_the_worse_of_pressure_and_oxygen_sets_the_grade() -> None:
    agree(
        """
        hypotension  vasopressors  oxygen                  oxygen_flow  expected
        yes          1             low-flow nasal cannula  3            3
        yes          0             face mask               8            3
        yes          0             low-flow nasal cannula  3            2
        yes          2             none                    0            4
        no           0             BiPAP                   ?            4
        yes          1             CPAP                    ?            4
        """,
        **FEBRILE,
    )


def test_pressure_and_oxygen_count_only_where_they_have_no_other_cause() -> None:
    agree(
        """
        vasopressors  pressure_other_cause  oxygen                  oxygen_other_cause  expected
        1             no                    mechanical ventilation  yes                 3
        0             no                    CPAP                    yes                 1
        2             yes                   none                    no                  1
        2             yes                   face mask               no                  3
        2             yes                   CPAP                    yes                 1
        """,
        **FEBRILE,
    )


def test_a_treated_open_episode_needs_no_fever() -> None:
    agree(
        """
        open  treated  temperature  hypotension  vasopressors  oxygen     expected
        yes   yes      36.8         yes          0             none       2
        yes   yes      36.8         yes          2             none       4
        yes   yes      36.8         no           0             face mask  3
        yes   yes      36.8         no           0             none       0
        yes   yes      38.2         no           0             none       1
        yes   yes      38.2         yes          1             none       3
        """,
        **WELL,
    )


def test_no_crs_begins_without_fever() -> None:
    agree(
        """
        open  treated  temperature  other_cause  hypotension  oxygen     expected
        no    no       36.8         no           yes          none       0
        no    no       36.8         no           no           face mask  0
        no    yes      36.8         no           yes          face mask  0
        no    no       39.0         yes          yes          none       0
        """,
        **WELL,
    )


def test_a_sign_without_fever_or_treatment_in_an_open_episode_is_a_question() -> None:
    agree(
        """
        open  treated  temperature  hypotension  vasopressors  oxygen  expected
        yes   no       36.8         no           0             none    0
        yes   no       36.8         yes          0             none    0 to 2
        yes   no       36.8         yes          1             none    0 to 3
        yes   no       36.8         no           0             BiPAP   0 to 4
        yes   ?        36.8         yes          0             none    0 to 2
        """,
        **WELL,
    )


def test_what_is_unknown_makes_an_interval() -> None:
    agree(
        """
        temperature  other_cause  hypotension  vasopressors  vasopressin  oxygen     expected
        38.5         no           ?            0             no           none       1 to 2
        38.5         no           yes          ?             no           none       2 to 4
        38.5         no           yes          0             ?            none       2 to 3
        38.5         no           ?            1             ?            none       3
        38.5         no           no           2             no           ?          4
        38.5         no           no           0             no           ?          1 to 4
        38.5         ?            no           0             no           none       0 to 1
        38.5         ?            yes          1             no           none       0 to 3
        ?            no           no           0             no           none       0 to 1
        ?            yes          yes          2             no           CPAP       0
        ?            ?            ?            ?             ?            ?          0 to 4
        """,
        **WELL,
    )


def test_whether_an_episode_is_open_may_be_unknown() -> None:
    agree(
        """
        open  treated  temperature  hypotension  expected
        ?     yes      36.8         yes          0 to 2
        ?     yes      36.8         no           0
        ?     no       38.0         yes          2
        """,
        **WELL,
    )


def graded(given: dict[str, str], *, was_open: bool | None = False) -> Grade:
    """The grade of a febrile subject who shows nothing else than what is given."""
    shown = FEBRILE | given
    ((signs, _),) = cases(
        CrsAssessment, CrsSigns, "  ".join(shown) + "\n" + "  ".join(shown.values())
    )
    return crs_grade(signs, was_open=was_open)


@pytest.mark.parametrize(
    ("given", "was_open", "rule"),
    [
        ({}, False, "fever alone: grade 1"),
        ({"vasopressors": "1"}, False, "one vasopressor, with fever: grade 3"),
        ({"vasopressin": "yes"}, False, "vasopressin alone, with fever: grade 3"),
        (
            {"vasopressors": "2", "oxygen": "BiPAP"},
            False,
            "2 vasopressors and BiPAP, with fever: grade 4",
        ),
        (
            {"oxygen": "low-flow nasal cannula", "oxygen_flow": "8"},
            False,
            "nasal cannula above 6 L/min, with fever: grade 3",
        ),
        (
            {"temperature": "37", "treated": "yes", "hypotension": "yes"},
            True,
            "hypotension, in a treated episode, where fever is not needed: grade 2",
        ),
        (
            {"temperature": "37", "hypotension": "yes"},
            True,
            "hypotension without fever or treatment in an open episode: "
            "grade 2 if due to CRS, else grade 0",
        ),
        (
            {"temperature": "37", "oxygen": "CPAP"},
            False,
            "CPAP without fever, and no episode is open: no CRS, grade 0",
        ),
        (
            {"temperature": "37"},
            False,
            "no fever due to CRS, and no episode is open: no CRS, grade 0",
        ),
        ({"temperature": "37"}, True, "no sign of CRS: grade 0"),
        ({"oxygen": "?"}, False, "fever alone: at least grade 1, by what is missing up to 4"),
        ({"temperature": "?"}, False, "what is known does not settle it: grade 0 to 1"),
    ],
)
def test_the_rule_says_what_decided(given: dict[str, str], was_open: bool, rule: str) -> None:
    assert graded(given, was_open=was_open).rule == rule


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"hypotension": "?", "vasopressors": "1"}, ()),
        ({"vasopressors": "2", "oxygen": "?", "vasopressin": "?"}, ()),
        ({"oxygen": "face mask", "hypotension": "?"}, ()),
        ({"oxygen": "?", "oxygen_flow": "4"}, ("Oxygen support",)),
        ({"oxygen": "low-flow nasal cannula", "oxygen_flow": "?"}, ()),
        ({"hypotension": "yes", "vasopressin": "?", "treated": "?"}, ("Vasopressin",)),
        ({"other_cause": "?"}, ("Fever has a cause other than CRS",)),
        (
            {"temperature": "?", "hypotension": "yes"},
            ("Highest temperature since the last assessment",),
        ),
    ],
)
def test_only_what_could_change_the_grade_is_missing(
    given: dict[str, str], missing: tuple[str, ...]
) -> None:
    assert graded(given).missing == missing


def test_an_unknown_episode_is_missing_where_it_matters() -> None:
    suppressed = {"temperature": "37", "treated": "yes", "hypotension": "yes"}
    assert graded(suppressed, was_open=None).missing == ("An episode of CRS is open",)
    assert graded({"hypotension": "yes"}, was_open=None).missing == ()


def test_the_inputs_are_what_was_known_in_words_with_unit() -> None:
    known = graded({"vasopressors": "1", "oxygen": "?", "oxygen_flow": "4"}, was_open=True).inputs
    assert known == (
        ("Highest temperature since the last assessment", "38.5 °C"),
        ("Fever has a cause other than CRS", "no"),
        ("Antipyretic, tocilizumab or steroid given for this episode", "no"),
        ("Hypotension", "no"),
        ("Hypotension has a cause other than CRS", "no"),
        ("Vasopressors, vasopressin not counted", "1 drug"),
        ("Vasopressin", "no"),
        ("Oxygen flow", "4 L/min"),
        ("Oxygen need has a cause other than CRS", "no"),
        ("An episode of CRS is open", "yes"),
    )


def test_a_judgement_is_asked_for() -> None:
    untreated = graded({"temperature": "37", "vasopressors": "1"}, was_open=True)
    assert untreated.questions == (
        "Is it due to CRS, without fever or treatment: one vasopressor?",
    )
    assert graded({"oxygen_flow": "4"}).questions == (
        "Which is right: no oxygen support, or the oxygen flow?",
    )
    assert graded({"oxygen": "low-flow nasal cannula", "oxygen_flow": "8"}).questions == (
        "Which is right: a low-flow cannula, or more than 6 L/min?",
    )


def test_the_scale_is_named() -> None:
    assert graded({}).scale == "ASTCT-2019"
