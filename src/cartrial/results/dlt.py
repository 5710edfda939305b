"""Dose-limiting toxicity (DLT) by dose level, with the subjects still in their window.

The rate is of those whose status is settled: DLT, or the window complete without one. Pending and
maturing subjects are in neither, and are never counted as free of toxicity.

Source: the interval is that of Clopper & Pearson 1934, Biometrika 26:404-413
    doi:10.1093/biomet/26.4.404; the recommendation is that of the study's design (dosing.conduct)
"""

from typing import Any

import polars as pl

from cartrial.adam.dose_limiting.addl import Addl
from cartrial.adam.dose_limiting.addlev import Addlev
from cartrial.adam.retrace import asked
from cartrial.adam.subject.exposure import level_label
from cartrial.dosing.designs import DESIGNS
from cartrial.protocol.study import Dlt
from cartrial.results.dlt_clauses import clause_outputs
from cartrial.results.figures import DltBar
from cartrial.results.population import NO_LEVEL, Population, Trial, divide
from cartrial.results.result import Figure
from cartrial.results.statistic import as_percent, in_decimals
from cartrial.results.table import Drawn, Filled, Part, Table, listing, nothing, tidy

NOT_COLLECTED = "Not collected: dose-limiting toxicity."
NO_RULE = "Not assessed: dose-limiting toxicity (the study file has no DLT rule)."
SETTLED = ("DLT", "complete")
STATUSES = (
    ("DLT", "DLT"),
    ("complete", "Window complete, no DLT"),
    ("pending", "Pending: not yet documented to day {day}"),
    ("maturing", "Maturing: an event not settled yet"),
    ("not evaluable", "Not evaluable"),
)
TITLE = "Dose-limiting toxicity by dose level"
Status = dict[str, str]


def dlt(trial: Trial) -> tuple[Part, ...]:
    """The table, the subjects that are open or had a DLT, and the window of each subject."""
    rule = trial.study.dlt
    if rule is None or not trial.adam.has(Addl):
        why = NO_RULE if rule is None else NOT_COLLECTED
        return (nothing("dlt", "dlt", TITLE, trial.infused.label, why),)
    rows = subjects(trial)
    clauses = clause_outputs(trial, rule) if trial.adam.has(Addlev) else ()
    return (
        _table(trial, rule, rows),
        _listing(rule, rows),
        _open(rows, rule),
        *clauses,
        _figure(trial, rule, rows),
    )


def subjects(trial: Trial) -> pl.DataFrame:
    """The infused subjects with the level at which they count, by level and subject."""
    level = pl.coalesce("EVALLVL", "DOSELVL")
    rows = trial.frame(Addl).with_columns(counted=level, label=level_label(trial.study, "DOSELVL"))
    return rows.sort("counted", "subject", nulls_last=True)


def recommendation(trial: Trial) -> str:
    """The dose of the next subjects by the study's design; empty where it has none."""
    study = trial.study
    if study.design is None or not trial.adam.has(Addl):
        return ""
    _, advice, why_not = asked(study, trial.adam)
    design = DESIGNS[study.design.kind].name
    if advice is None:
        return f"No dose can be recommended by {design}: {why_not}."
    if advice.level is not None:
        said = f"dose level {advice.level} ({study.level_label(advice.level)})"
    else:
        said = "wait" if advice.wait else "stop"
    reason = f"{advice.reason[:1].upper()}{advice.reason[1:]}."
    who, planned = "Next subjects", study.subjects
    if planned is not None and len(trial.infused.everyone) >= planned:
        who = f"All {planned} planned subjects are infused; further ones"
    return f"{who} by {design}: {said}. {reason}"


def _people(trial: Trial, rows: pl.DataFrame) -> Population:
    levels = dict(rows.select("subject", "counted").iter_rows())
    return divide(trial.study, "Infused subjects, at the level at which they count", levels)


def _of(rows: pl.DataFrame, *statuses: str, column: str = "DLTSTAT") -> list[str]:
    return rows.filter(pl.col(column).is_in(statuses))["subject"].to_list()


def _table(trial: Trial, rule: Dlt, rows: pl.DataFrame) -> Filled:
    table = Table("dlt", _people(trial, rows), source="ADDL")
    table.count("Infused", rows["subject"], cell="n")
    for status, label in STATUSES:
        table.count(label.format(day=rule.window), _of(rows, status), cell="n", indent=1)
    settled = _of(rows, *SETTLED)
    table.count("DLT-evaluable", settled, cell="n")
    level = trial.study.endpoints.level
    table.count("DLT rate", _of(rows, "DLT"), of=settled, cell="n/N (%) [interval]", level=level)
    late = rows.filter(pl.col("DLTLATFL") == "Y")["subject"]
    if not late.is_empty():
        table.count("Completion documented late", late, cell="n")
    if rule.interim is not None:
        table.heading(f"Interim: the first {rule.interim} days")
        for status, label in STATUSES:
            who = _of(rows, status, column="DLTINT")
            table.count(label.format(day=rule.interim), who, cell="n", indent=1)
    return table.fill(
        "dlt",
        TITLE,
        shown=f"The status of each infused subject in its window of {rule.window} days.",
        method=("Rate: DLT among DLT-evaluable subjects, exact interval (Clopper-Pearson).",),
        footnotes=(f"DLT: {rule.definition.strip()}", *_notes(rule, rows), recommendation(trial)),
    )


