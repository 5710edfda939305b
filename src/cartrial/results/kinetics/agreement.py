"""Agreement of qPCR and flow cytometry: the pairs, their ratio and their ranks, by time."""

from collections.abc import Iterator
from math import inf
from statistics import median

import polars as pl

from cartrial import schema as s
from cartrial.adam.kinetics.adpc import QUANTIFIED
from cartrial.kinetics.agreement import (
    TOLERANCE,
    Agreement,
    Measured,
    Window,
    compare_assays,
)
from cartrial.results.kinetics.analyte import Analyte
from cartrial.results.kinetics.figures import AgreementLine, AgreementPoint
from cartrial.results.population import Population, Trial
from cartrial.results.result import Figure, Group
from cartrial.results.statistic import summary
from cartrial.results.table import Drawn, Filled, Part, Table, nothing, tidy

TITLE = "Agreement of qPCR and flow cytometry"
WHOLE = "All times"
VALUED = pl.col("ratio").is_not_null()  # a pair quantified by both


def agreement(trial: Trial, measured: tuple[Analyte, ...]) -> Iterator[Part]:
    """Each qPCR analyte beside each flow analyte; one line where either was not measured."""
    qpcr = [one for one in measured if one.source == "PC"]
    flow = [one for one in measured if one.source == "CP"]
    if not (qpcr and flow):
        why = "Not estimable: blood was not measured by both methods."
        yield nothing("car_agreement", "car", TITLE, trial.infused.label, why)
    pairs = [(one, other) for one in qpcr for other in flow]
    for number, (one, other) in enumerate(pairs, start=1):
        key = "car_agreement" if number == 1 else f"car_agreement_{number}"
        found = compare_assays(_measured(one), _measured(other), level=trial.study.endpoints.level)
        names = f": {one.name} and {other.name}" if len(pairs) > 1 else ""
        yield _table(trial, key, names, found)
        yield _figure(trial, key, names, one, other, found)


def _measured(analyte: Analyte) -> s.DataFrame[Measured]:
    """The results of an analyte after the infusion, in the words of the engine."""
    status = pl.col("status").replace({QUANTIFIED: "value"})
    rows = analyte.rows.filter(pl.col("ARELTM") > 0).select(
        "subject", day="ARELTM", status=status, value="AVAL"
    )
    first = rows.unique(["subject", "day"], keep="first", maintain_order=True)
    return Measured.validate(first, cast=True)


# ---------------------------------------------------------------- table
def _table(trial: Trial, key: str, names: str, found: Agreement) -> Filled:
    table = Table(key, Population(trial.infused.label, ()), source="ADPC")
    windows = {_words(one): one for one in (*found.windows, found.overall)}
    _counts(table, windows)
    _ratios(table, windows)
    _ranks(table, windows, found)
    alone = found.unpaired
    return table.fill(
        "car",
        f"{TITLE}{names}",
        shown="Samples of one subject by both methods, by the time since the infusion.",
        method=(
            f"Pairs: closest times first, at most {TOLERANCE:g} day apart. Rank correlation: "
            "Spearman, with the interval of Bonett and Wright 2000 and a permutation test.",
        ),
        footnotes=(
            "A subject counts once in a column: by the geometric mean of its pairs there.",
            "Ratio: copies per µg DNA for each CAR+ cell per µL. Pairs with a result below the "
            "limit of quantification are counted; they have no ratio.",
            f"Without a partner: {alone.qpcr_alone} results of qPCR, {alone.flow_alone} of flow.",
        ),
        groups=[Group(words, words) for words in windows],
    )


def _words(window: Window) -> str:
    if window.first == -inf:
        return WHOLE
    if window.last == inf:
        return f"Day {window.first:g} on"
    return f"Day {window.first:g} to {window.last:g}"


