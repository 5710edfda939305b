"""A decision table of the study's own: what is written in it is what is decided.

The row is that of all patients treated at the dose so far, cohorts taken together; the letter is
that of their DLTs.

Reading: patients for whom the table has no row cannot be decided on, and that is said.
"""

from functools import partial

from cartrial.dosing import isotonic
from cartrial.dosing.counts import Advice, Counts
from cartrial.dosing.decision import Decision
from cartrial.dosing.design import interval
from cartrial.errors import RuleError
from cartrial.protocol.design import DecisionTable

DECISIONS = {
    "E": Decision.ESCALATE,
    "S": Decision.STAY,
    "D": Decision.DEESCALATE,
    "U": Decision.ELIMINATE,
}


def advise(design: DecisionTable, counts: Counts) -> Advice:
    """The level of the next cohort."""
    rule = partial(decide, design)
    return interval.advise(rule, counts, start=design.start, cohort=design.cohort)


def decide(design: DecisionTable, *, treated: int, dlts: int) -> Decision:
    """What `dlts` among `treated` patients, at least one, say about their dose."""
    row = design.rows.get(treated)
    if row is None:
        known = ", ".join(str(n) for n in sorted(design.rows))
        raise RuleError(
            f"decision table: patients at a dose must be among its rows ({known}), got {treated}"
        )
    return DECISIONS[row[dlts]]


def select_mtd(design: DecisionTable, counts: Counts) -> int | None:
    """The maximum tolerated dose level of a finished escalation; None where no level is left."""
    if design.target is None:
        return advise(design, counts).level
    barred = interval.lowest_barred(partial(decide, design), counts)
    return isotonic.nearest_level(counts, barred=barred, target=design.target)
