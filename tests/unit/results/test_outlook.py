import pytest

from cartrial.protocol.design import ThreePlusThree
from cartrial.results.outlook import outlook
from tests.unit.results.made import trial

ADSL = """
subject  TRT01AN  SAFFL  TRTSDT
A        1        Y      2025-01-01
B        1        Y      2025-01-02
C        1        Y      2025-01-03
"""
ADDL = """
subject  DOSELVL  EVALLVL  DLTSTAT   DLTFUP
A        1        1        complete  84
B        1        1        complete  84
C        1        1        {last}
"""


def forks(last="complete  84", **update):
    made = trial(ADSL=ADSL, ADDL=ADDL.format(last=last))
    study = made.study.model_copy(update=update)
    [drawn] = outlook(trial(study, ADSL=ADSL, ADDL=ADDL.format(last=last)))
    return drawn


def told(drawn, *columns):
    return drawn.data["outlook"].select(columns).rows()


def test_each_box_says_what_was_seen_and_what_is_done_then():
    assert told(forks(), "seen", "next", "kind")[:3] == [
        ("Now: 0 DLT in 3 at level 1", "Escalate: 3 at level 2", "escalate"),
        ("0 DLT in 3 more at level 2", "Escalate: 3 at level 3", "escalate"),
        ("0 DLT in 3 more at level 3", "Stay: 3 at level 3", "stay"),
    ]


def test_those_in_the_window_come_first():
    rows = told(forks("pending  30"), "seen", "next", "kind")
    assert rows[0] == ("Now: 0 DLT in 2, 1 pending at level 1", "Wait", "wait")
    assert rows[1][0] == "0 DLT in 1 in the window at level 1"


def test_a_fork_stands_midway_between_its_first_and_its_last():
    rows = told(forks(), "number", "comes_from", "depth", "place", "from_place")
    assert rows[0] == (1, None, 0, 8.5, None)
    assert rows[1] == (2, 1, 1, 2.5, 8.5)
    ends = [row[3] for row in rows if row[2] == 2]
    assert ends == list(range(1, 17))


def test_an_end_names_the_mtd():
    rows = told(forks(subjects=3), "next", "kind")
    assert rows == [("End: MTD is level 1", "end")]
    assert any(note.startswith("MTD:") for note in forks(subjects=3).figure.footnotes)


@pytest.mark.parametrize("kind", ["design", "dlt"])
def test_without_design_or_dlt_there_is_no_outlook(kind):
    study = trial(ADSL=ADSL).study.model_copy(update={kind: None})
    assert outlook(trial(study, ADSL=ADSL, ADDL=ADDL.format(last="complete  84"))) == ()


def test_what_the_design_cannot_decide_on_is_told():
    people = [f"S{n}  1  Y  2025-01-{n + 10}" for n in range(1, 9)]
    adsl = "\n".join(["subject  TRT01AN  SAFFL  TRTSDT", *people])
    rows = [f"S{n}  1  1  complete  84" for n in range(1, 9)]
    addl = "\n".join(["subject  DOSELVL  EVALLVL  DLTSTAT  DLTFUP", *rows])
    study = trial(ADSL=adsl).study.model_copy(update={"design": ThreePlusThree()})
    [drawn] = outlook(trial(study, ADSL=adsl, ADDL=addl))
    assert drawn.figure.empty.startswith("Not told: dose level 1: patients must be at most 6")
    assert drawn.data == {}
