import pytest

from cartrial.forms.bedside import IcansAssessment
from cartrial.grading.grade import Grade
from cartrial.grading.icans import IcansSigns, icans_grade
from tests.unit.grading.cases import cases, span

WELL = {
    "orientation": "4",
    "naming": "3",
    "command": "1",
    "writing": "1",
    "attention": "1",
    "why_no_ice": "?",
    "consciousness": "alert",
    "seizure": "none",
    "motor_weakness": "no",
    "pressure": "none",
    "other_cause": "no",
}
NO_ICE = WELL | dict.fromkeys(("orientation", "naming", "command", "writing", "attention"), "?")


def agree(text: str, **fixed: str) -> None:
    """Each row of the table has its expected grade."""
    for signs, row in cases(IcansAssessment, IcansSigns, text, **fixed):
        grade = icans_grade(signs)
        assert span(grade) == row["expected"], (row, grade)


def test_the_ice_score_sets_the_grade() -> None:
    agree(
        """
        orientation  naming  command  writing  attention  expected
        4            3       1        1        1          0
        4            3       1        1        0          1
        4            3       0        0        0          1
        4            2       0        0        0          2
        2            1       0        0        0          2
        1            1       0        0        0          3
        0            0       0        0        0          3
        """,
        **WELL,
    )


def test_an_ice_score_of_0_is_grade_3_awake_and_4_where_unarousable() -> None:
    agree(
        """
        orientation  naming  command  writing  attention  why_no_ice   consciousness  expected
        0            0       0        0        0          ?            alert          3
        0            0       0        0        0          unarousable  unarousable    4
        0            0       0        0        0          unarousable  ?              4
        ?            ?       ?        ?        ?          unarousable  ?              4
        """,
        **WELL,
    )


def test_the_level_of_consciousness_sets_the_grade() -> None:
    agree(
        """
        consciousness                expected
        alert                        0
        awakens spontaneously        1
        awakens to voice             2
        awakens to tactile stimulus  3
        unarousable                  4
        """,
        **WELL,
    )


def test_a_seizure_is_grade_3_or_4() -> None:
    agree(
        """
        seizure                    expected
        none                       0
        resolving rapidly          3
        non-convulsive, resolving  3
        prolonged                  4
        repetitive                 4
        """,
        **WELL,
    )


def test_deep_focal_weakness_is_grade_4() -> None:
    agree(
        """
        motor_weakness  expected
        no              0
        yes             4
        """,
        **WELL,
    )


def test_focal_oedema_is_grade_3_and_other_signs_of_pressure_are_grade_4() -> None:
    agree(
        """
        pressure        expected
        none            0
        focal oedema    3
        diffuse oedema  4
        posturing       4
        VI palsy        4
        papilloedema    4
        Cushing         4
        """,
        **WELL,
    )


def test_the_worst_sign_sets_the_grade() -> None:
    agree(
        """
        attention  consciousness                seizure            pressure      expected
        0          awakens to voice             none               none          2
        0          awakens to tactile stimulus  resolving rapidly  none          3
        1          alert                        resolving rapidly  Cushing       4
        0          alert                        none               focal oedema  3
        """,
        **WELL,
    )


def test_signs_with_another_cause_are_no_icans() -> None:
    agree(
        """
        other_cause  attention  consciousness     seizure     expected
        yes          0          awakens to voice  repetitive  0
        no           0          awakens to voice  repetitive  4
        ?            0          awakens to voice  repetitive  0 to 4
        ?            1          alert             none        0
        """,
        **WELL,
    )


def test_a_missing_ice_score_is_not_grade_0() -> None:
    agree(
        """
        why_no_ice  consciousness                seizure     expected
        ?           alert                        none        0 to 3
        not done    alert                        none        0 to 3
        language    alert                        none        0 to 3
        not done    awakens to voice             none        2 to 3
        not done    awakens to tactile stimulus  none        3
        not done    unarousable                  none        4
        not done    ?                            none        0 to 4
        not done    alert                        repetitive  4
        """,
        **NO_ICE,
    )


def test_under_sedation_neither_ice_nor_consciousness_can_be_read() -> None:
    agree(
        """
        why_no_ice  consciousness  seizure     expected
        sedated     unarousable    none        0 to 4
        sedated     alert          none        0 to 4
        sedated     unarousable    prolonged   4
        """,
        **NO_ICE,
    )


