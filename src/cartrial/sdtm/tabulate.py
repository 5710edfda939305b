"""Forms to SDTM and back: the list of which forms make which domain.

A domain is there when one of its forms was collected; DM is always there. SE and PP are derived, as
are the epoch and the visit of each record. What the study file says of the trial becomes TS, TA,
TE, TI and TV; TS holds the committee's decisions on the dose too.
Counts that a publication gives without the subjects behind them have no place in SDTM and travel
beside it.

To add a domain: write its module and add one line to `MADE`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from cartrial import schema as s
from cartrial.forms.adverse import (
    AdverseEvent,
    AeGrade,
    SecondMalignancy,
    SeriousEvent,
)
from cartrial.forms.bedside import CrsAssessment, HospitalStay, IcansAssessment, Visit, VitalSigns
from cartrial.forms.catalogue import FORMS, NAMES, Forms
from cartrial.forms.conduct import (
    Death,
    Disposition,
    DoseDecision,
    ProtocolDeviation,
    PublishedMargin,
    SurvivalContact,
)
from cartrial.forms.enrolment import (
    Demographics,
    DiseaseHistory,
    Eligibility,
    EligibilityException,
    SlotRequest,
)
from cartrial.forms.laboratory import BCell, CarFlow, CarTransgene, Laboratory
from cartrial.forms.myeloma import (
    BestResponse,
    FreeLightChain,
    Marrow,
    MProtein,
    Mrd,
    Plasmacytoma,
    Response,
)
from cartrial.forms.product import (
    Bridging,
    Infusion,
    Leukapheresis,
    Lymphodepletion,
    ProductRelease,
    Retreatment,
)
from cartrial.forms.treatment import GrowthFactor, Immunoglobulin, Medication, Transfusion
from cartrial.protocol.study import Study
from cartrial.sdtm.checks import check_sdtm
from cartrial.sdtm.domain import DOMAINS, Sdtm
from cartrial.sdtm.domains import (
    ae,
    be,
    bs,
    ce,
    cm,
    cp,
    dm,
    ds,
    dv,
    ec,
    ex,
    fa,
    ho,
    ie,
    lb,
    mh,
    pc,
    pp,
    pr,
    rs,
    sc,
    se,
    ss,
    sv,
    ta,
    te,
    ti,
    tr,
    ts,
    tu,
    tv,
    vs,
)
from cartrial.sdtm.loss import lost_in_mapping
from cartrial.sdtm.mapping import in_key_order
from cartrial.sdtm.timing import with_timing

From = Callable[[Study, pl.DataFrame], Mapping[type[s.Table], pl.DataFrame]]


@dataclass(frozen=True)
class Made:
    """How a domain is made from its forms, and the forms from it where it holds them whole."""

    to: Callable[..., Any]
    back: From | None
    forms: tuple[type[s.Table], ...]


MADE: Mapping[str, Made] = {
    "DM": Made(dm.to_dm, dm.from_dm, (Demographics,)),
    "DS": Made(ds.to_ds, ds.from_ds, (Disposition, Eligibility, SlotRequest, Retreatment, Death)),
    "EC": Made(ec.to_ec, None, (Infusion,)),
    "EX": Made(ex.to_ex, ex.from_ex, (Lymphodepletion, Infusion)),
    "PR": Made(pr.to_pr, pr.from_pr, (Leukapheresis,)),
    "BE": Made(be.to_be, None, (ProductRelease,)),
    "BS": Made(bs.to_bs, bs.from_bs, (ProductRelease,)),
    "CM": Made(
        cm.to_cm, cm.from_cm, (Medication, Bridging, Transfusion, GrowthFactor, Immunoglobulin)
    ),
    "MH": Made(mh.to_mh, mh.from_mh, (DiseaseHistory,)),
    "AE": Made(ae.to_ae, ae.from_ae, (AdverseEvent, SeriousEvent)),
    "CE": Made(ce.to_ce, ce.from_ce, (SecondMalignancy,)),
    "LB": Made(lb.to_lb, lb.from_lb, (Laboratory, BCell, MProtein, FreeLightChain, Marrow)),
    "VS": Made(vs.to_vs, vs.from_vs, (VitalSigns,)),
    "PC": Made(pc.to_pc, pc.from_pc, (CarTransgene,)),
    "CP": Made(cp.to_cp, cp.from_cp, (CarFlow,)),
    "RS": Made(rs.to_rs, rs.from_rs, (Response, BestResponse, Mrd)),
    "TU": Made(tu.to_tu, None, (Plasmacytoma,)),
    "TR": Made(tr.to_tr, tr.from_tr, (Plasmacytoma,)),
    "FA": Made(fa.to_fa, fa.from_fa, (AeGrade, CrsAssessment, IcansAssessment)),
    "SV": Made(sv.to_sv, sv.from_sv, (Visit,)),
    "SS": Made(ss.to_ss, ss.from_ss, (SurvivalContact,)),
    "SC": Made(sc.to_sc, sc.from_sc, (DiseaseHistory,)),
    "IE": Made(ie.to_ie, ie.from_ie, (EligibilityException,)),
    "DV": Made(dv.to_dv, dv.from_dv, (ProtocolDeviation,)),
    "HO": Made(ho.to_ho, ho.from_ho, (HospitalStay,)),
    "TS": Made(ts.to_ts, ts.from_ts, (DoseDecision,)),
}
ALWAYS = ("DM", "TS")
TRIAL: Mapping[str, Callable[[Study], Any]] = {
    "TA": ta.to_ta,
    "TE": te.to_te,
    "TI": ti.to_ti,
    "TV": tv.to_tv,
}


def tabulate(study: Study, forms: Forms) -> Sdtm:
    """The collected forms as SDTM, with what breaks the guide or was lost on the way."""
    collected = {
        code: made.to(study, forms) for code, made in MADE.items() if _collected(code, made, forms)
    }
    elements = se.to_se(study, forms, collected["DM"])
    designed = {code: to(study) for code, to in TRIAL.items()}
    derived = {"SE": elements, "PP": _parameters(study, forms, collected)}
    kept = {code: table for code, table in (derived | designed).items() if table.height}
    timed = with_timing(collected | kept, elements)
    tables = {code: timed[code] for code in DOMAINS if code in timed}
    findings = (*lost_in_mapping(forms), *check_sdtm(tables))
    return Sdtm(tables, findings, forms.of(PublishedMargin))


def to_forms(study: Study, sdtm: Sdtm) -> Forms:
    """The forms that SDTM was made from; those without a row are left out, but for demographics."""
    found: dict[type[s.Table], pl.DataFrame] = {PublishedMargin: sdtm.margins}
    for code, made in MADE.items():
        if made.back and code in sdtm.tables:
            for form, rows in made.back(study, sdtm.tables[code]).items():
                found[form] = _joined(form, found[form], rows) if form in found else rows
    kept = {
        NAMES[form]: rows for form, rows in found.items() if rows.height or form is Demographics
    }
    return Forms({name: kept[name] for name in FORMS if name in kept})


def _collected(code: str, made: Made, forms: Forms) -> bool:
    """Whether there is anything to say: of DS also where only a date of consent is known."""
    consented = code == "DS" and forms.of(Demographics)["consented"].is_not_null().any()
    return code in ALWAYS or consented or any(forms.has(form) for form in made.forms)


def _parameters(study: Study, forms: Forms, tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    return pp.to_pp(study, forms, tables["PC"]) if "PC" in tables else pl.DataFrame()


def _joined(form: type[s.Table], one: pl.DataFrame, other: pl.DataFrame) -> pl.DataFrame:
    """The rows of a form that two domains hold in part."""
    key = s.key(form)
    both = one.join(other, on=key, how="full", coalesce=True, suffix=" other")
    cells = [name if name in key else pl.coalesce(name, f"{name} other") for name in one.columns]
    return in_key_order(form, both.select(cells))
