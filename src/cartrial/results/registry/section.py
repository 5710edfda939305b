"""The results section of a study's record in ClinicalTrials.gov, from the results of the report.

    participantFlowModule, baselineCharacteristicsModule, outcomeMeasuresModule,
    adverseEventsModule, moreInfoModule

The numbers are those of the long table; adverse events by term, with the number of events, are
counted from ADAE. No subject is named. What the registry asks and nothing here knows (point of
contact, agreements) is left out.

Source: ClinicalTrials.gov, study data structure of API 2.0: resultsSection.
"""

from typing import Any

from cartrial.adam.dataset import Adam
from cartrial.protocol.study import Study
from cartrial.results.population import ALL
from cartrial.results.registry import limit
from cartrial.results.registry.baseline import baseline_characteristics
from cartrial.results.registry.event import Asked, adverse_events
from cartrial.results.registry.flow import FLOW, STILL, participant_flow
from cartrial.results.registry.number import Numbers
from cartrial.results.registry.outcome import outcome_measures
from cartrial.results.result import Results

AS_USUAL = Asked()


def results_section(
    study: Study, adam: Adam, results: Results, asked: Asked = AS_USUAL
) -> dict[str, Any]:
    """The modules of `resultsSection`."""
    numbers = Numbers(results)
    return {
        "participantFlowModule": participant_flow(study, numbers),
        "baselineCharacteristicsModule": baseline_characteristics(study, adam, numbers),
        "outcomeMeasuresModule": outcome_measures(study, numbers),
        "adverseEventsModule": adverse_events(study, adam, numbers, asked),
        "moreInfoModule": _more(results, numbers),
    }


def _more(results: Results, numbers: Numbers) -> dict[str, Any]:
    """What limits the results: a data cut before everybody has completed."""
    row = numbers.row(FLOW, STILL)
    still = numbers.value(FLOW, row, ALL, "n") if row else None
    cut = f"Data cut {results.cutoff}." if results.cutoff else ""
    ahead = f"Still followed, 2 years not completed: {still:g} participants." if still else ""
    drafted = results.study.drafted_from
    said = limit.sentences([one for one in (cut, ahead, drafted) if one], limit.CAVEATS)
    return {"limitationsAndCaveats": {"description": said}} if said else {}
