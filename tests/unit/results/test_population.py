from tests.unit.results.made import trial

ADSL = """
subject  TRT01PN  TRT01AN  SAFFL
A        1        1        Y
B        1        2        Y
C        2        2        Y
D        3        -        -
E        -        -        Y
"""
ONE, TWO, THREE = "1 × 10⁶/kg", "2 × 10⁶/kg", "4 × 10⁶/kg"


def test_infused_subjects_stand_at_the_level_given():
    infused = trial(ADSL=ADSL).infused
    assert {c.name: sorted(c.subjects) for c in infused.columns} == {
        ONE: ["A"],
        TWO: ["B", "C"],
        THREE: [],
        "No dose level": ["E"],
        "All": ["A", "B", "C", "E"],
    }


def test_a_subject_that_was_not_infused_stands_at_the_level_planned():
    levels = trial(ADSL=ADSL).levels
    assert levels["D"] == 3
    assert levels["B"] == 2


def test_pools_stand_after_the_levels():
    made = trial(ADSL=ADSL)
    doses = made.study.doses.model_dump() | {"pooled": [{"label": "1-2", "levels": [1, 2]}]}
    study = made.study.model_copy(update={"doses": type(made.study.doses)(**doses)})
    infused = trial(study, ADSL=ADSL).infused
    assert [c.name for c in infused.columns] == [ONE, TWO, THREE, "1-2", "No dose level", "All"]
    assert infused.column("1-2").subjects == {"A", "B", "C"}


def test_a_study_with_one_level_has_one_column():
    made = trial(ADSL="subject  TRT01AN  SAFFL\nA  1  Y\nB  1  Y")
    only = made.study.doses.model_copy(update={"levels": made.study.doses.levels[:1]})
    study = made.study.model_copy(update={"doses": only})
    one = trial(study, ADSL="subject  TRT01AN  SAFFL\nA  1  Y\nB  1  Y")
    assert [c.name for c in one.infused.columns] == ["All"]


def test_the_key_is_that_of_the_trial_where_short_keys_are_not_unique():
    made = trial(ADSL="subject  SUBJID  SAFFL\nS1-1  1  Y\nS2-1  1  Y")
    assert made.infused.everyone == {"S1-1", "S2-1"}


def test_a_key_never_holds_a_space_for_a_space_parts_subjects():
    made = trial(ADSL="subject  SUBJID  SAFFL\nX1  01 A  Y")
    assert made.infused.everyone == {"01_A"}
