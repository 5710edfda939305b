"""What is always true of a dose decision and of a DLT status."""

from dataclasses import replace
from itertools import groupby, pairwise

from hypothesis import given
from hypothesis import strategies as st

from cartrial.dosing.conduct.next_dose import recommend
from cartrial.dosing.design.boin import decide, select_mtd
from cartrial.dosing.isotonic import isotonic_rates
from cartrial.dosing.state import Patient, State
from cartrial.dosing.toxicity.dlt import Course, dlt_status
from cartrial.dosing.toxicity.proposal import ToxicityEvent
from cartrial.protocol.design import Boin
from cartrial.protocol.study import Dlt

RULE = Dlt(definition="any", window=84, interim=28, escalate_after=28, escalate_complete=3)
DESIGNS = st.builds(
    Boin,
    target=st.sampled_from([0.2, 0.25, 0.3, 1 / 3]),
    cohort=st.integers(1, 3),
    eliminate_above=st.sampled_from([0.9, 0.95]),
)
STATUSES = st.sampled_from(["DLT", "complete", "pending", "maturing", "not evaluable"])
PATIENTS = st.lists(st.tuples(st.integers(1, 4), STATUSES), max_size=18)
DAYS = st.integers(0, 120)
COURSES = st.builds(
    Course,
    level=st.integers(1, 3),
    given=st.one_of(st.none(), st.floats(0.1, 6)),
    assessed=st.lists(DAYS, max_size=5).map(tuple),
    missed=st.lists(DAYS, max_size=3).map(tuple),
    left=st.one_of(st.none(), DAYS),
    new_therapy=st.one_of(st.none(), DAYS),
)


def state_of(patients):
    return State(
        levels=4,
        patients=tuple(
            Patient(f"{i:03}", level, status, 84) for i, (level, status) in enumerate(patients)
        ),
    )


def shuffled(patients, random):
    """The subjects with those that were treated at a level one after the other in another order."""
    for _, run in groupby(patients, key=lambda p: p.treated_at):
        mixed = list(run)
        random.shuffle(mixed)
        yield from mixed


def rank(found, state):
    """A recommendation as a number: waiting is not yet another dose, the end is below all."""
    return (state.current if found.wait else 0) if found.level is None else found.level


@given(DESIGNS, st.integers(1, 18).flatmap(lambda n: st.tuples(st.just(n), st.integers(1, n))))
def test_a_decision_never_rises_with_more_toxicity(design, counts):
    treated, dlts = counts
    more = decide(design, treated=treated, dlts=dlts)
    assert more <= decide(design, treated=treated, dlts=dlts - 1)


@given(DESIGNS, PATIENTS)
def test_one_more_dlt_never_raises_the_next_dose(design, patients):
    state = state_of(patients)
    before = recommend(design, RULE, state)
    for i, patient in enumerate(state.patients):
        if patient.status == "complete":
            worse = list(state.patients)
            worse[i] = replace(patient, status="DLT")
            after = recommend(design, RULE, replace(state, patients=tuple(worse)))
            assert rank(after, state) <= rank(before, state)


@given(DESIGNS, PATIENTS)
def test_nobody_is_sent_to_a_barred_dose_or_up_by_more_than_one_level(design, patients):
    state = state_of(patients)
    found = recommend(design, RULE, state)
    assert found.level not in found.eliminated
    assert rank(found, state) <= max(state.current + 1, design.start)


@given(DESIGNS, PATIENTS)
def test_there_is_no_escalation_with_a_subject_in_the_window(design, patients):
    state = state_of(patients)
    found = recommend(design, RULE, state)
    if state.current and state.tally(state.current).open:
        assert rank(found, state) <= state.current


@given(DESIGNS, PATIENTS, st.randoms())
def test_the_order_inside_a_cohort_changes_nothing(design, patients, random):
    state = state_of(patients)
    other = replace(state, patients=tuple(shuffled(state.patients, random)))
    assert recommend(design, RULE, other) == recommend(design, RULE, state)
    assert select_mtd(design, other.counts) == select_mtd(design, state.counts)


@given(DESIGNS, PATIENTS, PATIENTS)
def test_a_barred_dose_stays_barred(design, patients, later):
    barred = recommend(design, RULE, state_of(patients)).eliminated
    later_on = state_of(patients + later).without(barred)
    assert barred <= recommend(design, RULE, later_on).eliminated


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=5))
def test_isotonic_rates_do_not_fall(counts):
    rates = isotonic_rates([(dlts + others, dlts) for dlts, others in counts])
    assert len(rates) == len(counts)
    assert all(low <= high for low, high in pairwise(rates))


@given(COURSES, DAYS)
def test_one_dlt_more_is_a_dlt_whatever_else_happened(course, onset):
    toxic = ToxicityEvent(1, onset, dlt="yes", met=onset)
    found = dlt_status(RULE, replace(course, events=(toxic,)), doses=(1, 2, 4), cutoff=200)
    assert (found.status == "DLT") == (onset <= RULE.window)


@given(COURSES, st.integers(0, 150), st.integers(0, 150))
def test_a_later_cut_never_documents_fewer_days(course, one, other):
    early, late = sorted((one, other))
    before, after = (dlt_status(RULE, course, doses=(1, 2, 4), cutoff=c) for c in (early, late))
    assert before.days <= after.days <= RULE.window
    if before.status == "complete":
        assert after.status == "complete"
