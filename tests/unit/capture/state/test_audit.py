"""What a review of the audit trail picks out."""

import pytest

from cartrial.capture.ledger.models import Entry
from cartrial.capture.ledger.read import Step
from cartrial.capture.state.audit import audit
from cartrial.capture.state.fold.follow import state_of
from tests.unit.capture.state.acts import acts


def step(what: str, form: str, changes: dict[str, tuple[str | None, str | None]] | None,
         *, seq: int = 9, role: str = "coordinator") -> Step:  # fmt: skip
    at = "2026-03-20T10:00:00.000000Z"
    place = {"subject": "001", "form": form, "key": '["1"]'}
    return Step(Entry(seq=seq, at=at, action=what, role=role, **place), changes)


@pytest.mark.parametrize(
    ("form", "on", "role", "expected"),
    [
        ("survival_contact", "2026-03-13", "coordinator", 0),
        ("survival_contact", "2026-03-12", "coordinator", 1),
        ("survival_contact", "2026-03-12", "system", 0),
        ("death", "2026-02", "coordinator", 0),  # a day that is not known is not judged
    ],
)
def test_a_first_entry_is_late_after_a_week(form: str, on: str, role: str, expected: int) -> None:
    found = audit([step("create", form, {"on": (None, on)}, role=role)], [])
    assert len(found.late) == expected


@pytest.mark.parametrize(
    ("what", "form", "column", "expected"),
    [
        ("change", "adverse_event", "dlt", 1),
        ("change", "adverse_event", "term", 0),
        ("change", "infusion", "given", 1),
        ("change", "infusion", "lot", 0),
        ("change", "ae_grade", "grade", 1),
        ("change", "crs_assessment", "oxygen", 1),
        ("void", "infusion", "", 1),
        ("void", "laboratory", "", 0),
        ("create", "infusion", "given", 0),
    ],
)
def test_changes_of_the_dose_and_of_toxicity_are_picked_out(
    what: str, form: str, column: str, expected: int
) -> None:
    changes = {column: ("1", "2")} if column else {}
    assert len(audit([step(what, form, changes)], []).critical) == expected


def test_a_redacted_change_of_a_critical_form_is_picked_out() -> None:
    assert len(audit([step("change", "infusion", None)], []).critical) == 1


def test_changes_after_a_signature_are_picked_out_and_those_before_are_not() -> None:
    said = 'create | 001 laboratory\nsign | 001 | {"meaning": "subject"}'
    signatures = state_of(acts(said)).signatures
    steps = [step("change", "laboratory", {"value": ("1", "2")}, seq=seq) for seq in (1, 3)]
    found = audit(steps, signatures)
    assert [one.entry.seq for one in found.after_signature] == [3]
    assert found.by_role == (("coordinator", "change", 2),)
    assert found.tally == {"entries": "2", "after a signature": "1", "late": "0", "critical": "0"}
