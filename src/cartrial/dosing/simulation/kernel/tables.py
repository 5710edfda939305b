"""A design that decides level by level, in compiled code: its look-up tables, and the MTD."""

from cartrial.dosing.simulation.kernel.draw import step
from cartrial.dosing.simulation.kernel.plan import DEESCALATE, ESCALATE, SUSPEND, Tables
from cartrial.dosing.simulation.kernel.trial import BARRED, CURRENT, OPEN, Scratch, Trial, follow

HOLD, END = -1, -2  # in place of a level: nobody for now, nobody any more
FAR = 2.0  # further from a target than any rate
SAME = 1e-12  # distances to the target that are apart by less are equal


@step
def bar(trial: Trial, tables: Tables) -> None:
    """Bar the lowest level that is too toxic now, with all above it."""
    count = trial.tally
    for level in range(count[BARRED]):
        n = trial.treated[level] - (trial.pending[level] if tables.bar_settled else 0)
        if trial.dlts[level] >= tables.fewest[n]:
            count[BARRED] = level
            return


@step
def decision_at(trial: Trial, tables: Tables, time: float, window: float) -> int:
    """What the patients of the current level say about it."""
    level = trial.tally[CURRENT]
    n, y, c = trial.treated[level], trial.dlts[level], trial.pending[level]
    followed = 0.0
    for k in range(trial.tally[OPEN]):
        i = trial.open[k]
        followed += follow(trial, i, time, window) * (trial.level[i] == level)
    cuts = tables.cuts[n, y, c]
    step = int(followed >= cuts[0]) + int(followed >= cuts[1])
    return int(tables.codes[n, y, c, step])


@step
def table_level(trial: Trial, code: int) -> int:
    """The level to which a decision about the current one leads; as `interval.move`."""
    current = trial.tally[CURRENT]
    if code == SUSPEND:
        return HOLD
    if code <= DEESCALATE:
        return max(current - 1, 0)
    if code == ESCALATE and current + 1 < trial.tally[BARRED]:
        return current + 1
    return current


@step
def nearest_isotonic(trial: Trial, tables: Tables, scratch: Scratch) -> int:
    """The level nearest to the target, as `isotonic.nearest_level`; -1 for none."""
    rates, weights, levels, size = scratch.rates, scratch.block, scratch.levels, scratch.size
    blocks = tried = 0
    for level in range(trial.tally[BARRED]):
        n, y = trial.treated[level], trial.dlts[level]
        if n == 0:
            continue
        levels[tried] = level
        tried += 1
        rates[blocks], weights[blocks], size[blocks] = (
            tables.isotonic[n, y],
            tables.weights[n, y],
            1,
        )
        blocks += 1
        while blocks > 1 and rates[blocks - 2] > rates[blocks - 1]:
            a, b = blocks - 2, blocks - 1
            total = weights[a] + weights[b]
            rates[a] = (rates[a] * weights[a] + rates[b] * weights[b]) / total
            weights[a] = total
            size[a] += size[b]
            blocks -= 1
    best, found, first = FAR, -1, 0
    for block in range(blocks):
        if rates[block] > tables.highest:
            break
        away = abs(rates[block] - tables.target)
        if rates[block] < tables.target - SAME:
            found = levels[first + size[block] - 1]
        elif away < best - SAME:
            found = levels[first]
        best = min(best, away)
        first += size[block]
    return found
