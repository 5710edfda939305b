"""Adverse events of special interest: how many subjects had one of each category, and how bad.

Every category has its line, those without an event too.
"""

import polars as pl

from cartrial.adam.adverse.adae import Adae
from cartrial.adam.adverse.special_interest import CATEGORIES, DAY, GRADE
from cartrial.results.population import Trial
from cartrial.results.severity import adverse_events, pairs, worst
from cartrial.results.table import Filled, Table, counted, nothing

TITLE = "Adverse events of special interest, by category"
NOTES = (
    "An event belongs to one category. CRS and ICANS are counted here as adverse events; signs of "
    "their episodes are of no category.",
    "Prolonged cytopenia: low neutrophils, low platelets, anaemia, a low count of all blood cells "
    f"or failure of the bone marrow, of grade {GRADE} or higher and not over by day {DAY}; low "
    "lymphocytes are not among them. Laboratory values are not counted here.",
)


def special_interest(trial: Trial) -> tuple[Filled, ...]:
    """The table; it follows the adverse events."""
    if not trial.adam.has(Adae):
        why = "Not collected: adverse events (no AE data)."
        return (nothing("ae_special", "ae", TITLE, trial.infused.label, why),)
    events, scale = adverse_events(trial)
    after = events.filter((pl.col("SAFFL") == "Y") & (pl.col("TRTEMFL") == "Y"))
    found = after.filter(pl.col("AESIFL") == "Y")
    table = Table("ae_special", trial.infused, source="ADAE where SAFFL, TRTEMFL and AESIFL = Y")
    table.events("Number of events", found["subject"].to_list())
    for name in ("", *CATEGORIES):
        rows = found.filter(pl.col("AESICAT") == name) if name else found
        words, graded = name or "Any event of special interest", worst(pairs(rows))
        table.count(words, graded.any)
        for level, subjects in ((scale.high, graded.high), (scale.missing, graded.missing)):
            if subjects:
                table.count(level, subjects, indent=1, variable=f"{words}, {level.lower()}")
    shown = (
        "Events of special interest that began or worsened after the infusion, whatever the cause."
    )
    return (table.fill("ae", TITLE, shown=shown, footnotes=(*NOTES, *_untold(after))),)


def _untold(events: pl.DataFrame) -> tuple[str, ...]:
    open_ = events.filter(pl.col("AESIUFL") == "Y")
    if open_.is_empty():
        return ()
    number = counted(open_.height, "more cytopenia")
    return (
        f"Not counted, for it cannot be told whether they were prolonged: {number} of "
        f"{counted(open_['subject'].n_unique(), 'subject')}, with a grade, an end or day {DAY} "
        "that is not known or not reached yet.",
    )
