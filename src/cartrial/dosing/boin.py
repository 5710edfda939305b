"""Bayesian optimal interval (BOIN) design.

The rate of dose-limiting toxicity (DLT) observed at the current dose is held against two fixed
boundaries: at or below the lower, escalate; at or above the upper, de-escalate; between, stay. A
dose is barred, with all above it, once its DLT rate is too likely to exceed the target; a barred
dose stays barred. The MTD is the dose whose DLT rate, after isotonic regression, is nearest to the
target.

Source: Liu & Yuan 2015, J R Stat Soc C 64:507-523. doi:10.1111/rssc.12089
Reading: where dose 1 calls for de-escalation but is not barred, the next cohort is at dose 1.
Nobody in the window is counted as free of toxicity: the next cohort waits for them, unless the dose
is too toxic even if none of them has a DLT. A cohort short of evaluable subjects is filled first;
it is counted over subjects treated at its level one after the other. A dose is barred on the
subjects treated so far, at whatever place in a cohort.
Oracle: R package BOIN 2.7.2 (tests/oracle/boin)
"""

from collections.abc import Sequence
from dataclasses import replace
from math import log

from scipy.special import betaincc

from cartrial.dosing.decision import Decision, Recommendation
from cartrial.dosing.state import State, Tally
from cartrial.protocol.study import Boin, Dlt

FEWEST_TO_BAR = 3  # patients


def recommend(design: Boin, dlt: Dlt | None, state: State) -> Recommendation:
    """The dose level of the next subjects, and how many of them."""
    found = _recommend(design, dlt, state)
    if found.level is None or found.places:
        return found
    return replace(found, places=design.cohort)


def _recommend(design: Boin, dlt: Dlt | None, state: State) -> Recommendation:
    barred = eliminated(design, state)
    current = state.current
    if current == 0:
        return _start(design, state, barred)
    tally = state.tally(current)
    counted = f"{tally.dlts} DLT in {tally.decided} at dose level {current}"
    if current in barred:
        return _below(barred, f"{counted}: barred")
    missing = _missing(design, state)
    if any(patient.status == "DLT" for patient in state.run):
        best = decide(design, treated=tally.decided + tally.open + missing, dlts=tally.dlts)
        if best <= Decision.DEESCALATE and current > 1:
            return Recommendation(current - 1, False, f"{counted}: de-escalate", barred)
        if best == Decision.ELIMINATE:
            return _below(frozenset({1}), f"{counted}: barred whatever the others show")
    if missing:
        said = f"{counted}, {missing} more to complete the cohort: stay"
        return Recommendation(current, False, said, barred, missing)
    if tally.open:
        return Recommendation(None, True, f"{counted}, {still_open(tally)}: wait", barred)
    return _settled(design, dlt, state, barred, counted)


def decide(design: Boin, *, treated: int, dlts: int) -> Decision:
    """What `dlts` among `treated` patients, at least one, say about their dose."""
    lower, upper = boundaries(design)
    if is_barred(design, treated=treated, dlts=dlts):
        return Decision.ELIMINATE
    if dlts <= lower * treated:
        return Decision.ESCALATE
    if dlts >= upper * treated:
        return Decision.DEESCALATE
    return Decision.STAY


def boundaries(design: Boin) -> tuple[float, float]:
    """The DLT rates between which the dose stays: lambda_e and lambda_d of the source."""
    t, safe, toxic = design.target, design.safe * design.target, design.toxic * design.target
    lower = log((1 - safe) / (1 - t)) / log(t * (1 - safe) / (safe * (1 - t)))
    upper = log((1 - t) / (1 - toxic)) / log(toxic * (1 - t) / (t * (1 - toxic)))
    return lower, upper


def is_barred(design: Boin, *, treated: int, dlts: int) -> bool:
    """Whether P(DLT rate > target) is above the limit; the prior is uniform."""
    if treated < FEWEST_TO_BAR:
        return False
    return probability_above(design.target, treated=treated, dlts=dlts) > design.eliminate_above


def probability_above(rate: float, *, treated: int, dlts: int) -> float:
    """P(DLT rate > `rate`) after `dlts` in `treated` patients, with a uniform prior."""
    return float(betaincc(1 + dlts, 1 + treated - dlts, rate))


def eliminated(design: Boin, state: State) -> frozenset[int]:
    """The levels barred so far or now, each with all above it.

    A level with open subjects is barred only where it would be even if none of them had a DLT.
    """
    barred = set(state.eliminated)
    for level, tally in enumerate(state.tallies(), start=1):
        if is_barred(design, treated=tally.decided + tally.open, dlts=tally.dlts):
            barred.add(level)
    lowest = min(barred, default=state.levels + 1)
    return frozenset(range(lowest, state.levels + 1))


