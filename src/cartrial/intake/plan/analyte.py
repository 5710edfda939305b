"""What laboratories call an analyte, and the unit in the head of its column.

    ANC (10^9/L)        NEUT, 10^9/L
    Hb [g/dl]           HGB, g/dl
    Thrombozyten /nl    PLAT, /nl

Reading: `PT` is the prothrombin time, `Ca` is calcium, `Protein` is the total protein; a urea that
    is called BUN is urea nitrogen. Specimen as the analyte is usually measured in.
"""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from functools import lru_cache

from cartrial import units
from cartrial.intake.plan.words import plain
from cartrial.intake.source import SourceColumn

NAMES = """
    HGB       hb, hemoglobin, haemoglobin, hamoglobin
    HCT       hematocrit, haematocrit, hamatokrit, hkt
    RBC       erythrocytes, red blood cells, erythrozyten, red cells
    WBC       leukocytes, leucocytes, white blood cells, white cells, leukozyten, leukos
    NEUT      anc, neutrophils, absolute neutrophil count, neutrophile, neutro, abs neutrophils
    NEUT      neutrophile granulozyten
    LYM       alc, lymphocytes, absolute lymphocyte count, lymphozyten, lymph, lympho
    CD4       cd4 cells, cd4 t cells
    MONO      monocytes, monozyten
    EOS       eosinophils, eosinophile
    BASO      basophils, basophile
    PLAT      plt, platelets, platelet count, thrombocytes, thrombozyten, thrombos
    RETI      reticulocytes, retikulozyten
    CREAT     creatinine, kreatinin, crea, serum creatinine, krea
    CREATCLR  creatinine clearance, crcl
    UREA      harnstoff
    UREAN     bun, urea nitrogen, blood urea nitrogen
    URATE     uric acid, harnsaure
    BILI      bilirubin, total bilirubin, tbil, bilirubin gesamt, bilirubin total, gesamtbilirubin
    BILDIR    direct bilirubin, conjugated bilirubin, bilirubin direkt
    ALT       alat, gpt, sgpt, alanine aminotransferase, alt gpt, alt sgpt
    AST       asat, got, sgot, aspartate aminotransferase, ast got, ast sgot
    ALP       alkaline phosphatase, ap, alk phos, alkalische phosphatase
    GGT       gamma gt, gamma glutamyl transferase
    LDH       lactate dehydrogenase, laktatdehydrogenase
    CK        creatine kinase, cpk
    AMYLASE   amylase
    LIPASET   lipase
    ALB       albumin
    PROT      total protein, protein, gesamteiweiss, eiweiss
    SODIUM    na, natrium, sodium
    K         potassium, kalium
    CL        chloride, chlorid
    BICARB    bicarbonate, hco3, bikarbonat
    CA        calcium, kalzium, total calcium
    CACR      corrected calcium, calcium corrected
    CAION     ionized calcium, ionised calcium, calcium ionized
    MG        magnesium
    PHOS      phosphate, phosphorus, phosphat
    GLUC      glucose, glukose, blood sugar, blutzucker
    LACTICAC  lactate, laktat, lactic acid
    AMMONIA   ammonia, ammoniak
    CHOL      cholesterol, cholesterin
    TRIG      triglycerides, triglyzeride
    CRP       c reactive protein, c reaktives protein
    HAPTOG    haptoglobin
    FERRITIN  ferritin, serum ferritin
    INTLK6    il6, il 6, interleukin 6
    PCT       procalcitonin
    FIBRINO   fibrinogen
    DDIMER    d dimer, d dimers, ddimere
    APTT      aptt, ptt, partial thromboplastin time
    PT        prothrombin time
    INR       inr, pt inr
    TROPONI   troponin i, tni, hs troponin i
    TROPONT   troponin t, tnt, hs troponin t
    BNP       bnp
    BNPPRONT  nt probnp, ntprobnp, pro bnp
    B2MICG    beta 2 microglobulin, b2m, b2 microglobulin, beta2 mikroglobulin
    IGG       immunoglobulin g
    IGA       immunoglobulin a
    IGM       immunoglobulin m
    MCPROT    m protein, m spike, paraprotein
    KLCFR     kappa free light chain, free kappa, kappa flc
    LLCFR     lambda free light chain, free lambda, lambda flc
    KLCLLCFR  kappa lambda ratio, flc ratio
"""
AROUND = re.compile(
    r"^(serum|s|p|b)[-_ ]+|[ ,_-]+(absolute?|abs\.?|count|ges\.?|serum)$", re.IGNORECASE
)  # what stands before or behind the name of an analyte and changes nothing
DEGREES = ("C", "F")  # in brackets alone: elsewhere they are letters
BRACKETED = re.compile(r"^(?P<name>.*?)[\s_,]*[(\[](?P<unit>[^()\[\]]+)[)\]]\s*$", re.DOTALL)
TRAILING = re.compile(r"^(?P<name>.*?)(?:,\s*|\s+|_+(?=\S*/))(?P<unit>\S+(?: (?:FEU|DDU|DNA))?)$")


def _codes() -> dict[str, str]:
    codes = {plain(name): code for code, a in units.ANALYTES.items() for name in (code, a.name)}
    for line in NAMES.strip().splitlines():
        code, listed = line.strip().split(maxsplit=1)
        codes |= {plain(name): code for name in listed.split(",")}
    return codes


CODES: Mapping[str, str] = _codes()


def analyte_of(name: str) -> str | None:
    """The code of an analyte that a laboratory calls so; null where it is not known."""
    return CODES.get(plain(name)) or CODES.get(plain(AROUND.sub("", name.strip())))


def named_analyte(column: SourceColumn) -> str | None:
    """The code of the analyte that a column is, by its label, else by its name."""
    named = (analyte_of(named_unit(text)[0]) for text in (column.label, column.name) if text)
    return next((code for code in named if code), None)


def nearest_analyte(name: str) -> str | None:
    """The code of the analyte whose name is nearest; null where none is near."""
    near = get_close_matches(plain(name), CODES, n=1, cutoff=0.75)
    return CODES[near[0]] if near else None


def specimen_of(code: str) -> str:
    """What the analyte is usually measured in, as the form says it; empty where that is open."""
    known = units.ANALYTES.get(code)
    return known.specimen.lower() if known else ""


@lru_cache(maxsize=4096)
def named_unit(header: str) -> tuple[str, str]:
    """The name and the unit in the head of a column; the unit is empty where none is written."""
    found = BRACKETED.match(header)
    if found and found["name"] and (_is_unit(found["unit"]) or found["unit"] in DEGREES):
        return found["name"].strip(), found["unit"].strip()
    found = TRAILING.match(header.strip())
    if found and found["name"] and _is_unit(found["unit"]) and found["unit"] != "s":
        return found["name"].strip(" ,_"), found["unit"].strip()
    return header.strip(), ""


def _is_unit(text: str) -> bool:
    bare = text.strip()
    return units.is_known(bare) or bool(
        re.fullmatch(r"%|°[CF]|kg|lbs?|mmHg|bpm|cm|mm|mg|g|ng|L|(\S+ )?\S*/\S+( \S+)?", bare)
    )
