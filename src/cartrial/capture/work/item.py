"""What is to be done, and by whom: the lines of the work list.

    overdue visit       its window is over and nothing is recorded
    SAE clock           24 hours from the investigator's knowledge to the report
    serious event       called serious, without its form
    ICE missing         no ICE assessment on a day from 1 to 10 after the infusion
    query               open: the site answers; answered: who asked closes
    dose decision       proposed, and waits for the second signature
    signature           broken by a change, or not given for what is there
    source              verified, then changed
    review              entries of data that nobody has reviewed
    access              the quarterly review of who has access

To add a kind: a function of what is known, and one line in `KINDS`.

Reading: a day that has not ended is not yet missing; a subject who died is not asked for more.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import polars as pl

from cartrial.capture.schedule import infusion_day, overdue
from cartrial.capture.schedule.serious import HOURS, report_clock
from cartrial.capture.state.act import Place
from cartrial.capture.state.fold.follow import State
from cartrial.capture.state.fold.signature import BROKEN as UNDONE
from cartrial.capture.state.fold.verification import BROKEN
from cartrial.capture.state.shown.words import label, place_words, title
from cartrial.capture.state.verb.meaning import MEANINGS
from cartrial.forms.adverse import AdverseEvent, SeriousEvent
from cartrial.forms.bedside import IcansAssessment
from cartrial.forms.catalogue import Forms
from cartrial.forms.conduct import Death
from cartrial.forms.product import Infusion
from cartrial.protocol.study import Study

ICE_DAYS = range(1, 11)  # after the infusion
ASKED = ("subject", "dlt")  # meanings that every subject needs; a casebook is signed at the end
REVIEW_AFTER = 30  # days after which unreviewed entries are due
ICE = ("orientation", "naming", "command", "writing", "attention", "why_no_ice")


@dataclass(frozen=True)
class Known:
    """Everything that the list is made of. `now` is the centre's time, without its offset."""

    study: Study
    forms: Forms
    state: State
    now: dt.datetime
    zone: ZoneInfo
    unreviewed: int  # entries of data since the last review
    unreviewed_since: dt.date | None
    access_due: dt.date | None


@dataclass(frozen=True)
class Item:
    """One thing to do: by those who have a permission, where, how long it has waited."""

    kind: str
    subject: str
    words: str
    href: str
    permission: str
    days: int | None = None  # since it is due; below 0 it is not due yet
    urgent: bool = False


def items(known: Known) -> list[Item]:
    """Everything that is to be done: what is urgent first, then what has waited longest."""
    every = [item for kind in KINDS for item in kind(known)]
    return sorted(every, key=lambda one: (not one.urgent, -(one.days or 0)))


def overdue_visits(known: Known) -> Iterator[Item]:
    """Visits whose window is over."""
    for subject, visit in overdue(known.study, known.forms, known.now.date()):
        late = (known.now.date() - visit.closes).days if visit.closes else None
        words = f"{visit.name}, due {visit.due}" if visit.due else visit.name
        yield Item("overdue visit", subject, words, _subject(subject), "enter", late)


