"""Saving drafts: all of them in one transaction, with their reason and the answers, or none.

A draft is judged by the forms as they stand; when a clinical entry of the subject came in between,
it is judged again before it is written. New rows that are all there already as they were typed were
sent twice: they are saved, and nothing is written.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from cartrial.capture.entry.check.prompt import Prompt
from cartrial.capture.entry.form.layout import ENTERED_BY
from cartrial.capture.entry.saving.judge import Judged, Known, judge, judge_withdrawal, known_of
from cartrial.capture.entry.saving.submit import CONTROL, Draft, Said, Sent, fired_before, reason_of
from cartrial.capture.graded.syndrome import settle
from cartrial.capture.ledger import action
from cartrial.capture.ledger.centre import here
from cartrial.capture.ledger.fault import Conflict, Refused
from cartrial.capture.ledger.models import Entry
from cartrial.capture.ledger.read import Held
from cartrial.capture.ledger.write import Ledger, writing
from cartrial.capture.people.models import Account
from cartrial.capture.people.permission import PERMISSIONS, ROLES, may
from cartrial.protocol.study import Study

TRIES = 3
LONGEST = 1000  # characters of an answer
Fired = list[list[str]]


@dataclass(frozen=True)
class Outcome:
    """What became of drafts: written, or what must be mended, answered or reasoned first."""

    judged: Sequence[Judged]
    saved: bool = False
    entries: tuple[Entry, ...] = ()
    reason_faults: tuple[Said, ...] = ()
    open: frozenset[str] = frozenset()  # ids of prompts that have no answer yet
    fired: Fired = field(default_factory=list)

    @property
    def seq(self) -> int:
        """The newest entry of what was saved, now or when it was sent before; 0 if none."""
        before = [one.there.seq for one in self.judged if one.there is not None]
        return max([entry.seq for entry in self.entries] or before, default=0)


class _CameBetweenError(Exception):
    """A clinical entry of the subject was written after the drafts were judged."""


def save(
    study: Study, account: Account, subject: str, drafts: Sequence[Draft], sent: Sent
) -> Outcome:
    """Save drafts of a subject, where nothing stands against them."""
    for draft in drafts:
        check_may(account, draft.form)
    for _ in range(TRIES):
        with suppress(_CameBetweenError):
            return _judged_and_written(study, account, subject, drafts, sent)
    with writing(account.actor):  # the others wait while it is judged
        return _judged_and_written(study, account, subject, drafts, sent)


def check_may(account: Account, form: str) -> None:
    """Refuse who may not enter a form that not everybody enters."""
    permission = ENTERED_BY.get(form)
    if permission is not None and not may(account, permission):
        roles = " or ".join(ROLES[name].lower() for name in PERMISSIONS[permission])
        raise Refused(f"{form}: must be entered by the {roles}, got {ROLES[account.role].lower()}")


def _judged_and_written(
    study: Study, account: Account, subject: str, drafts: Sequence[Draft], sent: Sent
) -> Outcome:
    known = known_of(study, subject, here())
    judged = judge(known, drafts)
    if judged and all(one.is_sent_twice for one in judged):
        return Outcome(judged, saved=True)
    outcome = _against(judged, sent, account.username)
    if outcome is not None:
        return outcome
    try:
        return _write(account, known, subject, judged, sent)
    except Conflict:
        if any(not one.draft.is_new for one in judged):
            raise
        raise _CameBetweenError from None


def _against(judged: Sequence[Judged], sent: Sent, who: str) -> Outcome | None:
    """What stands against saving; null where nothing does."""
    fired = _fired(judged, fired_before(sent, who))
    if any(one.errors for one in judged):
        return Outcome(judged, fired=fired)
    unanswered = frozenset(
        prompt.id for one in judged for prompt in one.prompts if not _answer(prompt, sent)
    )
    needed = any(one.is_change for one in judged)
    faults = tuple(reason_of(sent)[1]) if needed else ()
    if unanswered or faults:
        return Outcome(judged, reason_faults=faults, open=unanswered, fired=fired)
    return None


def _answer(prompt: Prompt, sent: Sent) -> str:
    said = sent.get(f"_answer.{prompt.id}", "").strip()
    return "" if CONTROL.search(said) else said[:LONGEST]


def _fired(judged: Sequence[Judged], before: Fired) -> Fired:
    """Everything that was asked so far: on earlier pages of this draft, and now."""
    now = [
        [one.draft.prefix, prompt.rule, prompt.column, prompt.value, prompt.said]
        for one in judged
        for prompt in one.prompts
    ]
    return before + [asked for asked in now if asked not in before]


def _write(
    account: Account, known: Known, subject: str, judged: Sequence[Judged], sent: Sent
) -> Outcome:
    reason, _ = reason_of(sent)
    before = fired_before(sent, account.username)
    with writing(account.actor) as ledger:
        _nothing_between(subject, known)
        entries = [entry for one in judged for entry in _entered(ledger, one, reason)]
        for one in judged:
            newest = _entry_of(one, entries)
            if newest is not None:
                _answered(ledger, one, newest, sent, before)
        settle(ledger, subject, {entry.form for entry in entries})
    return Outcome(judged, saved=True, entries=tuple(entries))


def _nothing_between(subject: str, known: Known) -> None:
    # the few entries since are looked through here: a database would look through the subject's
    later = Entry.objects.filter(seq__gt=known.head.seq).values_list("subject", "action")
    if any(of == subject and what in action.CLINICAL for of, what in later):
        raise _CameBetweenError


def _entered(ledger: Ledger, one: Judged, reason: str) -> Iterator[Entry]:
    assert one.row is not None
    reason = reason if one.is_change else ""
    if one.moved:
        assert one.old is not None
        yield ledger.void(one.old.row, base=one.draft.base, reason=reason)
    entry = ledger.enter(one.row, base=0 if one.moved else one.draft.base, reason=reason)
    if entry is not None:
        yield entry


def _entry_of(one: Judged, entries: Sequence[Entry]) -> Entry | None:
    assert one.row is not None
    place = (one.row.subject, one.row.form, one.row.key)
    return next((e for e in entries if (e.subject, e.form, e.key) == place), None)


def _answered(ledger: Ledger, one: Judged, entry: Entry, sent: Sent, before: Fired) -> None:
    """An entry for each question: confirmed with its reason, or corrected before it was saved."""
    assert one.row is not None
    place = {"subject": one.row.subject, "form": one.row.form, "key": one.row.key}
    now = {(prompt.rule, prompt.column, prompt.value) for prompt in one.prompts}
    for prompt in one.prompts:
        said = _said(prompt.rule, prompt.column, prompt.value, prompt.said, entry)
        answer = {"answer": "confirmed", "reason": _answer(prompt, sent)}
        ledger.add(action.CHECK_FIRED, **place, content={**said, **answer})
    for prefix, rule, column, value, words in before:
        if prefix == one.draft.prefix and (rule, column, value) not in now:
            said = _said(rule, column, value, words, entry)
            answer = {"answer": "corrected", "new": one.row.cells.get(column, "")}
            ledger.add(action.CHECK_FIRED, **place, content={**said, **answer})


def _said(rule: str, column: str, value: str, words: str, entry: Entry) -> dict[str, str]:
    return {
        "of": str(entry.seq),
        "rule": rule,
        "column": column,
        "value": value,
        "prompt": words,
    }


def withdraw(study: Study, account: Account, held: Held, base: int, sent: Sent) -> Outcome:
    """Withdraw a record with its reason, where every question about it is answered."""
    return _one_way(study, account, held, base, sent, restored=False)


def restore(study: Study, account: Account, held: Held, base: int, sent: Sent) -> Outcome:
    """Put a withdrawn record back, as it was."""
    return _one_way(study, account, held, base, sent, restored=True)


def _one_way(
    study: Study, account: Account, held: Held, base: int, sent: Sent, *, restored: bool
) -> Outcome:
    row = held.row
    check_may(account, row.form)
    known = known_of(study, row.subject, here())
    draft = Draft(row.form, row.subject, row.cells, base)
    if restored:
        (one,) = judge(known, [Draft(row.form, row.subject, row.cells, base, old_key=row.key)])
    else:
        one = Judged(draft, row, held, None, (), tuple(judge_withdrawal(known, held)))
    fired = _fired([one], fired_before(sent, account.username))
    unanswered = frozenset(p.id for p in one.prompts if not _answer(p, sent))
    reason, faults = reason_of(sent)
    if one.errors or faults or unanswered:
        return Outcome([one], reason_faults=tuple(faults), open=unanswered, fired=fired)
    with writing(account.actor) as ledger:
        if restored:
            entry = ledger.enter(row, base=base, reason=reason)
        else:
            entry = ledger.void(row, base=base, reason=reason)
        assert entry is not None
        _answered(ledger, one, entry, sent, [])
        settle(ledger, row.subject, {row.form})
    return Outcome([one], saved=True, entries=(entry,))
