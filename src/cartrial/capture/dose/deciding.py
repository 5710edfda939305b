"""Proposing a dose and deciding on it: two people, one frozen record, one transaction.

    propose(account, sha256, level, reason)               the first person; freezes the record
    approve(account, proposal, sha256, changes, confirm)  the second; signs, and enters the decision
    reject(account, proposal, reason)                     the second; says why

The second person proves who they are before (`reauthenticate`), and reads exactly the record that
was frozen: its SHA-256 comes back with the signature.
"""

from collections.abc import Sequence

from cartrial.capture.dose import proposal as state
from cartrial.capture.dose.frozen import FORM, changed_since, frozen, recommended, thawed, word
from cartrial.capture.dose.known import Known, known_now
from cartrial.capture.dose.proposal import Proposal, read_proposals
from cartrial.capture.entry.saving.submit import CONTROL
from cartrial.capture.ledger import action
from cartrial.capture.ledger.fault import Conflict, Refused
from cartrial.capture.ledger.models import Entry
from cartrial.capture.ledger.read import Head, records
from cartrial.capture.ledger.row import read_row
from cartrial.capture.ledger.write import Ledger, writing
from cartrial.capture.people.models import Account
from cartrial.capture.state.act import Place
from cartrial.capture.state.verb.sign import sign
from cartrial.capture.trail.verify_trail import sha256 as hash_of
from cartrial.dosing.conduct.record import DecisionRecord

MEANING = "dose decision"
MOST = 1000  # characters of a reason
DISAGREES = "I do not agree with this proposal on the dose of the next cohort."


def propose(account: Account, sha256: str, level: int, reason: str) -> Entry:
    """Freeze the record that the person read, with their own proposal; level 0 is to stop."""
    _check_reason(reason)
    known_now()  # so that the others need not wait for it
    with writing(account.actor) as ledger:
        every = read_proposals()
        state.check(state.PROPOSE, account.actor, every)
        if every and _is_same(every[-1], account, sha256, level, reason):
            return Entry.objects.get(seq=every[-1].number)
        known = known_now()
        record = known.record
        if record is None:
            raise Refused(f"proposal: must be made on a recommendation, got none: {known.why_not}")
        if hash_of(record.as_text()) != sha256:
            raise Conflict(
                "proposal: must be of the record that was read, got data that changed since"
            )
        proposed = _proposed(record, level, reason)
        content = frozen(record, known.entry, Head(ledger.seq, ledger.head)) | proposed
        return ledger.add(action.PROPOSE, form=FORM, content=content, reason=reason)


def _is_same(newest: Proposal, account: Account, sha256: str, level: int, reason: str) -> bool:
    """Whether this is the open proposal, sent twice."""
    before = (newest.act.actor, newest.sha256, newest.level, newest.act.reason)
    return newest.is_open and before == (account.username, sha256, level, reason.strip())


def _proposed(record: DecisionRecord, level: int, reason: str) -> dict[str, str]:
    if not 0 <= level <= record.state.levels:
        must = f"be one of {record.state.levels} dose levels, or the end"
        raise Refused(f"proposal: must {must}, got {level}")
    agrees = recommended(record)[1] == level
    if not agrees and not reason.strip():
        must = "be given where the proposal is not what the design recommends"
        raise Refused(f"reason: must {must}, got nothing")
    return {
        "decision": word(record.state.current, level),
        "from_level": str(record.state.current),
        "to_level": str(level),
        "agrees": "yes" if agrees else "no",
    }


def approve(
    account: Account, proposal: Proposal, sha256: str, changes: Sequence[str], confirmed: bool
) -> Entry:
    """Sign a proposal, and enter the decision; `changes` are those that the person read."""
    _read_it(proposal, sha256)
    if changes and not confirmed:
        raise Conflict(
            "dose decision: must be on data as they were frozen, got data that changed since. "
            "Confirm that you have read what changed, or have it proposed again"
        )
    known_now()  # so that the others need not wait for it
    with writing(account.actor) as ledger:
        state.check(state.APPROVE, account.actor, read_proposals(), proposal.number)
        known = known_now()
        if tuple(changes) != changes_of(proposal, known):
            raise Conflict("dose decision: must be on what was read, got data that changed since")
        return _enter(ledger, proposal, changes, known)


def reject(account: Account, proposal: Proposal, sha256: str, reason: str) -> Entry:
    """Refuse a proposal; nothing is entered but that, and why."""
    _read_it(proposal, sha256)
    _check_reason(reason)
    if not reason.strip():
        raise Refused("reason: must be given to reject a proposal, got nothing")
    with writing(account.actor) as ledger:
        state.check(state.REJECT, account.actor, read_proposals(), proposal.number)
        said = {
            "proposal": str(proposal.number),
            "sha256": proposal.sha256,
            "outcome": state.REJECTED,
            "words": DISAGREES,
            "head": f"{ledger.seq}:{ledger.head}",
        }
        return ledger.add(action.DECIDE, form=FORM, content=said, reason=reason)


def changes_of(proposal: Proposal, known: Known) -> tuple[str, ...]:
    """What changed since a proposal was frozen, a line each; also when nothing can be told now."""
    if known.record is None:
        return (f"nothing can be recommended now: {known.why_not}",)
    return changed_since(thawed(proposal.record), known.record)


def _check_reason(reason: str) -> None:
    if CONTROL.search(reason) or len(reason) > MOST:
        raise Refused(f"reason: must be readable, and at most {MOST} characters long, got another")


def _read_it(proposal: Proposal, sha256: str) -> None:
    if proposal.sha256 != sha256 or hash_of(proposal.record) != sha256:
        raise Conflict("dose decision: must be on the record that was read, got another")


def _enter(ledger: Ledger, proposal: Proposal, changes: Sequence[str], known: Known) -> Entry:
    record = thawed(proposal.record)
    row, findings = read_row(FORM, _cells(proposal, record, known))
    if row is None:
        raise Refused(f"dose decision: {findings[0]}")
    ledger.enter(row, base=0)
    signed = sign(ledger, MEANING, Place("", FORM, row.key), more={"sha256": proposal.sha256})
    said = {
        "proposal": str(proposal.number),
        "sha256": proposal.sha256,
        "outcome": state.APPROVED,
        "signature": str(signed.seq),
        "changed": list(changes),
        "number": row.cells["number"],
    }
    return ledger.add(action.DECIDE, form=FORM, key=row.key, content=said)


def _cells(proposal: Proposal, record: DecisionRecord, known: Known) -> dict[str, str]:
    numbers = [int(held.row.cells["number"]) for held in records(FORM, voided=True)]
    return {
        "number": str(max(numbers, default=0) + 1),
        "decided": known.day.isoformat(),
        "from_level": proposal.act.said("from_level"),
        "to_level": proposal.act.said("to_level"),
        "decision": proposal.decision,
        "reason": proposal.act.reason or record.recommendation.reason,
    }
