"""Modified toxicity probability interval design 2 (mTPI-2), and its forerunner mTPI.

The rates from 0 to 1 are parted into intervals: the target interval and, in mTPI-2, intervals of
its width on both sides; in mTPI, all below it and all above it. The interval with the highest unit
probability mass (posterior probability for its width) decides: below the target interval, escalate;
the target interval, stay; above, de-escalate. A dose is barred, with all above it, once its DLT
rate is too likely to exceed the target.

Source: Guo 2017, Contemp Clin Trials 58:23-33, doi:10.1016/j.cct.2017.04.006 (mTPI-2); Ji 2010,
Clin Trials 7:653-663, doi:10.1177/1740774510382799 (mTPI)
Reading: the intervals at 0 and 1 may be shorter than the others. The sources bar a dose whatever
the number of patients; here from `fewest_to_eliminate` on, 1 for the sources' rule.
Oracle: R package escalation 0.2.3 (tests/oracle/escalation)
"""

from functools import partial

from cartrial.dosing import isotonic
from cartrial.dosing.counts import Advice, Counts
from cartrial.dosing.decision import Decision
from cartrial.dosing.design import interval
from cartrial.dosing.design.keyboard import keys, strongest
from cartrial.protocol.design import Mtpi2

PRIOR = 0.005  # DLTs, and as many patients without, when the MTD is selected


def advise(design: Mtpi2, counts: Counts) -> Advice:
    """The level of the next cohort."""
    rule = partial(decide, design)
    return interval.advise(rule, counts, start=design.start, cohort=design.cohort)


def decide(design: Mtpi2, *, treated: int, dlts: int) -> Decision:
    """What `dlts` among `treated` patients, at least one, say about their dose."""
    if interval.is_barred(design, treated=treated, dlts=dlts):
        return Decision.ELIMINATE
    low, high = design.interval
    parts = keys(low, high, edges=True)
    if design.variant == "mTPI":
        parts = ((0.0, low), (low, high), (high, 1.0))
    return strongest(parts, (low, high), treated=treated, dlts=dlts)


def select_mtd(design: Mtpi2, counts: Counts) -> int | None:
    """The maximum tolerated dose level of a finished escalation; None where no level is left."""
    if design.final == "next dose":
        return advise(design, counts).level
    barred = interval.lowest_barred(partial(decide, design), counts)
    return isotonic.nearest_level(counts, barred=barred, target=design.target, prior=PRIOR)
