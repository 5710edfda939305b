"""Participant flow and analysis populations: from consent to the end of the study."""

from collections.abc import Sequence

import polars as pl

from cartrial.adam.addl import Addl
from cartrial.adam.adpc import Adpc
from cartrial.adam.adrs import Adrs
from cartrial.results.population import ALL, Population, Trial, divide
from cartrial.results.table import Filled, Table

NOT_COLLECTED = "not collected"
WAITING = "Still in the study at the data cut"
NO_DATES = "not collected: no dates of follow-up"


def flow(trial: Trial) -> tuple[Filled, ...]:
    """How many subjects came to each step, and who is in each analysis population."""
    return _steps(trial), _populations(trial)


def enrolled(trial: Trial) -> Population:
    """All subjects, by the dose level given, else by the one planned."""
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
            "Columns: the dose level given; before the infusion, the level planned.",
            "Completed 2 years: followed to Month 24 within its window of 28 days, or died before.",
        ),
    )


def _after_infusion(table: Table, trial: Trial, infused: frozenset[str]) -> None:
    table.count("Completed 2 years", trial.flagged("COMP2YFL"), of=infused, cell="n/N (%)")
    table.count("Died", trial.flagged("DTHFL"), of=infused, cell="n/N (%)")
    ended = _with_status(trial, "DISCONTINUED")
    table.count("Left the study early", ended, of=infused, cell="n/N (%)")
    _reasons(table, trial, ended & infused)
    over = ended | _with_status(trial, "COMPLETED") | trial.flagged("DTHFL")
    table.count("Still followed at the data cut", infused - over, of=infused, cell="n/N (%)")


def _with_status(trial: Trial, status: str) -> frozenset[str]:
    return frozenset(trial.adsl.filter(pl.col("EOSSTT").str.to_uppercase() == status)["subject"])


def _reasons(table: Table, trial: Trial, subjects: frozenset[str]) -> None:
    """One row for each reason, the most frequent first."""
    rows = trial.adsl.filter(pl.col("subject").is_in(list(subjects)))
    found: dict[str, set[str]] = {}
    for subject, reason, status in rows.select("subject", "DCSREAS", "EOSSTT").iter_rows():
        still = reason is None and status == "ONGOING"
        found.setdefault(WAITING if still else _sentence(reason), set()).add(subject)
    for reason in sorted(found, key=lambda name: (-len(found[name]), name)):
        table.count(reason, found[reason], cell="n", indent=1)


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
            _window_note(trial),
            "Response-evaluable: infused, with measurable disease at baseline (where that was "
            "collected) and a response assessment after the infusion that could be evaluated.",
            "Cellular kinetics: infused, with at least one CAR measurement above the lower limit "
            "of quantification.",
            f"{ALL}: every subject of the population, whatever the dose level.",
        ),
    )


def _window_note(trial: Trial) -> str:
    if trial.study.dlt is None:
        return ""
    return (
        "DLT-evaluable: infused, with a DLT or with a documented safety assessment on or after "
        f"day {trial.study.dlt.window}, and not made non-evaluable by dose or new therapy."
    )
