"""The escalation of small trials, step by step: `date: known on the day -> said | decided`."""

import pytest

from cartrial.adam.derive import derive_adam
from cartrial.adam.retrace import asked, retrace
from cartrial.protocol.design import ThreePlusThree
from cartrial.protocol.rules import Rules
from cartrial.sdtm.tabulate import tabulate
from tests.unit.adam.trial import STUDY
from tests.unit.forms.tables import filled

DEMOGRAPHICS = """
    subject  consented   level
    001      2023-12-01  1
    002      2023-12-01  1
    003      2023-12-01  1
    004      2023-12-01  2
"""
INFUSION = """
    subject  number  at          level  planned  given
    001      1       2024-01-10  1      1        1
    002      1       2024-01-20  1      1        1
    003      1       2024-01-30  1      1        1
    004      1       2024-05-20  2      2        2
"""
VISIT = """
    subject  visit    on          safety
    001      Week 12  2024-04-05  yes
    002      Week 12  2024-04-15  yes
    003      Week 12  2024-04-25  yes
    004      Day 28   2024-06-17  yes
"""
DECISIONS = """
    number  decided     from_level  to_level  decision  reason
    1       2024-01-02  0           1         escalate  start
    2       2024-05-20  1           1         stay      wait and see
"""


def steps(decisions=None, study=STUDY, **more):
    given = {"demographics": DEMOGRAPHICS, "infusion": INFUSION, "visit": VISIT} | more
    if decisions:
        given["dose_decision"] = decisions
    sdtm = tabulate(study, filled(**given))
    return retrace(study, sdtm, derive_adam(study, sdtm))


def drawn(found):
    return [
        f"{step.on}: {step.before.line or 'nobody'} -> "
        f"{step.said.level if step.said else step.why_not} | {step.decision or '-'} {step.level}"
        for step in found
    ]


def test_each_decision_stands_beside_what_the_design_said_on_that_day():
    assert drawn(steps(DECISIONS)) == [
        "2024-01-02: nobody -> 1 | escalate 1",
        "2024-05-20: 1NNN -> 2 | stay 1",
    ]
    assert [step.reason for step in steps(DECISIONS)] == ["start", "wait and see"]


def test_nothing_after_the_day_of_a_step_is_known_there():
    early = DECISIONS.replace("2024-05-20", "2024-04-20")
    assert drawn(steps(early))[1] == "2024-04-20: 1NN.[0] -> None | stay 1"


def test_without_decisions_a_step_is_the_first_infusion_at_another_level():
    assert drawn(steps()) == [
        "2024-01-10: nobody -> 1 | - 1",
        "2024-05-20: 1NNN -> 2 | - 2",
    ]


def test_a_decision_to_stop_has_no_level():
    stop = DECISIONS.replace("1         stay ", "0         stop ")
    assert drawn(steps(stop))[1] == "2024-05-20: 1NNN -> 2 | stop None"


def test_the_decisions_themselves_are_never_provisional():
    gated = STUDY.model_copy(update={"rules": Rules(committee=True)})
    assert not any(step.said.provisional for step in steps(DECISIONS, gated))


def test_what_a_design_cannot_decide_on_is_said_and_stops_nothing():
    crowd = "\n".join(f"    {n:03}      2023-12-01  1" for n in range(1, 9))
    people = f"    subject  consented   level\n{crowd}"
    rows = "\n".join(
        f"    {n:03}      1       2024-01-{n + 9}  1      1        1" for n in range(1, 9)
    )
    infused = f"    subject  number  at          level  planned  given\n{rows}"
    seen = "\n".join(f"    {n:03}      Week 12  2024-05-01  yes" for n in range(1, 9))
    visits = f"    subject  visit    on          safety\n{seen}"
    study = STUDY.model_copy(update={"design": ThreePlusThree()})
    later = (
        "    number  decided     from_level  to_level  decision\n    1  2024-06-01  1  2  escalate"
    )
    (step,) = steps(later, study, demographics=people, infusion=infused, visit=visits)
    assert step.said is None
    assert step.why_not == "dose level 1: patients must be at most 6 in a 3+3, got 7"
    assert step.before.line == "1NNNNNNNN"


@pytest.mark.parametrize("missing", ["design", "dlt"])
def test_a_study_without_design_or_dlt_has_no_steps(missing):
    study = STUDY.model_copy(update={missing: None})
    assert steps(DECISIONS, study) == ()


def test_asked_today_the_rules_of_the_study_are_in_force():
    gated = STUDY.model_copy(update={"rules": Rules(committee=True)})
    forms = filled(
        demographics=DEMOGRAPHICS, infusion=INFUSION[: INFUSION.index("    004")], visit=VISIT
    )
    _, said, why_not = asked(gated, derive_adam(gated, tabulate(gated, forms)))
    assert said is not None
    assert (said.level, said.provisional, why_not) == (2, True, "")
