"""The investigator's response beside the one derived by the criteria: where they agree, where not.

Two cross tables, by visit and by subject (best response), and a line for each visit at which they
differ. Nothing here changes a response that is counted.

Source: Clopper & Pearson 1934 (interval); Cohen 1960 (kappa)
Reading: visits are paired as results.response_review says. A visit that one of them did not judge
is in the cross table and in no share of agreement. The interval of the share of visits takes the
visits of a subject for independent, which they are not: it is too narrow.
"""

from collections.abc import Sequence

from cartrial.adam.adrs import Adrs
from cartrial.estimate.kappa import kappa
from cartrial.estimate.proportion import estimate_proportion
from cartrial.protocol.response_criteria import BEST_FIRST
from cartrial.results.population import Population, Trial
from cartrial.results.responders import BY, beside, primary
from cartrial.results.response_review import Best, Opinion, SubjectCourse, subject_courses
from cartrial.results.result import Group
from cartrial.results.table import PERCENT, Filled, Table, listing

NOT_JUDGED = "Not judged"
ALL = "All"
TITLE = "Response by the investigator and by the criteria"
COLUMNS = (  # of the listing
    *("Dose level", "Day", "Date", "Investigator", "Derived"),
    *("Why by the criteria", "Missing for a better response"),
)
Case = tuple[str, str | None, str | None]  # subject, the investigator's response, the derived one


def agreement(trial: Trial) -> tuple[Filled, ...]:
    """The cross tables; none unless both judged somebody."""
    courses = _judged_by_both(trial)
    return (_by_visit(trial, courses), _by_subject(trial, courses)) if courses else ()


def response_discrepancies(trial: Trial) -> tuple[Filled, ...]:
    """The visits at which they differ; none unless both judged somebody."""
    courses = _judged_by_both(trial)
    return (_differing(trial, courses),) if courses else ()


def _judged_by_both(trial: Trial) -> tuple[SubjectCourse, ...]:
    """Every infused subject, where both evaluators judged somebody."""
    both = trial.adam.has(Adrs) and beside(trial) is not None
    return subject_courses(trial) if both else ()


def _by_visit(trial: Trial, courses: Sequence[SubjectCourse]) -> Filled:
    cases = [
        (course.subject, _said(visit.investigator), _said(visit.derived))
        for course in courses
        for visit in course.visits
    ]
    return _cross(
        "response_agreement",
        f"{TITLE}, by visit",
        cases,
        level=trial.study.endpoints.level,
        unit="visits",
        shown="Visits, by the investigator's response in the rows and the derived one in the "
        "columns; neither is confirmed here.",
        footnote="The interval takes the visits of a subject for independent; it is too narrow. NE "
        "(not evaluable) counts as a response of its own.",
    )


def _by_subject(trial: Trial, courses: Sequence[SubjectCourse]) -> Filled:
    confirmed = trial.study.endpoints.confirmed_response
    cases = [
        (c.subject, _best(c.investigator, confirmed), _best(c.derived, confirmed)) for c in courses
    ]
    word = "confirmed" if confirmed else "unconfirmed"
    return _cross(
        "best_response_agreement",
        f"{TITLE}: best response ({word}), by subject",
        cases,
        level=trial.study.endpoints.level,
        unit="subjects",
        shown="Infused subjects, by the investigator's best response in the rows and the derived "
        "one in the columns.",
    )


def _best(best: Best | None, confirmed: bool) -> str | None:
    if best is None:
        return None
    return best.confirmed if confirmed else best.unconfirmed


def _said(opinion: Opinion | None) -> str | None:
    return None if opinion is None else opinion.response


# ---------------------------------------------------------------- cross table
def _cross(
    output_id: str,
    title: str,
    cases: Sequence[Case],
    *,
    level: float,
    unit: str,
    shown: str,
    footnote: str = "",
) -> Filled:
    table = Table(output_id, Population("Infused subjects", ()), source="ADRS")
    said = {response or NOT_JUDGED for _, *pair in cases for response in pair}
    known = (*BEST_FIRST, *sorted(said - {*BEST_FIRST, NOT_JUDGED}), NOT_JUDGED)
    columns = (*(one for one in known if one in said), ALL)
    _counts(table, cases, columns, unit=unit)
    _agree(table, cases, level, unit=unit)
    groups = [
        Group(name, name if name in (NOT_JUDGED, ALL) else f"Derived: {name}") for name in columns
    ]
    return table.fill(
        "orr",
        title,
        shown=shown,
        method=(
            "Share that agrees: exact interval (Clopper-Pearson). Simple kappa (Cohen 1960): every "
            "disagreement weighs the same; 0 is agreement by chance, 1 full agreement.",
        ),
        footnotes=(footnote,),
        groups=groups,
    )


def _counts(table: Table, cases: Sequence[Case], columns: Sequence[str], *, unit: str) -> None:
    """A row for each response of the investigator, a cell for each derived one and for all."""
    for row in columns[:-1]:
        mine = [case for case in cases if (case[1] or NOT_JUDGED) == row]
        number = table.row(f"Investigator: {row}" if row != NOT_JUDGED else row, "value", digits=0)
        for column in columns:
            who = [one for one, _, derived in mine if column in (ALL, derived or NOT_JUDGED)]
            at = (number, column, "value", "Response of both")
            table.put(*at, value=len(who), unit=unit, subjects=who)


def _agree(table: Table, cases: Sequence[Case], level: float, *, unit: str) -> None:
    """How many agree of those judged by both, and kappa; in the column of all."""
    both = [(subject, one, other) for subject, one, other in cases if one and other]
    same = [case for case in both if case[1] == case[2]]
    table.heading("Judged by both")
    number = table.row("The same response", "n/N (%) [interval]", indent=1)
    share = estimate_proportion(x=len(same), n=len(both), level=level)
    who = [subject for subject, _, _ in same]
    for statistic, value, of_unit in (
        ("n", len(same), unit),
        ("of", len(both), unit),
        ("percent", share.rate, PERCENT),
        ("lower", share.lower, PERCENT),
        ("upper", share.upper, PERCENT),
    ):
        shown = 100 * value if of_unit == PERCENT and value is not None else value
        at = (number, ALL, statistic, "The same response")
        table.put(*at, value=shown, unit=of_unit, subjects=who, why="nothing judged by both")
    number = table.row("Kappa", "value", indent=1, digits=2)
    found = kappa([(one, other) for _, one, other in both])
    table.put(number, ALL, "value", "Kappa", value=found, why="not defined")


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
        population="Infused subjects",
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
