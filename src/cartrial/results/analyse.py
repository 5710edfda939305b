"""The results of a trial: every output asked in turn, in the order of the report.

To add an output: copy the nearest module and add one line to `OUTPUTS`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from cartrial.adam.dataset import Adam
from cartrial.adam.retrace import Step
from cartrial.protocol.study import Study
from cartrial.results.adverse import adverse
from cartrial.results.baseline import baseline
from cartrial.results.competing import competing
from cartrial.results.discrepancy import discrepancies
from cartrial.results.dlt import dlt
from cartrial.results.dose_design import dose_design
from cartrial.results.escalation import escalation
from cartrial.results.exposure import exposure
from cartrial.results.flow import flow
from cartrial.results.front import headlines
from cartrial.results.haematotoxicity import haematotoxicity
from cartrial.results.heat_map import crs_heat, icans_heat
from cartrial.results.kinetics.listing import car_listing
from cartrial.results.kinetics.section import car
from cartrial.results.listing import listings
from cartrial.results.margin import margins
from cartrial.results.monitoring import monitoring, monitoring_lines
from cartrial.results.outlook import outlook
from cartrial.results.pause import pause_rules
from cartrial.results.population import Trial
from cartrial.results.response.agreement import agreement, response_discrepancies
from cartrial.results.response.by_dose import response_by_dose
from cartrial.results.response.course import course_figures
from cartrial.results.response.listing import response_listing
from cartrial.results.response.mrd import mrd
from cartrial.results.response.rate import orr
from cartrial.results.response.spider import spider
from cartrial.results.response.swimmer import swimmer
from cartrial.results.response.time_to_response import time_to_response
from cartrial.results.response.waterfall import waterfall
from cartrial.results.result import Figure, Prose, Results, Section
from cartrial.results.sentences import grade_sentences
from cartrial.results.shift import shifts
from cartrial.results.special_interest import special_interest
from cartrial.results.survival import dor, os, pfs
from cartrial.results.syndrome import crs, icans
from cartrial.results.table import Drawn, Filled, Part, results

OUTPUTS: Sequence[Callable[[Trial], Sequence[Part]]] = (
    flow,
    baseline,
    exposure,
    crs,
    crs_heat,
    icans,
    icans_heat,
    margins,
    adverse,
    grade_sentences,
    special_interest,
    haematotoxicity,
    shifts,
    dlt,
    car,
    orr,
    response_by_dose,
    time_to_response,
    swimmer,
    waterfall,
    spider,
    mrd,
    agreement,
    course_figures,
    dor,
    pfs,
    competing,
    os,
    monitoring,
    escalation,
    outlook,
    dose_design,
    listings,
    response_listing,
    car_listing,
    discrepancies,
    response_discrepancies,
)


def analyse_trial(study: Study, adam: Adam, steps: Sequence[Step] = ()) -> Results:
    """The numbers of every table, listing, figure and headline."""
    trial = Trial(study, adam, tuple(steps))
    parts = [part for output in OUTPUTS for part in output(trial)]
    drawn = [part for part in parts if isinstance(part, Drawn)]
    return Results(
        study=study,
        cutoff=adam.cutoff,
        values=results(parts),
        outputs=tuple(part.output for part in parts if isinstance(part, Filled)),
        figures=tuple(_placed(parts)),
        data={name: frame for part in drawn for name, frame in part.data.items()},
        headlines=(*pause_rules(trial), *monitoring_lines(trial), *headlines(trial)),
        prose=tuple(part for part in parts if isinstance(part, Prose)),
        findings=adam.findings,
    )


def _placed(parts: Iterable[Part]) -> Iterator[Figure]:
    """Each figure after the output of its section that stands before it."""
    last: dict[Section, str] = {}
    for part in parts:
        if isinstance(part, Filled):
            last[part.output.section] = part.output.id
        elif isinstance(part, Drawn):
            yield replace(part.figure, after=last.get(part.figure.section, ""))
