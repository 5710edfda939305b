"""`cartrial kinetics fit`: the population model of the cells' curve."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import typer

from cartrial import files
from cartrial.cli.kinetics.fit_input import (
    Chosen,
    prior_in_file,
    samples_in_file,
    samples_in_study,
)
from cartrial.cli.kinetics.fit_lines import as_data, lines_of
from cartrial.cli.kinetics.sample_file import is_of_samples
from cartrial.cli.option import option
from cartrial.cli.progress import doing
from cartrial.cli.trial import AsJson, Cutoff, FormsFolder, SdtmFolder
from cartrial.kinetics.population.fast import fit_fast
from cartrial.kinetics.population.fit import Fit
from cartrial.kinetics.population.fitted.export import to_nlmixr2
from cartrial.kinetics.population.fitted.saved import to_json
from cartrial.kinetics.population.fitted.vpc import check_visually
from cartrial.kinetics.population.model.model import Effect, Model
from cartrial.kinetics.population.model.prior import Prior
from cartrial.kinetics.population.model.samples import Samples

FINDINGS = 1  # exit code
Engine = Literal["fast", "bayes"]


def fit(
    place: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE|STUDY",
            help="CSV with columns subject, time in days, value (BLQ below quantification), lloq, "
            "and where wanted analyte; or a study file or folder.",
            show_default=False,
        ),
    ] = None,
    engine: Annotated[
        Engine, typer.Option(help="fast in seconds, or bayes by NUTS (extra `bayes`).")
    ] = "fast",
    lag: Annotated[bool, typer.Option("--lag", help="A lag before the expansion.")] = False,
    covariate: Annotated[
        list[str] | None,
        option("covariate", "NAME:PARAMETER", "What acts on a parameter, as dose:cmax."),
    ] = None,
    treatment: Annotated[
        list[str] | None,
        option("treatment", "NAME", "What acts on the expansion from its first day on."),
    ] = None,
    about: Annotated[
        Path | None,
        option("about", "FILE", "CSV of subjects: their covariates, first days of treatments."),
    ] = None,
    analyte: Annotated[
        str | None, option("analyte", "NAME", "The assay to fit; without it, the first.")
    ] = None,
    joint: Annotated[
        bool, typer.Option("--joint", help="Fit all assays with shared parameters.")
    ] = False,
    prior: Annotated[
        Path | None,
        option("prior", "FILE", "CSV of priors in place of ours: name, median, log_sd."),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, metavar="S", help="Same seed, same numbers.")] = 1,
    vpc: Annotated[
        bool, typer.Option("--vpc", help="Hold the samples against simulated cohorts.")
    ] = False,
    forms: FormsFolder = None,
    sdtm: SdtmFolder = None,
    cutoff: Cutoff = None,
    as_json: AsJson = False,
    out: Annotated[
        Path | None, option("out", "FILE", "Save the fit with its draws, as JSON.")
    ] = None,
    export: Annotated[
        Path | None, option("export", "FILE", "Write the model as text for nlmixr2.")
    ] = None,
) -> None:
    """Fit the population model of expansion and contraction.

    Samples below quantification are censored, not replaced. Prior and shrinkage stand beside each
    estimate; a fit that fails a check is refused, its numbers are not shown, and the command ends
    with 1.
    """
    model = _model(lag, covariate or (), treatment or ())
    chosen = Chosen(analyte, joint)
    if place is not None and is_of_samples(place, forms, sdtm):
        samples = samples_in_file(place, about, model, chosen)
    else:
        if about is not None:
            raise typer.BadParameter("--about must be given with a file of samples")
        with doing("deriving"):
            samples = samples_in_study(place, forms, sdtm, cutoff, model, chosen)
    held = prior_in_file(prior, model, samples.assays)
    with doing("fitting"):
        found = _fitted(engine, model, samples, held, seed)
    bins = check_visually(found, seed=seed) if vpc and found.refused is None else ()
    if out is not None:
        files.write_text(out, to_json(found))
    if export is not None and found.refused is None:
        files.write_text(export, to_nlmixr2(found))
    if as_json:
        typer.echo(json.dumps(as_data(found, bins), ensure_ascii=False, indent=2))
    else:
        for line in lines_of(found, bins):
            typer.echo(line)
    if found.refused is not None:
        raise typer.Exit(FINDINGS)


def _model(lag: bool, covariates: Sequence[str], treatments: Sequence[str]) -> Model:
    known = Model(lag=lag).parameters
    effects = []
    for text in covariates:
        name, _, parameter = text.partition(":")
        if not name or parameter not in known:
            raise typer.BadParameter(
                f"--covariate must be NAME:PARAMETER with one of {', '.join(known)}, got {text}"
            )
        effects.append(Effect(name, parameter))
    return Model(lag, tuple(effects), tuple(dict.fromkeys(treatments)))


def _fitted(engine: Engine, model: Model, samples: Samples, prior: Prior, seed: int) -> Fit:
    if engine == "fast":
        return fit_fast(model, samples, prior=prior, seed=seed)
    from cartrial.kinetics.population.bayes import fit_bayes  # JAX only where it is asked for

    return fit_bayes(model, samples, prior=prior, seed=seed)
