"""Trials for tests of the designs that decide on counts: one in a line, or every one there is."""

from collections import Counter
from dataclasses import replace
from math import comb

from cartrial.dosing.conduct.next_dose import recommend, select_mtd
from cartrial.dosing.counts import Counts
from cartrial.dosing.exact.enumeration import enumerate_ends, evaluate
from cartrial.dosing.exact.policy import policy_of
from cartrial.dosing.state import Patient, State, outcomes


def counts_of(line, *, levels):
    """The counts at the end of a trial in one line, `1NNN 2NTN`; nothing is barred on the way."""
    return outcomes(line, levels=levels).counts


def follow(advise, design, line, *, levels):
    """The counts at the end of a trial in one line, with what the design barred on the way."""
    counts = Counts((0,) * levels, (0,) * levels, 0, levels + 1)
    words = line.split()
    for i in range(len(words)):
        barred = advise(design, counts).barred
        counts = replace(counts_of(" ".join(words[: i + 1]), levels=levels), barred=barred)
    return replace(counts, barred=advise(design, counts).barred)


def ends(advise, design, true, *, subjects):
    """Every end of a trial of at most so many subjects, with its probability; `true` are rates."""
    none = (0,) * len(true)
    live, ended = {Counts(none, none, 0, len(true) + 1): 1.0}, Counter()
    while live:
        following = Counter()
        for counts, chance in live.items():
            found = advise(design, counts)
            at = replace(counts, barred=found.barred)
            size = min(found.places, subjects - sum(counts.treated))
            if found.stop or size == 0:
                ended[at] += chance
                continue
            rate = true[found.level - 1]
            for dlts in range(size + 1):
                drawn = comb(size, dlts) * rate**dlts * (1 - rate) ** (size - dlts)
                following[_with(at, found.level, size, dlts)] += chance * drawn
        live = following
    return ended


def conducted(design, dlt, rules, true, *, subjects):
    """What comes of every trial, each cohort as the conduct of a trial recommends it.

    The probability that no level and each is selected, and the mean patients at each.
    """
    selection, patients = [0.0] * (len(true) + 1), [0.0] * len(true)
    live = [(State(len(true)), 1.0)]
    while live:
        state, chance = live.pop()
        found = recommend(design, dlt, state, rules)
        known = state.without(found.eliminated)
        size = min(found.places, subjects - len(state.patients))
        if found.stop or size == 0:
            selection[select_mtd(design, dlt, known) or 0] += chance
            for level, treated in enumerate(state.counts.treated):
                patients[level] += chance * treated
            continue
        rate = true[found.level - 1]
        for dlts in range(size + 1):
            drawn = comb(size, dlts) * rate**dlts * (1 - rate) ** (size - dlts)
            cohort = tuple(
                Patient(f"{len(state.patients) + i}", found.level, status, dlt.window)
                for i, status in enumerate(["DLT"] * dlts + ["complete"] * (size - dlts))
            )
            live.append((replace(known, patients=state.patients + cohort), chance * drawn))
    return selection, patients


def characteristics(design, true, *, subjects):
    """The exact operating characteristics; over-dosing is held against 0.3."""
    policy = policy_of(design, subjects=subjects)
    ends = enumerate_ends(policy, levels=len(true), subjects=subjects)
    return evaluate(ends, true, target=0.3)


def _with(counts, level, size, dlts):
    treated, toxic = list(counts.treated), list(counts.dlts)
    treated[level - 1] += size
    toxic[level - 1] += dlts
    return Counts(tuple(treated), tuple(toxic), level, counts.barred)
