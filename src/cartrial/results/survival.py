"""Duration of response, progression-free and overall survival.

Two analyses of the same records, side by side. As registered: the proportion of subjects with the
event, lower being better. Beside it: the Kaplan-Meier estimate, which takes follow-up into account.

Source: Kaplan & Meier 1958 and Brookmeyer & Crowley 1982 (estimate.survival); Clopper & Pearson
    1934 (estimate.proportion)
Reading: the proportion carries an interval only once every subject has had the event or has
completed 2 years; until then it is a number of today, shown with how many are still at risk. It
counts events up to Month 24 from the infusion; the Kaplan-Meier estimate counts all. A death before
Month 24 is not a completion: the lines of the proportion part the subjects and add up to them.
"""

from collections.abc import Sequence

import polars as pl

from cartrial.adam.adtte import Adtte
from cartrial.estimate import survival as km
from cartrial.protocol.study import DAYS_PER_MONTH, landmark_day
from cartrial.results.kaplan_meier import draw
from cartrial.results.population import Column, Trial
from cartrial.results.table import PERCENT, Filled, Part, Table, counted, nothing
from cartrial.results.time_to_event import WORDS, Endpoint, Followed, curve, followed, standing

ESTIMABLE = "not estimable"


def dor(trial: Trial) -> tuple[Part, ...]:
    """Duration of response: the table and the curve."""
    return _parts(trial, "dor")


def pfs(trial: Trial) -> tuple[Part, ...]:
    """Progression-free survival: the table and the curve."""
    return _parts(trial, "pfs")


def os(trial: Trial) -> tuple[Part, ...]:
    """Overall survival: the table and the curve."""
    return _parts(trial, "os")


def _parts(trial: Trial, endpoint: Endpoint) -> tuple[Part, ...]:
    words, found = WORDS[endpoint], followed(trial, endpoint)
    if found is None:
        why = _absent(trial, endpoint)
        return (nothing(endpoint, endpoint, words.name, words.population, why),)
    parts: list[Part] = [_table(trial, found), draw(found, trial.study.endpoints.level)]
    sensitivity = followed(trial, endpoint, f"{endpoint.upper()}FDA")
    if sensitivity is not None:
        parts.append(_sensitivity(trial, sensitivity))
    return tuple(parts)


def _absent(trial: Trial, endpoint: Endpoint) -> str:
    """Why there is nothing to show."""
    judged = trial.frame(Adtte).filter(pl.col("PARAMCD") == "PFS")
    if endpoint == "dor" and judged["AVAL"].null_count() < judged.height:
        return "No responder at the data cut."
    return f"Not collected: {WORDS[endpoint].name.lower()} (no dates to follow subjects by)."


# ---------------------------------------------------------------- the table
def _table(trial: Trial, found: Followed) -> Filled:
    words = found.words
    table = Table(
        found.endpoint, found.people, source=f"ADTTE where PARAMCD = {found.endpoint.upper()}"
    )
    table.heading(f"As registered: event proportion ({words.event}), lower is better")
    _proportion(trial, table, found)
    table.heading("Kaplan-Meier estimate")
    _estimates(trial, table, found)
    unknown = ", ".join(f"{subject} ({why})" for subject, why in found.unknown.items())
    return table.fill(
        found.endpoint,
        f"{words.name}: registered event proportion, and Kaplan-Meier estimate",
        shown=f"Time from {words.start} to {words.event}.",
        method=_method(),
        footnotes=(
            *_readings(found),
            f"Time not known, in no estimate: {unknown}." if unknown else "",
        ),
    )


def _method() -> tuple[str, ...]:
    return (
        "Kaplan-Meier with log-log interval and median as R survival (Kaplan & Meier 1958, "
        "Brookmeyer & Crowley 1982); median follow-up by reverse Kaplan-Meier (Schemper & Smith "
        "1996).",
        "Proportion: exact interval (Clopper-Pearson), only once every subject has had the event "
        "or completed 2 years.",
    )


