"""Trials that wait for each cohort: designs that decide on counts, many trials at once.

All trials of a share go forward together, a patient at a time, and ask the design as
`dosing.exact` does, each state once. The courses are those of `dosing.simulate`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cartrial.dosing.characteristics.operating import SAME, Floats
from cartrial.dosing.exact.layer import Ints, Layer, Moves, Policy, distinct
from cartrial.dosing.exact.policy import policy_of
from cartrial.dosing.simulation.compiled import ends_of, room_of, world_of
from cartrial.dosing.simulation.kernel import draw
from cartrial.dosing.simulation.kernel.plan import World
from cartrial.dosing.simulation.kernel.trial import gaps
from cartrial.dosing.simulation.setting import Simulation

Flags = NDArray[np.bool_]


@dataclass
class Trials:
    """S trials: counts (S, J); of the running cohort its level, open places, first and last end.

    `losses` (S, R) are the days on which a patient of the cohort turns out not to be evaluable, as
    long as nobody knows.
    """

    layer: Layer
    given: Ints
    places: Ints
    day: Floats
    first: Floats
    cohort_end: Floats
    end: Floats
    losses: Floats
    going: Flags
    stopped: Flags
    waits: Ints
    waited: Floats
    lost: Ints
    unmade: Ints


@dataclass(frozen=True)
class Patients:
    """What comes of the k-th patient of S trials, were it treated now, (S,) each."""

    entry: Floats
    end: Floats
    toxic: Flags
    lost: Flags


def staggered_rows(simulation: Simulation, first: int, trials: int) -> Floats:
    """What each trial came to, (S, K), in the order of `simulate.OTHERS`."""
    room, world = room_of(simulation), world_of(simulation.truth, simulation.setting)
    policy = policy_of(simulation.design, subjects=room, whole=not simulation.setting.lost)
    ends = ends_of(simulation)
    gap, unmade = gaps(world, simulation.seed, first, trials, room)
    streams = [
        draw.uniforms(simulation.seed, first, trials, stream, room)
        for stream in (draw.TOXICITY, draw.LOSS, draw.LAG)
    ]
    now = _start(trials, len(simulation.truth), room)
    for k in range(room):
        now.day += np.where(now.going, gap[:, k], 0)
        now.unmade += np.where(now.going, unmade[:, k], 0)
        _wait(now, simulation)
        _move(now, simulation, policy, ends)
        if not now.going.any():
            break
        draws = [stream[:, k] for stream in streams]
        _treat(now, simulation, _patients(now, simulation, world, draws), k)
    selected = _each(policy, now.layer)
    selected[_too_toxic(now.layer, ends)] = 0
    return _rows(now, simulation, selected)


def _start(trials: int, levels: int, room: int) -> Trials:
    none, never = np.zeros(trials, np.int64), np.zeros(trials)
    counts = np.zeros((trials, levels), np.int64)
    barred = np.full(trials, levels + 1, np.int64)
    last = np.zeros((trials, 2), np.int64)
    return Trials(
        layer=Layer(counts, counts.copy(), none.copy(), barred, last),
        given=counts.copy(),
        places=none.copy(),
        day=never.copy(),
        first=never.copy(),
        cohort_end=never.copy(),
        end=never.copy(),
        losses=np.full((trials, room), np.inf),
        going=np.ones(trials, np.bool_),
        stopped=np.zeros(trials, np.bool_),
        waits=none.copy(),
        waited=never.copy(),
        lost=none.copy(),
        unmade=none.copy(),
    )


def _wait(now: Trials, simulation: Simulation) -> None:
    """Whoever comes to a full cohort waits until a place is open, or the cohort has completed."""
    expected = now.layer.treated.sum(axis=1) + np.isfinite(now.losses).sum(axis=1)
    counting = simulation.rules.replacements_count
    full = now.places == 0
    if not counting:
        full = full | (expected >= simulation.subjects)
    due = now.losses.min(axis=1)
    due = np.where(np.isfinite(due), due, now.cohort_end)
    wait = np.where(now.going & full, np.maximum(due - now.day, 0), 0)
    over = now.given.sum(axis=1) >= simulation.subjects if counting else _filled(now, simulation)
    now.going &= ~over
    wait[over] = 0
    now.waits += wait > 0
    now.waited += wait
    now.day += wait
    known = now.losses <= now.day[:, None]
    now.places += known.sum(axis=1)
    now.losses[known] = np.inf


def _filled(now: Trials, simulation: Simulation) -> Flags:
    """Whether all subjects are enrolled, and nobody of them is going to be lost."""
    nobody = ~np.isfinite(now.losses).any(axis=1)
    return np.asarray((now.layer.treated.sum(axis=1) >= simulation.subjects) & nobody)


def _move(now: Trials, simulation: Simulation, policy: Policy, ends: Ints) -> None:
    """The level and the places of the next cohort, where one has completed."""
    rows = np.flatnonzero(now.going & (now.places == 0))
    if not len(rows):
        return
    layer = now.layer.take(rows)
    moves = _moves(policy, layer)
    level = _held(now, simulation, rows, moves.level)
    level[_too_toxic(layer, ends)] = 0
    most = simulation.rules.most_at_dose
    if most:
        there = layer.treated[np.arange(len(rows)), np.maximum(level, 1) - 1]
        level[there >= most] = 0
    now.layer.barred[rows] = np.where(_too_toxic(layer, ends), 1, moves.barred)
    now.stopped[rows] = level == 0
    now.going[rows] = level > 0
    now.layer.current[rows] = np.where(level > 0, level, layer.current)
    now.layer.last[rows] = 0
    now.places[rows] = moves.places
    now.first[rows] = -np.inf


def _held(now: Trials, simulation: Simulation, rows: Ints, level: Ints) -> Ints:
    """The level, not above what the rules allow."""
    layer, here = now.layer.take(rows), np.arange(len(rows))
    current = layer.current
    if simulation.rules.no_skipping:
        tried = np.where(layer.treated > 0, np.arange(1, layer.treated.shape[1] + 1), 0)
        level = np.where(current > 0, np.minimum(level, tried.max(axis=1) + 1), level)
    at = np.maximum(current, 1) - 1
    done = layer.treated[here, at] - layer.dlts[here, at]
    short = (current > 0) & (level > current) & (done < simulation.setting.escalate_complete)
    return np.where(short, current, level)


def _patients(
    now: Trials, simulation: Simulation, world: World, draws: list[NDArray[np.float64]]
) -> Patients:
    toxic, loss, lag = draws
    wait = world.lag_least + (world.lag_most - world.lag_least) * lag
    entry = now.day + wait
    if simulation.rules.sentinel:
        due = np.where(now.first > -np.inf, now.first, entry)
        entry = np.maximum(entry, due)
        now.day[:] = np.where(now.going, entry - wait, now.day)
    at = np.maximum(now.layer.current, 1) - 1
    rate = world.truth[at]
    dlt, after = toxic < rate, np.full(len(toxic), world.window)
    if world.flat:
        came = world.window * toxic / np.where(dlt, rate, 1.0)
    else:
        came = world.window * (np.log1p(-toxic) / world.most[at]) ** world.power[at]
    after = np.where(dlt, np.minimum(came, world.window), after)
    gone = world.window * loss / world.lost if world.lost else np.full(len(toxic), np.inf)
    lost = (loss < world.lost) & (gone < after)
    after = np.where(lost, gone, after)
    return Patients(entry, entry + after, dlt & ~lost, lost)


def _treat(now: Trials, simulation: Simulation, patients: Patients, k: int) -> None:
    """One more patient in each trial that goes on."""
    rows = np.flatnonzero(now.going)
    at = now.layer.current[rows] - 1
    counts, toxic = ~patients.lost[rows], patients.toxic[rows]
    end = patients.end[rows]
    now.given[rows, at] += 1
    now.layer.treated[rows, at] += counts
    now.layer.dlts[rows, at] += toxic
    now.layer.last[rows] += np.column_stack([counts, toxic])
    now.losses[rows, k] = np.where(counts, np.inf, end)
    now.lost[rows] += ~counts
    opened = now.first[rows] == -np.inf
    watched = patients.entry[rows] + (simulation.rules.sentinel or 0)
    now.first[rows] = np.where(opened, np.minimum(watched, end), now.first[rows])
    now.cohort_end[rows] = np.where(opened, end, np.maximum(now.cohort_end[rows], end))
    now.end[rows] = np.maximum(now.end[rows], end)
    now.places[rows] -= 1


def _moves(policy: Policy, layer: Layer) -> Moves:
    """The moves of all, each state asked once."""
    some, kind = distinct(_columns(layer))
    moves = policy.move(layer.take(some))
    return Moves(moves.level[kind], moves.barred[kind], moves.places[kind])


def _each(policy: Policy, layer: Layer) -> Ints:
    """What all select, each state asked once."""
    some, kind = distinct(_columns(layer))
    return np.asarray(policy.select(layer.take(some))[kind])


def _columns(layer: Layer) -> list[Ints]:
    return [*layer.treated.T, *layer.dlts.T, layer.current, layer.barred, *layer.last.T]


def _too_toxic(layer: Layer, ends: Ints) -> Flags:
    return np.asarray(layer.dlts[:, 0] >= ends[layer.treated[:, 0]])


def _rows(now: Trials, simulation: Simulation, selected: Ints) -> Floats:
    levels = now.given.shape[1]
    patients = now.given.sum(axis=1)
    above = np.array(simulation.truth) > simulation.target + SAME
    over = now.given[:, above].sum(axis=1)
    others = [patients, over, patients + over, now.stopped, now.end, now.waits, now.waited]
    chosen = selected[:, None] == np.arange(levels + 1)
    found = [chosen, now.given, now.layer.dlts, *others, now.lost, now.unmade]
    return np.column_stack(found).astype(np.float64)
