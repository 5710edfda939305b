"""`cartrial dose mtd`: the maximum tolerated dose of a finished escalation."""

import json
from collections.abc import Iterator
from typing import Annotated, Any

import typer

from cartrial.cli.dose.asked import (
    After,
    Cohort,
    DesignKind,
    Skeleton,
    StudyFile,
    Target,
    design_of,
    level_words,
    name_of,
    numbers,
    overrides,
    target_of,
)
from cartrial.cli.dose.seen import Data, holds_data, seen
from cartrial.cli.trial import AsJson, Cutoff, FormsFolder, SdtmFolder
from cartrial.dosing.conduct.explain import judged
from cartrial.dosing.conduct.next_dose import replay, select_mtd
from cartrial.dosing.counts import Counts
from cartrial.dosing.isotonic import LevelRate, level_rates
from cartrial.dosing.state import State, Tally
from cartrial.errors import DataError
from cartrial.protocol.design import Design
from cartrial.protocol.model_design import Blrm, TiteCrm, WorkingModel
from cartrial.protocol.study import Study

Listed = Annotated[
    str | None,
    typer.Option(metavar="NUMBERS", help="Evaluable patients at each level.", show_default=False),
]
ListedDlts = Annotated[
    str | None,
    typer.Option(metavar="NUMBERS", help="DLTs at each level.", show_default=False),
]


def mtd(
    study: StudyFile = None,
    forms: FormsFolder = None,
    sdtm: SdtmFolder = None,
    cutoff: Cutoff = None,
    after: After = None,
    treated: Listed = None,
    dlts: ListedDlts = None,
    design: DesignKind = None,
    target: Target = None,
    cohort: Cohort = None,
    skeleton: Skeleton = None,
    as_json: AsJson = False,
) -> None:
    """Select the maximum tolerated dose of a finished escalation.

    From the trial's data, from what was seen (`--after`), or from numbers (`--treated` and
    `--dlts`). Beside it stand the DLT rates after isotonic regression, with the exact posterior
    interval of each level's own rate; a design that fits a model has its rates too. Who is in the
    window does not count, but in a TITE-CRM by the follow-up.
    """
    given = overrides(design, target, cohort, skeleton)
    data = Data(forms, sdtm, cutoff)
    counts = _counts(treated, dlts)
    if counts is not None and (after is not None or data.given):
        raise typer.BadParameter("must be given once: data, --after, or --treated with --dlts")
    if counts is None and after is None and not (data.given or holds_data(study)):
        raise typer.BadParameter("must be given: data, --after, or --treated with --dlts")
    line = after if counts is None else _line(counts)
    levels = None if counts is None else counts.levels
    asked, state = seen(study, given, after=line, data=data, levels=levels)
    if levels is not None and levels != state.levels:
        must = f"--treated: must have a number for each of the {state.levels} dose levels"
        raise DataError(f"{must}, got {levels}")
    _show(asked, state, target_of(design_of(asked), given), as_json=as_json)


def _counts(treated: str | None, dlts: str | None) -> Counts | None:
    if treated is None and dlts is None:
        return None
    if treated is None or dlts is None:
        raise typer.BadParameter("--treated and --dlts must be given together, got one of them")
    n, y = _whole("--treated", treated), _whole("--dlts", dlts)
    if len(n) != len(y):
        raise DataError(f"--dlts: must have as many numbers as --treated, {len(n)}, got {len(y)}")
    return Counts(n, y, current=len(n), barred=len(n) + 1)


def _whole(option: str, text: str) -> tuple[int, ...]:
    found = numbers(option, text, such_as="3,6,3")
    odd = next((number for number in found if number < 0 or number % 1), None)
    if odd is not None:
        raise DataError(f"{option}: must be whole numbers, 0 or more, got {odd:g}")
    return tuple(int(number) for number in found)


def _line(counts: Counts) -> str:
    """The counts as a trial in one line; their order within a level tells nothing."""
    pairs = enumerate(zip(counts.treated, counts.dlts, strict=True), start=1)
    return " ".join(f"{level}{'N' * (n - y)}{'T' * y}" for level, (n, y) in pairs if n)


def _show(study: Study, state: State, target: float, *, as_json: bool) -> None:
    design = design_of(study)
    known = replay(design, study.dlt, state, study.rules)
    found = select_mtd(design, study.dlt, known)
    if as_json:
        told = _as_data(study, target, known, found)
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    for line in _lines(study, known, found):
        typer.echo(line)


# ---------------------------------------------------------------- for a person
def _lines(study: Study, state: State, found: int | None) -> Iterator[str]:
    design, open_ = design_of(study), _open(state)
    said = level_words(study, found) if found else "none"
    yield f"maximum tolerated dose by {name_of(design)}: {said}"
    counted = "count by their follow-up" if isinstance(design, TiteCrm) else "do not count"
    waiting = f"; {open_} in the window {counted}" if open_ else ""
    yield f"after {state.line or 'nobody'}{waiting}"
    if _is_untried(state, found):
        yield f"nobody was treated at dose level {found}: it is beyond what was seen"
    yield from _by_model(design, study, state)
    yield ""
    yield "level  patients  DLTs  isotonic rate  95 % interval of its own"
    for rate in level_rates(state.counts):
        interval = f"{rate.low:.2f} to {rate.high:.2f}"
        yield f"{rate.level:5}  {rate.treated:8}  {rate.dlts:4}  {rate.rate:13.3f}  {interval}"


def _open(state: State) -> int:
    """How many subjects are in the window."""
    return sum(tally.open for tally in state.tallies())


def _is_untried(state: State, found: int | None) -> bool:
    """Whether a level is selected that nobody counts at."""
    return found is not None and state.tally(found) == Tally()


def _by_model(design: Design, study: Study, state: State) -> tuple[str, ...]:
    """The posterior of a design that fits a model, a line each; of another nothing."""
    if not isinstance(design, WorkingModel | Blrm):
        return ()
    return judged(design, None if study.dlt is None else study.dlt.window, state)


# ---------------------------------------------------------------- for a program
def _as_data(study: Study, target: float, state: State, found: int | None) -> dict[str, Any]:
    design = design_of(study)
    return {
        "design": design.kind,
        "target": target,
        "after": state.line,
        "in_the_window": _open(state),
        "mtd": found,
        "dose": study.level_label(found) if found else None,
        "untried": _is_untried(state, found),
        "model": _by_model(design, study, state),
        "levels": [_of_level(rate) for rate in level_rates(state.counts)],
    }


def _of_level(rate: LevelRate) -> dict[str, Any]:
    return {
        "level": rate.level,
        "treated": rate.treated,
        "dlts": rate.dlts,
        "rate": rate.rate,
        "low": rate.low,
        "high": rate.high,
    }
