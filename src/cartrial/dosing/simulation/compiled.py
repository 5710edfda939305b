"""A design that decides with patients in the window, as what compiled code asks.

The tables of TITE-BOIN and of the rolling six are filled by the very `decide` that runs the trial:
for n patients, y DLTs and c pending it is asked where nothing and where all of the window is behind
the pending, and in between where it changes. The model of TITE-CRM is laid out over the grid of
`working_model`, and held to it by test.
"""

from collections.abc import Callable
from functools import lru_cache, partial
from itertools import product

import numpy as np

from cartrial.dosing.decision_table.pending import changes
from cartrial.dosing.design import boin, rolling_six, tite_boin
from cartrial.dosing.design.three_plus_three import FULL, TOXIC
from cartrial.dosing.design.tite_boin import Pending
from cartrial.dosing.isotonic import PRIOR
from cartrial.dosing.model import working_model
from cartrial.dosing.model.working_model import NODES, REACH, WIDEST
from cartrial.dosing.simulation.frame import frame_of, is_whole, most_of, world_of
from cartrial.dosing.simulation.kernel import backfill, late
from cartrial.dosing.simulation.kernel.plan import (
    NO_RULES,
    NO_TROUBLE,
    SUSPEND,
    Backfill,
    Codes,
    Floats,
    Frame,
    Grid,
    Ints,
    Model,
    Tables,
    World,
)
from cartrial.dosing.simulation.kernel.plan import Design as Plan
from cartrial.dosing.simulation.setting import Setting, Simulation
from cartrial.errors import RuleError
from cartrial.protocol.design import (
    BfBoin,
    Design,
    RollingSix,
    TiteBoin,
)
from cartrial.protocol.model_design import TiteCrm

ANSWERS = 3  # that a follow-up which grows can lead to, at most
FINER = 4  # points of the fine grid of a model to one of the coarse
COHERENCE = {"none": 0, "current dose": 1, "last cohort": 2}
FINAL = {"model": 0, "next dose": 1, "tried": 2}

Ask = Callable[[float], int]


def late_sums(simulation: Simulation, first: int, trials: int) -> tuple[Floats, Floats]:
    """The sums over some trials of what each came to, and of its squares, (K,) each."""
    world, frame = world_of(simulation.truth, simulation.setting), frame_of(simulation)
    plan = plan_of(simulation.design, most=most_of(simulation), whole=is_whole(simulation))
    if isinstance(simulation.design, BfBoin):
        more = backfill_of(simulation.design, simulation.setting)
        return backfill.run(
            simulation.seed, first, trials, world, frame, plan, more, simulation.target
        )
    run = late.run_plain if is_plain(world, frame, plan) else late.run
    return run(simulation.seed, first, trials, world, frame, plan, simulation.target)


def is_plain(world: World, frame: Frame, plan: Plan) -> bool:
    """Whether nothing is asked for that `late.run_plain` leaves out."""
    calm = world.trouble == NO_TROUBLE and frame.around == NO_RULES
    return calm and not (plan.modelled or plan.rolling)


@lru_cache(maxsize=16)
def plan_of(design: Design, *, most: int, whole: bool = False) -> Plan:
    """The design for at most so many patients; `whole`: it is asked about whole cohorts alone."""
    match design:
        case TiteBoin():
            return Plan(False, False, boin_tables(design, most=most, whole=whole), NO_MODEL)
        case BfBoin():
            return Plan(False, False, boin_tables(design, most=most, whole=False), NO_MODEL)
        case RollingSix():
            return Plan(False, True, rolling_tables(), NO_MODEL)
        case TiteCrm():
            return Plan(True, False, NO_TABLES, model_of(design))
    raise RuleError(f"simulation: {design.kind} decides on counts, and has no compiled form")


def backfill_of(design: BfBoin, setting: Setting) -> Backfill:
    """How the lower levels are backfilled."""
    lower, upper = boin.boundaries(design)
    lowest = design.assign == "lowest"
    return Backfill(
        design.cap, design.enough or 0, lowest, design.wait, setting.response, lower, upper
    )


