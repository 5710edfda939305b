"""On which records a decision rests, and which of them changed since.

Reading: a record of these forms that was there when the proposal was made, and whose newest entry
came after it. A record that came later did not inform the decision; whether it would have changed
it is told by making the frozen record again from today's data.
"""

from cartrial.capture.state.act import Place
from cartrial.capture.state.fold.track import Tracks, since

RESTS_ON = frozenset(
    {
        "demographics",
        "slot_request",
        "infusion",
        "visit",
        "crs_assessment",
        "icans_assessment",
        "adverse_event",
        "ae_grade",
        "serious_event",
        "dlt_adjudication",
        "laboratory",
        "medication",
        "response",
        "disposition",
        "death",
        "survival_contact",
        "dose_decision",
    }
)  # what the DLT status, the level and the state of the escalation are made from


def changed_records(edited: Tracks, at: int) -> tuple[Place, ...]:
    """The records that were there at an entry, that a decision rests on, and that changed since."""
    fresh = since(edited, Place(), at)
    return tuple(sorted(p for p, t in fresh if p.form in RESTS_ON and t.first <= at))
