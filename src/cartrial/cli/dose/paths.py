"""`cartrial dose paths`: every way in which an escalation can go on, and what is then decided."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Annotated, Any

import typer

from cartrial.cli.dose.asked import (
    After,
    Cohort,
    DesignKind,
    MaxSubjects,
    Skeleton,
    StudyFile,
    Target,
    Truth,
    design_of,
    name_of,
    numbers,
    overrides,
    subjects_of,
)
from cartrial.cli.dose.seen import Data, seen
from cartrial.cli.trial import AsJson, Cutoff, FormsFolder, SdtmFolder
from cartrial.dosing.conduct.next_dose import replay
from cartrial.dosing.conduct.outlook import Fork, Seen, outlook
from cartrial.dosing.exact.chance import chances
from cartrial.dosing.operating import true_rates
from cartrial.errors import RuleError

MOST = 5_000  # places of the tree that stand side by side
BRANCH, LAST, STEM, NOTHING = "├─ ", "└─ ", "│  ", "   "


def paths(
    study: StudyFile = None,
    forms: FormsFolder = None,
    sdtm: SdtmFolder = None,
    cutoff: Cutoff = None,
    after: After = None,
    cohorts: Annotated[int, typer.Option(min=1, metavar="K", help="Cohorts to look ahead.")] = 2,
    truth: Truth = None,
    design: DesignKind = None,
    target: Target = None,
    cohort: Cohort = None,
    skeleton: Skeleton = None,
    max_subjects: MaxSubjects = None,
    as_json: AsJson = False,
) -> None:
    """Draw every way in which an escalation can go on.

    From the trial's data, from what was seen (`--after`), or from its beginning. Those in the
    window settle first. At each outcome stands what is done then by the design and the rules of
    the study and, with `--truth`, how probable it is to come there.
    """
    rates = None if truth is None else numbers("--truth", truth)
    given = overrides(design, target, cohort, skeleton, subjects=max_subjects)
    levels = None if rates is None else len(rates)
    asked, state = seen(study, given, after=after, data=Data(forms, sdtm, cutoff), levels=levels)
    if rates is not None:
        true_rates(rates, levels=state.levels)
    if state.planned is None:
        state = replace(state, planned=subjects_of(asked))
    chosen, dlt = design_of(asked), asked.dlt
    known = replay(chosen, dlt, state, asked.rules)
    forks = outlook(chosen, dlt, known, asked.rules, most=MOST, deepest=cohorts)
    _check_whole(forks, cohorts)
    chance = None if rates is None else chances(forks, rates, window=dlt.window if dlt else None)
    if as_json:
        told = {
            "design": chosen.kind,
            "after": known.line,
            "truth": rates,
            "paths": [_as_data(fork, _at(chance, i)) for i, fork in enumerate(forks)],
        }
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    typer.echo(f"{name_of(chosen)}, after {known.line or 'nobody'}: {_said(forks[0])}")
    for line in _tree(forks, chance):
        typer.echo(line)


def _check_whole(forks: Sequence[Fork], cohorts: int) -> None:
    """Refuse a tree that had to be cut short."""
    deepest = max(len(fork.path) for fork in forks)
    if deepest < cohorts and any(len(f.path) == deepest and not f.ended for f in forks):
        raise RuleError(
            f"dose paths: outcomes must be at most {MOST:,}, got more in {cohorts} cohorts. "
            "Look fewer cohorts ahead"
        )


def _at(chance: Sequence[float] | None, place: int) -> float | None:
    return None if chance is None else chance[place]


# ---------------------------------------------------------------- for a person
def _tree(forks: Sequence[Fork], chance: Sequence[float] | None) -> Iterator[str]:
    """The forks but the first, each under the one that it comes from."""
    open_: dict[int, str] = {}
    for place, fork in enumerate(forks[1:], start=1):
        depth = len(fork.path)
        last = _is_last(forks, place)
        open_[depth] = NOTHING if last else STEM
        stems = "".join(open_[level] for level in range(1, depth))
        probable = "" if chance is None else f"  {chance[place]:.4f}"
        seen_ = _outcome(fork.path[-1])
        yield f"{stems}{LAST if last else BRANCH}{seen_}{probable}  {_said(fork)}"


def _is_last(forks: Sequence[Fork], place: int) -> bool:
    """Whether no other outcome of the same cohort follows."""
    depth = len(forks[place].path)
    following = (len(fork.path) for fork in forks[place + 1 :])
    return next((other < depth for other in following if other <= depth), True)


def _outcome(one: Seen) -> str:
    """What was seen of a cohort, `2NNT`, and how many of it had been in the window."""
    line = f"{one.level}{'N' * (one.subjects - one.dlts)}{'T' * one.dlts}"
    return f"{line} ({one.waiting} in the window)" if one.waiting else line


def _said(fork: Fork) -> str:
    """What is done at a fork."""
    found = fork.found
    if fork.ended:
        return f"end: the MTD is dose level {fork.mtd}" if fork.mtd else "end: there is no MTD"
    if found.level is None:
        return "wait"
    said = found.reason.rpartition(": ")[2] if fork.state.patients else "start"
    return f"{said}: {found.places} at dose level {found.level}"


# ---------------------------------------------------------------- for a program
def _as_data(fork: Fork, chance: float | None) -> dict[str, Any]:
    found, counts = fork.found, fork.state.counts
    return {
        "path": " ".join(_outcome(one) for one in fork.path),
        "treated": counts.treated,
        "dlts": counts.dlts,
        "decision": "end" if fork.ended else _decision(fork),
        "level": None if fork.ended else found.level,
        "places": 0 if fork.ended else found.places,
        "eliminated": sorted(found.eliminated),
        "mtd": fork.mtd,
        "reason": found.reason,
        "probability": chance,
    }


def _decision(fork: Fork) -> str:
    """The move to the next level in one word."""
    level, current = fork.found.level, fork.state.current
    if level is None:
        return "wait"
    if not current:
        return "start"
    return "escalate" if level > current else "stay" if level == current else "de-escalate"
