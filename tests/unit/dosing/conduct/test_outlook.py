"""What comes next, for trials in one line: each fork as `DLTs of each cohort: what is done`."""

from dataclasses import replace

import pytest

from cartrial.dosing.conduct.outlook import Seen, outlook
from cartrial.dosing.state import outcomes
from cartrial.protocol.design import Boin, ThreePlusThree
from cartrial.protocol.rules import Rules
from cartrial.protocol.study import Dlt

BOIN = Boin(target=0.3)
DLT = Dlt(definition="a DLT", window=84)


def tree(line, *, planned=18, design=BOIN, deepest=1, rules=None, **state):
    known = replace(outcomes(line, levels=3), planned=planned, **state)
    return outlook(design, DLT, known, rules or Rules(), deepest=deepest)


def drawn(forks):
    lines = []
    for fork in forks:
        path = " ".join(f"{seen.dlts}/{seen.subjects}@{seen.level}" for seen in fork.path)
        done = f"MTD {fork.mtd}" if fork.ended else "wait" if fork.found.wait else fork.found.level
        lines.append(f"{path or 'now'}: {done}")
    return lines


def test_the_next_cohort_with_each_number_of_dlts():
    assert drawn(tree("1NNN")) == [
        "now: 2",
        "0/3@2: 3",
        "1/3@2: 2",
        "2/3@2: 1",
        "3/3@2: 1",
    ]


def test_those_in_the_window_settle_before_a_cohort_opens():
    forks = tree("1NNN 2N..", deepest=2)
    assert drawn(forks)[:3] == ["now: wait", "0/2@2: 3", "0/2@2 0/3@3: 3"]
    assert forks[1].path == (Seen(level=2, subjects=2, dlts=0, waiting=2),)
    assert forks[2].path[1] == Seen(level=3, subjects=3, dlts=0, waiting=0)


def test_a_cohort_is_completed_by_those_in_the_window_and_those_to_come():
    forks = tree("1NNN 2N.")
    assert forks[1].path == (Seen(level=2, subjects=2, dlts=0, waiting=1),)


def test_a_trial_whose_subjects_are_all_infused_ends_with_its_mtd():
    assert drawn(tree("1NNN 2NN.", planned=6)) == [
        "now: wait",
        "0/1@2: MTD 2",
        "1/1@2: MTD 2",
    ]


def test_no_more_are_treated_than_are_planned():
    forks = tree("1NNN", planned=4)
    assert drawn(forks) == ["now: 2", "0/1@2: MTD 2", "1/1@2: MTD 1"]


def test_a_design_that_stops_is_followed_no_further():
    forks = tree("1NNT", design=ThreePlusThree())
    assert drawn(forks) == ["now: 1", "0/3@1: 2", *(f"{n}/3@1: MTD None" for n in (1, 2, 3))]


def test_a_committee_that_decided_before_follows_the_design_from_now_on():
    forks = tree("1NNN", deepest=2, decided=1, decided_after=0)
    assert drawn(forks)[:3] == ["now: 2", "0/3@2: 3", "0/3@2 0/3@3: 3"]
    assert forks[1].state.decided == 2


def test_the_rules_of_the_study_act_in_every_fork():
    cautious = DLT.model_copy(update={"escalate_complete": 4})
    found = outlook(BOIN, cautious, replace(outcomes("1NNN", levels=3), planned=18), Rules())
    assert found[0].found.level == 1


@pytest.mark.parametrize(("deepest", "forks"), [(0, 1), (1, 5), (2, 21), (9, 21)])
def test_it_looks_as_far_as_the_forks_fit_side_by_side(deepest, forks):
    assert len(tree("1NNN", deepest=deepest)) == forks


def test_nothing_is_provisional_ahead():
    assert not any(fork.found.provisional for fork in tree("1NNN", rules=Rules(committee=True)))