def replay(design: Boin, state: State) -> State:
    """The state with the levels that were barred on the way, at the end of any cohort before."""
    barred = state.eliminated
    for count in range(1, len(state.patients)):
        before = replace(state, patients=state.patients[:count], decided=None)
        ended = state.patients[count].treated_at != before.current
        if ended or not _missing(design, before):
            barred |= eliminated(design, before)
    return replace(state, eliminated=barred)


def select_mtd(design: Boin, state: State) -> int | None:
    """The maximum tolerated dose level of a finished escalation; None where no level is left.

    Of levels equally near to the target, the higher below it and the lower above it.
    """
    barred = eliminated(design, state)
    tried = [
        (level, tally)
        for level, tally in enumerate(state.tallies(), start=1)
        if tally.decided and level not in barred
    ]
    if not tried:
        return None
    rates = isotonic_rates([tally for _, tally in tried])
    nearest = min(abs(rate - design.target) for rate in rates)
    ties = [i for i, rate in enumerate(rates) if abs(rate - design.target) - nearest < 1e-12]
    below = [i for i in ties if rates[i] < design.target]
    return tried[below[-1] if below else ties[0]][0]


def isotonic_rates(tallies: Sequence[Tally]) -> list[float]:
    """The DLT rates of tried levels, made non-decreasing by pooling adjacent violators.

    A rate is (DLT + 0.05) / (decided + 0.1), weighted by the inverse of its variance, as the
    source has it.
    """
    blocks: list[tuple[float, float, int]] = []  # rate, weight, levels
    for tally in tallies:
        a, b = tally.dlts + 0.05, tally.complete + 0.05
        blocks.append((a / (a + b), (a + b) ** 2 * (a + b + 1) / (a * b), 1))
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (low, heavy, many), (high, light, few) = blocks[-2], blocks[-1]
            weight = heavy + light
            blocks[-2:] = [((low * heavy + high * light) / weight, weight, many + few)]
    return [rate for rate, _, levels in blocks for _ in range(levels)]


def still_open(tally: Tally) -> str:
    """How many subjects are not settled, in words."""
    parts = [f"{tally.pending} pending" if tally.pending else ""]
    parts.append(f"{tally.maturing} maturing" if tally.maturing else "")
    return ", ".join(part for part in parts if part)


def _missing(design: Boin, state: State) -> int:
    """How many evaluable subjects the running cohort still needs."""
    counting = [p for p in state.run if p.evaluable and p.level == state.current]
    return -len(counting) % design.cohort if counting else design.cohort


def _start(design: Boin, state: State, barred: frozenset[int]) -> Recommendation:
    if design.start in barred:
        return _below(barred, f"dose level {design.start} is barred")
    reason = f"nobody treated: start at dose level {design.start}"
    return Recommendation(min(design.start, state.levels), False, reason, barred)


def _below(barred: frozenset[int], reason: str) -> Recommendation:
    """The highest level that is not barred, or the end of the escalation."""
    level = min(barred) - 1
    if level == 0:
        return Recommendation(None, False, f"{reason}; no dose level is left: stop", barred)
    return Recommendation(level, False, reason, barred)


def _settled(
    design: Boin, dlt: Dlt | None, state: State, barred: frozenset[int], counted: str
) -> Recommendation:
    """The recommendation where every subject at the current level is settled."""
    current, tally = state.current, state.tally(state.current)
    decision = decide(design, treated=tally.decided, dlts=tally.dlts)
    if decision != Decision.ESCALATE:
        level = max(current + decision, 1)
        word = "stay" if decision == Decision.STAY else "de-escalate"
        return Recommendation(level, False, f"{counted}: {word}", barred)
    if current == state.levels:
        return Recommendation(current, False, f"{counted}: stay at the highest level", barred)
    if current + 1 in barred:
        said = f"{counted}: stay, dose level {current + 1} is barred"
        return Recommendation(current, False, said, barred)
    short = _too_early(dlt, state)
    if short:
        return Recommendation(current, False, f"{counted}: stay, {short}", barred)
    return Recommendation(current + 1, False, f"{counted}: escalate", barred)


def _too_early(dlt: Dlt | None, state: State) -> str:
    """Why the follow-up at the current level is too short to escalate; empty where it is not."""
    if dlt is None:
        return ""
    patients = state.at(state.current)
    short = [p for p in patients if p.status == "complete" and p.followed < dlt.escalate_after]
    if short:
        return f"{len(short)} followed for less than {dlt.escalate_after} days"
    complete = state.tally(state.current).complete
    if complete < dlt.escalate_complete:
        return f"{complete} of {dlt.escalate_complete} have completed the window"
    return ""
