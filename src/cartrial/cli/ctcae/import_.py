"""`cartrial ctcae import`: NCI's grade sentences into a study folder."""

from pathlib import Path
from typing import Annotated

import typer

from cartrial import files
from cartrial.cli.new import BLANK
from cartrial.errors import StudyError
from cartrial.forms.folder import LOOK_UP
from cartrial.grading.ctcae.look_up import look_up
from cartrial.grading.ctcae.official import read_official
from cartrial.protocol.read import FILE
from cartrial.protocol.sentences import SENTENCES, read_sentences


def import_(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="NCI's CTCAE_v5.0.xlsx, or a CSV of its columns.",
            show_default=False,
        ),
    ],
    study: Annotated[
        Path,
        typer.Argument(
            metavar="STUDY", help="Study folder, or its study file.", show_default=False
        ),
    ],
) -> None:
    """Read NCI's CTCAE v5.0 spreadsheet into a study folder.

    The sentences of the grades are written beside the study file, as `ctcae-5.0.csv`, and into
    `ctcae_terms.csv` beside the forms. From then on the report lists them for the terms reported.
    Where the file differs from the known terms, codes and grades of CTCAE v5.0, each difference is
    a warning; a file of another version is refused.
    """
    folder = study if study.is_dir() else study.parent
    if not (study.is_file() or (folder / FILE).is_file()):
        raise StudyError(
            f"{study}: must be a study folder with {FILE}, got none. `cartrial new NAME` writes one"
        )
    official = read_official(file)
    for difference in official.differences:
        typer.echo(f"warning  {file.name}: {difference}", err=True)
    beside = [name for name in ("forms", BLANK) if (folder / name).is_dir()] or [BLANK]
    with files.writing_folder(folder) as fresh:
        files.write_csv(fresh / SENTENCES, official.terms)
        terms = look_up(read_sentences(fresh))
        for name in beside:
            files.write_csv(fresh / name / LOOK_UP, terms)
    typer.echo(f"{folder / SENTENCES}: {official.terms.height} terms with their grade sentences")
    for name in beside:
        typer.echo(f"{folder / name / LOOK_UP}: look-up for the forms")
