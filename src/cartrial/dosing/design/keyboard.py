"""Keyboard design.

The rates from 0 to 1 are laid out in keys as wide as the target key, the target interval. The
strongest key is the one with the most posterior probability of the DLT rate at the dose: below the
target key, escalate; the target key itself, stay; above it, de-escalate. A dose is barred, with all
above it, once its DLT rate is too likely to exceed the target.

Source: Yan, Mandrekar & Yuan 2017, Clin Cancer Res 23:3994-4003. doi:10.1158/1078-0432.CCR-17-0220
Reading: what is left at 0 and 1, too short for a key, is judged by its probability per width, as in
the R package, or left out (`edges`). A dose is barred from `fewest_to_eliminate` patients on: 3 as
in the package's simulation, whose printed table bars from the first.
Oracle: R package Keyboard 0.1.3 (tests/oracle/keyboard)
"""

from functools import cache, partial

from cartrial.dosing import isotonic
from cartrial.dosing.counts import Advice, Counts
from cartrial.dosing.decision import Decision
from cartrial.dosing.design import interval
from cartrial.dosing.design.posterior import probability_between
from cartrial.protocol.design import Keyboard

SHORTEST = 1e-9  # a key that is shorter comes of rounding

Key = tuple[float, float]


def advise(design: Keyboard, counts: Counts) -> Advice:
    """The level of the next cohort."""
    rule = partial(decide, design)
    return interval.advise(rule, counts, start=design.start, cohort=design.cohort)


def decide(design: Keyboard, *, treated: int, dlts: int) -> Decision:
    """What `dlts` among `treated` patients, at least one, say about their dose."""
    if interval.is_barred(design, treated=treated, dlts=dlts):
        return Decision.ELIMINATE
    laid = keys(*design.interval, edges=design.edges == "rescaled")
    return strongest(laid, design.interval, treated=treated, dlts=dlts)


def select_mtd(design: Keyboard, counts: Counts) -> int | None:
    """The maximum tolerated dose level of a finished escalation; None where no level is left."""
    if design.final == "next dose":
        return advise(design, counts).level
    barred = interval.lowest_barred(partial(decide, design), counts)
    return isotonic.nearest_level(counts, barred=barred, target=design.target)


def strongest(laid: tuple[Key, ...], target: Key, *, treated: int, dlts: int) -> Decision:
    """On which side of the target key the strongest of the keys lies."""
    low, _ = max(laid, key=lambda key: _strength(key, treated, dlts))
    if low < target[0]:
        return Decision.ESCALATE
    return Decision.DEESCALATE if low > target[0] else Decision.STAY


@cache
def keys(low: float, high: float, *, edges: bool) -> tuple[Key, ...]:
    """The keys from 0 to 1 around the target key; `edges`: with what is left at the ends."""
    width = high - low
    down, up = int(low / width + SHORTEST), int((1 - high) / width + SHORTEST)
    laid = [(low - i * width, low - (i - 1) * width) for i in range(down, 0, -1)]
    laid += [(low, high)]
    laid += [(high + i * width, high + (i + 1) * width) for i in range(up)]
    first, last = laid[0][0], laid[-1][1]
    if edges and first > SHORTEST:
        laid.insert(0, (0.0, first))
    if edges and last < 1 - SHORTEST:
        laid.append((last, 1.0))
    return tuple((max(start, 0.0), min(end, 1.0)) for start, end in laid)


def _strength(key: Key, treated: int, dlts: int) -> float:
    """The probability of a key for its width."""
    return probability_between(*key, treated=treated, dlts=dlts) / (key[1] - key[0])
