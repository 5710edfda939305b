"""`cartrial kinetics sbc`: simulation-based calibration of full Bayes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from cartrial import files
from cartrial.cli.progress import counting
from cartrial.kinetics.population.simulation.sbc import Calibration, calibrate, summary, thinning

RANKS, TABLE, FIGURE, PARTS = "ranks.csv", "calibration.csv", "calibration.svg", "parts"
FINDINGS = 1  # exit code


def sbc(
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="Folder for table, ranks, figure and parts.")
    ],
    fits: Annotated[int, typer.Option(min=20, metavar="N", help="Trials to simulate and fit.")] = (
        200
    ),
    subjects: Annotated[int, typer.Option(min=4, metavar="N", help="Subjects of a trial.")] = 18,
    seed: Annotated[int, typer.Option(min=0, metavar="S", help="Same seed, same trials.")] = 1,
    workers: Annotated[
        int, typer.Option(min=1, metavar="N", help="Processes that fit; not what comes out.")
    ] = 1,
    cluster: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="Dask cluster that fits; `local` starts one with --workers.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Calibrate full Bayes by simulation: draw, simulate, fit, and rank.

    Finished fits are kept in the folder: a run that was stopped goes on where it was. The command
    ends with 1 where the ranks of a parameter leave their band.
    """
    with counting("calibrating") as progress:
        found = calibrate(
            fits=fits,
            subjects=subjects,
            seed=seed,
            workers=workers,
            cluster=cluster,
            kept=out / PARTS,
            progress=progress,
        )
    write(found, subjects, out)
    for line in lines(found, subjects):
        typer.echo(line)
    if not all(kept for _, _, kept in summary(found)):
        raise typer.Exit(FINDINGS)


def write(found: Calibration, subjects: int, out: Path) -> None:
    """The ranks, the table and the figure into a folder."""
    from cartrial.report.figures.calibration import calibration_figure
    from cartrial.report.pdf import to_svg

    names = [one.name for one in found.parameters]
    ranks = pl.DataFrame(found.ranks, schema=names).with_columns(
        rhat=pl.Series(found.rhat).round(4), divergent=pl.Series(found.divergent)
    )
    files.write_csv(out / RANKS, ranks)
    rows = [(one.name, round(chance, 3), kept) for one, chance, kept in summary(found)]
    columns = ["parameter", "chance_of_more", "inside"]
    files.write_csv(out / TABLE, pl.DataFrame(rows, schema=columns, orient="row"))
    files.write_text(out / FIGURE, to_svg(calibration_figure(found, subjects)))


def lines(found: Calibration, subjects: int) -> Iterator[str]:
    """The calibration for a person."""
    yield f"{len(found.ranks)} fits of {subjects} subjects, each {thinning()}"
    yield ""
    yield f"{'parameter':16}{'chance of ranks further from even':>36}"
    for one, chance, kept in summary(found):
        yield f"{one.name:16}{chance:>36.2f}  {'inside' if kept else 'OUTSIDE'}"
    yield ""
    yield (
        f"R-hat above 1.05 in {int((found.rhat > 1.05).sum())} fits, "
        f"{int(found.divergent.sum())} divergent draws"
    )
