"""Terms of USDM's own codelists (DDF terminology), which SDTM terminology does not have.

Source: CDISC DDF Controlled Terminology, for USDM 4.0.
Reading: a definition names one version of CDISC's terminology, that of the packaged SDTM terms;
    these terms have stood unchanged since 2024-09-27.
"""

from cartrial.cdisc.terminology import Term


def _term(code: str, name: str) -> Term:
    return Term(name, code, name)


OFFICIAL_TITLE = _term("C207616", "Official Study Title")  # C207419
REGISTRY = _term("C93453", "Clinical Study Registry")  # C188724
INVESTIGATIONAL_ARM = _term("C174266", "Investigational Arm")  # C174222
WITHIN_STUDY = _term("C188866", "Data Generated Within Study")  # C188727
VISIT = _term("C25716", "Visit")  # C188728
AFTER = _term("C201356", "After")  # C201264
BEFORE = _term("C201357", "Before")
FIXED_REFERENCE = _term("C201358", "Fixed Reference")
START_TO_START = _term("C201355", "Start to Start")  # C201265
EXPERIMENTAL = _term("C41161", "Experimental Intervention")  # C207417
ADDITIONAL = _term("C207614", "Additional Required Treatment")
OBJECTIVES = {  # C188725
    "primary": _term("C85826", "Trial Primary Objective"),
    "secondary": _term("C85827", "Trial Secondary Objective"),
    "other": _term("C163559", "Trial Exploratory Objective"),
}
ENDPOINTS = {  # C188726
    "primary": _term("C94496", "Primary Endpoint"),
    "secondary": _term("C139173", "Secondary Endpoint"),
    "other": _term("C170559", "Exploratory Endpoint"),
}
