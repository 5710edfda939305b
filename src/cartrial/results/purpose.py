"""Why an output of the report is made: for an outcome of the study, or to describe the trial.

Source: CDISC Analysis Results Standard 1.0 and Analysis Results Metadata 1.0: purposes and reasons,
    to which a sponsor may add words of its own.
Reading: an output is of the role of the registered outcome whose section it stands in; of several
    outcomes of a section the first counts.
"""

from collections.abc import Mapping

from cartrial.protocol.study import Study
from cartrial.results.result import Section

PURPOSES = {
    "primary": "PRIMARY OUTCOME MEASURE",
    "secondary": "SECONDARY OUTCOME MEASURE",
    "other": "EXPLORATORY OUTCOME MEASURE",
}
IN_PROTOCOL = "SPECIFIED IN PROTOCOL"
DESCRIPTION, IN_REPORT = "DESCRIBES THE TRIAL; NO OUTCOME MEASURE", "PART OF EVERY REPORT"


def roles(study: Study) -> Mapping[Section, str]:
    """The role of the registered outcome of each section that has one."""
    return {
        outcome.analysis: outcome.role
        for number, outcome in reversed([*enumerate(study.outcomes)])
        if outcome.analysis and study.mark(f"outcomes.{number}") == "registered"
    }
