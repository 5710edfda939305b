"""`cartrial terminology import`: another version of controlled terminology into a study folder."""

from pathlib import Path
from typing import Annotated

import typer

from cartrial.cdisc.terminology import Terminology, packaged
from cartrial.cdisc.terminology.read import read_terminology
from cartrial.cdisc.terminology.study import keep_terminology
from cartrial.cli.count import counted
from cartrial.cli.progress import doing
from cartrial.cli.trial import read_trial
from cartrial.errors import StudyError
from cartrial.protocol.read import FILE
from cartrial.sdtm.terms.term_change import TermChange, term_changes
from cartrial.trial import tabulated


def import_(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="NCI's SDTM Terminology: text with tabs, Excel, or ODM-XML.",
            show_default=False,
        ),
    ],
    study: Annotated[
        Path,
        typer.Option(
            "--study", metavar="STUDY", help="Study folder, or its study file.", show_default=False
        ),
    ],
) -> None:
    """Read NCI's SDTM terminology of another version into a study folder.

    The codelists that variables of SDTM use are kept in `terminology/` beside the study file, in
    place of an earlier import. From then on they hold for the study. What changes, against the
    version that comes with cartrial, is listed for the values that the study's data use.
    """
    folder = study if study.is_dir() else study.parent
    if not (study.is_file() or (folder / FILE).is_file()):
        raise StudyError(
            f"{study}: must be a study folder with {FILE}, got none. `cartrial new NAME` writes one"
        )
    with doing("reading"):
        before, after = packaged(), read_terminology(file)
        changes = _changes(folder, before, after)
    path = keep_terminology(after, folder)
    lists = len(set(before.codelists) & set(after.codelists))
    typer.echo(f"{path}: SDTM CT {after.version}, {counted(lists, 'codelist')} of variables")
    typer.echo(f"against {before.version}, which comes with cartrial, for values that are in use:")
    if changes is None:
        typer.echo("not known, as the study has no data yet")
    elif not changes:
        typer.echo("nothing")
    else:
        for change in changes:
            typer.echo(str(change))


def _changes(
    folder: Path, before: Terminology, after: Terminology
) -> tuple[TermChange, ...] | None:
    """What changes for the study's data; null where it has none."""
    if not any((folder / name).is_dir() for name in ("forms", "sdtm")):
        return None
    sdtm, _ = tabulated(read_trial(folder, None, None))
    return term_changes(sdtm.tables, before, after)