def _counts(table: Table, windows: dict[str, Window]) -> None:
    whole = table.row("Pairs", "n")
    rows = {
        "both": table.row("Quantified by both", "n", indent=1),
        "qpcr_alone": table.row("By qPCR alone", "n", indent=1),
        "flow_alone": table.row("By flow alone", "n", indent=1),
        "neither": table.row("By neither", "n", indent=1),
    }
    for words, window in windows.items():
        parts = {name: getattr(window.counted, name) for name in rows}
        table.put(whole, words, "n", "Pairs", value=sum(parts.values()), unit="pairs")
        for name, number in rows.items():
            table.put(number, words, "n", f"Pairs, {name}", value=parts[name], unit="pairs")


def _ratios(table: Table, windows: dict[str, Window]) -> None:
    subjects = table.row("Subjects with a ratio", "n")
    ratio = table.row("Ratio, median (min, max)", "median (min, max)", digits=0)
    for words, window in windows.items():
        who, found = window.subjects, list(window.ratio)
        table.put(subjects, words, "n", "Subjects", value=len(who), unit="subjects", subjects=who)
        for name in ("median", "min", "max"):
            value = summary(name, found)
            table.put(ratio, words, name, "Ratio", value=value, subjects=who, why="no pair of both")


def _ranks(table: Table, windows: dict[str, Window], found: Agreement) -> None:
    rho = table.row("Rank correlation across subjects", "value [interval]", digits=2)
    p = table.row("p", "value", indent=1, digits=3)
    for words, window in windows.items():
        ranks, why = window.ranks, window.ranks.why_missing or ""
        for name, value in (
            ("value", ranks.effect),
            ("lower", ranks.lower),
            ("upper", ranks.upper),
        ):
            at = (rho, words, name, "Rank correlation")
            table.put(*at, value=value, subjects=window.subjects, why=why)
        table.put(p, words, "value", "Rank correlation, p", value=ranks.p, why=why)
    within = {subject: ranks.effect for subject, ranks in found.within if ranks.effect is not None}
    number = table.row(
        "Rank correlation within a subject over time, median (min, max)",
        "median (min, max)",
        digits=2,
    )
    for words in windows:
        known = list(within.values()) if words == WHOLE else []
        why = "too few times" if words == WHOLE else "over all times"
        for name in ("median", "min", "max"):
            value = median(known) if name == "median" and known else summary(name, known)
            at = (number, words, name, "Rank correlation within a subject")
            table.put(*at, value=value, subjects=within if known else None, why=why)


# ---------------------------------------------------------------- figure
def _figure(
    trial: Trial, key: str, names: str, one: Analyte, other: Analyte, found: Agreement
) -> Drawn:
    points = _points(trial, found)
    ratio = found.overall.median
    cells = found.pairs.filter(VALUED)["cells"].to_list()
    line: list[dict[str, object]] = [
        {"cells": end, "copies": ratio * end}
        for end in ((min(cells), max(cells)) if cells else ())
        if ratio is not None
    ]
    data = (f"{key}_points", f"{key}_line")
    figure = Figure(
        key,
        "car",
        "agreement",
        f"{TITLE}: each pair{names}",
        trial.infused.label,
        x=f"{other.name} ({other.unit})",
        y=f"{one.name} ({one.unit})",
        data=data if points else (),
        footnotes=(
            "A point is a pair quantified by both; both axes logarithmic. Dashed: the median ratio "
            "of all subjects.",
        ),
        empty="" if points else "No pair quantified by both.",
    )
    tables = {data[0]: tidy(AgreementPoint, points), data[1]: tidy(AgreementLine, line)}
    return Drawn(figure, tables if points else {})


def _points(trial: Trial, found: Agreement) -> list[dict[str, object]]:
    """Each pair that is quantified by both, with its window of time."""
    valued = found.pairs.filter(VALUED)
    return [
        {
            "subject": row["subject"],
            "group": trial.group_of(row["subject"]),
            "day": row["day"],
            "period": _words(window),
            "period_order": order,
            "copies": row["copies"],
            "cells": row["cells"],
        }
        for row in valued.iter_rows(named=True)
        for order, window in enumerate(found.windows, start=1)
        if window.first <= row["day"] < window.last
    ]
