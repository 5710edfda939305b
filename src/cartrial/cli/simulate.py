"""`cartrial simulate`: a trial that did not happen, as a study folder."""

from pathlib import Path
from typing import Annotated

import typer

from cartrial import files, pipeline
from cartrial.cli.output import datasets_in, replacing
from cartrial.cli.progress import doing
from cartrial.errors import OutputError
from cartrial.forms.catalogue import FORMS
from cartrial.forms.folder import write_forms
from cartrial.forms.product import Infusion
from cartrial.protocol.read import FILE, packaged_study, packaged_text, read_study
from cartrial.sdtm.domain import DOMAINS
from cartrial.sdtm.file.folder import write_sdtm
from cartrial.sdtm.file.relrec import NAME as RELREC
from cartrial.virtual.scenario import packaged_scenario, read_scenario
from cartrial.virtual.trial import simulate_trial

TRUTH = "truth"  # its presence says that a folder is a simulation
SUBJECTS = 18


def simulate(
    folder: Annotated[Path, typer.Argument(help="Study folder to write.", show_default=False)],
    subjects: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="N",
            help="Subjects to infuse; without it, as many as the study plans.",
            show_default=False,
        ),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, metavar="S", help="The same seed, same trial.")] = 1,
    scenario: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="What is true in the simulated world (YAML)."),
    ] = None,
    study: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Study file; without it, the packaged study."),
    ] = None,
) -> None:
    """Simulate a trial that fills the forms, and write it as a study folder.

    The folder gets `study.yaml`, `forms/` and the `sdtm/` made from them, and `truth/`: what the
    simulation knows and a trial never does. A folder that holds another trial is refused.
    """
    _check_free(folder)
    plan = packaged_study() if study is None else read_study(study)
    text = packaged_text() if study is None else files.read_text(_file(study)).content
    world = packaged_scenario() if scenario is None else read_scenario(scenario)
    number = subjects or plan.subjects or SUBJECTS
    with doing(f"simulating {number} subjects"):
        trial = simulate_trial(plan, subjects=number, seed=seed, scenario=world)
        owned = [
            *(Path("forms") / f"{name}.csv" for name in FORMS),
            *datasets_in("sdtm", (*DOMAINS, RELREC), "csv"),
            *datasets_in("sdtm/parquet", (*DOMAINS, RELREC), "parquet"),
            *(Path(TRUTH) / f"{name}.csv" for name in trial.truth),
        ]
        with replacing(folder, owned=owned) as fresh:
            files.write_text(fresh / FILE, text)
            write_forms(trial.forms, fresh / "forms")
            write_sdtm(pipeline.tabulate(plan, trial.forms), fresh / "sdtm")
            for name, table in trial.truth.items():
                files.write_csv(fresh / TRUTH / f"{name}.csv", table)
    infused = trial.forms.of(Infusion)["subject"].n_unique()
    typer.echo(f"{plan.id}: {infused} subjects infused, by seed {seed}, in {folder}")


def _file(study: Path) -> Path:
    return study / FILE if study.is_dir() else study


def _check_free(folder: Path) -> None:
    held = [name for name in (FILE, "forms", "sdtm") if (folder / name).exists()]
    if held and not (folder / TRUTH).is_dir():
        raise OutputError(
            f"{folder}: must be free or hold an earlier simulation, "
            f"got {held[0]} of another trial. Name another folder"
        )
