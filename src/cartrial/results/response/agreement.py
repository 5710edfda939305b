"""The investigator's response beside the one derived by the criteria: where they agree, where not.

The share that agrees and two cross tables, by visit and by subject (best response), and a line for
each visit at which they differ. Nothing here changes a response that is counted.

Source: Clopper & Pearson 1934 (interval); Cohen 1960 (kappa)
Reading: visits are paired as results.response.review says. NE is no response: two NE do not agree,
and NE contradicts nothing. A visit that one of them did not judge or could not evaluate is in the
cross table and in no share of agreement. The interval of the share of visits takes the visits of a
subject for independent, which they are not: it is too narrow.
"""

from collections.abc import Mapping, Sequence

from cartrial.adam.response.adrs import Adrs
from cartrial.estimate.kappa import kappa
from cartrial.estimate.proportion import Proportion, estimate_proportion
from cartrial.protocol.response_criteria import BEST_FIRST
from cartrial.results.population import Population, Trial
from cartrial.results.responders import BY, beside, primary
from cartrial.results.response.review import Best, Opinion, SubjectCourse, subject_courses
from cartrial.results.result import Group
from cartrial.results.table import PERCENT, Filled, Table, listing

INFUSED = "Infused subjects"
NOT_JUDGED = "Not judged"
ALL = "All"
VISITS, BEST = "By visit", "Best response, by subject"
TITLE = "Response by the investigator and by the criteria"
COLUMNS = (  # of the listing
    *("Dose level", "Day", "Date", "Investigator", "Derived"),
    *("Why by the criteria", "Missing for a better response"),
)
Case = tuple[str, str | None, str | None]  # subject, the investigator's response, the derived one


def agreement(trial: Trial) -> tuple[Filled, ...]:
    """How often they agree, and the cross tables; none unless both judged somebody."""
    courses = _judged_by_both(trial)
    if not courses:
        return ()
    confirmed = trial.study.endpoints.confirmed_response
    word = "confirmed" if confirmed else "unconfirmed"
    visits = [
        (course.subject, _said(visit.investigator), _said(visit.derived))
        for course in courses
        for visit in course.visits
    ]
    best = [
        (c.subject, _best(c.investigator, confirmed), _best(c.derived, confirmed)) for c in courses
    ]
    return (
        _shares(visits, best, trial.study.endpoints.level),
        _cross("response_by_visit", f"{TITLE}: visits", "Visits", visits),
        _cross("best_response_by_both", f"{TITLE}: best response ({word})", INFUSED, best),
    )


def response_discrepancies(trial: Trial) -> tuple[Filled, ...]:
    """The visits at which they differ; none unless both judged somebody."""
    courses = _judged_by_both(trial)
    return (_differing(trial, courses),) if courses else ()


def _judged_by_both(trial: Trial) -> tuple[SubjectCourse, ...]:
    """Every infused subject, where both evaluators judged somebody."""
    both = trial.adam.has(Adrs) and beside(trial) is not None
    return subject_courses(trial) if both else ()


def _best(best: Best | None, confirmed: bool) -> str | None:
    if best is None:
        return None
    return best.confirmed if confirmed else best.unconfirmed


def _said(opinion: Opinion | None) -> str | None:
    return None if opinion is None else opinion.response


# ---------------------------------------------------------------- how often they agree
def _shares(visits: Sequence[Case], best: Sequence[Case], level: float) -> Filled:
    table = Table("response_agreement", Population(INFUSED, ()), source="ADRS")
    table.row("The same response, of those evaluated by both", "n/N (%) [interval]")
    table.row("Kappa", "value", digits=2)
    table.row("NE (not evaluable) by one or both, of those judged by both", "n/N (%)")
    _agree(table, VISITS, visits, level, unit="visits")
    _agree(table, BEST, best, level, unit="subjects")
    return table.fill(
        "orr",
        TITLE,
        shown="How often both say the same.",
        method=(
            "Share that agrees: exact interval (Clopper-Pearson). Simple kappa (Cohen 1960): every "
            "disagreement weighs the same; 0 is agreement by chance, 1 full agreement.",
        ),
        footnotes=(
            "By visit: as assessed, confirmed or not. The interval takes the visits of a subject "
            "for independent; it is too narrow.",
        ),
        groups=[Group(name, name) for name in (VISITS, BEST)],
    )


