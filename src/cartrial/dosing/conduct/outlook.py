"""The outlook of a running trial: what it would do next, whatever the next subjects show.

First those in the window settle, then the next cohort is treated where the trial's own conduct says
so, and so on. Each number of DLTs among them is a fork; the rules of the study act in each.

Reading: who is in the window, or to come, completes it or has a DLT. When a new cohort is settled,
those in the window at other levels have completed it without DLT. An end is where the conduct
stops, or where all planned subjects are infused and settled.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from cartrial.dosing.conduct.next_dose import recommend, select_mtd
from cartrial.dosing.decision import Recommendation
from cartrial.dosing.state import Patient, State, Status
from cartrial.protocol.design import Design
from cartrial.protocol.rules import Rules
from cartrial.protocol.study import Dlt

MOST_ENDS = 20
DEEPEST = 3


@dataclass(frozen=True)
class Seen:
    """What a fork rests on: the DLTs among subjects at a level; `waiting` were in the window."""

    level: int
    subjects: int
    dlts: int
    waiting: int


@dataclass(frozen=True)
class Fork:
    """The trial at one place of the tree, and what is done there.

    `path` leads here from the trial as it stands, which is (). `mtd` is the level that an ended
    trial selects, None where it selects none or goes on.
    """

    path: tuple[Seen, ...]
    state: State
    found: Recommendation
    ended: bool
    mtd: int | None


@dataclass(frozen=True)
class Trial:
    """What decides on the next dose."""

    design: Design
    dlt: Dlt | None
    rules: Rules

    def fork(self, path: tuple[Seen, ...], state: State) -> Fork:
        """What is done in a state."""
        found = recommend(self.design, self.dlt, state, self.rules)
        full = self.room(state) == 0
        ended = not _open(state) if full else found.stop
        mtd = select_mtd(self.design, self.dlt, state) if ended else None
        return Fork(path, state, found, ended, mtd)

    def room(self, state: State) -> int | None:
        """How many subjects are still to be infused; None where no number is planned."""
        if state.planned is None:
            return None
        counting = [p for p in state.patients if p.evaluable or self.rules.replacements_count]
        return max(state.planned - len(counting), 0)


def outlook(
    design: Design,
    dlt: Dlt | None,
    state: State,
    rules: Rules,
    *,
    most: int = MOST_ENDS,
    deepest: int = DEEPEST,
) -> tuple[Fork, ...]:
    """The trial as it stands and every fork, as deep as `most` forks fit side by side.

    A fork stands before those that it leads to, and fewer DLTs first.
    """
    trial = Trial(design, dlt, rules.model_copy(update={"committee": False}))
    layers = [[trial.fork((), state)]]
    while len(layers) <= deepest:
        further = [fork for fork in layers[-1] for fork in _onward(trial, fork)]
        ends = sum(fork.ended for layer in layers for fork in layer)
        if not further or len(further) + ends > most:
            break
        layers.append(further)
    forks = [fork for layer in layers for fork in layer]
    return tuple(sorted(forks, key=lambda fork: [seen.dlts for seen in fork.path]))


def _onward(trial: Trial, fork: Fork) -> Iterator[Fork]:
    """Every fork that one leads to."""
    if fork.ended:
        return
    level, more, known = _next(trial, fork)
    days = trial.dlt.window if trial.dlt else 0
    coming = (Patient("", level, "pending", days),) * more
    opened = replace(known, patients=known.patients + coming)
    subjects = sum(patient.open for patient in opened.at(level))
    for dlts in range(subjects + 1):
        seen = Seen(level, subjects, dlts, subjects - more)
        yield trial.fork((*fork.path, seen), _settled(opened, level, dlts, days))


def _next(trial: Trial, fork: Fork) -> tuple[int, int, State]:
    """The level that is looked at, how many more are treated there, and the state before."""
    state, found = fork.state, fork.found
    here = {patient.level for patient in state.patients if patient.open}
    waits = state.current in here and found.level != state.current
    room = trial.room(state)
    more = found.places if room is None else min(found.places, room)
    if found.level is None or waits or not more:
        return (state.current if state.current in here else min(here)), 0, state
    known = state.settled("complete", elsewhere=True).without(found.eliminated)
    if state.decided is not None and not found.begun:  # the committee follows the design
        known = replace(known, decided=found.level, decided_after=len(known.patients))
    return found.level, more, known


def _settled(state: State, level: int, dlts: int, days: int) -> State:
    """The state once those in the window at a level have settled, so many of them with a DLT."""
    patients, toxic = [], dlts
    for patient in state.patients:
        if patient.open and patient.level == level:
            status: Status = "DLT" if toxic > 0 else "complete"
            toxic -= 1
            patients.append(replace(patient, status=status, followed=days))
        else:
            patients.append(patient)
    return replace(state, patients=tuple(patients))


def _open(state: State) -> bool:
    return any(patient.open for patient in state.patients)
