"""What the safety committee has decided on the dose, as known at the data cut.

Reading: decisions stand in the order of their dates, those of a day by their numbers; the last one
holds, whatever was infused since. A subject infused on the day of a decision was infused after it.
A decision for no dose level ends the escalation, as `stop` does.
"""

import datetime as dt

import polars as pl

from cartrial import schema as s
from cartrial.adam.dose_limiting.addl import Addl
from cartrial.adam.subject.adsl import Adsl
from cartrial.forms.conduct import DoseDecision
from cartrial.sdtm.domain import Sdtm
from cartrial.sdtm.domains.ts import Ts, dose_decisions
from cartrial.sdtm.summed import row_finding

FORM = "dose_decision"
NEEDED = ("decided", "to_level", "decision")


def committee_decisions(sdtm: Sdtm, cutoff: dt.date | None) -> s.DataFrame[DoseDecision]:
    """The decisions that can be read, up to the data cut, the last one last."""
    whole = dose_decisions(sdtm.of(Ts)).drop_nulls(NEEDED)
    known = whole if cutoff is None else whole.filter(pl.col("decided") <= cutoff)
    return DoseDecision.cast(known.sort("decided", "number"))


def last_decided(sdtm: Sdtm) -> dt.date | None:
    """The date of the last decision; null where there is none."""
    return max(dose_decisions(sdtm.of(Ts))["decided"].drop_nulls().to_list(), default=None)


def decision_findings(
    sdtm: Sdtm,
    decisions: s.DataFrame[DoseDecision],
    adsl: s.DataFrame[Adsl],
    addl: s.DataFrame[Addl],
) -> tuple[s.Finding, ...]:
    """Decisions that cannot be read, and subjects infused since at another level."""
    told = dose_decisions(sdtm.of(Ts))
    broken = told.filter(pl.any_horizontal(pl.col(name).is_null() for name in NEEDED))
    must = f"have {', '.join(NEEDED)}"
    found = (
        [
            row_finding(
                DoseDecision,
                broken,
                "",
                must,
                place=FORM,
                got="a part that is missing or cannot be read",
                remedy="The decision is left out",
                severity="warning",
            )
        ]
        if broken.height
        else []
    )
    return (*found, *_other_levels(decisions, adsl, addl))


def _other_levels(
    decisions: s.DataFrame[DoseDecision], adsl: s.DataFrame[Adsl], addl: s.DataFrame[Addl]
) -> list[s.Finding]:
    if decisions.is_empty():
        return []
    last = decisions.row(-1, named=True)
    infused = addl.join(adsl.select("USUBJID", "SUBJID", "TRTSDT"), on="USUBJID")
    apart = infused.filter(
        pl.col("TRTSDT") >= last["decided"], pl.col("DOSELVL") != last["to_level"]
    ).sort("TRTSDT", "USUBJID")
    if apart.is_empty():
        return []
    first = apart.row(0, named=True)
    more = f" (and {apart.height - 1} more)" if apart.height > 1 else ""
    return [
        s.Finding(
            FORM,
            f"number {last['number']}",
            "to_level",
            "be the level of everybody infused since",
            f"subject {first['SUBJID']} at dose level {first['DOSELVL']}{more}",
            "The decision holds. Enter the committee's later decision, if there is one",
            "warning",
        )
    ]