def _readings(found: Followed) -> tuple[str, ...]:
    censored = {
        "dor": "Events count whatever therapy was given meanwhile. Censored at the last adequate "
        "response assessment. Responders: partial response or better, as in the rate above.",
        "pfs": "Events count whatever therapy was given meanwhile. Censored at the last adequate "
        "response assessment.",
        "os": "Censored at the date last known alive.",
    }[found.endpoint]
    late = found.rows.filter((pl.col("status") == 1) & ~pl.col("early")).height
    return (
        censored,
        "Still at risk: followed on, with neither the event nor 2 years completed, so that the "
        "event may still come. No longer followed: left before 2 years without the event. The "
        "2 years count from the infusion; the lines add up to all subjects of the column.",
        f"Landmarks are days {_days((6, 12, 18, 24))}; a month is {DAYS_PER_MONTH} days. "
        "Not estimable where nobody is at risk.",
        f"After Month 24, in the Kaplan-Meier estimate only: {counted(late, 'event')}."
        if late
        else "",
    )


def _days(months: Sequence[int]) -> str:
    return ", ".join(f"{landmark_day(month)} ({month} months)" for month in months)


def _proportion(trial: Trial, table: Table, found: Followed) -> None:
    now = standing(trial, found)
    exact = now.settled
    table.count(
        "Subjects with the event",
        now.event,
        cell="n/N (%) [interval]" if exact else "n/N (%)",
        level=trial.study.endpoints.level if exact else None,
        indent=1,
    )
    since = " from the infusion" if found.endpoint == "dor" else ""
    for label, subjects in (
        ("Still at risk of it", now.at_risk),
        (f"Completed 2 years{since}, without it", now.completed),
        ("No longer followed, without it", now.lost),
    ):
        table.count(label, subjects, cell="n/N (%)", indent=1)
    if now.unknown:
        table.count("Not known", now.unknown, cell="n/N (%)", indent=1)


def _estimates(trial: Trial, table: Table, found: Followed) -> None:
    events = found.rows.filter(pl.col("status") == 1)["subject"]
    table.count("Events", events, cell="n", indent=1)
    censored = found.rows.filter(pl.col("status") == 0)["subject"]
    table.count("Censored", censored, cell="n", indent=1)
    level = trial.study.endpoints.level
    for month in trial.study.endpoints.landmarks:
        label = f"{found.words.free} at {month} months"
        number = table.row(label, "percent [interval]", indent=1)
        risk = table.row(f"At risk at {month} months", "n", indent=2)
        for column in found.people.columns:
            _landmark(table, found, column, (number, risk), landmark_day(month), level, label)
    for label, flip in (("Median (months)", False), ("Median follow-up (months)", True)):
        number = table.row(label, "value [interval]", indent=1)
        for column in found.people.columns:
            _median(table, found, column, number, level, label, flip=flip)


def _landmark(
    table: Table,
    found: Followed,
    column: Column,
    rows: tuple[int, int],
    day: int,
    level: float,
    label: str,
) -> None:
    mine = found.of(column)
    who = mine.filter(pl.col("day") >= day)["subject"].to_list()
    [point] = km.at(curve(mine, level), [day])
    why = ESTIMABLE if point.surv is None else "no interval"
    for statistic, value in (
        ("percent", point.surv),
        ("lower", point.lower),
        ("upper", point.upper),
    ):
        share = None if value is None else 100 * value
        table.put(
            rows[0], column.name, statistic, label, value=share, unit=PERCENT, subjects=who, why=why
        )
    at = f"{label}, at risk"
    table.put(rows[1], column.name, "n", at, value=len(who), unit="subjects", subjects=who)


def _median(
    table: Table,
    found: Followed,
    column: Column,
    number: int,
    level: float,
    label: str,
    *,
    flip: bool,
) -> None:
    mine = found.of(column)
    median = km.quantile(curve(mine, level, flip=flip))
    who = mine["subject"].to_list()
    why = "not reached" if who else ESTIMABLE
    for statistic, value in (
        ("value", median.time),
        ("lower", median.lower),
        ("upper", median.upper),
    ):
        months = None if value is None else value / DAYS_PER_MONTH
        at = (number, column.name, statistic, label)
        table.put(*at, value=months, unit="months", subjects=who, why=why)


def _sensitivity(trial: Trial, found: Followed) -> Filled:
    code = f"{found.endpoint.upper()}FDA"
    table = Table(f"{found.endpoint}_fda", found.people, source=f"ADTTE where PARAMCD = {code}")
    _estimates(trial, table, found)
    return table.fill(
        found.endpoint,
        f"{found.words.name}: sensitivity analysis, censored at new therapy",
        shown=f"Time from {found.words.start}; follow-up ends before a new anti-myeloma therapy.",
        method=_method()[:1],
        footnotes=(
            "Censored at the last adequate response assessment before new anti-myeloma therapy.",
        ),
    )