def boin_tables(design: TiteBoin | BfBoin, *, most: int, whole: bool) -> Tables:
    """The decisions, the barred counts and the isotonic weights."""
    size, waits = most + design.cohort + 1, isinstance(design, BfBoin)
    pending = 1 if waits else size
    codes = np.zeros((size, size, pending, ANSWERS), np.int8)
    cuts = np.full((size, size, pending, 2), np.inf)
    fewest = np.full(size, size, np.int64)
    for n in range(1, size):
        for y in range(n + 1):
            if fewest[n] == size and boin.is_barred(design, treated=n, dlts=y):
                fewest[n] = y
            codes[n, y, 0] = boin.decide(design, treated=n, dlts=y)
        if isinstance(design, TiteBoin) and n <= most and not (whole and n % design.cohort):
            for y, c in product(range(n), range(1, n + 1)):
                if y + c <= n:
                    ask = partial(_decide, design, n, y, c)
                    codes[n, y, c], cuts[n, y, c] = _steps(ask, float(c))
    rates, weights = isotonic_weights(size - 1)
    highest = boin.boundaries(design)[1] if design.bound_mtd else 1.0
    settled = waits or (isinstance(design, TiteBoin) and design.bar_by == "settled")
    last = design.final == "next dose"
    return Tables(codes, cuts, fewest, settled, rates, weights, design.target, highest, last)


def _steps(ask: Ask, most: float) -> tuple[list[int], list[float]]:
    """The three answers as the follow-up rises to `most`, and where one gives way to the next."""
    cuts, answers = zip(*changes(ask, most), strict=True)
    missing = ANSWERS - len(answers)
    return [*answers, *answers[-1:] * missing], [*cuts[1:], *[np.inf] * missing]


def rolling_tables() -> Tables:
    """The decisions with up to six patients at a level."""
    codes = np.zeros((FULL + 1, FULL + 1, FULL + 1, ANSWERS), np.int8)
    for n, y, c in product(range(1, FULL + 1), range(FULL + 1), range(FULL + 1)):
        if y + c <= n:
            codes[n, y, c] = rolling_six.decide(settled=n - c, dlts=y, pending=c)
    fewest = np.full(FULL + 1, TOXIC, np.int64)
    empty = np.zeros((1, 1))
    return Tables(codes, np.zeros((1, 1, 1, 2)), fewest, False, empty, empty, 0.0, 1.0, False)


def isotonic_weights(most: int) -> tuple[Floats, Floats]:
    """The rate of a level and its weight in the isotonic regression, by patients and DLTs."""
    n, y = np.meshgrid(np.arange(most + 1), np.arange(most + 1), indexing="ij")
    a, b = y + PRIOR, np.maximum(n - y, 0) + PRIOR
    return a / (a + b), (a + b) ** 2 * (a + b + 1) / (a * b)


def model_of(design: TiteCrm) -> Model:
    """The working model over the grid on which its posterior is summed."""
    logistic, likeliest = design.model == "logistic", design.method == "mle"
    if likeliest:
        coarse = fine = _grid_of(design, np.linspace(-WIDEST, WIDEST, 2 * NODES - 1))
    else:
        coarse, fine = (_prior_grid(design, n) for n in (NODES, FINER * (NODES - 1) + 1))
    return Model(
        coarse,
        fine,
        working_model.doses(design),
        logistic,
        design.intercept if logistic else 0.0,
        design.rates == "mean",
        design.weights == "adaptive",
        design.target,
        design.skip,
        COHERENCE[design.coherence],
        FINAL[design.final],
        likeliest,
    )


def _prior_grid(design: TiteCrm, points: int) -> Grid:
    at = np.linspace(-REACH, REACH, points) * design.scale
    return _grid_of(design, at)._replace(prior=np.exp(-((at / design.scale) ** 2) / 2))


def _grid_of(design: TiteCrm, at: Floats) -> Grid:
    rates = np.ascontiguousarray(working_model.rates_at(design, at[:, None]).T)
    return Grid(at, np.ones_like(at), rates)


def _decide(design: TiteBoin, n: int, y: int, c: int, followed: float) -> int:
    pending = Pending(c, followed)
    decision = tite_boin.decide(design, treated=n, dlts=y, pending=pending)
    return SUSPEND if decision is None else int(decision)


_NONE: Floats = np.zeros((1, 1))
_NOBODY: Codes = np.zeros((1, 1, 1, 3), np.int8)
_NO_CUTS: Floats = np.zeros((1, 1, 1, 2))
_NO_DLTS: Ints = np.zeros(1, np.int64)
_POINT = Grid(np.zeros(2), np.ones(2), np.zeros((1, 2)))
NO_TABLES = Tables(_NOBODY, _NO_CUTS, _NO_DLTS, False, _NONE, _NONE, 0.0, 1.0, False)
NO_MODEL = Model(_POINT, _POINT, np.zeros(1), False, 0.0, False, False, 0.0, False, 0, 0, False)
