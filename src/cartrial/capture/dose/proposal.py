"""Proposals of a dose and what was decided on them: a fold over their entries.

    open        proposed, and nobody has decided
    replaced    proposed anew before anybody had decided
    approved    a second person has signed it, and the decision is entered
    rejected    a second person has refused it, with the reason

Everything that may happen stands in `EDGES`; anything else is refused (`check`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from cartrial.capture.ledger import action
from cartrial.capture.ledger.fault import Conflict, Refused
from cartrial.capture.ledger.models import Entry
from cartrial.capture.ledger.read import content
from cartrial.capture.ledger.write import Actor
from cartrial.capture.people.permission import PERMISSIONS, ROLES
from cartrial.capture.state.act import Act, Place

OPEN, REPLACED, APPROVED, REJECTED = "open", "replaced", "approved", "rejected"
PROPOSE, APPROVE, REJECT = "propose", "approve", "reject"
NONE = ""  # no proposal
EDGES: Mapping[tuple[str, str], str] = {  # the newest proposal, what is done: what it becomes
    (NONE, PROPOSE): OPEN,
    (OPEN, PROPOSE): REPLACED,  # and the new one is open
    (APPROVED, PROPOSE): APPROVED,
    (REJECTED, PROPOSE): REJECTED,
    (OPEN, APPROVE): APPROVED,
    (OPEN, REJECT): REJECTED,
}
MAY: Mapping[str, str] = {PROPOSE: "propose", APPROVE: "decide", REJECT: "decide"}


@dataclass(frozen=True)
class Proposal:
    """A proposal with the record that was frozen for it, and what became of it."""

    act: Act
    status: str = OPEN
    outcome: Act | None = None  # by which it was approved or rejected

    @property
    def number(self) -> int:
        """The entry by which it was made."""
        return self.act.seq

    @property
    def record(self) -> str:
        """The frozen decision record, as its bytes were hashed."""
        return self.act.said("record")

    @property
    def sha256(self) -> str:
        """The SHA-256 of the frozen record."""
        return self.act.said("sha256")

    @property
    def decision(self) -> str:
        """What is proposed: escalate, stay, de-escalate or stop."""
        return self.act.said("decision")

    @property
    def level(self) -> int:
        """The dose level that is proposed; 0 where the escalation is to stop."""
        return int(self.act.said("to_level") or 0)

    @property
    def is_open(self) -> bool:
        """Whether nobody has decided on it."""
        return self.status == OPEN

    @property
    def data(self) -> int:
        """The newest clinical entry that the record was made of."""
        return int(self.act.said("data").partition(":")[0] or 0)


def proposals(acts: Iterable[Act]) -> tuple[Proposal, ...]:
    """Every proposal as it stands, oldest first."""
    made: list[Proposal] = []
    for act in acts:
        newest = made[-1].status if made else NONE
        if act.action == action.PROPOSE:
            if made:
                made[-1] = replace(made[-1], status=EDGES[newest, PROPOSE])
            made.append(Proposal(act))
        elif act.action == action.DECIDE and made:
            verb = APPROVE if act.said("outcome") == APPROVED else REJECT
            made[-1] = replace(made[-1], status=EDGES[newest, verb], outcome=act)
    return tuple(made)


def check(verb: str, actor: Actor, all_: tuple[Proposal, ...], number: int = 0) -> None:
    """Refuse what may not happen: a step that is no edge, or a person who may not do it."""
    if actor.role not in PERMISSIONS[MAY[verb]]:
        may = " or ".join(ROLES[role].lower() for role in PERMISSIONS[MAY[verb]])
        named = ROLES.get(actor.role, actor.role)
        raise Refused(f"dose decision: must be {_done(verb)} by the {may}, got {named}")
    newest = all_[-1] if all_ else None
    if (newest.status if newest else NONE, verb) not in EDGES:
        said = f"one that is {newest.status}" if newest else "none"
        raise Conflict(f"dose decision: must be on an open proposal, got {said}")
    if verb == PROPOSE or newest is None:
        return
    if newest.number != number:
        raise Conflict("dose decision: must be on the newest proposal, got one that was replaced")
    if newest.act.actor == actor.username:
        raise Refused(
            "dose decision: must be by another person than the proposal, got the same. "
            "A second person decides"
        )


def _done(verb: str) -> str:
    return {PROPOSE: "proposed", APPROVE: "approved", REJECT: "rejected"}[verb]


def read_proposals() -> tuple[Proposal, ...]:
    """Every proposal in the ledger."""
    return proposals(acts_of(action.PROPOSE, action.DECIDE))


def acts_of(*actions: str) -> list[Act]:
    """The entries of some actions, oldest first."""
    found = Entry.objects.filter(action__in=actions).select_related("content").order_by("seq")
    return [_act(entry) for entry in found]


def _act(entry: Entry) -> Act:
    said: Mapping[str, Any] | None = content(entry)
    return Act(
        entry.seq,
        entry.at,
        entry.actor,
        entry.name,
        entry.role,
        entry.organisation,
        entry.action,
        Place(entry.subject, entry.form, entry.key),
        entry.reason,
        said,
    )
