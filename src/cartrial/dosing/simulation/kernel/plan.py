"""What a compiled trial is given: the design as tables, and the world it meets, as plain arrays."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cartrial.dosing.decision import Decision

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Codes = NDArray[np.int8]

SHARES = 256  # of the DLTs of a level
SUSPEND = 9  # beside the values of `Decision`
ELIMINATE, DEESCALATE, STAY, ESCALATE = (int(decision) for decision in Decision)


class Trouble(NamedTuple):
    """What goes otherwise than planned with products, patients and events; days and shares."""

    lag_least: float
    lag_most: float
    made: float
    lost: float
    low: float
    matures_least: float
    matures_most: float


class World(NamedTuple):
    """Who comes, when, and what happens to them; days, and J levels.

    `days` (J, SHARES + 2) are those by which each further share of the DLTs of a level has come,
    evenly from one day to the next; the last two are the window. `gap` is the mean time between
    candidates, drawn as `process`: 0 Poisson, 1 uniform, 2 fixed.
    """

    truth: Floats
    days: Floats
    window: float
    process: int
    gap: float
    trouble: Trouble


class Around(NamedTuple):
    """The rules around the design; a number of 0 is for no limit.

    `straight`: nothing can happen between the first and the last of a cohort. `matured`: the design
    waits for an event to be settled.
    """

    replacements_count: bool
    whole: bool
    straight: bool
    on_arrival: bool
    parallel: bool
    sentinel: float
    most: int
    no_skipping: bool
    matured: bool
    committee: float


class Frame(NamedTuple):
    """What is laid around the design.

    `fits` is the most patients at a level that it decides on; a dose does not rise before everybody
    at it was followed for `after` days and `complete` of them have completed the window.
    """

    subjects: int
    room: int
    start: int
    cohort: int
    ends: Ints
    fits: int
    after: float
    complete: int
    wait_while_short: bool
    around: Around


NO_TROUBLE = Trouble(
    lag_least=0.0,
    lag_most=0.0,
    made=1.0,
    lost=0.0,
    low=0.0,
    matures_least=0.0,
    matures_most=0.0,
)
NO_RULES = Around(
    replacements_count=True,
    whole=True,
    straight=True,
    on_arrival=False,
    parallel=True,
    sentinel=0.0,
    most=0,
    no_skipping=False,
    matured=False,
    committee=0.0,
)


class Tables(NamedTuple):
    """A design that decides level by level.

    `codes` (n, y, c, 3) are the decisions with n patients, y DLTs and c pending as the follow-up of
    the pending rises, `cuts` (n, y, c, 2) the follow-up at which one gives way to the next;
    `fewest` DLTs in n patients, and more, bar a level.
    """

    codes: Codes
    cuts: Floats
    fewest: Ints
    bar_settled: bool
    isotonic: Floats
    weights: Floats
    target: float
    highest: float
    next_dose: bool


class Grid(NamedTuple):
    """A working model over P points `at` of its parameter: `prior` (P,) and the rates (J, P)."""

    at: Floats
    prior: Floats
    rates: Floats


class Model(NamedTuple):
    """A design that fits a working model to all patients.

    The `coarse` grid is taken unless the posterior is narrower than its step. `coherence`: 0 none,
    1 current dose, 2 last cohort; `final`: 0 model, 1 next dose, 2 tried. `likeliest`: the estimate
    is the maximum of the likelihood.
    """

    coarse: Grid
    fine: Grid
    doses: Floats
    logistic: bool
    intercept: float
    mean_rates: bool
    adaptive: bool
    target: float
    skip: bool
    coherence: int
    final: int
    likeliest: bool


class Design(NamedTuple):
    """The design: its `model` where it is modelled, else its `tables`; the other is empty.

    `rolling`: a level is filled to six, and passed as in the rolling six.
    """

    modelled: bool
    rolling: bool
    tables: Tables
    model: Model


class Backfill(NamedTuple):
    """How lower levels are backfilled; `lower` and `upper` are the boundaries of the DLT rate.

    `enough` patients at a level end the escalation where it stays; 0 for no limit.
    """

    cap: int
    enough: int
    lowest_first: bool
    wait: bool
    response: float
    lower: float
    upper: float
