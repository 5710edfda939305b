"""The file of a plan: what is written is read back, and each fault has its line."""

import pytest

from cartrial.errors import DataError
from cartrial.intake.plan.model import Fill, Filling, Plan, TablePlan, questions
from cartrial.intake.plan.read import parse_plan
from cartrial.intake.plan.write import write_plan

PLAN = """\
source: vitals.csv
tables:
- table: vitals.csv
  shape: abc
  forms:
  - form: vital_signs
    fields:
      subject: {column: Patient, like: 999-999}
      at: {column: Date, time: Time, dates: day/month/year}
      pulse: HR
  left out:
    Nurse: like no field
"""


def test_a_plan_in_words():
    plan = parse_plan(PLAN, place="plan.yaml")
    fields = {
        "subject": Fill("Patient", like="999-999"),
        "at": Fill("Date", time="Time", dates="day/month/year"),
        "pulse": Fill("HR"),
    }
    filling = Filling("vital_signs", fields)
    left = {"Nurse": "like no field"}
    assert plan == Plan((TablePlan("vitals.csv", "abc", (filling,), left),), "vitals.csv")
    assert parse_plan(write_plan(plan), place="plan.yaml") == plan


def test_bare_words_of_yaml_stay_words():
    words = "{column: HR, words: {no: 60, 1: 70, 2024-03-01: 80}}"
    plan = parse_plan(PLAN.replace("pulse: HR", f"pulse: {words}"), place="plan.yaml")
    pulse = plan.tables[0].fillings[0].fields["pulse"]
    assert pulse.words == {"no": "60", "1": "70", "2024-03-01": "80"}


def test_a_question_may_stand_with_or_without_its_quotes():
    for asked in ("'ask: which one?'", "\n        ask: which one?"):
        text = PLAN.replace("pulse: HR", f"pulse: {asked}")
        told = [str(question) for question in questions(parse_plan(text, place="plan.yaml"))]
        assert told == ["vitals.csv: pulse: must be answered: which one?"]


def test_nothing_is_asked_of_a_row_that_is_left_out():
    fields = (
        "{analyte: {column: Test, words: {colour: leave out}}, specimen: {column: Test, words: "
    )
    text = (
        PLAN[: PLAN.index("  - form")]
        + f"""\
  - form: laboratory
    fields: {fields}{{colour: 'ask: specimen of colour?', Hb: 'ask: specimen of Hb?'}}}}}}
"""
    )
    told = [question.text for question in questions(parse_plan(text, place="plan.yaml"))]
    assert told == ["specimen of Hb?"]


def test_a_form_that_is_left_out_is_not_filled():
    plan = parse_plan(PLAN.replace("form: vital_signs", "form: leave out"), place="plan.yaml")
    assert plan.tables[0].fillings == ()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "form: vital_signs",
            "form: vital_sings",
            "line 6: form must be a form, got vital_sings. Did you mean vital_signs?",
        ),
        (
            "pulse: HR",
            "puls: HR",
            "line 10: puls must be a field of vital_signs, got an unknown name. Did you mean "
            "pulse?",
        ),
        (
            "pulse: HR",
            "pulse: HR\n      pulse: Puls",
            "line 11: pulse must stand once, got it twice. Two columns cannot fill it",
        ),
        (
            "pulse: HR",
            "pulse: [HR, Puls]",
            "line 10: pulse must be filled by one column, got 2",
        ),
        (
            "dates: day/month/year",
            "dates: dd/mm/yyyy",
            "line 9: dates must be one of day/month/year, month/day/year, year/month/day, "
            "year/day/month, got dd/mm/yyyy",
        ),
        (
            "time: Time",
            "tiem: Time",
            "line 9: tiem must be a setting of at, got an unknown name. Did you mean time?",
        ),
        (
            "pulse: HR",
            "pulse: {unit: bpm}",
            "line 10: pulse must have a column, `always` or `counted: per subject`, got none",
        ),
        ("pulse: HR", "pulse: {column: HR", "line 11: must be YAML, got "),
        ("  forms:\n", "  forms: vital_signs\n  formz:\n", "line 6: formz must be a table, got"),
        (PLAN, "", "an import plan must be written as `name: value`, got something else"),
    ],
)
def test_a_fault_has_its_line_and_its_remedy(old, new, said):
    with pytest.raises(DataError) as caught:
        parse_plan(PLAN.replace(old, new), place="plan.yaml")
    assert str(caught.value).startswith(f"plan.yaml: {said}")


def test_guesses_stand_as_comments():
    fill = Fill("HR", sure="likely", why="another name\nof the field")
    filling = Filling("vital_signs", {"pulse": fill}, sure="sure", why="its name says so")
    text = write_plan(Plan((TablePlan("vitals.csv", "abc", (filling,)),), "vitals.csv"))
    assert "  - form: vital_signs  # sure: its name says so\n" in text
    assert "      pulse: HR  # likely: another name of the field\n" in text
