"""Further analyses of time to event: other censoring, another evaluator, start or population.

Those of one endpoint stand beside its registered analysis, of all subjects, in one table with the
same rows. adam.survival.endpoint and adam.survival.censoring say how each is made. Time to next
therapy is an endpoint of its own, with a table by dose level.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from cartrial.results.kaplan_meier_rows import METHOD, estimates
from cartrial.results.population import ALL, Population, Trial
from cartrial.results.responders import BY, beside
from cartrial.results.result import Group
from cartrial.results.table import Filled, Table
from cartrial.results.time_to_event import WORDS, Endpoint, Followed, Wording, followed

REGISTERED = "As registered"
FDA = (
    "FDA-style censoring (FDA 2018, Clinical Trial Endpoints for the Approval of Cancer Drugs and "
    "Biologics): what follows a new anti-myeloma therapy or a retreatment is no event, nor is what "
    "follows two or more missed planned assessments; censored at the last adequate assessment "
    "before. Without any assessment censored at the start, unless death came before the second "
    "planned one was over."
)
UNPLANNED = "The study file plans no assessments: missed ones are not known, and censor nothing."
FROM_LEUKAPHERESIS = (
    "Intention to treat: every leukapheresed subject counts from the leukapheresis, also one never "
    "infused."
)
NEXT_THERAPY = Wording(
    "Time to next therapy",
    "new anti-myeloma therapy, retreatment or death, whichever is first",
    "the infusion",
    "Alive without new therapy",
    "Infused subjects",
)


@dataclass(frozen=True)
class Further:
    """One further analysis: its parameter, and what it does otherwise."""

    code: str
    label: str = ""  # without one it is by the evaluator that is not primary, who is named
    footnote: str = ""
    leukapheresed: bool = False


FURTHER: Mapping[Endpoint, tuple[Further, ...]] = {
    "dor": (Further("DORFDA", "FDA-style censoring", FDA), Further("DOROTH")),
    "pfs": (
        Further("PFSFDA", "FDA-style censoring", FDA),
        Further("PFSOTH"),
        Further("PFSITT", "Intention to treat", FROM_LEUKAPHERESIS, leukapheresed=True),
    ),
    "os": (Further("OSITT", "Intention to treat", FROM_LEUKAPHERESIS, leukapheresed=True),),
}


def further(trial: Trial, endpoint: Endpoint, registered: Followed | None) -> tuple[Filled, ...]:
    """The further analyses of an endpoint that have a time in the data; none where none has."""
    pairs = [(one, _followed(trial, endpoint, one)) for one in FURTHER[endpoint]]
    known = {_label(trial, one): (one, found) for one, found in pairs if found is not None}
    tables = (_table(trial, endpoint, registered, known),) if known else ()
    return (*tables, *(_next_therapy(trial) if endpoint == "pfs" else ()))


def _followed(trial: Trial, endpoint: Endpoint, one: Further) -> Followed | None:
    if not one.leukapheresed:
        return followed(trial, endpoint, one.code)
    words = replace(WORDS[endpoint], population="Leukapheresed subjects")
    people = trial.population("APHFL", words.population)
    return followed(trial, endpoint, one.code, words=words, people=people)


def _table(
    trial: Trial,
    endpoint: Endpoint,
    registered: Followed | None,
    known: Mapping[str, tuple[Further, Followed]],
) -> Filled:
    """A column for each analysis, the registered one first where it has a time."""
    words = WORDS[endpoint]
    first = {REGISTERED: registered} if registered else {}
    columns = first | {label: found for label, (_, found) in known.items()}
    codes = ", ".join([endpoint.upper(), *(one.code for one, _ in known.values())])
    population = Population(words.population, ())
    table = Table(f"{endpoint}_further", population, source=f"ADTTE where PARAMCD in {codes}")
    of_all = [(label, found.of(found.people.column(ALL))) for label, found in columns.items()]
    estimates(trial, table, words.free, of_all)
    sized = [(label, len(found.people.everyone)) for label, found in columns.items()]
    return table.fill(
        endpoint,
        f"{words.name}: further analyses",
        shown=f"Time to {words.event}, all dose levels; each column names what it does otherwise.",
        method=(METHOD,),
        footnotes=(
            *(one.footnote for one, _ in known.values()),
            UNPLANNED if trial.study.schedule is None and "FDA" in codes else "",
            *(_not_known(found, f"{label}: time") for label, found in columns.items()),
        ),
        groups=[Group(label, label, n) for label, n in sized],
    )


def _label(trial: Trial, one: Further) -> str:
    """What the analysis does otherwise, as its column is called."""
    other = beside(trial)
    return one.label or (f"{BY[other]} (not primary)".capitalize() if other else one.code)


def _next_therapy(trial: Trial) -> tuple[Filled, ...]:
    found = followed(trial, "pfs", "TTNT", words=NEXT_THERAPY)
    if found is None:
        return ()
    table = Table("pfs_ttnt", found.people, source="ADTTE where PARAMCD = TTNT")
    columns = found.people.columns
    estimates(trial, table, found.words.free, [(one.name, found.of(one)) for one in columns])
    return (
        table.fill(
            "pfs",
            found.words.name,
            shown=f"Time from {found.words.start} to {found.words.event}.",
            method=(METHOD,),
            footnotes=("Censored at the date last known alive.", _not_known(found, "Time")),
        ),
    )


def _not_known(found: Followed, what: str) -> str:
    """Whose time is not known, and why; empty where all are."""
    unknown = ", ".join(f"{subject} ({why})" for subject, why in found.unknown.items())
    return f"{what} not known: {unknown}." if unknown else ""
