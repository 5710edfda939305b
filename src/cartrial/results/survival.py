"""Duration of response, progression-free and overall survival.

Two analyses of the same records, side by side. As registered: the proportion of subjects with the
event, lower being better. Beside it: the Kaplan-Meier estimate, which takes follow-up into account.

Source: Kaplan & Meier 1958 and Brookmeyer & Crowley 1982 (estimate.survival); Clopper & Pearson
    1934 (estimate.proportion)
Reading: the proportion carries an interval only once every subject has had the event or has
completed 2 years; until then it is a number of today, shown with how many are still at risk. It
counts events up to Month 24 from the infusion; the Kaplan-Meier estimate counts all. A death before
Month 24 is not a completion, nor is being alive then without an assessment that could have shown a
progression: the lines of the proportion part the subjects and add up to them.
"""

from collections.abc import Sequence

import polars as pl

from cartrial.adam.survival.adtte import Adtte
from cartrial.protocol.study import DAYS_PER_MONTH, landmark_day
from cartrial.results.further import further
from cartrial.results.kaplan_meier import draw
from cartrial.results.kaplan_meier_rows import METHOD, estimates
from cartrial.results.population import Trial
from cartrial.results.response.published import NOT_ESTIMATED, published_durations
from cartrial.results.table import Filled, Part, Table, counted, nothing
from cartrial.results.time_to_event import WORDS, Endpoint, Followed, followed, standing


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
        why = absent(trial, endpoint)
        none = nothing(endpoint, endpoint, words.name, words.population, why)
        return (none, *further(trial, endpoint, None))
    drawn = draw(found, trial.study.endpoints.level)
    return (_table(trial, found), drawn, *further(trial, endpoint, found))


def absent(trial: Trial, endpoint: Endpoint) -> str:
    """Why there is nothing to show."""
    judged = trial.frame(Adtte).filter(pl.col("PARAMCD") == "PFS")
    if endpoint == "dor" and judged["AVAL"].null_count() < judged.height:
        return "No responder at the data cut."
    if endpoint == "dor" and published_durations(trial):
        return NOT_ESTIMATED
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
    columns = [(column.name, found.of(column)) for column in found.people.columns]
    estimates(trial, table, words.free, columns, indent=1)
    unknown = ", ".join(f"{subject} ({why})" for subject, why in found.unknown.items())
    return table.fill(
        found.endpoint,
        f"{words.name}: registered event proportion, and Kaplan-Meier estimate",
        shown=f"Time from {words.start} to {words.event}.",
        method=_method(),
        footnotes=(
            *_readings(found, trial.study.endpoints.landmarks),
            f"Time not known, in no estimate: {unknown}." if unknown else "",
        ),
    )


def _method() -> tuple[str, ...]:
    return (
        METHOD,
        "Proportion: exact interval (Clopper-Pearson), only once every subject has had the event "
        "or completed 2 years.",
    )


def _readings(found: Followed, landmarks: Sequence[int]) -> tuple[str, ...]:
    censored = {
        "dor": "Events count whatever therapy was given meanwhile (EMA-style censoring). Censored "
        "at the last adequate response assessment. Responders: partial response or better, as in "
        "the rate above.",
        "pfs": "Events count whatever therapy was given meanwhile (EMA-style censoring). Censored "
        "at the last adequate response assessment.",
        "os": "Censored at the date last known alive.",
    }[found.endpoint]
    assessed = "" if found.endpoint == "os" else ", by an adequate response assessment"
    late = found.rows.filter((pl.col("status") == 1) & ~pl.col("early")).height
    return (
        censored,
        "Still at risk: followed on, with neither the event nor 2 years completed, so that the "
        "event may still come. Completed 2 years: followed for it up to the window of the last "
        f"visit{assessed}. No longer followed: left, or no longer followed for it, before. The 2 "
        "years count from the infusion; the lines add up to all subjects of the column.",
        f"Landmarks are days {_days(landmarks)}; a month is {DAYS_PER_MONTH} days. "
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
