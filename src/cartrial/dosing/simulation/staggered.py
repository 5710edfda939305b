"""Trials that wait for each cohort: designs that decide on counts, many trials at once.

All trials of a share go forward together, a patient at a time, and ask the design as
`dosing.exact` does, each state once. The courses are those of `simulate`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cartrial.dosing.exact.guarded import guarded_policy
from cartrial.dosing.exact.layer import Ints, Layer, Moves, Policy, distinct, start
from cartrial.dosing.operating import SAME, Floats
from cartrial.dosing.simulation.frame import fits_of, room_of, world_of
from cartrial.dosing.simulation.kernel import draw
from cartrial.dosing.simulation.kernel.plan import SHARES, World
from cartrial.dosing.simulation.kernel.trial import gaps
from cartrial.dosing.simulation.setting import Simulation

Flags = NDArray[np.bool_]
LATEST = 1e9  # days: whatever comes has come by then


@dataclass
class Trials:
    """S trials: counts (S, J); of the running cohort its level, open places, first and last end.

    `losses` (S, R) are the days on which a patient of the cohort turns out not to be evaluable, as
    long as nobody knows; `comes` (S, R) those of a DLT of somebody who was given a product below
    the range at the level `at`. `opened` is the number of the first patient of the cohort.
    """

    layer: Layer
    given: Ints
    places: Ints
    day: Floats
    first: Floats
    cohort_end: Floats
    end: Floats
    losses: Floats
    comes: Floats
    at: Ints
    opened: Ints
    going: Flags
    stopped: Flags
    waits: Ints
    waited: Floats
    lost: Ints
    unmade: Ints


@dataclass(frozen=True)
class Patients:
    """What comes of the k-th patient of S trials, were it treated now, (S,) each.

    `comes` is the day of a DLT of a patient who is not evaluable; infinite for none.
    """

    entry: Floats
    end: Floats
    toxic: Flags
    lost: Flags
    comes: Floats


def staggered_rows(simulation: Simulation, first: int, trials: int) -> Floats:
    """What each trial came to, (S, K), in the order of `simulate.OTHERS`."""
    room, world = room_of(simulation), world_of(simulation.truth, simulation.setting)
    setting, fits = simulation.setting, fits_of(simulation)
    policy = guarded_policy(
        simulation.design,
        simulation.rules,
        subjects=room,
        complete=setting.escalate_complete,
        whole=setting.all_evaluable,
    )
    gap, unmade = gaps(world, simulation.seed, first, trials, room)
    streams = [
        draw.uniforms(simulation.seed, first, trials, stream, room)
        for stream in (draw.TOXICITY, draw.LOSS, draw.LAG, draw.PRODUCT, draw.SETTLING)
    ]
    now = _start(trials, len(simulation.truth), room)
    for k in range(room):
        now.day += np.where(now.going, gap[:, k], 0)
        now.unmade += np.where(now.going, unmade[:, k], 0)
        _wait(now, simulation)
        _count_outside(now, now.day, fits)
        _move(now, policy, k)
        if not now.going.any():
            break
        draws = [stream[:, k] for stream in streams]
        _treat(now, simulation, _patients(now, simulation, world, draws), k)
        np.minimum(now.layer.treated, fits, out=now.layer.treated)
    _count_outside(now, np.full(trials, np.inf), fits)
    return _rows(now, simulation, _each(policy, now.layer))


def _start(trials: int, levels: int, room: int) -> Trials:
    none, never = np.zeros(trials, np.int64), np.zeros(trials)
    return Trials(
        layer=start(levels, trials=trials),
        given=np.zeros((trials, levels), np.int64),
        places=none.copy(),
        day=never.copy(),
        first=never.copy(),
        cohort_end=never.copy(),
        end=never.copy(),
        losses=np.full((trials, room), np.inf),
        comes=np.full((trials, room), np.inf),
        at=np.zeros((trials, room), np.int64),
        opened=none.copy(),
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
    decided = now.cohort_end + simulation.setting.committee * (now.layer.current > 0)
    due = np.where(np.isfinite(due), due, decided)
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


def _count_outside(now: Trials, day: Floats, fits: int) -> None:
    """A patient given a product below the range who has had a DLT by a day counts."""
    rows, places = np.nonzero(now.comes <= np.minimum(day, LATEST)[:, None])
    if not len(rows):
        return
    layer, at = now.layer, now.at[rows, places]
    np.add.at(layer.treated, (rows, at), 1)
    np.add.at(layer.dlts, (rows, at), 1)
    layer.treated[rows, at] = np.minimum(layer.treated[rows, at], fits)
    layer.dlts[rows, at] = np.minimum(layer.dlts[rows, at], layer.treated[rows, at])
    np.add.at(now.lost, rows, -1)
    np.maximum.at(now.end, rows, now.comes[rows, places])
    running = rows[places >= now.opened[rows]]
    np.add.at(layer.last, running, 1)
    np.add.at(now.places, running, -1)
    np.maximum(now.places, 0, out=now.places)
    now.comes[rows, places] = np.inf


def _move(now: Trials, policy: Policy, k: int) -> None:
    """The level and the places of the next cohort, where one has completed."""
    rows = np.flatnonzero(now.going & (now.places == 0))
    if not len(rows):
        return
    layer = now.layer.take(rows)
    moves = _moves(policy, layer)
    now.layer.barred[rows] = moves.barred
    now.stopped[rows] = moves.level == 0
    now.going[rows] = moves.level > 0
    now.layer.current[rows] = np.where(moves.level > 0, moves.level, layer.current)
    now.layer.last[rows] = 0
    now.places[rows] = moves.places
    now.first[rows] = -np.inf
    now.opened[rows] = k


def _patients(
    now: Trials, simulation: Simulation, world: World, draws: list[NDArray[np.float64]]
) -> Patients:
    toxic, loss, lag, product, settling = draws
    trouble = world.trouble
    wait = trouble.lag_least + (trouble.lag_most - trouble.lag_least) * lag
    entry = now.day + wait
    if simulation.rules.sentinel:
        due = np.where(now.first > -np.inf, now.first, entry)
        entry = np.maximum(entry, due)
        now.day[:] = np.where(now.going, entry - wait, now.day)
    at = np.maximum(now.layer.current, 1) - 1
    rate = world.truth[at]
    dlt = toxic < rate
    place = SHARES * np.divide(toxic, rate, out=np.ones_like(rate), where=dlt)
    k = place.astype(np.int64)
    day, next_day = world.days[at, k], world.days[at, k + 1]
    after = day + (place - k) * (next_day - day)
    gone = world.window * loss / trouble.lost if trouble.lost else np.full(len(toxic), np.inf)
    lost = (loss < trouble.lost) & (gone < after)
    after = np.where(lost, gone, after)
    width = trouble.matures_most - trouble.matures_least
    after += np.where(dlt & ~lost, trouble.matures_least + width * settling, 0.0)
    low = product < trouble.low
    comes = np.where(low & dlt & ~lost, entry + after, np.inf)
    end = entry + np.where(low, 0.0, after)
    return Patients(entry, end, dlt & ~lost & ~low, lost | low, comes)


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
    now.comes[rows, k], now.at[rows, k] = patients.comes[rows], at
    now.lost[rows] += ~counts
    opened = now.first[rows] == -np.inf
    watched = patients.entry[rows] + (simulation.rules.sentinel or 0)
    now.first[rows] = np.where(opened, np.minimum(watched, end), now.first[rows])
    now.cohort_end[rows] = np.where(opened, end, np.maximum(now.cohort_end[rows], end))
    now.end[rows] = np.maximum(now.end[rows], end)
    now.places[rows] -= 1


def _moves(policy: Policy, layer: Layer) -> Moves:
    """The moves of all, each state asked once."""
    some, kind = distinct(layer.rows)
    moves = policy.move(layer.take(some))
    return Moves(moves.level[kind], moves.barred[kind], moves.places[kind])


def _each(policy: Policy, layer: Layer) -> Ints:
    """What all select, each state asked once."""
    some, kind = distinct(layer.rows)
    return np.asarray(policy.select(layer.take(some))[kind])


def _rows(now: Trials, simulation: Simulation, selected: Ints) -> Floats:
    levels = now.given.shape[1]
    patients = now.given.sum(axis=1)
    above = np.array(simulation.truth) > simulation.target + SAME
    over = now.given[:, above].sum(axis=1)
    others = [patients, over, patients + over, now.stopped, now.end, now.waits, now.waited]
    chosen = selected[:, None] == np.arange(levels + 1)
    found = [chosen, now.given, now.layer.dlts, *others, now.lost, now.unmade]
    return np.column_stack(found).astype(np.float64)
