"""CAR in blood by qPCR and by flow cytometry: every table and figure of the section, in order."""

from collections.abc import Iterator

from cartrial.adam.kinetics.adpc import Adpc
from cartrial.results.kinetics.agreement import agreement
from cartrial.results.kinetics.analyte import METHODS, Analyte, analytes, file_key
from cartrial.results.kinetics.curves import curves
from cartrial.results.kinetics.model import Fitted, fitted, model_exposures, model_table
from cartrial.results.kinetics.model_figures import model_figures
from cartrial.results.kinetics.parameters import parameter_table
from cartrial.results.kinetics.persistence import persistence
from cartrial.results.kinetics.proportionality import proportionality
from cartrial.results.kinetics.relations import relations
from cartrial.results.kinetics.summary import summaries
from cartrial.results.kinetics.visits import visits
from cartrial.results.population import Trial
from cartrial.results.table import Part, nothing

TITLE = "CAR in peripheral blood"


def car(trial: Trial) -> tuple[Part, ...]:
    """What was measured of each analyte, then what it goes with."""
    if not trial.adam.has(Adpc):
        why = "Not collected: CAR copies and CAR+ cells (no PC or CP data)."
        return (nothing("car", "car", TITLE, trial.infused.label, why),)
    measured = analytes(trial)
    found = fitted(measured)
    return (
        *_not_collected(trial, measured),
        *(part for analyte in measured for part in _of(trial, analyte)),
        *agreement(trial, measured),
        *_model(trial, found),
        *proportionality(trial),
        *relations(trial, model_exposures(found) if found else ()),
    )


def _of(trial: Trial, analyte: Analyte) -> Iterator[Part]:
    yield parameter_table(trial, analyte)
    yield curves(trial, analyte)
    yield from summaries(trial, analyte)
    yield from persistence(trial, analyte)
    yield visits(trial, analyte)


def _model(trial: Trial, found: Fitted | None) -> Iterator[Part]:
    if found is not None:
        yield model_table(trial, found)
        yield from model_figures(trial, found)


def _not_collected(trial: Trial, measured: tuple[Analyte, ...]) -> Iterator[Part]:
    for source, name in METHODS.items():
        if not any(analyte.source == source for analyte in measured):
            title = f"{TITLE} by {name}"
            why = f"Not collected: CAR by {name} in infused subjects."
            key = file_key(source)
            yield nothing(f"car_{key}", "car", title, trial.infused.label, why)
