"""The decision table of the study's design: what the DLTs at a dose say about that dose."""

from cartrial.dosing.decision import Decision
from cartrial.dosing.decision_table.rule import Range, ranges, rows_of, rule_of
from cartrial.dosing.designs import DESIGNS
from cartrial.protocol.design import Design, TiteBoin
from cartrial.protocol.study import Study
from cartrial.results.population import Population
from cartrial.results.result import Group
from cartrial.results.table import Filled, Table, counted, nothing

ID, TITLE = "decision_table", "Decision table of the design"
NEVER = "never"
LEAST = 12  # patients at a dose, where no number is planned
COLUMNS = {
    Decision.ESCALATE: "Escalate",
    Decision.STAY: "Stay",
    Decision.DEESCALATE: "De-escalate",
    Decision.ELIMINATE: "De-escalate and bar",
}


def decision_table(study: Study, design: Design) -> Filled:
    """The DLTs with which each decision is made, for every number of patients at a dose."""
    name, decide = DESIGNS[design.kind].name, rule_of(design)
    if decide is None:
        why = f"None: {name} fits a model to the subjects of all doses, not a rule to each dose."
        return nothing(ID, "escalation", TITLE, "", why)
    table = Table(ID, Population("", ()))
    for treated in rows_of(design, most=study.subjects or LEAST):
        number = table.row(counted(treated, "patient"), "text")
        made = ranges(decide, treated=treated)
        for decision, label in COLUMNS.items():
            told = _words(made.get(decision), treated)
            table.put(number, label, "text", label, text=told)
    return table.fill(
        "escalation",
        TITLE,
        shown=f"By {name}: patients at a dose in the rows, the number of DLTs among them in the "
        "cells.",
        footnotes=_notes(design),
        groups=[Group(label, label) for label in COLUMNS.values()],
    )


def _words(dlts: Range | None, treated: int) -> str:
    if dlts is None:
        return NEVER
    fewest, most = dlts
    if fewest == most:
        return f"{fewest}"
    return f"{fewest} or more" if most == treated else f"{fewest} to {most}"


def _notes(design: Design) -> tuple[str, ...]:
    pending = (
        "With nobody in the window. Who is in it counts with the part that is behind them."
        if isinstance(design, TiteBoin)
        else ""
    )
    return (
        "Patients: those evaluable for DLT at the dose, cohorts taken together. A dose is barred "
        "with all above it, and stays barred. No dose goes below the first or above the last.",
        pending,
    )
