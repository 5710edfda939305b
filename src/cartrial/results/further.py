"""Further analyses of time to event: other censoring, another evaluator, start or population.

Each stands under the registered analysis of its endpoint with the same rows, and is named for what
it does otherwise. adam.endpoint and adam.censoring say how each is made.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from cartrial.results.kaplan_meier_rows import METHOD, estimates
from cartrial.results.population import Trial
from cartrial.results.responders import BY, beside
from cartrial.results.table import Filled, Table
from cartrial.results.time_to_event import WORDS, Endpoint, Followed, Wording, followed

FDA = (
    "FDA-style censoring (FDA 2018, Clinical Trial Endpoints for the Approval of Cancer Drugs and "
    "Biologics): what follows a new anti-myeloma therapy or a retreatment is no event, nor is what "
    "follows two or more missed planned assessments; censored at the last adequate assessment "
    "before. Without any assessment censored at the start, unless death came before the second "
    "planned one was over.",
)
UNPLANNED = "The study file plans no assessments: missed ones are not known, and censor nothing."
FROM_LEUKAPHERESIS = (
    "Intention to treat: every leukapheresed subject counts from the leukapheresis, also one never "
    "infused; the dose level is then the one planned.",
)
ALIVE = ("Censored at the date last known alive.",)
NEXT_THERAPY = Wording(
    "Time to next therapy",
    "new anti-myeloma therapy, retreatment or death, whichever is first",
    "the infusion",
    "Alive without new therapy",
    "Infused subjects",
)


@dataclass(frozen=True)
class Further:
    """One further analysis: the suffix of its output, its parameter, and what it does otherwise."""

    suffix: str
    code: str
    otherwise: str = ""
    footnotes: tuple[str, ...] = ()
    words: Wording | None = None
    leukapheresed: bool = False
    by_other: bool = False  # by the evaluator that is not primary


FURTHER: Mapping[Endpoint, tuple[Further, ...]] = {
    "dor": (
        Further("fda", "DORFDA", "sensitivity analysis, FDA-style censoring", FDA),
        Further("other", "DOROTH", by_other=True),
    ),
    "pfs": (
        Further("fda", "PFSFDA", "sensitivity analysis, FDA-style censoring", FDA),
        Further("other", "PFSOTH", by_other=True),
        Further("itt", "PFSITT", "intention to treat", FROM_LEUKAPHERESIS, leukapheresed=True),
        Further("ttnt", "TTNT", footnotes=ALIVE, words=NEXT_THERAPY),
    ),
    "os": (Further("itt", "OSITT", "intention to treat", FROM_LEUKAPHERESIS, leukapheresed=True),),
}


def further(trial: Trial, endpoint: Endpoint) -> tuple[Filled, ...]:
    """A table for each further analysis of an endpoint that has a time in the data."""
    pairs = ((one, _followed(trial, endpoint, one)) for one in FURTHER[endpoint])
    return tuple(_table(trial, one, found) for one, found in pairs if found is not None)


def _followed(trial: Trial, endpoint: Endpoint, one: Further) -> Followed | None:
    words, people = one.words or WORDS[endpoint], None
    if one.leukapheresed:
        words = replace(words, start="the leukapheresis", population="Leukapheresed subjects")
        people = trial.population("APHFL", words.population)
    return followed(trial, endpoint, one.code, words=words, people=people)


def _table(trial: Trial, one: Further, found: Followed) -> Filled:
    table = Table(
        f"{found.endpoint}_{one.suffix}", found.people, source=f"ADTTE where PARAMCD = {one.code}"
    )
    estimates(trial, table, found)
    other = beside(trial) if one.by_other else None
    otherwise = f"{BY[other]} (not primary)" if other else one.otherwise
    unknown = ", ".join(f"{subject} ({why})" for subject, why in found.unknown.items())
    return table.fill(
        found.endpoint,
        f"{found.words.name}: {otherwise}" if otherwise else found.words.name,
        shown=f"Time from {found.words.start} to {found.words.event}.",
        method=(METHOD,),
        footnotes=(
            *one.footnotes,
            UNPLANNED if one.footnotes == FDA and trial.study.schedule is None else "",
            f"Time not known: {unknown}." if unknown else "",
        ),
    )
