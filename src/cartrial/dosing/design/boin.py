"""Bayesian optimal interval (BOIN) design.

The rate of dose-limiting toxicity (DLT) observed at the current dose is held against two fixed
boundaries: at or below the lower, escalate; at or above the upper, de-escalate; between, stay. A
dose is barred, with all above it, once its DLT rate is too likely to exceed the target; a barred
dose stays barred. The MTD is the dose whose DLT rate, after isotonic regression, is nearest to the
target.

Options of the R package, all off at first: a stricter limit at dose 1 that ends the escalation
(`extra_safe`), an MTD whose rate is not above the upper boundary (`bound_mtd`), single patients up
to the first DLT or the highest dose, where the cohort is then completed (`titration`), and 1 DLT in
3 that stays (`stay_at_1_of_3`).

Source: Liu & Yuan 2015, J R Stat Soc C 64:507-523. doi:10.1111/rssc.12089
Reading: where dose 1 calls for de-escalation but is not barred, the next cohort is at dose 1. A
running trial, with subjects in the window, is conducted by `dosing.conduct`.
Oracle: R package BOIN 2.7.2 (tests/oracle/boin)
"""

from dataclasses import replace
from functools import partial
from math import log

from cartrial.dosing import isotonic
from cartrial.dosing.counts import Advice, Counts
from cartrial.dosing.decision import Decision
from cartrial.dosing.design import interval
from cartrial.dosing.design.posterior import probability_above
from cartrial.protocol.design import Boin, OptimalInterval

FEWEST_TO_BAR = 3  # patients


def advise(design: Boin, counts: Counts) -> Advice:
    """The level of the next cohort, where nobody is pending."""
    if ends_early(design, treated=counts.treated[0], dlts=counts.dlts[0]):
        counts = replace(counts, barred=1)
    size = cohort_size(design, counts)
    found = interval.advise(partial(decide, design), counts, start=design.start, cohort=size)
    if not design.titration or not 0 < counts.current < found.barred:
        return found
    missing = size - counts.here[0]
    if missing <= 0:
        return found
    said = f"{counts.words}, {missing} more to complete the cohort: stay"
    return Advice(counts.current, Decision.STAY, said, found.barred, missing)


def decide(design: OptimalInterval, *, treated: int, dlts: int) -> Decision:
    """What `dlts` among `treated` patients, at least one, say about their dose."""
    lower, upper = boundaries(design)
    if is_barred(design, treated=treated, dlts=dlts):
        return Decision.ELIMINATE
    if dlts <= lower * treated:
        return Decision.ESCALATE
    stays = design.stay_at_1_of_3 and (treated, dlts) == (3, 1)
    return Decision.DEESCALATE if dlts >= upper * treated and not stays else Decision.STAY


def boundaries(design: OptimalInterval) -> tuple[float, float]:
    """The DLT rates between which the dose stays: lambda_e and lambda_d of the source."""
    t, safe, toxic = design.target, design.safe * design.target, design.toxic * design.target
    lower = log((1 - safe) / (1 - t)) / log(t * (1 - safe) / (safe * (1 - t)))
    upper = log((1 - t) / (1 - toxic)) / log(toxic * (1 - t) / (t * (1 - toxic)))
    return lower, upper


def is_barred(design: OptimalInterval, *, treated: int, dlts: int) -> bool:
    """Whether P(DLT rate > target) is above the limit; the prior is uniform."""
    if treated < FEWEST_TO_BAR:
        return False
    return probability_above(design.target, treated=treated, dlts=dlts) > design.eliminate_above


def ends_early(design: OptimalInterval, *, treated: int, dlts: int) -> bool:
    """Whether dose 1 is so toxic, by the stricter limit of `extra_safe`, that the trial ends."""
    if not design.extra_safe or treated < FEWEST_TO_BAR:
        return False
    limit = design.eliminate_above - design.offset
    return probability_above(design.target, treated=treated, dlts=dlts) > limit


def cohort_size(design: Boin, counts: Counts) -> int:
    """How many patients the next cohort takes; one while single patients go up without a DLT."""
    single = all(treated <= 1 for treated in counts.treated) and not counts.treated[-1]
    return 1 if design.titration and single and not any(counts.dlts) else design.cohort


def select_mtd(design: Boin, counts: Counts) -> int | None:
    """The maximum tolerated dose level of a finished escalation; None where no level is left.

    Of levels equally near to the target, the higher below it and the lower above it.
    """
    if design.final == "next dose":
        return advise(design, counts).level
    return nearest_to_target(design, counts)


def nearest_to_target(design: OptimalInterval, counts: Counts) -> int | None:
    """The level whose DLT rate, after isotonic regression, is nearest to the target."""
    if ends_early(design, treated=counts.treated[0], dlts=counts.dlts[0]):
        return None
    barred = interval.lowest_barred(partial(decide, design), counts)
    _, upper = boundaries(design)
    highest = upper if design.bound_mtd else 1.0
    return isotonic.nearest_level(counts, barred=barred, target=design.target, highest=highest)