def sae_clocks(known: Known) -> Iterator[Item]:
    """Serious events that are not reported, by the hours that are left."""
    serious = known.forms.of(SeriousEvent).filter(pl.col("reported").is_null())
    for row in serious.sort("subject", "number").to_dicts():
        event, subject, days = f"event {row['number']}", row["subject"], None
        words = f"{event} is not reported, and nobody said since when it is known"
        if row["aware"] is not None:
            left = _left(row["aware"], known.now, known.zone)
            hours, days = int(left.total_seconds() // 3600), -left.days - 1
            said = f"{hours} h left" if hours >= 0 else f"{-hours} h over"
            words = f"{event} to report within {HOURS} h: {said}"
        yield Item("SAE clock", subject, words, _subject(subject), "enter", days, urgent=True)


def _left(aware: dt.datetime, now: dt.datetime, zone: ZoneInfo) -> dt.timedelta:
    """The time that is left to report: hours that pass, also over a change of the clock."""
    clock = report_clock(aware, now.replace(tzinfo=zone), zone)
    return clock.left if clock else aware - now


def serious_without_form(known: Known) -> Iterator[Item]:
    """Events called serious without their serious event form."""
    serious = known.forms.of(AdverseEvent).filter(pl.col("serious"))
    bare = serious.join(known.forms.of(SeriousEvent), on=["subject", "number"], how="anti")
    for subject, event in bare.select("subject", "number").sort("subject", "number").iter_rows():
        words = f"event {event} is serious and has no report"
        yield Item("serious event", subject, words, _subject(subject), "enter", urgent=True)


def missing_ice(known: Known) -> Iterator[Item]:
    """Days of the first ten without an ICE assessment."""
    done = known.forms.of(IcansAssessment).filter(
        pl.any_horizontal(pl.col(name).is_not_null() for name in ICE)
    )
    days = {(subject, at.date()) for subject, at in done.select("subject", "at").iter_rows()}
    died = dict(known.forms.of(Death).select("subject", "on").iter_rows())
    yesterday = known.now.date() - dt.timedelta(1)
    for subject in sorted(known.forms.of(Infusion)["subject"].unique()):
        zero = infusion_day(known.forms, subject)
        asked = [zero + dt.timedelta(n) for n in ICE_DAYS] if zero else []
        end = died.get(subject, str(dt.date.max))
        missing = [
            day
            for day in asked
            if day <= yesterday and str(day) < end and (subject, day) not in days
        ]
        if zero and missing:
            words = f"no ICE on day {', '.join(str((day - zero).days) for day in missing)}"
            href, late = f"/subjects/{subject}/day/{missing[0]}", (yesterday - missing[0]).days + 1
            yield Item("ICE missing", subject, words, href, "enter", late)


def waiting_queries(known: Known) -> Iterator[Item]:
    """Queries that the site answers, and answers that somebody closes."""
    for query in known.state.open_queries():
        asked = query.steps[0].moment.date()
        record = place_words(query.place._replace(subject=""))
        where = f"{record}, {label(query.place.form, query.field)}"
        kind, permission = ("query", "answer")
        if query.status == "answered":
            kind, permission = ("answered query", "query")
        days = (known.now.date() - asked).days
        href = f"/queries/{query.number}"
        yield Item(kind, query.place.subject, where, href, permission, days)


def dose_proposal(known: Known) -> Iterator[Item]:
    """The proposal of a dose that a second person signs or rejects."""
    act = known.state.proposal
    if act is not None:
        level = act.said("to_level")
        to = f" to dose level {level}" if level != "0" else ""
        words = f"{act.said('decision')}{to}, proposed by {act.name}"
        days = (known.now.date() - act.moment.date()).days
        yield Item("dose decision", "", words, f"/dose/{act.seq}", "decide", days, urgent=True)


def signed_records(known: Known) -> Iterator[Item]:
    """Records that were signed by themselves, and changed."""
    for one in known.state.standings:
        place = one.signature.place
        if one.state == UNDONE and place.form:
            words, href = f"{place_words(place)} changed", f"/signatures/{one.signature.number}"
            permission = MEANINGS[one.signature.meaning].permission
            yield Item("broken signature", place.subject, words, href, permission, urgent=True)


def signatures(known: Known) -> Iterator[Item]:
    """Subjects whose data are not signed as they stand, and broken signatures."""
    for subject in sorted(s for s in known.state.tracks if s):
        for name, meaning in MEANINGS.items():
            last = known.state.last_signed(Place(subject), name)
            href = f"/sign/{name}?subject={subject}"
            if last is None:
                if name in ASKED and _is_there(known.state, subject, meaning.forms):
                    yield Item("not signed", subject, meaning.title, href, meaning.permission)
            elif last.changed:
                words = f"{len(last.changed)} changed since {last.signature.act.name} signed"
                permission = meaning.permission
                yield Item("broken signature", subject, words, href, permission, urgent=True)
            elif last.added:
                words = f"{len(last.added)} came after the last signature"
                yield Item("not signed", subject, words, href, meaning.permission)


def _is_there(state: State, subject: str, forms: tuple[str, ...]) -> bool:
    tracks = state.tracks.get(subject, {})
    return bool(tracks) if not forms else any(place.form == forms[0] for place in tracks)


def broken_verification(known: Known) -> Iterator[Item]:
    """Records that were verified against their source, and changed."""
    broken = Counter(
        (place.subject, place.form)
        for place, mark in known.state.marks.items()
        if mark.state == BROKEN
    )
    for (subject, form), count in sorted(broken.items()):
        words = f"{title(form)}: {count} verified {'record' if count == 1 else 'records'} changed"
        yield Item("source", subject, words, f"{_subject(subject)}/{form}", "sdv")


def reviews(known: Known) -> Iterator[Item]:
    """The reviews of the audit trail and of access, when they are due."""
    today = known.now.date()
    if known.unreviewed and known.unreviewed_since:
        days = (today - known.unreviewed_since).days - REVIEW_AFTER
        words = f"{known.unreviewed} entries of data since {known.unreviewed_since}"
        if days >= 0:
            yield Item("review", "", words, "/trail/review", "review", days)
    if known.access_due and known.access_due <= today:
        days = (today - known.access_due).days
        yield Item("access", "", "who has access", "/access", "review_access", days)


def _subject(subject: str) -> str:
    return f"/subjects/{subject}/forms"


KINDS: tuple[Callable[[Known], Iterator[Item]], ...] = (
    sae_clocks,
    serious_without_form,
    overdue_visits,
    missing_ice,
    waiting_queries,
    dose_proposal,
    signed_records,
    signatures,
    broken_verification,
    reviews,
)
