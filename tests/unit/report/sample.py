"""Hand-made `Results`: every kind of cell and figure, missing values, odd text."""

import datetime as dt
from dataclasses import replace

import polars as pl

from cartrial import schema as s
from cartrial.protocol.read import packaged_study
from cartrial.results.figures import (
    CarLimit,
    CarPoint,
    DltBar,
    GradeShare,
    HeatDay,
    HeatDrug,
    KaplanMeierCensor,
    KaplanMeierCurve,
    KaplanMeierRisk,
)
from cartrial.results.result import (
    Cell,
    Figure,
    Group,
    Headline,
    Output,
    Result,
    Results,
    Row,
)
from tests.unit.report import sample_escalation, sample_kinetics, sample_response
from tests.unit.report.drawn import frame

ODD = "<script>alert('x')</script> & \"quoted\" #$*_`\\ [1] @a"
SUBJECTS = tuple(f"{i:03d}" for i in range(1, 19))
LEVELS = ("1 × 10⁶/kg", "2 × 10⁶/kg", "4 × 10⁶/kg")
GROUPS = (*(Group(label, label, 6) for label in LEVELS), Group("All", "All", 18))
WHO = {label: SUBJECTS[i * 6 : i * 6 + 6] for i, label in enumerate(LEVELS)} | {"All": SUBJECTS}


def result(
    output: str,
    row: int,
    group: str,
    statistic: str,
    value: float | None = None,
    *,
    text: str | None = None,
    why: str | None = None,
    subjects: tuple[str, ...] = (),
    unit: str | None = None,
) -> dict[str, object]:
    """One row of the long table."""
    return {
        "output": output,
        "row": row,
        "group": group,
        "statistic": statistic,
        "variable": "variable",
        "level": None,
        "value": value,
        "unit": unit,
        "text": text,
        "why_missing": why,
        "subjects": " ".join(subjects) or None,
        "source": None,
    }


def long(rows: list[dict[str, object]]) -> pl.DataFrame:
    """Rows as the declared long table."""
    return Result.validate(pl.DataFrame(rows, schema=s.empty(Result).schema), cast=True)


def counted(output: str, row: int, group: str, n: int, cell: Cell) -> list[dict[str, object]]:
    """The statistics of a count among the subjects of a group, the first `n` of them."""
    who = WHO[group]
    found = [result(output, row, group, "n", n, subjects=who[:n])]
    found.append(result(output, row, group, "of", len(who), subjects=who))
    found.append(result(output, row, group, "percent", 100 * n / len(who)))
    if cell.endswith("[interval]"):
        found.append(result(output, row, group, "lower", max(0.0, 100 * n / len(who) - 20.4)))
        found.append(result(output, row, group, "upper", min(100.0, 100 * n / len(who) + 11.7)))
    return found


def counts(
    id_: str,
    section: str,
    title: str,
    rows: dict[str, tuple[int, int, int]],
    cell: Cell,
    **more: str,
) -> tuple[Output, list[dict[str, object]]]:
    """A table of counts by dose level and in all; a row is its label and the three counts."""
    values: list[dict[str, object]] = []
    shown = []
    for number, (label, ns) in enumerate(rows.items(), 1):
        heading = not ns
        shown.append(Row(number, label, None if heading else cell, indent=0 if heading else 1))
        for group, n in zip(LEVELS if ns else (), ns, strict=True):
            values += counted(id_, number, group, n, cell)
        if ns:
            values += counted(id_, number, "All", sum(ns), cell)
    output = Output(
        id_,
        section,  # type: ignore[arg-type]
        title,
        "table",
        "All infused subjects",
        GROUPS,
        tuple(shown),
        shown=more.get("shown", ""),
        method=("Exact interval: Clopper & Pearson 1934, Biometrika 26:404-413.",),
        footnotes=("A subject is counted once in each row.",),
    )
    return output, values


