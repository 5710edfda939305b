"""Participant flow and analysis populations: from consent to the end of the study."""

from collections.abc import Sequence

import polars as pl

from cartrial.adam.dose_limiting.addl import Addl
from cartrial.adam.kinetics.adpc import Adpc
from cartrial.adam.response.adrs import Adrs
from cartrial.protocol.study import DAYS_PER_MONTH
from cartrial.results.exposure import dose_limits
from cartrial.results.population import ALL, Population, Trial, divide
from cartrial.results.statistic import as_percent
from cartrial.results.table import Filled, Table

NOT_COLLECTED = "not collected"
WAITING = "Still in the study at the data cut"
RECORDED = "Recorded as completed, before Month 24"
EARLY_DEATH = 30  # days
NO_DATES = "not collected: no dates of follow-up"


def flow(trial: Trial) -> tuple[Filled, ...]:
    """How many subjects came to each step, and who is in each analysis population."""
    return _steps(trial), _populations(trial)


def enrolled(trial: Trial) -> Population:
    """All subjects, by the dose level assigned at the infusion, else by the one planned."""
    return divide(trial.study, "All subjects who consented", trial.levels)


def has_follow_up(trial: Trial) -> bool:
    """Whether it was collected until when subjects were followed."""
    return bool(trial.known("LSTALVDT"))


def _steps(trial: Trial) -> Filled:
    table = Table("flow", enrolled(trial), source="ADSL")
    infused = trial.flagged("SAFFL")
    table.count("Consented", trial.adsl["subject"], cell="n")
    for label, step in (
        ("Leukapheresed", trial.flagged("APHFL")),
        ("Lymphodepletion begun", trial.known("LDSTDT")),
    ):
        if step:
            table.count(label, step)
        else:
            table.missing(label, NOT_COLLECTED)
    table.count("Infused", infused)
    everyone = frozenset(trial.adsl["subject"])
    table.count("Not infused", everyone - infused)
    _reasons(table, trial, everyone - infused)
    if has_follow_up(trial):
        _after_infusion(table, trial, infused)
    else:
        table.missing("Completed 2 years, among the infused", NO_DATES)
        table.missing("Died, among the infused", NO_DATES)
    return table.fill(
        "flow",
        "Participant flow",
        shown="How many subjects came to each step, and how their time in the study ended.",
        footnotes=(
            columns_note(trial),
            "Completed 2 years: followed alive to Month 24 or into its window. Completed, died "
            "before, left and still followed add up to the infused.",
            "Follow-up: from the infusion to death, or to the date last known alive.",
        ),
    )


def columns_note(trial: Trial) -> str:
    """What the columns are: a dose other than planned does not move a subject."""
    low, high = dose_limits(trial)
    return (
        "Columns: the dose level assigned at the infusion, whatever dose was given (also less than "
        f"{as_percent(low)} or more than {as_percent(high)} of it); of those not infused, the "
        "level planned."
    )


def _after_infusion(table: Table, trial: Trial, infused: frozenset[str]) -> None:
    """Each infused subject once: completed, died, left or still followed; then the deaths."""
    done = trial.flagged("COMP2YFL") & infused
    died = (trial.flagged("DTHFL") & infused) - done
    ended = _with_status(trial, "DISCONTINUED") | _with_status(trial, "COMPLETED")
    left = (ended & infused) - done - died
    table.count("Completed 2 years", done, of=infused, cell="n/N (%)")
    table.count("Died before completing 2 years", died, of=infused, cell="n/N (%)")
    table.count("Left the study early, alive", left, of=infused, cell="n/N (%)")
    _reasons(table, trial, left, of=infused)
    still = infused - done - died - left
    table.count("Still followed, 2 years not completed", still, of=infused, cell="n/N (%)")
    _deaths(table, trial, infused)
    _follow_up(table, trial, infused)


