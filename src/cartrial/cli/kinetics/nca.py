"""`cartrial kinetics nca`: the non-compartmental parameters of each subject."""

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import polars as pl
import typer

from cartrial.adam.kinetics.adpc import Adpc
from cartrial.adam.kinetics.adpp import derive_adpp
from cartrial.adam.subject.adsl import Adsl
from cartrial.cli.analysis import analysed, tell
from cartrial.cli.kinetics.sample_file import is_of_samples, read_samples, tell_each
from cartrial.cli.kinetics.sheet import Sheet, lines_of
from cartrial.cli.progress import doing
from cartrial.cli.trial import AsJson, Cutoff, FormsFolder, SdtmFolder, read_trial
from cartrial.errors import DataError
from cartrial.kinetics.nca.area import Method
from cartrial.kinetics.nca.blq import RULES, STANDARD, RuleSet
from cartrial.kinetics.nca.course import Course, Setting
from cartrial.kinetics.nca.exposure import WINDOWS
from cartrial.kinetics.nca.parameter import Parameter
from cartrial.kinetics.nca.parameters import parameters_with
from cartrial.kinetics.nca.profile import profiles_from_infusion
from cartrial.results.population import Trial

Cell = tuple[float | None, str | None]
WINDOW = re.compile(r"(\d+)-(\d+)")
Windows = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Told:
    """The parameters of one subject and analyte: a value or a reason under each code."""

    subject: str
    analyte: str | None
    assay: str | None
    unit: str | None
    cells: Mapping[str, Cell]


def nca(
    place: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE|STUDY",
            help="CSV with columns subject, time in days, value (BLQ below quantification, empty "
            "where not measured), lloq, and where wanted analyte and unit; or a study file or "
            "folder.",
            show_default=False,
        ),
    ] = None,
    method: Annotated[Method, typer.Option(help="How an area is made.")] = "lin-up-log-down",
    blq: Annotated[
        RuleSet, typer.Option(help="Which number stands for a result below quantification.")
    ] = STANDARD,
    window: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FROM-TO",
            help="Days of a partial area, as often as wanted. 0-28 and 0-90 unless given.",
            show_default=False,
        ),
    ] = None,
    forms: FormsFolder = None,
    sdtm: SdtmFolder = None,
    cutoff: Cutoff = None,
    as_json: AsJson = False,
) -> None:
    """Compute the non-compartmental parameters of each subject.

    Peak, areas, expansion, contraction, terminal half-life and persistence from a file of samples
    or from a study; what cannot be computed says why.
    """
    setting = Setting(method, RULES[blq])
    parameters = parameters_with(_windows(window) if window else WINDOWS)
    if place is not None and is_of_samples(place, forms, sdtm):
        told = _of_file(place, setting, parameters)
    else:
        with doing("deriving"):
            told = _of_study(place, forms, sdtm, cutoff, setting, parameters)
    if as_json:
        given = {"method": method, "blq": blq}
        data = [_as_data(one, parameters, given) for one in told]
        typer.echo(json.dumps(data, ensure_ascii=False, indent=2))
        return
    typer.echo(f"Non-compartmental parameters: {method}, {blq}")
    for sheet in _sheets(told):
        for line in lines_of(sheet, parameters):
            typer.echo(line)


def _windows(given: Sequence[str]) -> Windows:
    found = []
    for text in given:
        match = WINDOW.fullmatch(text.strip())
        start, end = (float(match[1]), float(match[2])) if match else (0.0, 0.0)
        if not start < end:
            raise typer.BadParameter(f"must be two whole days such as 0-28, got {text}")
        found.append((start, end))
    return tuple(dict.fromkeys(found))


