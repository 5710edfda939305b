"""How it went on and ended: disposition, death, contacts, deviations, the committee's decisions."""

from cartrial.virtual.candidate import on
from cartrial.virtual.escalation import Trial
from cartrial.virtual.life import Life
from cartrial.virtual.record.sheet import Chart, Sheet

ADJUDICATED_AFTER = 21  # days from a death to the verdict on its cause
LEAST_DOSE = 0.8  # of the planned dose; less is a deviation


def record_conduct(chart: Chart, life: Life, end_of_study: int) -> None:
    """The course of an infused subject through the study, to its end where it was reached."""
    _contacts(chart, life)
    _deviations(chart, life)
    if life.died is not None:
        _death(chart, life)
        _left(chart, life.died.day, "death")
    elif life.lost is not None:
        _left(chart, life.lost, "lost to follow-up")
    elif life.end >= end_of_study - 28:
        _left(chart, life.end, "completed")


def record_decisions(sheet: Sheet, trial: Trial) -> None:
    """The decisions of the committee."""
    for number, decided in enumerate(trial.decisions, start=1):
        when = on(trial.scenario, decided.day)
        sheet.add(
            "dose_decision",
            when,
            number=number,
            decided=when,
            from_level=decided.before,
            to_level=decided.after,
            decision=decided.decision,
            reason=decided.reason,
        )


def record_not_given(chart: Chart, day: int, reason: str) -> None:
    """Why a candidate was not infused."""
    chart.add(
        "disposition", day, milestone="treatment not given", on=chart.date(day), reason=reason
    )


def _left(chart: Chart, day: int, reason: str) -> None:
    chart.add("disposition", day, milestone="end of study", on=chart.date(day), reason=reason)


def _death(chart: Chart, life: Life) -> None:
    died = life.died
    if died is None:
        return
    numbers = {event.name: number for number, event in enumerate(life.events, start=1)}
    adjudicated = chart.knows(died.day + ADJUDICATED_AFTER)
    chart.add(
        "death",
        died.day,
        on=chart.text(died.day),
        cause=died.cause,
        adjudicated=adjudicated,
        event=numbers.get(died.event) if died.event else None,
        car_t=False if adjudicated else None,
    )


def _contacts(chart: Chart, life: Life) -> None:
    for day, reached in life.contacts:
        chart.add(
            "survival_contact",
            day,
            on=chart.date(day),
            status="alive" if reached else "not reached",
        )
    if life.died is not None:
        chart.add("survival_contact", life.died.day, on=chart.date(life.died.day), status="dead")


def _deviations(chart: Chart, life: Life) -> None:
    """Doses below plan, and visits that were missed."""
    found: list[tuple[int, str, bool, str]] = []
    share = life.given / life.planned
    if share < LEAST_DOSE:
        found.append((0, "dose", True, f"{100 * share:.0f} % of the planned dose was given"))
    found += [
        (visit.planned, "visit", False, f"{visit.name} was missed")
        for visit in life.visits
        if visit.day is None
    ]
    for number, (day, kind, major, what) in enumerate(found, start=1):
        chart.add(
            "protocol_deviation",
            day,
            number=number,
            on=chart.text(day),
            kind=kind,
            major=major,
            what=what,
        )
