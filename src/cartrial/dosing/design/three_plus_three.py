"""The 3+3 design.

    DLTs at the dose    after 3 patients     after 6 patients
    0                   escalate             escalate
    1                   three more           escalate
    2 or more           the dose is barred   the dose is barred

A barred dose ends the escalation with the level below it as the maximum tolerated dose (MTD); in
the variant `expand` only after six patients at that level, with at most one DLT.

Source: Storer 1989, Biometrics 45:925-937, doi:10.2307/2531693; Korn 1994, Stat Med 13:1799-1806,
doi:10.1002/sim.4780131802 (expand)
Reading: at the highest level three without DLT are enough (`six_at_top` asks for six). Two DLTs bar
a dose before its cohort is full. A level below the start that nobody was treated at gets its three
patients before it is the MTD.
Oracle: R package escalation 0.2.3 and the closed form (tests/oracle/escalation)
"""

from cartrial.dosing.counts import Advice, Counts
from cartrial.dosing.decision import Decision
from cartrial.errors import RuleError
from cartrial.protocol.design import ThreePlusThree

TOXIC = 2  # DLTs
HALF, FULL = 3, 6  # patients at a level


def advise(design: ThreePlusThree, counts: Counts) -> Advice:
    """The level of the next patients, and how many complete three or six."""
    check_full(counts, 0, "a 3+3")
    barred, current = lowest_toxic(counts), counts.current
    if current == 0:
        start = min(design.start, counts.levels)
        if start >= barred:
            return _below(design, counts, barred, f"dose level {start} is barred")
        reason = f"nobody treated: start at dose level {start}"
        return Advice(start, Decision.STAY, reason, barred, HALF)
    (n, y), counted = counts.here, counts.words
    if current >= barred:
        return _below(design, counts, barred, f"{counted}: barred")
    missing = _missing(n, y, six=False)
    if missing:
        said = f"{counted}, {missing} more: stay"
        return Advice(current, Decision.STAY, said, barred, missing)
    if current < min(barred - 1, counts.levels):
        return Advice(current + 1, Decision.ESCALATE, f"{counted}: escalate", barred, HALF)
    return _end(design, counts, current, barred, counted)


def select_mtd(design: ThreePlusThree, counts: Counts) -> int | None:
    """The highest level that is not barred and has passed; None where there is none.

    It is the MTD once `advise` ends the escalation; before, the highest dose known to be safe.
    """
    return highest_passed(counts)


def highest_passed(counts: Counts) -> int | None:
    """The highest level below the barred ones with no DLT in three or at most one in six."""
    passed = (
        level
        for level in counts.tried(lowest_toxic(counts))
        if not _missing(counts.treated[level - 1], counts.dlts[level - 1], six=False)
    )
    return max(passed, default=None)


def lowest_toxic(counts: Counts) -> int:
    """The lowest level barred so far, or now by two DLTs."""
    now = (level for level, dlts in enumerate(counts.dlts, start=1) if dlts >= TOXIC)
    return min((counts.barred, *now))


def check_full(counts: Counts, pending: int, design: str) -> None:
    """Refuse more patients at a level than the design can decide on."""
    for level, treated in enumerate(counts.treated, start=1):
        found = treated + (pending if level == counts.current else 0)
        if found > FULL:
            raise RuleError(
                f"dose level {level}: patients must be at most {FULL} in {design}, got {found}"
            )


def _missing(treated: int, dlts: int, *, six: bool) -> int:
    """How many patients a level that is not barred needs before it has passed."""
    if treated < HALF:
        return HALF - treated
    return FULL - treated if dlts or six else 0


def _below(design: ThreePlusThree, counts: Counts, barred: int, reason: str) -> Advice:
    """The level below the barred ones: more patients there, or the end."""
    if barred == 1:
        said = f"{reason}; no dose level is left: stop"
        return Advice(None, Decision.ELIMINATE, said, barred)
    return _end(design, counts, barred - 1, barred, reason)


def _end(design: ThreePlusThree, counts: Counts, level: int, barred: int, reason: str) -> Advice:
    """The end with `level` as MTD, or the patients that it needs for that."""
    n, y = counts.treated[level - 1], counts.dlts[level - 1]
    exceeded = barred <= counts.levels
    six = design.variant == "expand" if exceeded else design.six_at_top
    missing = _missing(n, y, six=six)
    decision = Decision.ELIMINATE if counts.current >= barred else Decision.STAY
    if missing:
        said = f"{reason}: {missing} more at dose level {level}"
        return Advice(level, decision, said, barred, missing)
    return Advice(None, decision, f"{reason}: stop, the MTD is dose level {level}", barred)
