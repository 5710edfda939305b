"""What breaks a signature, and what does not."""

import pytest

from cartrial.capture.state.act import Place
from cartrial.capture.state.fold.follow import State, state_of
from cartrial.capture.state.fold.signature import BROKEN, REPLACED, VALID
from tests.unit.capture.state.acts import acts, record

BEFORE = """create | 001 adverse_event
create | 001 infusion
sign | 001 | {"meaning": "subject", "words": "I signed"}
"""


@pytest.mark.parametrize(
    ("then", "expected"),
    [
        ("query open | 001 adverse_event | {}", [VALID]),
        ("sdv | 001 adverse_event", [VALID]),
        ("freeze | 001", [VALID]),
        ("create | 002 adverse_event", [VALID]),
        ("create | 001 death", [VALID]),
        ("create | 001 death\nchange | 001 death", [VALID]),
        ("change | 001 adverse_event", [BROKEN]),
        ("void | 001 infusion", [BROKEN]),
        (
            'change | 001 infusion\nsign | 001 | {"meaning": "subject", "words": "Again"}',
            [REPLACED, VALID],
        ),
        ('sign | 001 | {"meaning": "casebook", "words": "All"}', [VALID, VALID]),
    ],
)
def test_only_a_change_of_a_covered_record_breaks_it(then: str, expected: list[str]) -> None:
    state = state_of(acts(BEFORE + then))
    assert [one.state for one in state.standings] == expected


def test_it_tells_what_changed_and_what_came_later() -> None:
    state = state_of(acts(BEFORE + "change | 001 infusion\ncreate | 001 death\nvoid | 001 death"))
    (one,) = state.standings
    assert (one.changed, one.added) == ((record("001", "infusion"),), ())
    state = state_of(acts(BEFORE + "create | 001 death"))
    (one,) = state.standings
    assert one.added == (record("001", "death"),)
    assert [one.saw(record("001", form)) for form in ("infusion", "death")] == [True, False]


def test_a_signature_of_some_forms_covers_those_alone() -> None:
    said = """create | 001 adverse_event
        create | 001 infusion
        sign | 001 | {"meaning": "dlt", "words": "I agree", "forms": ["adverse_event"]}
        change | 001 infusion"""
    state = state_of(acts(said))
    assert state.standings[0].is_valid
    assert [len(state.signed(record("001", f))) for f in ("adverse_event", "infusion")] == [1, 0]


def test_folding_in_parts_is_folding_at_once() -> None:
    said = acts(BEFORE + "change | 001 infusion\nsdv | 001 infusion\nlock | 001\nunlock | 001")
    parts = State()
    for act in said:
        before = parts
        parts = state_of([act], before)
        assert before == state_of(said[: act.seq - 1])  # the state before is left as it was
    assert parts == state_of(said)


def test_a_signature_of_the_trial_covers_every_subject() -> None:
    said = acts(BEFORE + 'sign | | {"meaning": "dose decision", "words": "I agree"}')
    state = state_of([*said])
    assert state.standings[-1].signature.covers(record("001"))
    assert state.standings[-1].signature.place == Place()
