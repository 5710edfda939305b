"""Trial Summary (TS).

From the study file, and from the forms: dose_decision.

A decision of the safety committee is of the trial, not of a subject. Its fields are parameters of
the sponsor, and TSSEQ is the number of the decision.

Source: SDTM Implementation Guide 3.4, section 7.4.2.
Reading: the study starts with the first consent, and a subject takes part from its consent on. A
    trial with a design for escalating the dose is sequential. What the study file does not tell has
    the null flavor NI (no information).
"""

from collections.abc import Mapping
from typing import Any

import polars as pl

from cartrial import schema as s
from cartrial.cdisc.terminology import codelists_of, packaged
from cartrial.forms.catalogue import Forms
from cartrial.forms.conduct import DoseDecision
from cartrial.forms.enrolment import Demographics
from cartrial.protocol.study import Study
from cartrial.sdtm.domains.trial import trial_table
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
    TSVALNF = char("Parameter Value Null Flavor")
    TSVALCD = char("Parameter Value Code", "Exp")
    TSVCDREF = char("Name of the Reference Terminology", "Exp")
    TSVCDVER = char("Version of the Reference Terminology", "Exp")


PHASES = {
    "early phase 1": "EARLY PHASE I",
    "phase 1": "PHASE I TRIAL",
    "phase 1/2": "PHASE I/II TRIAL",
    "phase 2": "PHASE II TRIAL",
}
INTERVENTIONS = {  # the registry's kinds of intervention in the words of INTTYPE
    "BIOLOGICAL": "BIOLOGIC",
    "COMBINATION_PRODUCT": "COMBINATION PRODUCT",
    "DEVICE": "DEVICE",
    "DRUG": "DRUG",
    "GENETIC": "GENETIC",
    "PROCEDURE": "PROCEDURE",
    "RADIATION": "RADIATION",
}
TYPES = {  # what each outcome is about, in the words of TTYPE
    "design": "DOSE FINDING",
    "ae": "SAFETY",
    "dlt": "SAFETY",
    "car": "PHARMACOKINETIC",
    "orr": "EFFICACY",
    "dor": "EFFICACY",
    "pfs": "EFFICACY",
    "os": "EFFICACY",
}
NOT_TOLD = {
    "ADDON": "Added on to Existing Treatments",
    "AGEMAX": "Planned Maximum Age of Subjects",
    "AGEMIN": "Planned Minimum Age of Subjects",
    "PCLAS": "Pharmacologic Class",
    "RANDOM": "Trial is Randomized",
    "SENDTC": "Study End Date",
    "SEXPOP": "Sex of Participants",
    "SPONSOR": "Clinical Study Sponsor",
    "TBLIND": "Trial Blinding Schema",
    "TCNTRL": "Control Type",
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
        for code, name, values in _parameters(study, forms)
        for n, value in enumerate(values, start=1)
        if value
    ]
    coded = [row | _coded(row["TSPARMCD"], row["TSVAL"]) for row in rows]
    return trial_table(Ts, study, [*coded, *_unknown(), *_decisions(forms)])


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


def _parameters(study: Study, forms: Forms) -> list[tuple[str, str, list[str]]]:
    """Short name, name and values of each parameter, in the order of their short names."""
    objectives = {
        role: [o.measure for o in study.outcomes if o.role == role]
        for role in ("primary", "secondary")
    }
    phase = PHASES.get(study.phase.lower(), study.phase.upper())
    return [
        ("ACTSUB", "Actual Number of Subjects", [str(forms.of(Demographics).height or "")]),
        ("INDIC", "Trial Disease/Condition Indication", [study.condition]),
        ("INTMODEL", "Intervention Model", ["SEQUENTIAL"] if study.design else []),
        ("INTTYPE", "Intervention Type", intervention_types(study)),
        ("LENGTH", "Trial Length", [f"P{study.schedule.end_of_study}D"] if study.schedule else []),
        ("NARMS", "Planned Number of Arms", [str(len(study.doses.levels))]),
        ("OUTMSPRI", "Primary Outcome Measure", objectives["primary"]),
        ("OUTMSSEC", "Secondary Outcome Measure", objectives["secondary"]),
        ("PLANSUB", "Planned Number of Subjects", [str(study.subjects or "")]),
        ("REGID", "Registry Identifier", [study.registry]),
        ("SDTIGVER", "SDTM IG Version", ["3.4"]),
        ("SDTMVER", "SDTM Version", ["2.0"]),
        ("SSTDTC", "Study Start Date", _first_consent(forms)),
        ("STOPRULE", "Study Stop Rules", [rule.name for rule in study.pause_rules]),
        ("STYPE", "Study Type", ["INTERVENTIONAL"]),
        ("TITLE", "Trial Title", [study.title]),
        ("TPHASE", "Trial Phase Classification", [phase]),
        ("TRT", "Investigational Therapy or Treatment", list(study.product.treatments)),
        ("TTYPE", "Trial Type", trial_types(study)),
    ]


def intervention_types(study: Study) -> list[str]:
    """The kind of each registered intervention, in the words of INTTYPE."""
    return [INTERVENTIONS[one.kind] for one in study.interventions if one.kind in INTERVENTIONS]


def trial_types(study: Study) -> list[str]:
    """What the trial is about, in the words of TTYPE, each once."""
    analyses = ["design" if study.design else "", *(o.analysis or "" for o in study.outcomes)]
    return list(dict.fromkeys(TYPES[one] for one in analyses if one in TYPES))


def _first_consent(forms: Forms) -> list[str]:
    """The first date of consent that is known to the day."""
    dates = forms.of(Demographics)["consented"].drop_nulls().str.slice(0, 10)
    return dates.filter(dates.str.len_chars() == 10).sort().head(1).to_list()


def _unknown() -> list[dict[str, Any]]:
    """Parameters that a submission wants and that the study file does not tell."""
    return [
        {"TSSEQ": 1, "TSPARMCD": code, "TSPARM": name, "TSVALNF": "NI", "TSVCDREF": "ISO 21090"}
        for code, name in NOT_TOLD.items()
    ]


def _coded(parameter: str, value: str) -> dict[str, str]:
    """The code of a value in controlled terminology, where it is a term there."""
    published = packaged()
    for codelist in codelists_of("TSVAL", parameter):
        if term := published.codelists[codelist].terms.get(value):
            return {"TSVALCD": term.code, "TSVCDREF": "CDISC CT", "TSVCDVER": published.version}
    return {}