def _notes(rule: Dlt, rows: pl.DataFrame) -> tuple[str, ...]:
    moved = rows.filter(pl.col("EVALLVL").is_not_null() & (pl.col("EVALLVL") != pl.col("DOSELVL")))
    who = ", ".join(moved["subject"])
    return (
        "Pending subjects are counted in neither part of the rate; their days run to the last "
        "documented safety assessment.",
        "A DLT counts whatever dose was given. Without DLT, a subject given less than "
        f"{as_percent(rule.least)} or more than {as_percent(rule.most)} of its level is not "
        "evaluable at it.",
        f"Counted at another level because of the dose given: {who}." if who else "",
        "A proposed DLT counts as DLT until the committee has judged it; the investigator or a "
        "clause of the study proposes it."
        if rule.clauses
        else "A proposed DLT counts as DLT until the committee has judged it.",
        f"While subjects are pending the rate leans upward: a DLT counts at once, its absence "
        f"after {rule.window} days."
        if _of(rows, "pending", "maturing")
        else "",
        f"Interim: a DLT counts when its onset lies in the first {rule.interim} days, whenever its "
        "clause was met."
        if rule.interim is not None
        else "",
    )


def _dose(rule: Dlt, ratio: float | None) -> str:
    """The dose given in percent of the planned one, marked where it is outside the limits."""
    if ratio is None:
        return "not known"
    given = in_decimals(100 * ratio, 1)
    if rule.least <= round(ratio, 9) <= rule.most:
        return given
    return f"{given} (outside)"


def _listing(rule: Dlt, rows: pl.DataFrame) -> Filled:
    hit = rows.filter(pl.col("DLTSTAT") == "DLT")
    return listing(
        "dlt_list",
        "dlt",
        "Dose-limiting toxicities",
        population="Infused subjects with a DLT",
        columns=(
            "Dose level",
            "Dose given, % of planned",
            "Event",
            *(("Clause",) if rule.clauses else ()),
            "Onset",
            "Day met",
            "Adjudication",
            "Reason",
        ),
        lines=[(row["subject"], _line(rule, row)) for row in hit.iter_rows(named=True)],
        none="No dose-limiting toxicity.",
        footnotes=(
            "Onset: the day on which the event began. Day met: on which its clause was met; "
            "the infusion is day 0.",
            "A DLT counts at the dose level assigned, whatever dose was given. Outside: less than "
            f"{as_percent(rule.least)} or more than {as_percent(rule.most)} of the planned dose.",
        ),
        source="ADDL where DLTSTAT = DLT",
    )


def _line(rule: Dlt, row: dict[str, Any]) -> tuple[str | None, ...]:
    names = {clause.id: clause.name for clause in rule.clauses}
    clause = names.get(row["DLTCLAUS"], "no clause of the study")
    return (
        row["label"],
        _dose(rule, row["CARDOSR"]),
        row["DLTTERM"],
        *((clause,) if names else ()),
        _day(row["DLTONSDY"]),
        _day(row["DLTDAY"]),
        row["DLTADJ"] or "not yet adjudicated",
        row["DLTREAS"],
    )


def _day(day: int | None) -> str | None:
    return None if day is None else f"day {day}"


def _open(rows: pl.DataFrame, rule: Dlt) -> Filled:
    wanted = rows.filter(~pl.col("DLTSTAT").is_in(SETTLED))
    return listing(
        "dlt_open",
        "dlt",
        "Subjects pending, maturing or not evaluable for DLT",
        population="Infused subjects without a settled DLT status",
        columns=("Dose level", "Status", "Documented days", "Reason"),
        lines=[
            (
                row["subject"],
                (
                    row["label"],
                    row["DLTSTAT"],
                    f"{row['DLTFUP'] or 0} of {rule.window}",
                    row["DLTREAS"],
                ),
            )
            for row in wanted.iter_rows(named=True)
        ],
        none="Every subject is settled.",
        source="ADDL where DLTSTAT is not DLT or complete",
    )


def _figure(trial: Trial, rule: Dlt, rows: pl.DataFrame) -> Drawn:
    bars: list[dict[str, object]] = [
        {
            "subject": row["subject"],
            "order": order,
            "group": _label(trial, row["counted"]),
            "group_order": row["counted"] or 0,
            "days": row["DLTFUP"] or 0,
            "window": rule.window,
            "status": row["DLTSTAT"],
            "day": row["DLTDAY"],
            "reason": row["DLTREAS"],
        }
        for order, row in enumerate(rows.iter_rows(named=True), start=1)
    ]
    figure = Figure(
        "dlt_window",
        "dlt",
        "dlt_window",
        "DLT window of each subject",
        trial.infused.label,
        x="Documented days since the infusion",
        y="Subject",
        data=("dlt_window",) if bars else (),
        footnotes=(f"The window ends with day {rule.window}.",),
        empty="" if bars else "Nobody was infused.",
    )
    return Drawn(figure, {"dlt_window": tidy(DltBar, bars)} if bars else {})


def _label(trial: Trial, level: int | None) -> str:
    return NO_LEVEL if level is None else trial.study.level_label(level)
