"""Trial Summary (TS).

From the study file, and from the forms: dose_decision.

A decision of the safety committee is of the trial, not of a subject. Its fields are parameters of
the sponsor, and TSSEQ is the number of the decision.
"""

from collections.abc import Mapping
from typing import Any

import polars as pl

from cartrial import schema as s
from cartrial.forms.catalogue import Forms
from cartrial.forms.conduct import DoseDecision
from cartrial.protocol.study import Study
from cartrial.sdtm.trial import trial_table
from cartrial.sdtm.variable import char


class Ts(s.Table):
    """Trial Summary (TS)."""

    STUDYID = char("Study Identifier", "Req")
    DOMAIN = char("Domain Abbreviation", "Req")
    TSSEQ = s.count("Sequence Number", "number", min=1, primary_key=True, core="Req")
    TSPARMCD = s.text(
        "Trial Summary Parameter Short Name", private=False, primary_key=True, core="Req"
    )
    TSPARM = char("Trial Summary Parameter", "Req")
    TSVAL = char("Parameter Value", "Exp")
    TSVALNF = char("Parameter Null Flavor")


PHASES = {
    "early phase 1": "EARLY PHASE I",
    "phase 1": "PHASE I TRIAL",
    "phase 1/2": "PHASE I/II TRIAL",
    "phase 2": "PHASE II TRIAL",
}
DECISION = {  # the parameter of each field of a decision
    "decided": ("DDDATE", "Date of Dose Decision"),
    "from_level": ("DDFROM", "Dose Level Before Dose Decision"),
    "to_level": ("DDTO", "Dose Level After Dose Decision"),
    "decision": ("DDDECIS", "Dose Decision"),
    "reason": ("DDREAS", "Reason for Dose Decision"),
}


def to_ts(study: Study, forms: Forms) -> s.DataFrame[Ts]:
    """What the study file says of the trial, and the decisions on its dose, as TS."""
    rows: list[dict[str, Any]] = [
        {"TSSEQ": n, "TSPARMCD": code, "TSPARM": name, "TSVAL": value}
        for code, name, values in _parameters(study)
        for n, value in enumerate(values, start=1)
        if value
    ]
    return trial_table(Ts, study, rows + _decisions(forms))


def from_ts(study: Study, records: pl.DataFrame) -> Mapping[type[s.Table], pl.DataFrame]:
    """The forms that were mapped into TS."""
    return {DoseDecision: dose_decisions(records)}


def dose_decisions(records: pl.DataFrame) -> pl.DataFrame:
    """The decisions on the dose, in their order; what is absent or cannot be read is null."""
    fields = {code: field for field, (code, _) in DECISION.items()}
    told = records.filter(pl.col("TSPARMCD").is_in(list(fields)), pl.col("TSSEQ").is_not_null())
    by_field = told.group_by("TSSEQ", maintain_order=True).agg(
        pl.col("TSVAL").filter(pl.col("TSPARMCD") == code).first().alias(field)
        for code, field in fields.items()
    )
    text = by_field.select(
        pl.col("TSSEQ").cast(pl.String).alias("number"),
        *(pl.col(field).cast(pl.String) for field in DECISION),
    )
    return s.typed(DoseDecision, text).sort("number")


def _decisions(forms: Forms) -> list[dict[str, Any]]:
    """A record for each field of each decision that has a value."""
    text = s.to_text(DoseDecision, forms.of(DoseDecision))
    return [
        {"TSSEQ": int(row["number"]), "TSPARMCD": code, "TSPARM": name, "TSVAL": row[field]}
        for row in text.iter_rows(named=True)
        for field, (code, name) in DECISION.items()
        if row[field] is not None
    ]


def _parameters(study: Study) -> list[tuple[str, str, list[str]]]:
    """Short name, name and values of each parameter, in the order of their short names."""
    objectives = {
        role: [o.measure for o in study.outcomes if o.role == role]
        for role in ("primary", "secondary")
    }
    phase = PHASES.get(study.phase.lower(), study.phase.upper())
    return [
        ("INDIC", "Trial Disease/Condition Indication", [study.condition]),
        ("NARMS", "Planned Number of Arms", [str(len(study.doses.levels))]),
        ("OUTMSPRI", "Primary Outcome Measure", objectives["primary"]),
        ("OUTMSSEC", "Secondary Outcome Measure", objectives["secondary"]),
        ("PLANSUB", "Planned Number of Subjects", [str(study.subjects or "")]),
        ("REGID", "Registry Identifier", [study.registry]),
        ("STYPE", "Study Type", ["INTERVENTIONAL"]),
        ("TITLE", "Trial Title", [study.title]),
        ("TPHASE", "Trial Phase Classification", [phase]),
        ("TRT", "Investigational Therapy or Treatment", list(study.product.treatments)),
    ]