# ---------------------------------------------------------------- from a file
def _of_file(path: Path, setting: Setting, parameters: Sequence[Parameter]) -> list[Told]:
    samples, findings = read_samples(path)
    tell_each(findings)
    series = ("subject", "analyte")
    owners = samples.unique(series, keep="first", maintain_order=True)
    owners = owners.sort("analyte", "subject", maintain_order=True).with_row_index("row")
    placed = samples.filter("measured").join(
        owners.select("row", *series), on=series, nulls_equal=True, maintain_order="left"
    )
    profiles = profiles_from_infusion(
        placed["row"].cast(pl.Int64).to_numpy(),
        placed["time"].to_numpy(),
        placed["value"].to_numpy(),
        placed["lloq"].to_numpy(),
        subjects=owners.height,
    )
    course = Course(profiles, setting)
    columns = {one.code: one.of(course).cells() for one in parameters}
    units = _units(samples, path.name)
    return [
        Told(
            owner["subject"],
            owner["analyte"],
            None,
            units.get(owner["analyte"]),
            {code: cells[owner["row"]] for code, cells in columns.items()},
        )
        for owner in owners.iter_rows(named=True)
    ]


def _units(samples: pl.DataFrame, place: str) -> dict[str | None, str]:
    """The unit of each analyte; one that has two cannot be analysed."""
    units = samples.filter(pl.col("unit").is_not_null()).unique(("analyte", "unit"))
    for key, mine in units.sort("line").group_by("analyte", maintain_order=True):
        if mine.height > 1:
            got = " and ".join(mine["unit"])
            what = f"unit of {key[0]}" if key[0] else "unit"
            raise DataError(f"{place}: {what} must be one and the same, got {got}")
    return dict(units.select("analyte", "unit").iter_rows())


# ---------------------------------------------------------------- from a study
def _of_study(
    place: Path | None,
    forms: Path | None,
    sdtm: Path | None,
    cutoff: dt.datetime | None,
    setting: Setting,
    parameters: Sequence[Parameter],
) -> list[Told]:
    given = read_trial(place, forms, sdtm)
    analysis = analysed(given, cutoff)
    tell(analysis.findings)
    adam = analysis.adam
    if not adam.has(Adpc):
        raise DataError("the data must hold CAR measurements (PC or CP), got none")
    keys = Trial(given.study, adam).keys
    derived = derive_adpp(adam.of(Adpc), adam.of(Adsl), setting, parameters)
    told = []
    series = ("PPCAT", "METHOD", "USUBJID")
    for key, rows in pl.DataFrame(derived).sort(series).group_by(series, maintain_order=True):
        columns = rows.select("PARAMCD", "AVAL", "WHYMISS")
        cells = {code: (value, why) for code, value, why in columns.iter_rows()}
        unit = rows.filter(pl.col("PARAMCD") == "CMAX")["AVALU"][0]
        told.append(Told(keys[str(key[2])], str(key[0]), str(key[1]), unit, cells))
    return told


# ---------------------------------------------------------------- what is said
def _sheets(told: Sequence[Told]) -> Iterator[Sheet]:
    """The subjects of each analyte together."""
    kinds = dict.fromkeys((one.analyte, one.assay, one.unit) for one in told)
    for kind in kinds:
        mine = [one for one in told if (one.analyte, one.assay, one.unit) == kind]
        title = " by ".join(part for part in kind[:2] if part)
        yield Sheet(title, kind[2], {one.subject: one.cells for one in mine})


def _as_data(
    one: Told, parameters: Sequence[Parameter], given: Mapping[str, str]
) -> dict[str, Any]:
    """The parameters under their codes; those of windows under AUCINT, by their days."""
    values: dict[str, Any] = {}
    missing: dict[str, Any] = {}
    for parameter in parameters:
        value, why = one.cells[parameter.code]
        if parameter.unit == "points" and value is not None:
            value = int(value)
        name, here, there = parameter.code, values, missing
        if parameter.window is not None:
            start, end = parameter.window
            name, here = f"{start:g}-{end:g}", values.setdefault("AUCINT", {})
            there = missing.setdefault("AUCINT", {}) if why is not None else missing
        here[name] = value
        if why is not None:
            there[name] = why
    about = {"subject": one.subject, "analyte": one.analyte, "assay": one.assay, "unit": one.unit}
    return {**about, **given, **values, "why_missing": missing}
