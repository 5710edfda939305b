import datetime as dt
from dataclasses import replace

import pytest

from cartrial.adam.retrace import Step
from cartrial.dosing.decision import Recommendation
from cartrial.dosing.state import outcomes
from cartrial.protocol.design import ThreePlusThree
from cartrial.results.escalation import differs, escalation
from cartrial.results.table import Drawn
from tests.unit.results.made import cell, output, trial

ADSL = """
subject  TRT01AN  SAFFL  TRTSDT
A        1        Y      2025-01-01
B        1        Y      2025-01-02
C        1        Y      2025-01-03
D        2        Y      2025-05-01
E        2        Y      2025-05-02
"""
ADDL = """
subject  DOSELVL  EVALLVL  DLTSTAT   DLTFUP  DLTDAY  DLTREAS
A        1        1        complete  84      -       assessed
B        1        1        complete  84      -       assessed
C        1        1        complete  84      -       assessed
D        2        2        DLT       40      8       adjudicated
E        2        2        pending   30      -       30 of 84 days
"""
SAID, DECIDED, INFUSED = "Known, and what the design said", "The committee", "Infused then"


def step(on, level, line, said, decision="escalate"):
    state = outcomes(line, levels=3)
    found = Recommendation(said, False, f"because of {line or 'nobody'}")
    return Step(dt.date.fromisoformat(on), level, decision, "", state, found)


STEPS = (step("2024-12-20", 1, "", 1), step("2025-05-01", 2, "1NNN", 2))


def parts(steps=STEPS, study=None, **datasets):
    made = trial(study, **({"ADSL": ADSL, "ADDL": ADDL} | datasets))
    return escalation(replace(made, steps=steps))


def listed(steps=STEPS, **more):
    return output(parts(steps, **more), "escalation")


def figure(steps=STEPS, **more):
    [found] = [part for part in parts(steps, **more) if isinstance(part, Drawn)]
    return found


def said(table, row, column):
    return cell(table, row, column)["text"]


def test_a_step_stands_with_what_was_known_said_decided_and_infused():
    table = listed()
    assert [row.label for row in table.output.rows] == [
        "1: 2024-12-20",
        "2: 2025-05-01",
        "now 2026-01-31",
    ]
    assert said(table, "2: 2025-05-01", SAID) == "1NNN → level 2. Because of 1NNN"
    assert said(table, "2: 2025-05-01", DECIDED) == "Escalate: level 2"
    assert said(table, "1: 2024-12-20", INFUSED) == "A complete; B complete; C complete"
    assert said(table, "2: 2025-05-01", INFUSED) == "D DLT on day 8; E pending, 30 days"


def test_the_last_line_is_what_the_design_says_today():
    today = said(listed(), "now 2026-01-31", SAID)
    assert today.startswith("1NNN 2T.[30] → level 2. 1 DLT in 1 at dose level 2, 1 pending")
    assert said(listed(), "now 2026-01-31", DECIDED) == "Not decided yet"


@pytest.mark.parametrize(
    ("asked", "done", "other"),
    [
        (Recommendation(2, False, ""), 2, False),
        (Recommendation(1, False, ""), 2, True),
        (Recommendation(None, True, ""), 2, True),
        (Recommendation(None, False, ""), None, False),
        (Recommendation(None, True, ""), None, True),
        (None, 2, False),
    ],
)
def test_a_step_differs_where_it_went_elsewhere_than_the_design_said(asked, done, other):
    assert differs(replace(STEPS[1], level=done, said=asked)) is other


def test_steps_that_differ_are_counted():
    bold = replace(STEPS[1], level=3)
    table = listed((STEPS[0], bold))
    assert said(table, "2: 2025-05-01", DECIDED) == "Escalate: level 3. Other than the design"
    assert "1 of 2 steps went elsewhere than the design said." in table.output.footnotes


def test_without_a_recorded_decision_the_level_infused_is_named():
    table = listed((replace(STEPS[0], decision=""),))
    assert said(table, "1: 2024-12-20", DECIDED) == "Not recorded; level 1 was infused"


def test_why_the_design_said_nothing_is_told():
    mute = replace(STEPS[1], said=None, why_not="too many patients")
    assert said(listed((mute,)), "1: 2025-05-01", SAID) == "1NNN → no dose: too many patients"


def test_who_was_infused_before_the_first_step_is_named():
    notes = listed(STEPS[1:]).output.footnotes
    assert "Infused before the first step, or on an unknown day: A, B, C." in notes


def test_the_steps_stand_between_the_subjects_in_the_order_of_infusion():
    data = figure().data
    assert data["escalation_infused"]["subject"].to_list() == list("ABCDE")
    steps = data["escalation_steps"]
    assert steps.select("place", "until", "level", "label").rows() == [
        (0.5, 3.5, 1, "1"),
        (3.5, 5.5, 2, "2"),
    ]


def test_steps_in_one_place_share_a_label():
    again = (STEPS[0], replace(STEPS[0], on=dt.date(2024, 12, 27)), STEPS[1])
    assert figure(again).data["escalation_steps"]["label"].to_list() == [None, "1, 2", "3"]


def test_without_steps_or_subjects_one_line_says_so():
    nobody = {"ADSL": "subject  SAFFL\nA        -", "ADDL": "subject  DLTSTAT"}
    assert listed((), **nobody).output.empty.startswith("Nothing has happened")
    assert figure((), **nobody).figure.empty == "Nobody was infused on a known day."
    assert listed(()).output.empty.startswith("No step is known")
    assert figure(()).data["escalation_steps"].is_empty()


@pytest.mark.parametrize(("missing", "why"), [("dlt", "Not assessed"), ("ADDL", "Not collected")])
def test_what_cannot_be_told_says_why(missing, why):
    made = trial(ADSL=ADSL)
    study = made.study.model_copy(update={"dlt": None} if missing == "dlt" else {})
    [part] = escalation(replace(made, study=study))
    assert part.output.empty.startswith(why)


def test_a_study_without_a_design_has_no_such_part():
    study = trial(ADSL=ADSL).study.model_copy(update={"design": None})
    assert parts(study=study) == ()


def test_a_trial_that_the_design_cannot_decide_on_is_still_reported():
    crowd = [f"S{n}  1  Y  2025-01-{n + 10}" for n in range(1, 8)]
    adsl = "\n".join(["subject  TRT01AN  SAFFL  TRTSDT", *crowd])
    rows = [f"S{n}  1  1  complete  84" for n in range(1, 8)]
    addl = "\n".join(["subject  DOSELVL  EVALLVL  DLTSTAT  DLTFUP", *rows])
    study = trial(ADSL=adsl).study.model_copy(update={"design": ThreePlusThree()})
    table = listed(STEPS[:1], study=study, ADSL=adsl, ADDL=addl)
    why = "no dose: dose level 1: patients must be at most 6 in a 3+3, got 7"
    assert said(table, "now 2026-01-31", SAID) == f"1NNNNNNN → {why}"
