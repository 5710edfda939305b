"""The conduct of a dose escalation: the next dose of a running trial, by any design.

A design says what was seen means for the dose. In a running trial some subjects are in the window,
and a cohort is half full. The first that holds:

    1. nobody was treated: the first dose of the design
    2. the current level is barred: the level to which the design goes; it ends only once nobody
       below is in the window
    3. the dose goes down, or the trial ends, even if nobody else in the cohort has a DLT: at once
    4. the cohort is short of evaluable subjects: the same level, until it is full
    5. somebody at the current level is in the window: wait
    6. somebody at another level is, and could change the answer: wait
    7. the design decides

A time-to-event design decides in place of 5 and 6; rolling six has no cohorts, and decides in place
of 3 to 6. Then the rules of the study act, in the order of `safeguard`. An escalation
that the committee has ended is at its end, whatever was seen.

Reading: nobody in the window is counted as free of toxicity, but to find out that a dose is too
toxic all the same. A cohort is counted over subjects treated at its level one after the other; a
running cohort without DLT is not cut short for an earlier one; one that the committee has opened,
and nobody was infused in yet, is. A level is barred on the subjects treated so far, at whatever
place in a cohort, and stays barred. The 3+3 counts all evaluable subjects of a level, in threes. A
cohort that `most_at_dose` cuts short is complete. Where the dose goes down at once, a model says on
what was seen so far how far: nobody who is still to come is taken to be free of toxicity for it.
"""

from dataclasses import replace

from cartrial.dosing.conduct.explain import explain
from cartrial.dosing.conduct.safeguard import safeguards
from cartrial.dosing.counts import Advice
from cartrial.dosing.decision import Decision, Recommendation
from cartrial.dosing.design.three_plus_three import FULL, HALF
from cartrial.dosing.designs import DESIGNS, advise, cohort_size, lowest_barred
from cartrial.dosing.state import State
from cartrial.errors import RuleError
from cartrial.protocol.design import Design, ThreePlusThree
from cartrial.protocol.model_design import Blrm, WorkingModel
from cartrial.protocol.rules import Rules
from cartrial.protocol.study import Dlt

AS_IS = Rules()


def recommend(
    design: Design, dlt: Dlt | None, state: State, rules: Rules = AS_IS
) -> Recommendation:
    """The dose level of the next subjects, how many of them, and why."""
    _check_infused(design, state)
    window = None if dlt is None else dlt.window
    known = state.without(_from(state, lowest_barred(design, state, window)))
    if state.ended:
        found = Recommendation(None, False, "the committee has ended it: stop", known.eliminated)
    else:
        found = _by_design(design, window, known, rules)
        for safeguard in safeguards(design, dlt, rules):
            found = safeguard(known, found)
    return replace(found, full=explain(design, window, known))


def select_mtd(design: Design, dlt: Dlt | None, state: State) -> int | None:
    """The maximum tolerated dose level of a finished escalation; None where no level is left."""
    window = None if dlt is None else dlt.window
    return DESIGNS[design.kind].select_mtd(design, state, window)


def replay(design: Design, dlt: Dlt | None, state: State, rules: Rules = AS_IS) -> State:
    """The state with the levels that were barred on the way, at the end of any cohort before."""
    window, known = None if dlt is None else dlt.window, state
    for count in range(1, len(state.patients)):
        before = replace(known, patients=state.patients[:count], decided=None, decided_after=None)
        ended = state.patients[count].treated_at != before.current
        if ended or not _missing(design, before, rules):
            known = known.without(_from(state, lowest_barred(design, before, window)))
    return known


def _check_infused(design: Design, state: State) -> None:
    """Refuse a level above the first where nobody is known to be infused: data are missing."""
    first = getattr(design, "start", 1)
    if not state.patients and not state.ended and (state.decided or 0) > first:
        raise RuleError(
            f"escalation: somebody must be infused before dose level {state.decided}, to which the "
            "committee has gone, got nobody. Give the infusions"
        )


