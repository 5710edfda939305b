"""The rolling six design: the level of the next patient, with patients still in the DLT window.

Of the patients at the current level, at most six:

    DLTs         pending  enrolled     next patient
    2 or more    any      any          one level lower; the dose is barred
    0            0        3 or more    escalate
    0            1        6            escalate
    1            0        6            escalate
    0 or 1       else     fewer than 6 the same level
    0 or 1       else     6            nobody: wait

Source: Skolnik 2008, J Clin Oncol 26:190-195. doi:10.1200/JCO.2007.12.7712
Reading: the level below a barred one is filled to six before it is the maximum tolerated dose
(MTD). Where no level is left to escalate to, the MTD is reached with none in five settled, or with
at most one in six.
Oracle: the table of Frankel 2020, JAMA Netw Open 3:e204787 (tests/oracle/rolling_six)
"""

from cartrial.dosing.counts import Advice, Counts
from cartrial.dosing.decision import Decision
from cartrial.dosing.design.three_plus_three import (
    FULL,
    HALF,
    TOXIC,
    check_full,
    highest_passed,
    lowest_toxic,
)
from cartrial.errors import RuleError
from cartrial.protocol.design import RollingSix

ENOUGH = 5  # settled patients without DLT with which a level is the MTD


def advise(design: RollingSix, counts: Counts, *, pending: int = 0) -> Advice:
    """The level of the next patient.

    `counts` are the settled patients; `pending` are in the window at the current level.
    """
    if pending < 0:
        raise RuleError(f"pending patients must be 0 or more, got {pending}")
    check_full(counts, pending, "a rolling six")
    barred, current = lowest_toxic(counts), counts.current
    if current == 0:
        start = min(design.start, counts.levels)
        if start >= barred:
            return _below(counts, barred, f"dose level {start} is barred")
        reason = f"nobody treated: start at dose level {start}"
        return Advice(start, Decision.STAY, reason, barred, 1)
    n, y = counts.here
    counted = f"{counts.words}, {pending} pending" if pending else counts.words
    if current >= barred:
        return _below(counts, barred, f"{counted}: barred")
    decision = decide(settled=n, dlts=y, pending=pending)
    if decision == Decision.ESCALATE and current < min(barred - 1, counts.levels):
        return Advice(current + 1, decision, f"{counted}: escalate", barred, 1)
    if decision == Decision.ESCALATE and _is_mtd(n, y):
        said = f"{counted}: stop, the MTD is dose level {current}"
        return Advice(None, decision, said, barred)
    if n + pending < FULL:
        return Advice(current, Decision.STAY, f"{counted}: stay", barred, 1)
    return Advice(None, Decision.STAY, f"{counted}: wait", barred, wait=True)


def decide(*, settled: int, dlts: int, pending: int) -> Decision:
    """What the patients at a level say about it; at six with too few settled, STAY is to wait."""
    if dlts >= TOXIC:
        return Decision.ELIMINATE
    clear = dlts == 0 and pending == 0 and settled >= HALF
    full = settled + pending == FULL and dlts + pending <= 1
    return Decision.ESCALATE if clear or full else Decision.STAY


def select_mtd(design: RollingSix, counts: Counts) -> int | None:
    """The highest level that is not barred and has passed; None where there is none.

    It is the MTD once `advise` ends the escalation; before, the highest dose known to be safe.
    """
    return highest_passed(counts)


def _is_mtd(settled: int, dlts: int) -> bool:
    return settled == FULL or (settled >= ENOUGH and dlts == 0)


def _below(counts: Counts, barred: int, reason: str) -> Advice:
    """The level below the barred ones, filled to six, or the end."""
    if barred == 1:
        said = f"{reason}; no dose level is left: stop"
        return Advice(None, Decision.ELIMINATE, said, barred)
    level = barred - 1
    if _is_mtd(counts.treated[level - 1], counts.dlts[level - 1]):
        said = f"{reason}: stop, the MTD is dose level {level}"
        return Advice(None, Decision.ELIMINATE, said, barred)
    return Advice(level, Decision.ELIMINATE, f"{reason}: de-escalate", barred, 1)
