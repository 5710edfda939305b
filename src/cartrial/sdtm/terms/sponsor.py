"""Sponsor terms: values of ours that controlled terminology lacks, each with its meaning and why.

A test of ours has a term for its code here; its name stands in the mapping of its domain. Only an
extensible codelist takes such terms, and define.xml names them as extended values.

Source: CDISC SDTM Controlled Terminology 2025-03-28, in which each value was sought; Lee 2019, Biol
    Blood Marrow Transplant 25:625-638 (CRS, ICANS, ICE); Kumar 2016, Lancet Oncol 17:e328 (IMWG).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from types import MappingProxyType

from cartrial import units
from cartrial.sdtm.domains import bs, fa, lb, sc
from cartrial.sdtm.domains.ts import DECISION
from cartrial.sdtm.mapping import Findings


@dataclass(frozen=True)
class Sponsor:
    """A value of ours under the codelist of a variable; a test has its name too."""

    variable: str
    value: str
    meaning: str
    why: str
    name: str = ""


CRS = "CDISC has no terms for the bedside signs that ASTCT grades CRS by"
ICANS = "CDISC has no terms for the signs and the ICE score that ASTCT grades ICANS by"
PRODUCT = "CDISC has no terms for a CAR-T cell product and its release tests"
CAR = "CDISC has no terms for CAR-positive cells or the CAR transgene"
DOSE = "CDISC counts therapeutic cells, not CAR-positive ones, and none by body weight"
MYELOMA = "CDISC has no term for this result of the myeloma laboratory"
HISTORY = "CDISC has no subject characteristic for this state of the disease before treatment"
DECIDED = "CDISC has no trial summary parameter for a decision of the dose committee"
CONDUCT = "CDISC has no disposition term for this step of a trial of cells made for one patient"
OPEN_ENDED = "The form offers it for what its list does not name"

DECLARED: tuple[tuple[str, str, Mapping[str, str]], ...] = (
    (
        CRS,
        "FATESTCD",
        {
            "ASTCTGR": "ASTCT consensus grade of CRS or ICANS, by the investigator",
            "TEMP": "Highest temperature since the last assessment",
            "OTHCAUSE": "The fever has a cause other than CRS",
            "TREATED": "Antipyretic, tocilizumab or steroid was given for this episode",
            "HYPOTENS": "Hypotension",
            "PRESOTHC": "The hypotension has a cause other than CRS",
            "VASOPRES": "Number of vasopressors, vasopressin not counted",
            "VASOPSIN": "Vasopressin is given",
            "OXYGEN": "Kind of oxygen support",
            "OXYFLOW": "Flow of oxygen",
            "OXYOTHC": "The need of oxygen has a cause other than CRS",
        },
    ),
    (
        ICANS,
        "FATESTCD",
        {
            "ICEORIEN": "ICE score: points for orientation, 0 to 4",
            "ICENAME": "ICE score: points for naming, 0 to 3",
            "ICECOMM": "ICE score: point for following a simple command",
            "ICEWRITE": "ICE score: point for writing a standard sentence",
            "ICEATTEN": "ICE score: point for counting backwards from 100 by ten",
            "ICENOTWY": "Why the ICE score was not taken",
            "CONSCIOU": "Depressed level of consciousness, as ASTCT lists it",
            "SEIZURE": "Seizure, as ASTCT lists it",
            "MOTWEAK": "Deep focal motor weakness",
            "ICPRESS": "Raised intracranial pressure or cerebral oedema, as ASTCT lists it",
            "ICOTHC": "The signs have a cause other than ICANS",
        },
    ),
    (
        PRODUCT,
        "BSTESTCD",
        {
            "RELEASED": "The product was released for infusion",
            "WITHSPEC": "The product was within its specification",
            "CARPOS": "CAR-positive of CD3-positive cells of the product, %",
            "VCN": "Copies of the vector in each cell of the product",
        },
    ),
    (PRODUCT, "BSSPEC", {"CAR-T PRODUCT": "The CAR-T cell product, as made for the subject"}),
    (CAR, "CPTESTCD", {"CARCELL": "CAR-positive cells; CPTEST names the product they are of"}),
    (
        DOSE,
        "EXDOSU ECDOSU",
        {
            "10^6 CAR+ cells/kg": "Million CAR-positive cells for each kg of body weight",
            "10^6 CAR+ cells": "Million CAR-positive cells",
            "10^7 CAR+ cells": "Ten million CAR-positive cells",
            "10^8 CAR+ cells": "Hundred million CAR-positive cells",
        },
    ),
    (
        "CDISC has areas of DNA copies in hours alone; days are what cells are followed by",
        "PPORRESU PPSTRESU",
        {
            "day*DNA copies/ug": "Days times DNA copies per microgram, of an area",
            "day*day*DNA copies/ug": "Days squared times DNA copies per microgram, of a moment",
        },
    ),
    (
        "CDISC has no unit for what a terminal slope rests on",
        "PPORRESU PPSTRESU",
        {"half-lives": "Half-lives that the points cover", "points": "Number of points"},
    ),
    (
        MYELOMA,
        "LBTESTCD",
        {
            "MPIFE": "Whether immunofixation finds a monoclonal protein",
            "MPIFEBND": "Whose band it is that immunofixation sees",
            "PLSCLON": "Whether clonal plasma cells are found in the marrow",
        },
    ),
    (
        MYELOMA,
        "LBSTRESC",
        {
            "OF THE MYELOMA": "The band is of the protein of the myeloma",
            "OLIGOCLONAL": "Several faint bands, as recovering B cells make them",
            "THERAPEUTIC ANTIBODY": "The band is a therapeutic antibody",
            "NOT STATED": "The laboratory does not say whose band it is",
        },
    ),
    (
        "CDISC counts CD4 T lymphocytes in CP; the laboratory form holds all counts of a sample",
        "LBTESTCD",
        {"CD4": "CD4-positive T lymphocytes"},
    ),
    (
        "The form has the amount in 24 hours, not the start and the end of the collection",
        "LBSPEC",
        {"24 H URINE": "Urine of 24 hours"},
    ),
    (MYELOMA, "TUSTRESC", {"PLASMACYTOMA": "A plasmacytoma, in soft tissue or beside a bone"}),
    (
        "MRD is a response of RS, whose methods in CDISC are those of questionnaires alone",
        "RSMETHOD",
        {
            "FLOW CYTOMETRY": "Flow cytometry, a term of METHOD (C85492)",
            "NEXT GENERATION SEQUENCING": "Sequencing, a term of METHOD (C85492)",
        },
    ),
    (OPEN_ENDED, "RSCAT", {"OTHER": "Criteria that the study file names and CDISC does not"}),
    (OPEN_ENDED, "CMROUTE", {"OTHER": "Another route than intravenous, oral or subcutaneous"}),
    (
        "CDISC's U is of biological activity, and its BAG a container",
        "CMDOSU",
        {"UNIT": "A unit of a blood product as the blood bank issues it"},
    ),
    (
        CONDUCT,
        "DSDECOD",
        {
            "MANUFACTURING FAILURE": "No product could be made that was fit for infusion",
            "SLOT REQUESTED": "A place in the current cohort was asked for",
            "RETREATMENT DECIDED": "A second infusion was decided on",
            "DEATH": "Death, whenever it happens; a term of NCOMPLT (C66727) too",
        },
    ),
    (OPEN_ENDED, "DSDECOD", {"OTHER": "Another reason than the form lists"}),
    (
        "CDISC has no epoch for the making of a product from the subject's own cells",
        "EPOCH",
        {"PRE-TREATMENT": "From leukapheresis to the first lymphodepleting drug"},
    ),
    (
        "CDISC's derivation types fill in values; none is of a formula",
        "DTYPE",
        {"CORRECTED": "Calcium corrected for albumin"},
    ),
    (
        HISTORY,
        "SCTESTCD",
        {
            "MMHEAVY": "Heavy chain of the monoclonal protein",
            "MMLIGHT": "Light chain of the monoclonal protein",
            "ISS": "Stage by the International Staging System",
            "RISS": "Stage by the Revised International Staging System",
            "HIGHRISK": "High-risk cytogenetics, as the study defines them",
            "EXTRAMED": "Extramedullary disease before treatment",
            "PRIORLIN": "Number of prior lines of therapy",
            "PRIORASC": "Prior autologous stem cell transplant",
            "TRIPREF": "Refractory to a proteasome inhibitor, an IMiD and an anti-CD38 antibody",
            "ECOG": "ECOG performance status before treatment",
            "BCMAPOS": "Plasma cells that carry BCMA, %",
        },
    ),
    (
        DECIDED,
        "TSPARMCD",
        {
            "DDDATE": "Day of the decision",
            "DDFROM": "Dose level before the decision",
            "DDTO": "Dose level after the decision",
            "DDDECIS": "What was decided",
            "DDREAS": "Why it was decided",
        },
    ),
)


def _test_names() -> Mapping[tuple[str, str], str]:
    """The name of each test by the variable and the value of its code."""
    mappings = (*bs.MAPPINGS, *fa.MAPPINGS, *lb.MAPPINGS, *sc.MAPPINGS)
    items = {
        (f"{mapping.domain.__name__.upper()}TESTCD", item.code): item.name
        for mapping in mappings
        if isinstance(mapping, Findings)
        for item in mapping.items
    }
    analytes = {("LBTESTCD", code): analyte.name for code, analyte in units.ANALYTES.items()}
    return items | analytes | {("TSPARMCD", code): name for code, name in DECISION.values()}


def _sponsor() -> Iterator[Sponsor]:
    names = _test_names()
    for why, variables, values in DECLARED:
        for variable, (value, meaning) in product(variables.split(), values.items()):
            name = names.get((variable, value), "")
            yield Sponsor(variable, value, meaning, why, name)


SPONSOR: tuple[Sponsor, ...] = tuple(_sponsor())


@cache
def sponsor_terms(variable: str) -> Mapping[str, str]:
    """The sponsor terms of a variable, each with its meaning; of a test's name too."""
    own = {one.value: one.meaning for one in SPONSOR if one.variable == variable}
    names = {one.name: one.meaning for one in SPONSOR if one.variable == f"{variable}CD"}
    return MappingProxyType(own or names)
