"""`cartrial dose paths`: every way in which an escalation can go on, and what is then decided."""

import json
from collections.abc import Iterator, Sequence
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
from cartrial.dosing.conduct import replay
from cartrial.dosing.operating import true_rates
from cartrial.dosing.paths import Path, dose_paths, settled_counts
from cartrial.dosing.settled import settled_advise

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

    From the trial's data, from what was seen (`--after`), or from its beginning: each outcome of
    the next cohorts, what the design says then and, with `--truth`, how probable it is.
    """
    rates = None if truth is None else numbers("--truth", truth)
    given = overrides(design, target, cohort, skeleton, subjects=max_subjects)
    data = Data(forms, sdtm, cutoff)
    levels = None if rates is None else len(rates)
    asked, state = seen(study, given, after=after, data=data, levels=levels)
    chosen = design_of(asked)
    if rates is not None:
        true_rates(rates, levels=state.levels)
    known = replay(chosen, asked.dlt, state, asked.rules)
    found = dose_paths(
        settled_advise(chosen),
        settled_counts(known),
        cohorts=cohorts,
        subjects=subjects_of(asked),
        truth=rates,
    )
    if as_json:
        told = {
            "design": chosen.kind,
            "after": known.line,
            "truth": rates,
            "paths": [_as_data(path) for path in found],
        }
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    typer.echo(f"{name_of(chosen)}, after {known.line or 'nobody'}: {_said(found[0])}")
    for line in _tree(found):
        typer.echo(line)


def _tree(found: Sequence[Path]) -> Iterator[str]:
    """The paths but the first, each under the one that it comes from."""
    open_: dict[int, str] = {}
    for number, path in enumerate(found[1:], start=1):
        depth = len(path.cohorts)
        last = _is_last(found, number)
        open_[depth] = NOTHING if last else STEM
        stems = "".join(open_[level] for level in range(1, depth))
        chance = "" if path.probability is None else f"  {path.probability:.4f}"
        yield f"{stems}{LAST if last else BRANCH}{path.cohorts[-1]}{chance}  {_said(path)}"


def _is_last(found: Sequence[Path], number: int) -> bool:
    """Whether no other outcome of the same cohort follows."""
    depth = len(found[number].cohorts)
    following = (len(path.cohorts) for path in found[number + 1 :])
    return next((other < depth for other in following if other <= depth), True)


def _said(path: Path) -> str:
    """What the design says after a path, and who is treated next."""
    advice = path.advice
    said = advice.reason.rpartition(": ")[2] if path.counts.current else "start"
    if advice.level is None:
        return said
    next_ = "nobody is left" if path.ended else f"{advice.places} at dose level {advice.level}"
    return f"{said}: {next_}"


def _decision(path: Path) -> str:
    """The move to the next level in one word."""
    level, current = path.advice.level, path.counts.current
    if level is None:
        return "wait" if path.advice.wait else "stop"
    if not current:
        return "start"
    return "escalate" if level > current else "stay" if level == current else "de-escalate"


def _as_data(path: Path) -> dict[str, Any]:
    return {
        "path": path.words,
        "treated": path.counts.treated,
        "dlts": path.counts.dlts,
        "decision": _decision(path),
        "level": path.advice.level,
        "barred_from": path.advice.barred if path.advice.barred <= path.counts.levels else None,
        "places": 0 if path.ended else path.advice.places,
        "ended": path.ended,
        "reason": path.advice.reason,
        "probability": path.probability,
    }
