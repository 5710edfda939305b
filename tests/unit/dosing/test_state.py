"""A trial written in one line."""

import pytest

from cartrial.dosing.state import outcomes
from cartrial.errors import RuleError


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            "1NQ",
            "outcomes: 1NQ: must be written with N T . m X, got Q",
        ),
        ("NN", "outcomes: NN: must begin with a level from 1 to 3"),
        ("4N", "outcomes: 4N: must begin with a level from 1 to 3"),
        ("1.[x]", "outcomes: days must be written [30], got [x]"),
    ],
)
def test_a_trial_that_cannot_be_read_is_refused(line, message):
    with pytest.raises(RuleError) as fault:
        outcomes(line, levels=3)
    assert str(fault.value) == message


def test_a_pending_subject_may_carry_its_days():
    patients = outcomes("2N.[30].[61].", levels=3).patients
    assert [p.followed for p in patients] == [84, 30, 61, 0]
    assert {p.level for p in patients} == {2}


@pytest.mark.parametrize("line", ["", "1NNN", "1NNT 2NX.[30]m[12]", "2N 1T 2N"])
def test_a_state_is_written_as_it_is_read(line):
    assert outcomes(line, levels=3).line == line


def test_subjects_at_a_level_one_after_the_other_are_one_word():
    assert outcomes("1NNN 1NT. 2.", levels=3).line == "1NNNNT.[0] 2.[0]"
