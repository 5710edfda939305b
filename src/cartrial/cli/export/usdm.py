"""`cartrial export usdm`: the study definition for other systems."""

from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from cartrial import files
from cartrial.cli.option import option
from cartrial.protocol.read import read_study
from cartrial.sdtm.usdm import to_usdm, unstated

Rare = Annotated[
    bool | None,
    typer.Option(
        "--rare/--not-rare",
        help="Whether the disease is rare: only then is it an indication.",
        show_default=False,
    ),
]


def usdm(
    study: Annotated[
        Path, typer.Argument(metavar="STUDY", help="Study file or folder.", show_default=False)
    ],
    out: Annotated[Path, option("out", "FILE", "JSON to write.")],
    rare: Rare = None,
) -> None:
    """Write the study definition as USDM 4.0 JSON.

    Arms, epochs, elements, visits with their windows, activities, objectives, endpoints,
    eligibility and interventions, as the study file states them. What USDM asks for and the file
    does not state is left out, and told.
    """
    trial = read_study(study)
    definition = to_usdm(trial, made_with=version("cartrial"), rare=rare)
    files.write_json(out, definition)
    if missing := unstated(trial, rare=rare):
        typer.echo(f"cartrial: not stated, and left out: {'; '.join(missing)}", err=True)
    typer.echo(out)
