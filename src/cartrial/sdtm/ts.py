"""Trial Summary (TS).

From the study file.
"""

from cartrial import schema as s
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
    "early phase 1": "EARLY PHASE I TRIAL",
    "phase 1": "PHASE I TRIAL",
    "phase 1/2": "PHASE I/II TRIAL",
    "phase 2": "PHASE II TRIAL",
}


def to_ts(study: Study) -> s.DataFrame[Ts]:
    """What the study file says of the trial as TS."""
    rows = [
        {"TSSEQ": n, "TSPARMCD": code, "TSPARM": name, "TSVAL": value}
        for code, name, values in _parameters(study)
        for n, value in enumerate(values, start=1)
        if value
    ]
    return trial_table(Ts, study, rows)


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
