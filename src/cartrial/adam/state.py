"""The state of the dose escalation, from the DLT status of each subject (ADDL).

The current level is that of the committee's last decision, else that of the subject infused last.

Reading: subjects stand in the order of their infusion; those without its date come last. A subject
whose dose level is not known counts at none, and takes one of the planned places. Decisions are
read as in adam.decisions.
"""

from typing import Any

import polars as pl

from cartrial import schema as s
from cartrial.adam.dataset import Adam
from cartrial.adam.dose_limiting.addl import Addl
from cartrial.adam.subject.adsl import Adsl
from cartrial.dosing.conduct.next_dose import replay
from cartrial.dosing.state import Patient, State
from cartrial.forms.conduct import DoseDecision
from cartrial.protocol.study import Study


def dosing_state(study: Study, adam: Adam) -> State:
    """The subjects that count for the escalation, and the levels that its design has barred."""
    state = seen_state(study, adam)
    return state if study.design is None else replay(study.design, study.dlt, state, study.rules)


def seen_state(study: Study, adam: Adam) -> State:
    """The subjects that count for the escalation, in the order of infusion; no design is asked."""
    when = adam.of(Adsl).select("USUBJID", "SUBJID", "TRTSDT", "TRTSDTM")
    known = adam.of(Addl).join(when, on="USUBJID").filter(pl.col("EVALLVL").is_not_null())
    ordered = known.sort("TRTSDT", "TRTSDTM", "USUBJID", nulls_last=True)
    patients = tuple(
        Patient(
            row["SUBJID"],
            row["EVALLVL"],
            row["DLTSTAT"],
            row["DLTFUP"] or 0,
            row["DOSELVL"],
            row["DLTDAY"],
        )
        for row in ordered.iter_rows(named=True)
    )
    unknown = adam.of(Addl).height - known.height
    planned = None if study.subjects is None else max(study.subjects - unknown, 0)
    return State(
        levels=len(study.doses.levels),
        patients=patients,
        planned=planned,
        **_decided(adam.decisions, ordered["TRTSDT"]),
    )


def _decided(decisions: s.DataFrame[DoseDecision], infused: pl.Series) -> dict[str, Any]:
    """The level of the last decision and how many were infused before it; `ended` if it stops."""
    if decisions.is_empty():
        return {}
    last = decisions.row(-1, named=True)
    return {
        "decided": last["to_level"] or None,
        "decided_after": int((infused < last["decided"]).sum()),
        "ended": last["decision"] == "stop" or last["to_level"] == 0,
    }