def _by_design(design: Design, window: int | None, state: State, rules: Rules) -> Recommendation:
    current, late = state.current, DESIGNS[design.kind].late
    if current == 0 or current in state.eliminated or not cohort_size(design, state):
        known = state if late else state.settled("complete", elsewhere=True)
        advice = advise(design, known, window)
        found_dose = advice.stop and advice.barred > 1
        return _wait(state) if found_dose and not late and _open(state) else _as(advice, state)
    missing = _missing(design, state, rules)
    early = _early(design, window, state, missing)
    if early is not None:
        return early
    if missing:
        seen = ", ".join(part for part in (state.words, state.tally(current).open_words) if part)
        said = f"{seen}, {missing} more to complete the cohort: stay"
        if state.decided is not None and not state.run:
            said = f"{state.words}, where the committee opened a cohort: {missing} there"
        begun = cohort_size(design, state) - missing
        return Recommendation(current, False, said, state.eliminated, missing, begun)
    if late:
        return _as(advise(design, state, window), state)
    here = state.tally(current)
    if here.open:
        return Recommendation(
            None, True, f"{state.words}, {here.open_words}: wait", state.eliminated
        )
    return _settled(design, window, state)


def _early(design: Design, window: int | None, state: State, missing: int) -> Recommendation | None:
    """The lower dose, or the end, that nothing can change; None where something still can.

    A model may go down by more than one level: it does so on what was seen.
    """
    if state.run and not any(patient.status == "DLT" for patient in state.run):
        return None
    open_ = state.tally(state.current).open
    if not open_ and not missing:
        return None
    best = advise(design, state.settled("complete", more=missing), window)
    if best.level is not None and best.level < state.current:
        seen = advise(design, state, window) if isinstance(design, WorkingModel | Blrm) else best
        if seen.level is None and _open(state):
            return _wait(state)
        if seen is not best and (seen.level or 0) <= best.level:
            return _as(seen, state)
        said = f"{state.words}: de-escalate"
        return Recommendation(best.level, False, said, state.eliminated, best.places)
    if _is_toxic_end(best):
        said = f"{state.words}: barred whatever the others show; no dose level is left: stop"
        return _as(best, state, said)
    return None


def _settled(design: Design, window: int | None, state: State) -> Recommendation:
    """What the design decides, unless those in the window at other levels could change it."""
    best = advise(design, state.settled("complete"), window)
    worst = advise(design, state.settled("DLT"), window)
    lower = best.level is not None and best.level < state.current
    if lower or _is_toxic_end(best) or (best.level, best.stop) == (worst.level, worst.stop):
        return _as(best, state)
    return _wait(state)


def _wait(state: State) -> Recommendation:
    """Waiting for those in the window."""
    said = f"{state.words}, {', '.join(_open(state))}: wait"
    return Recommendation(None, True, said, state.eliminated)


def _open(state: State) -> list[str]:
    """Who is in the window at a level that is not barred, in words."""
    return [
        f"{tally.open_words} at dose level {level}"
        for level, tally in enumerate(state.tallies(), start=1)
        if tally.open and level not in state.eliminated
    ]


def _is_toxic_end(advice: Advice) -> bool:
    """Whether the trial ends for toxicity, and not because its dose is found."""
    return advice.stop and advice.decision == Decision.ELIMINATE


def _as(advice: Advice, state: State, reason: str = "") -> Recommendation:
    """The advice of a design as a recommendation."""
    return Recommendation(
        advice.level,
        advice.wait,
        reason or advice.reason,
        state.eliminated | _from(state, advice.barred),
        advice.places,
    )


def _from(state: State, lowest: int) -> frozenset[int]:
    """A level with all above it."""
    return frozenset(range(lowest, state.levels + 1))


def _missing_of_six(state: State) -> int:
    """How many subjects a level of the 3+3 needs for three, or for six; more after a decision."""
    here = state.tally(state.current)
    treated = here.decided + here.open
    if not state.run:
        return min(HALF, max(FULL - treated, 0))
    return -treated % HALF if 0 < treated < FULL else HALF * (treated == 0)


def _missing(design: Design, state: State, rules: Rules) -> int:
    """How many subjects the running cohort still needs, of those that its level may take."""
    if rules.most_at_dose is None:
        return _to_fill(design, state, rules)
    there = sum(patient.evaluable for patient in state.at(state.current))
    return min(_to_fill(design, state, rules), max(rules.most_at_dose - there, 0))


def _to_fill(design: Design, state: State, rules: Rules) -> int:
    """How many subjects the running cohort needs to be full."""
    if isinstance(design, ThreePlusThree):
        return _missing_of_six(state)
    counting = [
        patient
        for patient in state.run
        if not rules.replacement or (patient.evaluable and patient.level == state.current)
    ]
    size = cohort_size(design, state)
    return -len(counting) % size if counting and size else size
