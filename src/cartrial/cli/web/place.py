"""What each command of `cartrial web` is given: the study, and where its database stands."""

from pathlib import Path
from typing import Annotated

import typer

from cartrial.cli.option import option

Study = Annotated[
    Path,
    typer.Argument(
        metavar="STUDY",
        help="Study folder or file; its database stands in `web` beside the study file.",
        show_default=False,
    ),
]
Home = Annotated[
    Path | None,
    option("home", "DIR", "Folder of the database, in place of CARTRIAL_HOME or `web`."),
]
Port = Annotated[
    int, typer.Option("--port", metavar="N", min=1, max=65535, help="Port to answer on.")
]
LOOPBACK = "127.0.0.1"
