"""The role of a variable in its dataset: what it is for, as the guide says.

Source: SDTM Implementation Guide 3.4, the specification tables; SDTM 2.0 for variables of the model
    that the guide does not list in a domain. Two letters of the domain are written as two hyphens.
"""

from collections.abc import Mapping

ROLES: Mapping[str, tuple[str, ...]] = {
    "Identifier": (
        *("STUDYID", "DOMAIN", "USUBJID", "SPDEVID", "RDOMAIN", "IDVAR", "IDVARVAL"),
        *("--SEQ", "--GRPID", "--REFID", "--SPID", "--LNKID", "--LNKGRP"),
    ),
    "Topic": (
        *("SUBJID", "ETCD", "IETESTCD", "QNAM"),
        *("--PARMCD", "--TERM", "--TRT", "--TESTCD"),
    ),
    "Grouping Qualifier": ("IECAT", "IESCAT", "--CAT", "--SCAT", "--TSTPNL"),
    "Result Qualifier": (
        *("QVAL", "--VAL", "--VALNF", "--VALCD", "--VCDREF", "--VCDVER"),
        *("--ORRES", "--STRESC", "--STRESN"),
    ),
    "Rule": ("--BRANCH", "--TRANS", "--STRL", "--ENRL", "--RL"),
    "Synonym Qualifier": (
        *("INVNAM", "ARM", "ACTARM", "ELEMENT", "IETEST", "QLABEL", "SEUPDES"),
        *("--PARM", "--MODIFY", "--DECOD", "--TEST", "--LOINC"),
    ),
    "Timing": (
        *("TAETORD", "EPOCH", "VISITNUM", "VISIT", "VISITDY"),
        *("--DTC", "--DY", "--STDTC", "--ENDTC", "--STDY", "--ENDY", "--ETORD", "--DUR", "--ENRF"),
        *("--ENRTPT", "--ENTPT", "--STRF", "--STRTPT", "--STTPT", "--TPT", "--TPTNUM", "--ELTM"),
        *("--TPTREF", "--RFTDTC", "--PTFL", "--PDUR", "--EVLINT", "--STINT", "--ENINT", "--EVINTX"),
    ),
    "Variable Qualifier": (
        *("AGEU", "--PRESP", "--LLT", "--LLTCD", "--PTCD", "--HLT", "--HLTCD", "--HLGT"),
        *("--HLGTCD", "--BDSYCD", "--SOC", "--SOCCD", "--EVDTYP", "--CLAS", "--CLASCD", "--DOSU"),
        *("--DOSFRM", "--ROUTE", "--LAT", "--DIR", "--PORTOT", "--PSTRGU", "--ORRESU", "--STRESU"),
        *("--ANTREG", "--SBMRKS", "--CELSTA", "--CSMRKS", "--TSTCND", "--ORNRLO", "--ORNRHI"),
        *("--STNRLO", "--STNRHI", "--NRIND", "--TSTOPO", "--LLOD", "--STNRC", "--TOX", "--LLOQ"),
        *("--ULOQ", "--EVALID"),
    ),
}
BY_VARIABLE = {name: role for role, names in ROLES.items() for name in names}
ELSEWISE: Mapping[tuple[str, str], str] = {  # in this dataset alone
    ("DM", "ARMCD"): "Record Qualifier",
    ("TV", "ARMCD"): "Record Qualifier",
    ("TA", "ARMCD"): "Topic",
    ("TA", "ETCD"): "Record Qualifier",
    ("SV", "VISITNUM"): "Topic",
    ("SV", "VISIT"): "Synonym Qualifier",
    ("TV", "VISITNUM"): "Topic",
    ("TV", "VISIT"): "Synonym Qualifier",
    ("LB", "LBBDAGNT"): "Variable Qualifier",
    ("VS", "VSLAT"): "Result Qualifier",
}


def role_of(dataset: str, variable: str) -> str:
    """The role; what is none of the others qualifies the record."""
    general = f"--{variable.removeprefix(dataset)}"
    known = ELSEWISE.get((dataset, variable)) or BY_VARIABLE.get(variable)
    return known or BY_VARIABLE.get(general, "Record Qualifier")
