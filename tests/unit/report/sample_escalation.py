"""Hand-made figures and text of the dose escalation."""

import datetime as dt

from cartrial.results.figures import (
    CorrectCell,
    DoseGiven,
    DoseStep,
    OutlookFork,
    SelectionShare,
)
from cartrial.results.result import Prose
from tests.unit.report.drawn import Drawn, drawn, frame

LEVELS = ("1 × 10⁶/kg", "2 × 10⁶/kg", "4 × 10⁶/kg")


def escalation(subjects: tuple[str, ...]) -> Drawn:
    """Every DLT status, two steps in one place, and an end."""
    statuses = ("complete", "DLT", "not evaluable", "pending", "maturing")
    given = [
        (
            subject,
            n,
            dt.date(2025, 1, 1) + dt.timedelta(days=10 * n),
            1 + n // 8,
            LEVELS[n // 8],
            statuses[n % 5],
            "DLT on day 12" if n % 5 == 1 else statuses[n % 5],
            None,
        )
        for n, subject in enumerate(subjects, 1)
    ]
    on = dt.date(2025, 1, 1)
    steps = [
        (1, 0.5, 7.5, 1, "1", on, "escalate", "level 1. Nobody treated"),
        (2, 7.5, 7.5, 2, None, on, "escalate", "level 2"),
        (3, 7.5, 15.5, 2, "2, 3", on, "stay", "level 2"),
        (4, 15.5, 18.5, 3, "4", on, "not recorded", "wait"),
        (5, 18.5, 18.5, None, "5", on, "stop", "stop"),
    ]
    data = {
        "escalation_infused": frame(DoseGiven, given),
        "escalation_steps": frame(DoseStep, steps),
    }
    return drawn(
        "escalation",
        "escalation",
        "escalation",
        "Subject, in the order of infusion",
        "Dose level",
        data,
    )


def outlook() -> Drawn:
    """A tree of two cohorts, with a fork of every kind."""
    kinds = ("escalate", "stay", "de-escalate", "wait", "stop", "end")
    forks = [(1, None, 0, 3.5, None, "Now: nobody treated", "Start: 3 at level 1", "start", "why")]
    forks += [
        (n + 1, 1, 1, float(n), 3.5, f"{n} DLT in 6 more at level 1", f"{kind}: 3", kind, "why")
        for n, kind in enumerate(kinds, 1)
    ]
    return drawn("escalation", "outlook", "outlook", "", "", {"outlook": frame(OutlookFork, forks)})


def selection() -> Drawn:
    """Two scenarios of three levels."""
    shares = {"Level 2 is the MTD": (2.0, 28.0, 50.0, 20.0), "Too toxic": (99.5, 0.5, 0.0, 0.0)}
    rows = [
        (name, order, level, n, percent, n == (2, 0)[order - 1])
        for order, (name, percents) in enumerate(shares.items(), 1)
        for n, (level, percent) in enumerate(zip(("None", *LEVELS), percents, strict=True))
    ]
    data = {"selection": frame(SelectionShare, rows)}
    return drawn(
        "escalation", "selection", "selection", "Probability of selection, %", "Scenario", data
    )


def correct_selection() -> Drawn:
    """Cells between 0.5 and 3.5 levels."""
    rows = [
        (0.5 + i / 2, 1 + i / 2, 0.5 + j / 4, 0.75 + j / 4, 10.0 * i + j, LEVELS[i // 2], "10%")
        for i in range(6)
        for j in range(4)
    ]
    data = {"correct_selection": frame(CorrectCell, rows)}
    return drawn(
        "escalation",
        "correct_selection",
        "correct_selection",
        "Dose level of the target",
        "Rise of the log odds",
        data,
    )


def prose(odd: str) -> Prose:
    """Text with markup in it."""
    return Prose(
        "protocol-text",
        "escalation",
        "Statistical text for the protocol",
        ("The dose escalates.", odd),
        tables=("teae", "flow"),
        references=("Liu & Yuan 2015, J R Stat Soc C 64:507-523.",),
    )