def test_a_missing_item_may_have_any_of_its_points() -> None:
    agree(
        """
        orientation  naming  command  writing  attention  expected
        4            3       1        1        ?          0 to 1
        4            3       1        0        ?          1
        ?            3       1        1        1          0 to 2
        ?            0       1        1        1          1 to 2
        4            ?       1        1        1          0 to 1
        ?            0       0        0        0          2 to 3
        0            0       ?        ?        0          3
        ?            ?       1        1        1          0 to 2
        """,
        **WELL,
    )


def graded(given: dict[str, str], *, baseline_ice: int | None = None) -> Grade:
    """The grade of a subject without signs but for what is given."""
    shown = WELL | given
    ((signs, _),) = cases(
        IcansAssessment, IcansSigns, "  ".join(shown) + "\n" + "  ".join(shown.values())
    )
    return icans_grade(signs, baseline_ice=baseline_ice)


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ({}, "ICE score 10 and no other sign: grade 0"),
        ({"attention": "0"}, "ICE score 9: grade 1"),
        (
            {"consciousness": "unarousable", "motor_weakness": "yes"},
            "consciousness: unarousable and deep focal motor weakness: grade 4",
        ),
        ({"seizure": "prolonged"}, "seizure, prolonged: grade 4"),
        ({"other_cause": "yes"}, "the signs have a cause other than ICANS: grade 0"),
        ({"attention": "?"}, "what is known does not settle it: grade 0 to 1"),
        (
            {"writing": "0", "orientation": "?"},
            "ICE score at most 9: at least grade 1, by what is missing up to 2",
        ),
    ],
)
def test_the_rule_says_what_decided(given: dict[str, str], rule: str) -> None:
    assert graded(given).rule == rule


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"attention": "?"}, ("ICE counting backwards",)),
        ({"attention": "?", "consciousness": "awakens to voice"}, ()),
        ({"seizure": "?", "motor_weakness": "yes"}, ()),
        ({"seizure": "?", "pressure": "focal oedema"}, ("Seizure",)),
        ({"other_cause": "?"}, ()),
        ({"other_cause": "?", "attention": "0"}, ("Signs have a cause other than ICANS",)),
        ({"other_cause": "yes", "seizure": "?"}, ()),
    ],
)
def test_only_what_could_change_the_grade_is_missing(
    given: dict[str, str], missing: tuple[str, ...]
) -> None:
    assert graded(given).missing == missing


def test_sedation_is_said_and_what_it_hides_is_missing() -> None:
    sedated = graded(NO_ICE | {"why_no_ice": "sedated", "consciousness": "unarousable"})
    assert sedated.words == "not assessable"
    assert "Level of consciousness" in sedated.missing
    assert sedated.questions == (
        "What are ICE and consciousness without sedation? Under sedation neither can be read.",
    )


def test_points_beside_a_reason_are_asked_about() -> None:
    assert graded({"why_no_ice": "language"}).questions == (
        "Which is right: ICE not done (language), or its points?",
    )


def test_a_baseline_below_10_does_not_change_the_grade_and_is_told() -> None:
    low, full = graded({"attention": "0"}, baseline_ice=9), graded({"attention": "0"})
    assert (low.lowest, low.highest) == (full.lowest, full.highest) == (1, 1)
    assert low.inputs[-1] == ("ICE score before the infusion", "9 of 10 points")
    assert low.questions == ("Is the loss of points new? ICE was 9 of 10 before the infusion.",)
    assert graded({"attention": "0"}, baseline_ice=10).questions == ()


def test_entries_that_contradict_each_other_are_asked_about() -> None:
    alert = graded(NO_ICE | {"why_no_ice": "unarousable", "consciousness": "alert"})
    assert (alert.certain, alert.questions) == (
        4,
        ("Which is right: ICE not done (unarousable), or consciousness alert?",),
    )
    talking = graded({"consciousness": "unarousable"})
    assert (talking.certain, talking.questions) == (
        4,
        ("Which is right: consciousness unarousable, or the points of ICE?",),
    )
    agreeing = graded(NO_ICE | {"why_no_ice": "unarousable", "consciousness": "unarousable"})
    assert agreeing.questions == ()
