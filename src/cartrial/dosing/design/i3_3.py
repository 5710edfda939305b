"""The i3+3 design.

The DLT rate observed at the dose is held against the target interval; where it is above, the rate
with one DLT less decides whether that is more than chance of a small number:

    rate                                      decision
    below the interval                        escalate
    inside                                    stay
    above; with one DLT less, below it        stay
    above; with one DLT less, not below it    de-escalate

A dose is barred, with all above it, once its DLT rate is too likely to exceed the target.

Source: Liu, Wang & Ji 2020, J Biopharm Stat 30:294-304. doi:10.1080/10543406.2019.1636811
Reading: the ends of the interval belong to it. The maximum tolerated dose is selected as in mTPI-2.
Oracle: R package PhIdesign 0.2.0 (tests/oracle/phidesign)
"""

from functools import partial

from cartrial.dosing import isotonic
from cartrial.dosing.counts import Advice, Counts
from cartrial.dosing.decision import Decision
from cartrial.dosing.design import interval
from cartrial.dosing.design.mtpi2 import PRIOR
from cartrial.protocol.design import IThreePlusThree

SAME = 1e-9  # patients; 2 of 5 is not above 0.35 + 0.05, whatever the last bit says


def advise(design: IThreePlusThree, counts: Counts) -> Advice:
    """The level of the next cohort."""
    rule = partial(decide, design)
    return interval.advise(rule, counts, start=design.start, cohort=design.cohort)


def decide(design: IThreePlusThree, *, treated: int, dlts: int) -> Decision:
    """What `dlts` among `treated` patients, at least one, say about their dose."""
    if interval.is_barred(design, treated=treated, dlts=dlts):
        return Decision.ELIMINATE
    low, high = (rate * treated for rate in design.interval)
    if dlts < low - SAME:
        return Decision.ESCALATE
    if dlts <= high + SAME or dlts - 1 < low - SAME:
        return Decision.STAY
    return Decision.DEESCALATE


def select_mtd(design: IThreePlusThree, counts: Counts) -> int | None:
    """The maximum tolerated dose level of a finished escalation; None where no level is left."""
    if design.final == "next dose":
        return advise(design, counts).level
    barred = interval.lowest_barred(partial(decide, design), counts)
    return isotonic.nearest_level(counts, barred=barred, target=design.target, prior=PRIOR)
