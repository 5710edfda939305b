"""What is always true of the next dose of a running trial; runs over all designs."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cartrial.dosing.conduct.next_dose import recommend, select_mtd
from cartrial.dosing.design.tite_boin import Pending, decide
from cartrial.dosing.designs import DESIGNS
from cartrial.dosing.state import Patient, State
from cartrial.protocol.design import (
    Boin,
    IThreePlusThree,
    Keyboard,
    Mtpi2,
    RollingSix,
    ThreePlusThree,
    TiteBoin,
)
from cartrial.protocol.model_design import Blrm, Crm, TiteCrm
from cartrial.protocol.rules import Rules, TooToxic
from cartrial.protocol.study import Dlt

LEVELS = 4
SKELETON = (0.08, 0.18, 0.3, 0.42)
WINDOW = Dlt(definition="any", window=84)
ALL = {
    "BOIN": Boin(target=0.3),
    "BOIN, titration": Boin(target=0.3, titration=True),
    "TITE-BOIN": TiteBoin(target=0.3),
    "TITE-BOIN, effective sample size": TiteBoin(target=0.25, variant="effective sample size"),
    "3+3": ThreePlusThree(),
    "rolling six": RollingSix(),
    "i3+3": IThreePlusThree(target=0.3),
    "mTPI-2": Mtpi2(target=0.3),
    "keyboard": Keyboard(target=0.3),
    "CRM": Crm(target=0.3, skeleton=SKELETON),
    "TITE-CRM": TiteCrm(target=0.3, skeleton=SKELETON),
    "BLRM": Blrm(doses=(1, 2, 3, 4), reference=2, mean=(-0.8, 0), sd=(1, 0.5)),
}
every = pytest.mark.parametrize("name", ALL)
STATUSES = st.sampled_from(["DLT", "complete", "complete", "pending", "maturing", "not evaluable"])
RULES = st.builds(
    Rules,
    no_skipping=st.booleans(),
    while_short=st.sampled_from(["stay", "wait"]),
    maturing=st.sampled_from(["wait", "no follow-up"]),
    parallel_cohorts=st.booleans(),
    too_toxic=st.sampled_from([None, TooToxic(rate=0.3, probability=0.9)]),
    most_at_dose=st.sampled_from([None, 6, 9]),
    stop_at_planned=st.booleans(),
    replacements_count=st.booleans(),
    sentinel=st.sampled_from([None, 14]),
    committee=st.booleans(),
)
NO_RULES = Rules(maturing="no follow-up")
ROOM = 6  # at a level: what a 3+3 and a rolling six can have


@st.composite
def states(draw):
    """A trial in cohorts, each at the level of the one before or beside it."""
    patients, level, room = [], 1, [ROOM] * LEVELS
    for _ in range(draw(st.integers(0, 6))):
        for _ in range(min(draw(st.integers(1, 3)), room[level - 1])):
            status, days = draw(STATUSES), draw(st.integers(0, 84))
            followed = 84 if status == "complete" else days
            patients.append(Patient(f"{len(patients):03}", level, status, followed))
            room[level - 1] -= 1
        level = max(1, min(LEVELS, level + draw(st.sampled_from([-1, 0, 1]))))
    return State(LEVELS, tuple(patients), planned=18)


def advised(name, state, rules=NO_RULES):
    return recommend(ALL[name], WINDOW, state, rules)


def rank(name, state):
    """The next level; while the trial waits the current one, at its end the selected one or 0."""
    found = advised(name, state)
    if found.stop:
        return select_mtd(ALL[name], WINDOW, state.without(found.eliminated)) or 0
    return state.current if found.wait else found.level


def is_cut_short(state, plain, rules):
    """Whether the level may not take all who would fill its cohort, which is then complete."""
    there = sum(patient.evaluable for patient in state.at(state.current)) if state.current else 0
    most = rules.most_at_dose
    to_fill = "to complete the cohort" in plain.reason
    return to_fill and most is not None and there + plain.places > most


@every
@given(states())
def test_nobody_is_sent_to_a_barred_dose_and_somebody_if_to_any(name, state):
    found = advised(name, state)
    assert found.level not in found.eliminated
    assert (found.level is None) == (found.places == 0)
    assert found.wait or found.stop or 1 <= found.level <= LEVELS
    assert not (found.wait and found.stop)


@every
@given(states(), RULES)
def test_a_rule_never_raises_the_dose(name, state, rules):
    plain, held = advised(name, state), advised(name, state, rules)
    assume(not is_cut_short(state, plain, rules))
    assert held.level is None or held.level <= plain.level
    assert held.places <= max(plain.places, 1)
    assert plain.eliminated <= held.eliminated
    assert held.reason.startswith(plain.reason.partition(":")[0])


@pytest.mark.parametrize("name", [n for n, d in ALL.items() if not DESIGNS[d.kind].late])
@given(states())
def test_there_is_no_escalation_with_somebody_in_the_window(name, state):
    if state.current and state.tally(state.current).open:
        found = advised(name, state)
        assert found.level is None or found.level <= state.current


# BLRM: one more DLT changes the slope too, and may make another level look safer
@pytest.mark.parametrize("name", [n for n in ALL if n != "BLRM"])
@given(states())
def test_one_more_dlt_never_raises_the_next_dose(name, state):
    before = rank(name, state)
    for i, patient in enumerate(state.patients):
        if patient.status == "complete":
            worse = list(state.patients)
            worse[i] = replace(patient, status="DLT")
            assert rank(name, replace(state, patients=tuple(worse))) <= before


@every
@given(states())
def test_a_subject_who_is_not_evaluable_says_nothing_about_the_dose(name, state):
    found = advised(name, state)
    other = tuple(
        replace(p, followed=0) if p.status == "not evaluable" else p for p in state.patients
    )
    assert advised(name, replace(state, patients=other)) == found


CELLS = st.integers(1, 15).flatmap(
    lambda n: st.integers(0, n).flatmap(
        lambda c: st.tuples(
            st.just(n), st.just(c), st.integers(0, n - c), st.floats(0, c, allow_nan=False)
        )
    )
)
VARIANTS = st.builds(
    TiteBoin,
    target=st.sampled_from([0.2, 0.25, 0.3]),
    variant=st.sampled_from(["imputation", "effective sample size"]),
    suspend_above=st.sampled_from([0.5, 1.0]),
)


def as_number(decision):
    """A decision as a number; suspended is not yet up."""
    return 0 if decision is None else int(decision)


@given(VARIANTS, CELLS)
def test_tite_boin_never_rises_with_one_more_dlt_of_a_settled_patient(design, cell):
    treated, pending, dlts, followed = cell
    if dlts < treated - pending:
        waiting = Pending(pending, followed)
        fewer = decide(design, treated=treated, dlts=dlts, pending=waiting)
        more = decide(design, treated=treated, dlts=dlts + 1, pending=waiting)
        assert as_number(more) <= as_number(fewer)


@given(VARIANTS, CELLS, st.floats(0, 1))
def test_tite_boin_never_falls_with_more_follow_up(design, cell, more):
    treated, pending, dlts, followed = cell
    longer = followed + more * (pending - followed)
    before = decide(design, treated=treated, dlts=dlts, pending=Pending(pending, followed))
    after = decide(
        design, treated=treated, dlts=dlts, pending=Pending(pending, min(longer, pending))
    )
    assert as_number(after) >= as_number(before)
