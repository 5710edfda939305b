"""The rules that a study lays around its design: each may hold the next dose back, never raise it.

They act one after the other, in this order, each on what the one before has left:

    no_skipping          no untried level is jumped on the way up
    follow-up            no escalation before `dlt.escalate_after` and `dlt.escalate_complete`
    maturing             an event not settled yet holds up a design that weighs follow-up
    parallel_cohorts     no new cohort while somebody of another is in the window
    too_toxic            the lowest dose is too toxic: the end
    most_at_dose         enough subjects at the dose of the next ones: the end
    stop_at_planned      the planned subjects are infused: the end; without it, it is said
    sentinel             the first of a cohort is followed before the next is infused
    committee            what opens a cohort, or ends the trial, is provisional

Reading: what ends the escalation comes after what makes it wait, so that it is not put off. Who is
in the window counts without DLT where a dose is judged too toxic. A sentinel is the first evaluable
subject of a cohort; one with an event not settled yet is still followed. The first cohort opens
at the dose of the protocol, and needs no decision. In a rolling six, which has no cohorts, the
first at a level is followed before the next, and what goes to another level is provisional.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from cartrial.dosing.decision import Recommendation
from cartrial.dosing.design.posterior import probability_above
from cartrial.dosing.design.three_plus_three import FULL
from cartrial.dosing.state import State
from cartrial.protocol.design import Design, RollingSix, TiteBoin
from cartrial.protocol.model_design import TiteCrm
from cartrial.protocol.rules import Rules, TooToxic
from cartrial.protocol.study import Dlt

Safeguard = Callable[[State, Recommendation], Recommendation]
FEWEST = 3  # patients on whom a dose is judged too toxic


def safeguards(design: Design, dlt: Dlt | None, rules: Rules) -> tuple[Safeguard, ...]:
    """The rules of a study, in the order in which they act."""
    acting: list[Safeguard] = []
    cohorts = not isinstance(design, RollingSix)
    if rules.no_skipping:
        acting.append(no_skipping)
    if dlt is not None:
        places = None if cohorts else FULL
        acting.append(partial(follow_up, dlt, rules, places=places))
    if isinstance(design, TiteBoin | TiteCrm) and rules.maturing == "wait":
        acting.append(maturing)
    if not rules.parallel_cohorts:
        acting.append(one_cohort)
    if rules.too_toxic is not None:
        acting.append(partial(too_toxic, rules.too_toxic))
    if rules.most_at_dose is not None:
        acting.append(partial(most_at_dose, rules.most_at_dose))
    acting.append(partial(stop_at_planned if rules.stop_at_planned else beyond_planned, rules))
    if rules.sentinel is not None:
        acting.append(partial(sentinel, rules.sentinel, cohorts=cohorts))
    if rules.committee:
        acting.append(partial(committee, cohorts=cohorts))
    return tuple(acting)


def no_skipping(state: State, found: Recommendation) -> Recommendation:
    """At most one level above the highest that was tried."""
    highest = max((patient.treated_at for patient in state.patients), default=0) + 1
    if found.level is None or not state.patients or found.level <= highest:
        return found
    return replace(found, level=highest, reason=f"{found.reason}; no level is skipped: {highest}")


def follow_up(
    dlt: Dlt, rules: Rules, state: State, found: Recommendation, *, places: int | None = None
) -> Recommendation:
    """The current level again, or a wait, while the follow-up is too short to escalate.

    A level takes at most so many `places`: no more are treated there while it is waited for.
    """
    if not _rises(state, found):
        return found
    short = _too_early(dlt, state)
    if not short:
        return found
    open_ = state.tally(state.current).open_words
    counted = f"{state.words}, {open_}" if open_ else state.words
    full = places is not None and _evaluable(state) >= places
    if open_ and (full or rules.while_short == "wait"):
        return found.waits(f"{counted}: wait, {short}")
    return replace(found, level=state.current, reason=f"{counted}: stay, {short}")


def maturing(state: State, found: Recommendation) -> Recommendation:
    """A wait while an event at the current level is not settled, unless the dose goes down."""
    if not found.level or found.begun or found.level < state.current:
        return found
    unsettled = state.tally(state.current).maturing if state.current else 0
    if not unsettled:
        return found
    return found.waits(f"{found.reason}; {unsettled} maturing: wait")


def one_cohort(state: State, found: Recommendation) -> Recommendation:
    """A wait before a new cohort while somebody of another is in the window."""
    open_ = sum(tally.open for tally in state.tallies())
    if found.level is None or found.begun or not open_:
        return found
    return found.waits(f"{found.reason}; {open_} of another cohort still in the window: wait")


def too_toxic(limit: TooToxic, state: State, found: Recommendation) -> Recommendation:
    """The end where the lowest dose is too toxic even if nobody in the window has a DLT."""
    lowest = state.tally(1)
    treated = lowest.decided + lowest.open
    if not is_too_toxic(limit, treated=treated, dlts=lowest.dlts):
        return found
    chance = probability_above(limit.rate, treated=treated, dlts=lowest.dlts)
    said = f"P(DLT rate at dose level 1 > {limit.rate:g}) is {chance:.3f}: stop"
    barred = frozenset(range(1, state.levels + 1))
    return replace(found.stops(f"{found.reason}; {said}"), eliminated=barred)


def is_too_toxic(limit: TooToxic | None, *, treated: int, dlts: int) -> bool:
    """Whether what was seen at the lowest dose ends the escalation; never without a limit."""
    if limit is None or treated < FEWEST:
        return False
    return probability_above(limit.rate, treated=treated, dlts=dlts) > limit.probability


def most_at_dose(most: int, state: State, found: Recommendation) -> Recommendation:
    """The end where the dose of the next subjects has enough; else no more than it may have."""
    if found.level is None:
        return found
    there = sum(patient.evaluable for patient in state.at(found.level))
    if there < most:
        return replace(found, places=min(found.places, most - there))
    return found.stops(f"{found.reason}; {there} subjects at dose level {found.level}: stop")


def stop_at_planned(rules: Rules, state: State, found: Recommendation) -> Recommendation:
    """The end once the planned subjects are infused; else no more than are planned."""
    if state.planned is None or found.stop:
        return found
    left = state.planned - _counting(state, rules)
    if left > 0:
        return replace(found, places=min(found.places, left))
    return found.stops(f"{found.reason}; all {state.planned} planned subjects are infused: stop")


def beyond_planned(rules: Rules, state: State, found: Recommendation) -> Recommendation:
    """The same; where it asks for more subjects than are planned, its reason says so."""
    infused = _counting(state, rules)
    if state.planned is None or infused + found.places <= state.planned or not found.places:
        return found
    said = f"{infused} of {state.planned} planned subjects are infused"
    return replace(found, reason=f"{found.reason}; {said}")


def sentinel(
    days: int, state: State, found: Recommendation, *, cohorts: bool = True
) -> Recommendation:
    """One subject where a cohort opens; no other before the first was followed for `days`."""
    if found.level is None or found.places == 0:
        return found
    ready = [p for p in state.run if p.evaluable and p.level == state.current]
    cohort = ready[-found.begun :] if found.begun else []
    if not cohorts and found.level == state.current:
        cohort = ready
    if not cohort:
        said = f"the first is followed for {days} days before the next" if found.places > 1 else ""
        reason = f"{found.reason}; {said}" if said else found.reason
        return replace(found, places=1, reason=reason)
    first = cohort[0]
    if not first.open or (first.status == "pending" and first.followed >= days):
        return found
    seen = f"followed for {first.followed} of {days} days"
    seen = seen if first.status == "pending" else "maturing"
    return found.waits(f"{found.reason}; the first of the cohort is {seen}: wait")


def committee(state: State, found: Recommendation, *, cohorts: bool = True) -> Recommendation:
    """Provisional, where it opens a cohort or ends the trial and the committee has not decided."""
    starts = state.current == 0 and found.level is not None
    decided = found.level is not None and found.level == state.decided and not state.run
    continues = found.begun or (not cohorts and found.level == state.current)
    if found.wait or continues or starts or decided:
        return found
    reason = f"{found.reason}; provisional until the committee has decided"
    return replace(found, provisional=True, reason=reason)


def _counting(state: State, rules: Rules) -> int:
    """How many of the infused count toward the planned subjects."""
    return sum(p.evaluable or rules.replacements_count for p in state.patients)


def _rises(state: State, found: Recommendation) -> bool:
    return found.level is not None and 0 < state.current < found.level


def _evaluable(state: State) -> int:
    """How many subjects count, or may still count, at the current level."""
    return sum(patient.evaluable for patient in state.at(state.current))


def _too_early(dlt: Dlt, state: State) -> str:
    """Why the follow-up at the current level is too short to escalate; empty where it is not."""
    free = [p for p in state.at(state.current) if p.evaluable and p.status != "DLT"]
    short = [p for p in free if p.followed < dlt.escalate_after]
    if short:
        return f"{len(short)} followed for less than {dlt.escalate_after} days"
    complete = state.tally(state.current).complete
    if complete < dlt.escalate_complete:
        return f"{complete} of {dlt.escalate_complete} have completed the window"
    return ""
