"""What comes next: every outcome of those in the window and of the next cohorts, as a tree.

From `conduct.outlook`, by the conduct of the trial itself. Here each fork gets its place in the
tree.
"""

from cartrial.adam.dose_limiting.addl import Addl
from cartrial.adam.state import dosing_state
from cartrial.dosing.conduct.outlook import Fork, Seen
from cartrial.dosing.conduct.outlook import outlook as forks_of
from cartrial.dosing.state import State
from cartrial.errors import TrialError
from cartrial.protocol.study import Study
from cartrial.results.figures import OutlookFork
from cartrial.results.population import Trial
from cartrial.results.result import Figure
from cartrial.results.table import Drawn, tidy

TITLE = "What comes next"
Path = tuple[int, ...]  # the DLTs of each cohort on the way
Row = dict[str, object]


def outlook(trial: Trial) -> tuple[Drawn, ...]:
    """The tree of what the trial would do next, from the data cut on."""
    study = trial.study
    if study.design is None or study.dlt is None or not trial.adam.has(Addl):
        return ()
    try:
        state = dosing_state(study, trial.adam)
        forks = forks_of(study.design, study.dlt, state, study.rules)
    except TrialError as fault:
        return (_figure((), f"Not told: {fault}."),)
    return (_figure(forks, "", _rows(study, forks)),)


def _figure(forks: tuple[Fork, ...], empty: str, rows: list[Row] | None = None) -> Drawn:
    ended = any(fork.ended for fork in forks)
    figure = Figure(
        "outlook",
        "escalation",
        "outlook",
        TITLE,
        "",
        x="",
        y="",
        data=("outlook",) if rows else (),
        footnotes=(
            "Each branch is an outcome: those in the window, then the next cohort, by the design "
            "and the rules of the study. Those in the window at other levels are taken to complete "
            "it without DLT once a later cohort has.",
            "In bold what is done then: how many subjects are treated, and at which dose level.",
            "MTD: the level that is selected when the escalation ends there." if ended else "",
        ),
        empty=empty,
    )
    return Drawn(figure, {"outlook": tidy(OutlookFork, rows)} if rows else {})


def _rows(study: Study, forks: tuple[Fork, ...]) -> list[Row]:
    places = _places([_path(fork) for fork in forks])
    known = {_path(fork): number for number, fork in enumerate(forks, start=1)}
    return [
        {
            "number": known[path],
            "comes_from": known[path[:-1]] if path else None,
            "depth": len(path),
            "place": places[path],
            "from_place": places[path[:-1]] if path else None,
            "seen": _seen(fork.path[-1]) if fork.path else _now(fork.state),
            "next": _next(study, fork),
            "kind": _kind(fork),
            "reason": fork.found.reason,
        }
        for fork in forks
        for path in (_path(fork),)
    ]


def _path(fork: Fork) -> Path:
    return tuple(seen.dlts for seen in fork.path)


def _places(paths: list[Path]) -> dict[Path, float]:
    """The height of each fork: ends one below the other, a fork midway between its first and last.

    `paths` stand in the order in which the tree is drawn.
    """
    found: dict[Path, float] = {}
    leaves = [path for path in paths if not any(other[:-1] == path for other in paths if other)]
    for height, path in enumerate(leaves, start=1):
        found[path] = float(height)
    for path in sorted(set(paths) - set(leaves), key=len, reverse=True):
        below = [found[other] for other in paths if other and other[:-1] == path]
        found[path] = (below[0] + below[-1]) / 2
    return found


def _seen(seen: Seen) -> str:
    what, where = f"{seen.dlts} DLT in {seen.subjects}", f"at level {seen.level}"
    if seen.waiting == seen.subjects:
        return f"{what} in the window {where}"
    return f"{what} {where}" if seen.waiting else f"{what} more {where}"


def _now(state: State) -> str:
    if not state.current:
        return "Now: nobody treated"
    tally = state.tally(state.current)
    open_ = f", {tally.open_words}" if tally.open else ""
    return f"Now: {tally.dlts} DLT in {tally.decided}{open_} at level {state.current}"


def _next(study: Study, fork: Fork) -> str:
    """What is done there, in a few words."""
    found = fork.found
    if fork.ended:
        if fork.mtd is not None:
            return f"End: MTD is level {fork.mtd}"
        return "End: no level is the MTD"
    if found.level is None:
        return "Wait" if found.wait else "Stop"
    return f"{_word(fork)}: {found.places} at level {found.level}"


def _word(fork: Fork) -> str:
    return {"start": "Start", "stay": "Stay", "escalate": "Escalate"}.get(
        _kind(fork), "De-escalate"
    )


def _kind(fork: Fork) -> str:
    """Where the dose goes."""
    level, current = fork.found.level, fork.state.current
    if fork.ended:
        return "end" if fork.mtd is not None else "stop"
    if level is None:
        return "wait" if fork.found.wait else "stop"
    if not current:
        return "start"
    return "stay" if level == current else "escalate" if level > current else "de-escalate"
