"""`cartrial kinetics simulate`: a cohort of curves, as a file that `nca` and `fit` read."""

from pathlib import Path
from typing import Annotated

import numpy as np
import polars as pl
import typer

from cartrial import files
from cartrial.errors import DataError
from cartrial.kinetics.population.model.samples import Samples
from cartrial.kinetics.population.model.unknown import vector_of
from cartrial.kinetics.population.simulation.calibrated import CALIBRATED, CALIBRATED_MODEL
from cartrial.kinetics.population.simulation.simulate import DAYS, Sampling
from cartrial.kinetics.population.simulation.simulate import simulate as simulate_cohort

DIGITS = 6


def simulate(
    subjects: Annotated[int, typer.Option(min=1, metavar="N", help="How many subjects.")] = 18,
    seed: Annotated[int, typer.Option(min=0, metavar="S", help="Same seed, same cohort.")] = 1,
    days: Annotated[
        str | None,
        typer.Option(
            metavar="DAYS",
            help="Days of samples, as 3,7,10,14,21,28. Without it, 16 days to day 730.",
            show_default=False,
        ),
    ] = None,
    lloq: Annotated[
        float, typer.Option(min=0, metavar="LEVEL", help="Lower limit of quantification.")
    ] = 50.0,
    leave: Annotated[
        float, typer.Option(min=0, max=0.99, metavar="SHARE", help="Share that leaves in a year.")
    ] = 0.2,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="CSV to write; without it, to standard output.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Simulate samples of a cohort, as a file for `nca` and `fit`.

    The population is calibrated to the published summary of ciltacabtagene autoleucel; the values
    are copies per microgram of DNA.
    """
    sampling = Sampling(subjects, _days(days), lloq=(lloq,), leave=leave)
    vector = vector_of(CALIBRATED_MODEL, sampling.assays, CALIBRATED)
    cohort = simulate_cohort(CALIBRATED_MODEL, vector, sampling, np.random.default_rng(seed))
    frame = _frame(cohort.samples)
    if out is None:
        typer.echo(frame.write_csv(), nl=False)
    else:
        files.write_csv(out, frame)


def _days(text: str | None) -> tuple[float, ...]:
    if text is None:
        return DAYS
    try:
        days = sorted({float(part) for part in text.replace(",", " ").split()})
    except ValueError:
        days = []
    if not days or days[0] <= 0 or not np.isfinite(days).all():
        raise DataError(f"--days: must be days after the infusion, as 3,7,14, got {text}")
    return tuple(days)


def _frame(samples: Samples) -> pl.DataFrame:
    values = ["BLQ" if np.isnan(one) else f"{one:.{DIGITS}g}" for one in samples.value]
    return pl.DataFrame(
        {
            "subject": [samples.subjects[row] for row in samples.subject],
            "time": [f"{one:g}" for one in samples.time],
            "value": values,
            "lloq": [f"{one:g}" for one in samples.lloq],
        }
    )
