"""What a command of `dose` is asked about: a study, with what its options give otherwise."""

from pathlib import Path
from typing import Annotated

import typer

from cartrial.cli.option import option
from cartrial.dosing.characteristics.scenarios import aim
from cartrial.dosing.designs import DESIGNS
from cartrial.dosing.override import KINDS, Overrides, overridden, plain_study
from cartrial.errors import DataError, StudyError
from cartrial.protocol.design import Design
from cartrial.protocol.read import read_study
from cartrial.protocol.study import Study

SUBJECTS = 18


StudyFile = Annotated[
    Path | None,
    typer.Argument(
        metavar="STUDY",
        help="Study file or folder; without it, the design of the packaged study and no rules.",
        show_default=False,
    ),
]
DesignKind = Annotated[
    str | None,
    option("design", "KIND", f"Design in place of the study's: {', '.join(KINDS)}."),
]
Target = Annotated[float | None, option("target", "RATE", "DLT rate that is aimed at.")]
Cohort = Annotated[int | None, option("cohort", "N", "Subjects in a cohort.")]
Skeleton = Annotated[
    str | None,
    option("skeleton", "RATES", "First guesses of the DLT rates, for crm and tite-crm."),
]
MaxSubjects = Annotated[int | None, option("max-subjects", "N", "Subjects of the escalation.")]
Window = Annotated[int | None, option("window", "DAYS", "Days of the DLT window.")]
Truth = Annotated[
    str | None,
    option("truth", "RATES", "True DLT rate of each dose level, as 0.1,0.25,0.45."),
]
After = Annotated[
    str | None,
    option(
        "after",
        "OUTCOMES",
        "What was seen, as '1NNN 2NT.[30]': level, then N for no DLT, T for a DLT, X for not "
        "evaluable, a point for pending with its days.",
    ),
]


def overrides(
    design: str | None,
    target: float | None,
    cohort: int | None,
    skeleton: str | None,
    *,
    subjects: int | None = None,
    window: int | None = None,
) -> Overrides:
    """What the options give in place of the study's values."""
    guesses = None if skeleton is None else numbers("--skeleton", skeleton)
    return Overrides(design, target, cohort, guesses, subjects, window)


def study_of(place: Path | None, given: Overrides, *, levels: int | None = None) -> Study:
    """The study in a file, else the plain one with so many dose levels, and what is given."""
    if place is None:
        guessed = len(given.skeleton) if given.skeleton else None
        return overridden(plain_study(levels or guessed), given)
    return overridden(read_study(place), given)


def design_of(study: Study) -> Design:
    """The design of the study, which has to have one."""
    if study.design is None:
        raise StudyError(
            "study.yaml: design: must be given to escalate doses, got nothing. Give --design"
        )
    return study.design


def target_of(design: Design, given: Overrides) -> float:
    """The DLT rate by which doses are judged: the design's, else the one given."""
    named = "target" in type(design).model_fields
    return aim(design) if named or given.target is None else given.target


def subjects_of(study: Study) -> int:
    """How many subjects the escalation has."""
    return study.subjects or SUBJECTS


def level_words(study: Study, level: int) -> str:
    """A dose level with its dose."""
    number, label = f"dose level {level}", study.level_label(level)
    return number if label == number else f"{number}: {label}"


def name_of(design: Design) -> str:
    """What the design is called."""
    return DESIGNS[design.kind].name


def numbers(option: str, text: str, *, such_as: str = "0.1,0.25,0.45") -> tuple[float, ...]:
    """The numbers of an option, parted by commas or spaces."""
    try:
        return tuple(float(part) for part in (text.split(",") if "," in text else text.split()))
    except ValueError:
        raise DataError(
            f"{option}: must be numbers parted by commas, as {such_as}, got {text}"
        ) from None
