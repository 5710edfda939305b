"""The escalation as it happened: each step of the dose, and what the design said on that day.

The data are cut at the day of the step and derived anew, so that the design is asked on what was
known then, with the decisions of the committee before it.

Reading: a step is a decision of the committee. Where none was collected, it is the first infusion
at another dose level than the one before. Who is infused on the day of a step is infused after it.
The rule that makes a recommendation provisional is left out: these are the decisions.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

import polars as pl

from cartrial import schema as s
from cartrial.adam.dataset import Adam
from cartrial.adam.derive import derive_dose_limiting
from cartrial.adam.dose_limiting.addl import Addl
from cartrial.adam.state import dosing_state, seen_state
from cartrial.adam.subject.adsl import Adsl
from cartrial.dosing.conduct.next_dose import recommend
from cartrial.dosing.decision import Recommendation
from cartrial.dosing.state import State
from cartrial.errors import TrialError
from cartrial.forms.conduct import DoseDecision
from cartrial.protocol.study import Study
from cartrial.sdtm.domain import Sdtm


@dataclass(frozen=True)
class Step:
    """A step of the dose: to which level, None where it ended the escalation, and when.

    `decision` is the committee's word and `reason` its own; both are empty where the step is known
    by the first infusion alone. `before` is the trial as known on the day, and `said` what the
    design then recommended; where it could not, `why_not` says so.
    """

    on: dt.date
    level: int | None
    decision: str
    reason: str
    before: State
    said: Recommendation | None
    why_not: str = ""


@dataclass(frozen=True)
class _Turn:
    """A step before the design is asked; `decisions` are those made before it."""

    on: dt.date
    level: int | None
    decision: str
    reason: str
    decisions: s.DataFrame[DoseDecision]


def retrace(study: Study, sdtm: Sdtm, adam: Adam) -> tuple[Step, ...]:
    """Every step up to the data cut of `adam`; none where the study names no design."""
    if study.design is None or study.dlt is None or not adam.has(Addl):
        return ()
    turns = _infused(adam) if adam.decisions.is_empty() else _decided(adam.decisions)
    return tuple(_step(study, sdtm, adam, turn) for turn in turns)


def _decided(decisions: s.DataFrame[DoseDecision]) -> Iterator[_Turn]:
    for number, row in enumerate(decisions.iter_rows(named=True)):
        ends = row["decision"] == "stop" or not row["to_level"]
        yield _Turn(
            row["decided"],
            None if ends else row["to_level"],
            row["decision"],
            row["reason"] or "",
            DoseDecision.cast(decisions.head(number)),
        )


def _infused(adam: Adam) -> Iterator[_Turn]:
    """The first infusion of each run of subjects at one level."""
    dated = adam.of(Addl).join(adam.of(Adsl).select("USUBJID", "TRTSDT", "TRTSDTM"), on="USUBJID")
    known = dated.drop_nulls(["TRTSDT", "DOSELVL"]).sort("TRTSDT", "TRTSDTM", "USUBJID")
    first = known.filter(pl.col("DOSELVL").ne_missing(pl.col("DOSELVL").shift()))
    for on, level in first.select("TRTSDT", "DOSELVL").iter_rows():
        yield _Turn(on, level, "", "", adam.decisions)


def _step(study: Study, sdtm: Sdtm, adam: Adam, turn: _Turn) -> Step:
    earlier = pl.col("TRTSDT") < turn.on
    anybody = not adam.of(Adsl).filter(earlier).is_empty()
    known = derive_dose_limiting(study, sdtm, turn.on) if anybody else adam  # then left empty
    before = known.of(Adsl).filter(earlier).select("USUBJID")
    tables = {
        name: table.join(before, on="USUBJID", how="semi", maintain_order="left")
        for name, table in known.tables.items()
        if name in ("ADSL", "ADDL")
    }
    then = replace(known, tables=tables, decisions=turn.decisions)
    state, said, why_not = asked(_ungated(study), then)
    return Step(turn.on, turn.level, turn.decision, turn.reason, state, said, why_not)


def asked(study: Study, adam: Adam) -> tuple[State, Recommendation | None, str]:
    """The trial at the data cut and what its design says; or why it cannot say anything."""
    assert study.design is not None
    try:
        state = dosing_state(study, adam)
        return state, recommend(study.design, study.dlt, state, study.rules), ""
    except TrialError as fault:
        return seen_state(study, adam), None, str(fault)


def _ungated(study: Study) -> Study:
    """The study without the rule that makes a recommendation provisional."""
    rules = study.rules.model_copy(update={"committee": False})
    return study.model_copy(update={"rules": rules})
