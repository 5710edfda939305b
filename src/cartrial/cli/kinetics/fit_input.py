"""What `cartrial kinetics fit` was given: samples from a file or a study, and a prior."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from cartrial import files
from cartrial.adam.car_samples import assays_of, samples_of
from cartrial.adam.kinetics.adpc import Adpc
from cartrial.cli.analysis import analysed, tell
from cartrial.cli.kinetics.sample_file import check_columns, read_samples, tell_each
from cartrial.cli.trial import read_trial
from cartrial.errors import DataError
from cartrial.kinetics.population.model.covariate import centred
from cartrial.kinetics.population.model.model import Model
from cartrial.kinetics.population.model.prior import PUBLISHED, LogNormal, Prior
from cartrial.kinetics.population.model.samples import Floats, Samples, places
from cartrial.kinetics.population.model.unknown import unknowns

UNNAMED = "CAR"  # the analyte of a file that names none


@dataclass(frozen=True)
class Chosen:
    """Which assays are fitted: one by its name, else the first, or all jointly."""

    analyte: str | None
    joint: bool

    def among(self, assays: Sequence[str]) -> tuple[str, ...]:
        """The assays that are fitted."""
        if self.joint:
            if len(assays) < 2:
                raise DataError(f"--joint: must have two assays, got {', '.join(assays)} alone")
            return tuple(assays)
        if self.analyte is None:
            return tuple(assays[:1])
        found = [name for name in assays if name == self.analyte]
        if not found:
            raise DataError(f"--analyte: must be one of {', '.join(assays)}, got {self.analyte}")
        return tuple(found)


def samples_in_file(path: Path, about: Path | None, model: Model, chosen: Chosen) -> Samples:
    """The samples of a CSV; covariates and treatments stand in another, one row a subject."""
    rows, findings = read_samples(path)
    tell_each(findings)
    rows = rows.with_columns(pl.col("analyte").fill_null(UNNAMED))
    done = rows.filter("measured", pl.col("time") > 0)
    assays = chosen.among(done["analyte"].unique(maintain_order=True).to_list() or [UNNAMED])
    used = done.filter(pl.col("analyte").is_in(assays))
    subjects = tuple(used["subject"].unique().sort())
    known = _about(about, subjects, model)
    return Samples(
        subjects,
        assays,
        places(used["subject"], subjects),
        places(used["analyte"], assays),
        used["time"].to_numpy(),
        used["value"].to_numpy(),
        used["lloq"].to_numpy(),
        {one.covariate: centred(known[one.covariate]) for one in model.effects},
        {name: np.where(np.isnan(known[name]), np.inf, known[name]) for name in model.treatments},
    )


def samples_in_study(
    place: Path | None,
    forms: Path | None,
    sdtm: Path | None,
    cutoff: dt.datetime | None,
    model: Model,
    chosen: Chosen,
) -> Samples:
    """The samples of a trial."""
    given = read_trial(place, forms, sdtm)
    analysis = analysed(given, cutoff)
    tell(analysis.findings)
    if not analysis.adam.has(Adpc) or not (assays := assays_of(analysis.adam)):
        raise DataError("the data must hold CAR measurements (PC or CP), got none")
    primary = given.study.response.primary
    return samples_of(analysis.adam, model, chosen.among(assays), primary=primary)


def _about(path: Path | None, subjects: Sequence[str], model: Model) -> dict[str, Floats]:
    """The columns that the model asks for, in the order of the subjects; NaN where empty."""
    names = {*(one.covariate for one in model.effects), *model.treatments}
    if not names:
        return {}
    if path is None:
        raise DataError(f"--about: must be given for {', '.join(sorted(names))}, got no file")
    raw = files.read_csv(path)
    check_columns(raw.columns, ("subject", *sorted(names)), place=path.name)
    if (twice := raw.filter(raw["subject"].is_duplicated())).height:
        raise DataError(f"{path.name}: subject must stand once, got {twice['subject'][0]} twice")
    rows = pl.DataFrame({"subject": subjects}).join(raw, on="subject", how="left")
    if (absent := rows.join(raw, on="subject", how="anti")).height:
        raise DataError(
            f"{path.name}: must have a row for every subject, got none for {absent['subject'][0]}"
        )
    return {name: _column(rows[name], name, path.name) for name in sorted(names)}


def _column(cells: pl.Series, name: str, place: str) -> Floats:
    text = cells.str.strip_chars().replace("", None)
    numbers = text.cast(pl.Float64, strict=False)
    if (wrong := text.filter(numbers.is_null() & text.is_not_null())).len():
        raise DataError(f"{place}: {name} must be a number or empty, got {wrong[0]}")
    return numbers.to_numpy()


def prior_in_file(path: Path | None, model: Model, assays: tuple[str, ...]) -> Prior:
    """The published prior, but for the rows of a CSV: name, median, log_sd."""
    if path is None:
        return PUBLISHED
    raw = files.read_csv(path)
    check_columns(raw.columns, ("name", "median", "log_sd"), place=path.name)
    known = [one.name for one in unknowns(model, assays)]
    for name in raw["name"]:
        if name not in known:
            raise DataError(f"{path.name}: name must be one of {', '.join(known)}, got {name}")
    named = {}
    median, log_sd = (_column(raw[name], name, path.name) for name in ("median", "log_sd"))
    for name, middle, spread in zip(raw["name"], median.tolist(), log_sd.tolist(), strict=True):
        if not (middle > 0 and spread > 0):
            raise DataError(f"{path.name}: {name}: median and log_sd must be above 0, got less")
        named[name] = LogNormal(middle, spread)
    return PUBLISHED.replaced(named)