def _agree(table: Table, column: str, cases: Sequence[Case], level: float, *, unit: str) -> None:
    """How many agree of those evaluated by both, kappa, and how many were not evaluable."""
    judged = [(subject, one, other) for subject, one, other in cases if one and other]
    both = [case for case in judged if "NE" not in case[1:]]
    same = [subject for subject, one, other in both if one == other]
    lacking = [case[0] for case in judged if "NE" in case[1:]]
    share = estimate_proportion(x=len(same), n=len(both), level=level)
    limits = {"lower": share.lower, "upper": share.upper}
    _put(table, (1, column), "The same response", same, share, unit, limits)
    found = kappa([(one, other) for _, one, other in both])
    table.put(2, column, "value", "Kappa", value=found, why="not defined")
    not_evaluable = estimate_proportion(x=len(lacking), n=len(judged))
    _put(table, (3, column), "Not evaluable", lacking, not_evaluable, unit, {})


def _put(
    table: Table,
    at: tuple[int, str],
    label: str,
    who: Sequence[str],
    share: Proportion,
    unit: str,
    limits: Mapping[str, float | None],
) -> None:
    """A share in its cell, with its limits if any."""
    row, column = at
    for statistic, count in (("n", share.x), ("of", share.n)):
        table.put(row, column, statistic, label, value=count, unit=unit, subjects=who)
    for statistic, rate in {"percent": share.rate, **limits}.items():
        percent = None if rate is None else 100 * rate
        why = "nothing to compare"
        table.put(row, column, statistic, label, value=percent, unit=PERCENT, why=why)


# ---------------------------------------------------------------- cross tables
def _cross(output_id: str, title: str, counted: str, cases: Sequence[Case]) -> Filled:
    """A row for each response of the investigator, a cell for each derived one and for all."""
    table = Table(output_id, Population(INFUSED, ()), source="ADRS")
    said = {response or NOT_JUDGED for _, *pair in cases for response in pair}
    known = (*BEST_FIRST, *sorted(said - {*BEST_FIRST, NOT_JUDGED}), NOT_JUDGED)
    columns = (*(one for one in known if one in said), ALL)
    for row in columns[:-1]:
        mine = [case for case in cases if (case[1] or NOT_JUDGED) == row]
        number = table.row(f"Investigator: {row}", "n")
        for column in columns:
            who = [one for one, _, derived in mine if column in (ALL, derived or NOT_JUDGED)]
            at = (number, column, "n", "Response of both")
            table.put(*at, value=len(who), unit=counted.lower(), subjects=who)
    return table.fill(
        "orr",
        title,
        shown=f"{counted}: the investigator's response in the rows, the derived one in the "
        "columns.",
        groups=[Group(name, name) for name in columns],
    )


# ---------------------------------------------------------------- where they differ
def _differing(trial: Trial, courses: Sequence[SubjectCourse]) -> Filled:
    lines = [
        (course.subject, _line(course, visit.investigator, visit.derived))
        for course in courses
        for visit in course.visits
        if visit.investigator is not None
        and visit.derived is not None
        and visit.investigator.response != visit.derived.response
    ]
    return listing(
        "response_discrepancies",
        "listing",
        "Response: visits at which the investigator and the criteria differ",
        population=INFUSED,
        columns=COLUMNS,
        lines=lines,
        none="At every visit judged by both the response is the same.",
        footnotes=(
            "Days count from the infusion, which is day 0. Neither response is confirmed here. "
            f"Counted in the tables is the response {BY[primary(trial)]}.",
        ),
        source="ADRS where PARAMCD = OVR or DOVR",
    )


def _line(course: SubjectCourse, investigator: Opinion, derived: Opinion) -> tuple[str | None, ...]:
    return (
        course.group,
        None if derived.day is None else f"{derived.day}",
        None if derived.on is None else f"{derived.on}",
        investigator.response or investigator.why_missing,
        derived.response or derived.why_missing,
        derived.explanation,
        derived.capped or "nothing",
    )