def every_cell() -> tuple[Output, list[dict[str, object]]]:
    """One row for each kind of cell, and for each way in which a value can be missing."""
    who = SUBJECTS[:3]
    rows: list[tuple[str, Cell, list[tuple[str, float | None, str | None, str | None]]]] = [
        ("n (%)", "n (%)", [("n", 3, None, None), ("percent", 100 / 6, None, None)]),
        (
            "n/N (%)",
            "n/N (%)",
            [("n", 3, None, None), ("of", 18, None, None), ("percent", 100 / 6, None, None)],
        ),
        (
            "n/N (%) [interval]",
            "n/N (%) [interval]",
            [
                ("n", 15, None, None),
                ("of", 18, None, None),
                ("percent", 250 / 3, None, None),
                ("lower", 58.58225, None, None),
                ("upper", 96.42149, None, None),
            ],
        ),
        ("n", "n", [("n", 7, None, None)]),
        ("value", "value", [("value", 123456.789, None, None)]),
        ("value (cv)", "value (cv)", [("value", 12.345, None, None), ("cv", 66.5, None, None)]),
        (
            "value [interval]",
            "value [interval]",
            [
                ("value", 12.345, None, None),
                ("lower", 4.123, None, None),
                ("upper", None, None, "the upper limit of the curve stays above 50 %"),
            ],
        ),
        (
            "percent [interval]",
            "percent [interval]",
            [
                ("percent", 61.111, None, None),
                ("lower", 35.3, None, None),
                ("upper", 79.2, None, None),
            ],
        ),
        ("mean (sd)", "mean (sd)", [("mean", 61.25, None, None), ("sd", 8.04, None, None)]),
        (
            "median (min, max)",
            "median (min, max)",
            [("median", 0.004, None, None), ("min", -3, None, None), ("max", 2.5e8, None, None)],
        ),
        (
            "median [q1, q3]",
            "median [q1, q3]",
            [("median", 5, None, None), ("q1", 4, None, None), ("q3", 7.5, None, None)],
        ),
        (
            "events (subjects)",
            "events (subjects)",
            [("events", 9, None, None), ("n", 4, None, None)],
        ),
        ("text", "text", [("text", None, ODD, None)]),
        ("short reason", "value", [("value", None, None, "not collected")]),
        (
            "long reason",
            "value",
            [("value", None, None, "nobody is at risk at the landmark any more")],
        ),
        ("zero", "n (%)", [("n", 0, None, None), ("percent", 0, None, None)]),
    ]
    values = [
        result("cells", number, "All", statistic, value, text=text, why=why, subjects=who)
        for number, (_, _, found) in enumerate(rows, 1)
        for statistic, value, text, why in found
    ]
    shown = tuple(Row(i, label, cell, 0) for i, (label, cell, _) in enumerate(rows, 1))
    output = Output(
        "cells", "baseline", "Every kind of cell", "table", "All", (Group("All", "All", 18),), shown
    )
    return output, values


def listing() -> tuple[Output, list[dict[str, object]]]:
    """A listing of three subjects, one cell of it unknown."""
    columns = ("Dose level", "Day", "Cause of death, as the investigator wrote it")
    cells = {
        "003": ("1 × 10⁶/kg", "212", "Progressive disease"),
        "009": ("2 × 10⁶/kg", "95", ODD),
        "017": ("4 × 10⁶/kg", None, "Awaiting adjudication"),
    }
    values = [
        result(
            "deaths",
            row,
            column,
            "text",
            text=text,
            why=None if text else "date not collected",
            subjects=(subject,),
        )
        for row, (subject, texts) in enumerate(cells.items(), 1)
        for column, text in zip(columns, texts, strict=True)
    ]
    output = Output(
        "deaths",
        "listing",
        "Deaths",
        "listing",
        "All enrolled subjects",
        tuple(Group(column, column) for column in columns),
        tuple(Row(i, subject, "text") for i, subject in enumerate(cells, 1)),
    )
    return output, values


def survival(name: str) -> tuple[Figure, dict[str, pl.DataFrame]]:
    """A Kaplan-Meier figure of all subjects."""
    deaths = {4.2: "003", 7.9: "009", 13.1: "011", 19.0: "017"}
    left = {10.4: "002", 15.5: "004", 21.2: "006", 24.0: "001"}
    curve, censored, at_risk, percent = [("All", 0.0, 100.0, 100.0, 100.0, 18, 0)], [], 18, 100.0
    for month in sorted([*deaths, *left]):
        died = month in deaths
        percent *= (at_risk - 1) / at_risk if died else 1
        low, high = percent - 14 * (percent < 100), min(100.0, percent + 9)
        curve.append(("All", month, percent, low, high, at_risk, int(died)))
        if not died:
            censored.append(("All", month, percent, left[month], "alive at the data cut"))
        at_risk -= 1 if month < 24 else 14
    risk = [
        ("All", float(m), 18 - sum(t < m for t in [*deaths, *left]), "") for m in range(0, 25, 3)
    ]
    data = {
        f"{name}_curve": frame(KaplanMeierCurve, curve),
        f"{name}_censored": frame(KaplanMeierCensor, censored),
        f"{name}_at_risk": frame(KaplanMeierRisk, risk),
    }
    figure = Figure(
        name,
        "os",
        "kaplan_meier",
        "Overall survival",
        "All infused subjects",
        "Months since infusion",
        "Alive, %",
        tuple(data),
        footnotes=("Band: 95 % log-log interval.",),
    )
    return figure, data