def _deaths(table: Table, trial: Trial, infused: frozenset[str]) -> None:
    """The deaths of infused subjects: how many early, and of which cause."""
    since = (pl.col("DTHDT") - pl.col("TRTSDT")).dt.total_days()
    dead = trial.adsl.filter(pl.col("DTHFL") == "Y", pl.col("subject").is_in(list(infused)))
    timed = dead.with_columns(day=since)
    table.count("Died, at any time", dead["subject"], of=infused, cell="n/N (%)")
    early = timed.filter(pl.col("day") <= EARLY_DEATH)["subject"]
    label = f"Within {EARLY_DEATH} days of the infusion"
    table.count(label, early, of=infused, cell="n/N (%)", indent=1)
    undated = timed.filter(pl.col("day").is_null())["subject"].to_list()
    if undated:
        table.count("Day of death not known", undated, of=infused, cell="n", indent=1)
    causes: dict[str, set[str]] = {}
    for subject, cause in dead.select("subject", "DTHCAUS").iter_rows():
        causes.setdefault(cause.strip().lower() if cause else "not given", set()).add(subject)
    _most_frequent(table, {f"Cause: {cause}": who for cause, who in causes.items()}, of=infused)


def _follow_up(table: Table, trial: Trial, infused: frozenset[str]) -> None:
    known = trial.adsl.filter(pl.col("FUDUR").is_not_null(), pl.col("subject").is_in(list(infused)))
    days = known.select("subject", "FUDUR").iter_rows()
    months = [(subject, day / DAYS_PER_MONTH) for subject, day in days]
    if months:
        label = "Follow-up of the infused (months), median (min, max)"
        table.summary(label, months, unit="months")


def _with_status(trial: Trial, status: str) -> frozenset[str]:
    return frozenset(trial.adsl.filter(pl.col("EOSSTT").str.to_uppercase() == status)["subject"])


def _reasons(
    table: Table, trial: Trial, subjects: frozenset[str], *, of: frozenset[str] | None = None
) -> None:
    """One row for each reason, the most frequent first."""
    rows = trial.adsl.filter(pl.col("subject").is_in(list(subjects)))
    found: dict[str, set[str]] = {}
    for subject, reason, status in rows.select("subject", "DCSREAS", "EOSSTT").iter_rows():
        unsaid = {"ONGOING": WAITING, "COMPLETED": RECORDED}.get(str(status).upper())
        label = unsaid if reason is None and unsaid else _sentence(reason)
        found.setdefault(label, set()).add(subject)
    _most_frequent(table, found, of=of)


def _most_frequent(
    table: Table, found: dict[str, set[str]], *, of: frozenset[str] | None = None
) -> None:
    for label in sorted(found, key=lambda name: (-len(found[name]), name)):
        table.count(label, found[label], of=of, cell="n", indent=1)


def _sentence(reason: str | None) -> str:
    return reason.strip().capitalize() if reason else "Reason not given"


def _populations(trial: Trial) -> Filled:
    people = enrolled(trial)
    table = Table("populations", people, source="ADSL")
    table.count("Enrolled: consented", trial.adsl["subject"], cell="n")
    collected: Sequence[tuple[str, str, bool]] = (
        ("Leukapheresed (intention to treat)", "APHFL", bool(trial.flagged("APHFL"))),
        ("Safety: infused", "SAFFL", True),
        ("DLT-evaluable", "DLTEVLFL", trial.adam.has(Addl)),
        ("Response-evaluable", "RSPEVLFL", trial.adam.has(Adrs)),
        ("Cellular kinetics", "PKFL", trial.adam.has(Adpc)),
    )
    for label, flag, known in collected:
        if known:
            table.count(label, trial.flagged(flag), cell="n")
        else:
            table.missing(label, NOT_COLLECTED)
    return table.fill(
        "flow",
        "Analysis populations",
        shown="Who is counted in which analysis.",
        footnotes=(
            "Intention to treat: leukapheresed subjects.",
            *_window_notes(trial),
            "Response-evaluable: infused, with measurable disease at baseline (where that was "
            "collected) and a response assessment after the infusion that could be evaluated.",
            "Cellular kinetics: infused, with at least one CAR measurement above the lower limit "
            "of quantification.",
            f"{ALL}: every subject of the population, whatever the dose level.",
        ),
    )


def _window_notes(trial: Trial) -> tuple[str, ...]:
    if trial.study.dlt is None:
        return ()
    return (
        "DLT-evaluable: infused, with a DLT or with a documented safety assessment on or after "
        f"day {trial.study.dlt.window}, and not made non-evaluable by dose or new therapy.",
        "All columns are of the dose level assigned. The table of dose-limiting toxicity counts a "
        "subject at the level that its dose fits, which can be another.",
    )