def car() -> tuple[Figure, dict[str, pl.DataFrame]]:
    """Curves of every subject that rise, fall and end below quantification."""
    days = (0, 1, 3, 7, 10, 14, 21, 28, 61, 91, 122, 152, 183, 274, 365, 457, 548, 639, 730)
    rows = []
    for i, subject in enumerate(SUBJECTS):
        for day in days[: 19 - i % 5]:
            peak = 10 ** (3.6 + 0.4 * (i // 6) + 0.11 * (i % 7))
            value = (
                peak
                * min(1.0, 10 ** ((day - 10) / 3))
                * 10 ** (-max(0, day - 12) / (90 + 25 * (i % 6)))
            )
            status = (
                "quantified"
                if value >= 50
                else ("not detected" if day == 0 else "below quantification")
            )
            shown = value if status == "quantified" else 25.0
            found = shown if status == "quantified" else None
            where = (subject, LEVELS[i // 6], i // 6 + 1, float(day))
            rows.append((*where, found, shown, status, 50.0, "copies/µg DNA", f"Day {day}"))
    data = {
        "car_points": frame(CarPoint, rows),
        "car_limits": frame(CarLimit, [(50.0, "copies/µg DNA")]),
    }
    figure = Figure(
        "car_qpcr",
        "car",
        "car_curves",
        "CAR copies in peripheral blood by qPCR",
        "Kinetics set",
        "Days since infusion",
        "Copies/µg DNA",
        tuple(data),
    )
    return figure, data


def window() -> tuple[Figure, dict[str, pl.DataFrame]]:
    """Bars of every DLT status."""
    rows = []
    for i, subject in enumerate(SUBJECTS):
        status, days, day, reason = "complete", 84, None, None
        if i == 7:
            status, days, day, reason = "DLT", 84, 12, "grade 4 neutropenia for more than 28 days"
        elif i == 10:
            status, days, reason = "not evaluable", 31, "new anti-myeloma therapy on day 31"
        elif i == 13:
            status, days = "maturing", 60
        elif i >= 15:
            status, days = "pending", 70 - 20 * (i - 15)
        rows.append((subject, i + 1, LEVELS[i // 6], i // 6 + 1, days, 84, status, day, reason))
    figure = Figure(
        "dlt_window",
        "dlt",
        "dlt_window",
        "The DLT window of each subject",
        "All infused subjects",
        "Days since infusion",
        "Subject",
        ("bars",),
    )
    return figure, {"bars": frame(DltBar, rows)}


def shares() -> tuple[Figure, dict[str, pl.DataFrame]]:
    """Worst CRS grades by dose level."""
    by = {LEVELS[0]: (2, 3, 1, 0), LEVELS[1]: (1, 3, 2, 0), LEVELS[2]: (0, 2, 2, 2)}
    by["All"] = tuple(map(sum, zip(*by.values(), strict=True)))  # type: ignore[assignment]
    names = ("none", "grade 1", "grade 2", "grade 3")
    rows = [
        (group, i + 1, names[g], g, n, sum(ns), 100 * n / sum(ns), " ".join(WHO[group][:n]) or None)
        for i, (group, ns) in enumerate(by.items())
        for g, n in enumerate(ns)
    ]
    figure = Figure(
        "crs_grades",
        "ae",
        "grades",
        "Worst CRS grade by dose level",
        "All infused subjects",
        "Subjects, %",
        "",
        ("shares",),
    )
    return figure, {"shares": frame(GradeShare, rows)}


def heat_map() -> tuple[Figure, dict[str, pl.DataFrame]]:
    """A lane of every subject, with a day of every colour, and both drugs."""
    rows, drugs = [], []
    for i, subject in enumerate(SUBJECTS):
        place = (subject, subject, i + 1)
        for day in range(31 if i != 4 else 12):
            grade = max(0, 3 - abs(day - 4 - i % 5))
            colour, mark, recorded, derived = f"grade {grade}", f"{grade}", f"grade {grade}", "-"
            if day > 14:
                colour, mark, recorded, derived = "not assessed", None, "-", "-"
            elif day == 3 and i % 6 == 1:
                colour, mark, recorded, derived = "not assessable", "?", "-", "not assessable"
            differs = day == 5 and i == 7
            seen = (colour, mark, recorded, derived, "fever", "oxygen", differs)
            rows.append((*place, LEVELS[i // 6], i // 6 + 1, day, *seen))
        drugs += [(*place, 6 + i % 5, drug) for drug in ("tocilizumab", "steroid")[: i % 3]]
    figure = Figure(
        "crs_heat",
        "ae",
        "heat_map",
        "CRS day by day",
        "All infused subjects",
        "Day from the infusion",
        "Subject",
        ("crs_days", "crs_drugs"),
    )
    return figure, {"crs_days": frame(HeatDay, rows), "crs_drugs": frame(HeatDrug, drugs)}


def headlines() -> tuple[Headline, ...]:
    """The front page: each outcome, and pause rules of every state."""
    return (
        Headline("flow", "Populations", "20 enrolled, 18 infused, 15 DLT-evaluable"),
        Headline(
            "ae", "Adverse events", "CRS 15/18 (83.3%), grade 3 or higher 2/18", "", SUBJECTS[:15]
        ),
        Headline("dlt", "DLT", "1 of 15 evaluable, 3 pending", "", ("008",)),
        Headline("car", "CAR copies", "detected at month 6 in 9 of 12"),
        Headline("orr", "Response", "15/18 (83.3%) [58.6, 96.4], confirmed"),
        Headline("dor", "Duration of response", "median 14.2 months"),
        Headline("pfs", "PFS", "7 of 18 with PD or death; 5 of 18 still at risk"),
        Headline("os", "OS", "4 of 18 died"),
        Headline("dlt", "Death related to the product", "nobody", "not met"),
        Headline("ae", "ICANS of grade 4 or higher", "1 subject", "met", ("017",)),
        Headline("dlt", "DLT rate", "no subject has completed the window", "not assessable"),
    )


def make_results() -> Results:
    """The whole sample."""
    tables = [
        every_cell(),
        counts(
            "crs",
            "ae",
            "Cytokine release syndrome by worst grade",
            {"Any grade": (4, 5, 6), "Grade 3 or higher": (0, 0, 2)},
            "n (%)",
            shown="The worst ASTCT grade of each subject.",
        ),
        counts(
            "teae",
            "ae",
            "CAR-T-related adverse events by preferred term",
            {
                "Blood and lymphatic system disorders": (),  # type: ignore[dict-item]
                "Febrile neutropenia": (2, 3, 4),
                "Anaemia": (5, 6, 6),
                "Investigations": (),  # type: ignore[dict-item]
                "Neutrophil count decreased": (6, 6, 6),
                ODD: (0, 1, 0),
            },
            "n (%)",
        ),
        counts("orr", "orr", "Best response", {"Response": (4, 5, 6)}, "n/N (%) [interval]"),
        listing(),
    ]
    figures = [
        shares(),
        heat_map(),
        window(),
        car(),
        survival("km_os"),
        sample_escalation.escalation(SUBJECTS),
        sample_escalation.outlook(),
        sample_escalation.selection(),
        sample_escalation.correct_selection(),
        *sample_kinetics.figures(SUBJECTS),
        *sample_response.figures(SUBJECTS),
    ]
    absent = Output(
        "flow", "flow", "Participant flow", "table", "", empty="Not collected: no disposition data."
    )
    data: dict[str, pl.DataFrame] = {}
    for _, more in figures:
        data |= more
    empty = replace(
        figures[4][0], id="km_pfs", section="pfs", title="PFS", data=(), empty="No events."
    )
    return Results(
        study=packaged_study(),
        cutoff=dt.date(2026, 6, 30),
        values=long([value for _, values in tables for value in values]),
        outputs=(absent, *(output for output, _ in tables)),
        figures=(*(figure for figure, _ in figures), empty),
        data=data,
        headlines=headlines(),
        prose=(sample_escalation.prose(ODD),),
        findings=(s.Finding("AE", "002", "AETERM", "be given", "nothing", "Ask the site"),),
    )
