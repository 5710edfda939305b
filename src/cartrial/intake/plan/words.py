"""What people call the forms, their fields, and the answers in them, in English and German.

Reading: names are compared by their letters and digits alone, whatever their case and accents.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

FORM_NAMES = """
    demographics          dm, subjects, patients, enrolment, enrollment, demographie, stammdaten
    demographics          consent
    eligibility           ie, inclusion
    disease_history       disease, myeloma history, history, diagnosis, erkrankung, mh
    leukapheresis         apheresis, apherese
    product_release       product, release, manufacturing
    bridging              bridging therapy
    lymphodepletion       ld, lymphodepletion chemotherapy, flu cy, conditioning
    infusion              car infusion, car t infusion, infusionen, cell infusion
    visit                 visits, sv, visiten
    vital_signs           vitals, vs, vital, vitalzeichen, vitalparameter
    crs_assessment        crs, crs assessments
    icans_assessment      icans, ice, ice score, icans assessments, neurotoxicity
    hospital_stay         hospital, hospitalization, hospitalisation, admissions, stays
    adverse_event         ae, aes, adverse events, toxicity, toxicities, nebenwirkungen
    adverse_event         unerwunschte ereignisse
    ae_grade              ae grades, grades, grade changes
    serious_event         sae, saes, serious adverse events
    dlt_adjudication      dlt, dlts, dlt adjudications
    second_malignancy     second primary malignancy, spm, second malignancies
    laboratory            lab, labs, laboratory results, labor, laborwerte, lb, chemistry
    laboratory            hematology, haematology, cbc, blutbild
    car_transgene         qpcr, ddpcr, transgene, car copies, car qpcr, vcn, kinetics, pc
    car_flow              flow, flow cytometry, facs, car flow
    b_cell                b cells, igg, b zellen
    m_protein             spep, upep, m protein, paraprotein, m spike
    free_light_chain      flc, sflc, free light chains, leichtketten
    marrow                bone marrow, bm, bmb, knochenmark
    plasmacytoma          plasmacytomas, imaging, lesions
    response              responses, rs, imwg, ansprechen
    best_response         best responses, bor
    mrd                   mrd results
    medication            medications, concomitant medication, conmeds, cm, meds, medikation
    transfusion           transfusions, transfusionen
    growth_factor         g csf, gcsf, growth factors, filgrastim
    immunoglobulin        ivig, immunoglobulins, immunglobuline
    disposition           ds, dispositions, end of study
    death                 deaths, todesfalle
    survival_contact      survival, follow up, followup, contacts
    protocol_deviation    deviations, protocol deviations, dv
    dose_decision         decisions, smc, src, dose decisions
"""

# One line a field: the form (* for all of them), the field, and what others call it.
FIELD_NAMES = """
    *  subject  patient, patient id, patient no, patient number, pat nr, pat id, patienten id
    *  subject  patientennummer, pid, usubjid, subjid, record id, study id, subject id
    *  subject  subject no, subject number, participant, participant id, screening no
    *  subject  screening number, id, pt, pt id, pt no, pat
    *  on       date, datum, visit date, date of visit, sample date, sampling date, date sampled
    *  on       collection date, assessment date, date of assessment, abnahmedatum, entnahmedatum
    *  on       date of collection, date of sampling, lab date
    *  at       date, date time, datetime, datum, time point, timestamp, collection date
    *  at       collection time, sample date, sampling date, sample collection date, collected
    *  at       collected on, collected at, collection date time, drawn, drawn at, date drawn
    *  at       draw date, abnahmedatum, abnahme, probendatum, entnahmedatum, lbdtc
    *  at       date of collection, date of sampling, lab date, lab date time
    *  number   no, nr, number, seq, sequence, line no, event no, event number, ae no, ae number
    *  number   ae nr, lfd nr
    *  started  start, start date, onset, onset date, date of onset, begin, beginn, from
    *  started  startdatum, aestdtc, cmstdtc
    *  ended    end, end date, stop, stop date, resolution date, resolved on, date resolved
    *  ended    ende, enddatum, until, to, aeendtc, cmendtc
    *  unit     units, einheit, uom, lborresu, unit of measure
    *  visit    visit name, timepoint, time point, visite, study visit
    *  specimen material, matrix, sample type, specimen type, probe, probenmaterial, sample
    *  lloq     lower limit of quantification, loq, limit of quantification
    *  lod      limit of detection, detection limit
    *  weight   body weight, gewicht, korpergewicht, wt
    *  grade    ctcae grade, ctc grade, max grade, worst grade, highest grade, grad
    *  grade    toxicity grade, aetoxgr
    *  reason   grund, reason for
    *  level    dose level, dosislevel, dl, cohort
    demographics  consented  consent date, date of consent, informed consent, icf date
    demographics  consented  date of informed consent, informed consent date
    demographics  consented  einwilligung, einwilligung am, rficdtc
    demographics  site       centre, center, site id, site number, zentrum, siteid
    demographics  born       birth date, birthdate, dob, date of birth, geburtsdatum, geb
    demographics  born       geb datum, brthdtc
    demographics  age        age at enrolment, alter, age years
    demographics  sex        gender, geschlecht
    demographics  race       ethnicity, race ethnicity
    demographics  country    land, nation
    disease_history  prior_lines  lines of therapy, number of prior lines, prior therapies
    disease_history  prior_lines  no of prior lines, vortherapien
    disease_history  ecog         ecog ps, performance status
    disease_history  heavy_chain  isotype, ig type, igg type, heavy chain
    disease_history  light_chain  light chain
    disease_history  diagnosed    date of diagnosis, diagnosis date, diagnosed on, erstdiagnose
    infusion  at       infusion date, date of infusion, car t date, day 0, infusionsdatum, infused
    infusion  given    dose, dose given, car t dose, dose car t cells, dosis
    infusion  planned  planned dose, target dose
    infusion  lot      product lot, lot number, batch
    lymphodepletion  on  date given, administration date
    lymphodepletion  drug  medication, agent
    vital_signs  temperature  temp, body temperature, temperatur, fever
    vital_signs  systolic     sbp, sys, systolic bp, blood pressure systolic, rr sys, systolisch
    vital_signs  diastolic    dbp, dia, diastolic bp, blood pressure diastolic, rr dia, diastolisch
    vital_signs  pulse        heart rate, hr, puls, herzfrequenz
    vital_signs  breaths      respiratory rate, rr, resp rate, atemfrequenz
    vital_signs  saturation   spo2, o2 sat, oxygen saturation, sao2, sattigung
    crs_assessment    grade   crs grade, astct grade
    icans_assessment  grade   icans grade, astct grade
    hospital_stay  ward        station, unit, type, ward type
    hospital_stay  admitted    admission, admission date, date of admission, aufnahme
    hospital_stay  discharged  discharge, discharge date, date of discharge, entlassung
    adverse_event  term       adverse event, ae, ae term, event, description, event description
    adverse_event  term       reported term, verbatim, verbatim term, toxicity, nebenwirkung
    adverse_event  term       ereignis, aeterm
    adverse_event  preferred  preferred term, pt, meddra pt, meddra term, aedecod
    adverse_event  organ_class  system organ class, soc, meddra soc, aebodsys
    adverse_event  ctcae_term   ctcae, ctc term
    adverse_event  outcome    ausgang, resolution, aeout, status
    adverse_event  serious    sae, serious ae, schwerwiegend, aeser
    adverse_event  car_t      related, relationship, causality, relatedness
    adverse_event  car_t      related to study drug, related to car t, related to car t cells
    adverse_event  car_t      attribution car t, attribution to car t, relation to car t
    adverse_event  car_t      relationship to car t, relationship to car t cells
    adverse_event  car_t      kausalitat, aerel
    adverse_event  lymphodepletion  related to ld, related to chemotherapy, attribution ld
    adverse_event  dlt        dose limiting, dose limiting toxicity
    ae_grade  since  grade since, graded on, date of grade
    laboratory  analyte  test, test name, test code, parameter, lab test, analysis, lbtestcd
    laboratory  analyte  lbtest, bezeichnung, messgrosse, untersuchung, assay
    laboratory  value    result, wert, ergebnis, lab value, numeric result, messwert, lborres
    laboratory  value    test result
    laboratory  low      lower limit, lln, low limit, ref low, reference low, normal low
    laboratory  low      untergrenze, referenz von, lower normal, ref range low
    laboratory  high     upper limit, uln, high limit, ref high, reference high, normal high
    laboratory  high     obergrenze, referenz bis, upper normal, ref range high
    car_transgene  analyte        target, target name, gene, transgene name
    car_transgene  copies         copies per ug, copies per ug dna, copies ug dna
    car_transgene  copies         copies ug gdna, copies ug, car copies per ug dna
    car_transgene  copies         vector copies, transgene copies, result, value, wert, ergebnis
    car_transgene  copies_per_ml  copies per ml, copies ml, copies ml blood
    car_transgene  dna            dna ng, ng dna, dna input, gdna
    car_flow  analyte  population, target
    car_flow  cells    car cells, car positive cells, car cells per ul, absolute, result
    car_flow  percent  car of cd3, percent car, car positive, car of t cells
    b_cell  b_cells  b cells, cd19, cd19 cells, b zellen
    b_cell  igg      immunoglobulin g
    m_protein  m_protein  m spike, mspike, paraprotein, spep, m gradient, m protein serum
    m_protein  immunofixation  ife, sife, immunfixation
    free_light_chain  kappa    kappa flc, free kappa, kappa frei, sflc kappa
    free_light_chain  lambda_  lambda flc, free lambda, lambda frei, sflc lambda
    free_light_chain  ratio    kappa lambda ratio, flc ratio, k l ratio, quotient
    marrow  plasma_cells  plasma cells, bmpc, plasmazellen
    response  response    best response, imwg response, overall response, ansprechen
    best_response  response  best overall response, bor
    medication  drug   medication, medication name, drug name, treatment, medikament, wirkstoff
    medication  drug   cmtrt
    medication  kind   class, category, drug class
    medication  dose   dosis, dose given
    medication  route  applikation, route of administration
    transfusion  product  blood product, type, produkt
    transfusion  units    number of units, amount, no of units
    death  on     date of death, death date, todesdatum, died
    death  cause  cause of death, todesursache
    survival_contact  status  alive, survival status, vital status
    protocol_deviation  what  description, deviation
"""

# What an answer is also called: the answer of the form, and other words for it.
ANSWERS = """
    female   f, w, weiblich, woman, frau, weibl
    male     m, mannlich, man, mann, mannl
    yes      ja, j, oui, si, checked, x, positive answer
    no       nein, non, unchecked, none seen
    related  definite, definitely, certain, probable, probably, probably related
    related  definitely related, zusammenhang gesichert
    possibly  possible, possibly related, moglich
    unlikely  improbable, unlikely related, unwahrscheinlich
    not      unrelated, not related, none, nicht, no relation
    resolved                recovered, recovered resolved, resolved recovered, abgeklungen, erholt
    resolving               recovering, recovering resolving, improving
    not resolved            ongoing, not recovered, not recovered not resolved, continuing
    not resolved            andauernd
    resolved with sequelae  recovered with sequelae, recovered resolved with sequelae
    fatal                   death, died, todlich, letal
    unknown                 unk, nk, not known, unbekannt, u
    blood    whole blood, peripheral blood, pb, wb, blut, vollblut, edta blood
    serum    ser, s
    plasma   plas
    marrow   bone marrow, bm, bma, knochenmark
    CSF      liquor, cerebrospinal fluid
    urine    urin, spot urine
    24 h urine  24h urine, 24 hour urine, sammelurin
    intravenous   iv, i v, intraven
    oral          po, p o, per os, by mouth
    subcutaneous  sc, s c, subcutan
    below quantification  blq, bloq, lloq, below lloq, below limit
    below quantification  below limit of quantification, bql, below loq
    not detected  undetermined, undetectable, negative, target not detected, not detectable
    not detected  nicht nachweisbar
    not done      not performed, nicht durchgefuhrt, nicht gemacht
    negative      neg, negativ
    positive      pos, positiv
    sCR  stringent cr, stringent complete response
    CR   complete response, complete remission
    VGPR  very good partial response
    PR   partial response, partial remission
    MR   minimal response
    SD   stable disease
    PD   progressive disease, progression
    NE   not evaluable
    red cells  rbc, prbc, packed red cells, erythrocytes, erythrozytenkonzentrat, ek
    platelets  plt, thrombocytes, thrombozytenkonzentrat, tk
    ward  normalstation, general ward, floor, station, normal ward
    intensive care  icu, itu, its, intensiv, intensivstation, intensive care unit
    alive  lebt, living
    dead   died, deceased, verstorben
"""

EMPTY = {"na", "n/a", "n.a.", ".", "-", "--", "---", "none", "nan", "null", "nil", "", "#n/a"}
REASONS = {
    "not done": "notdone, notperformed, nichtgemacht, nichtdurchgefuhrt, cancelled",
    "not collected": "notcollected, nosample, nichtabgenommen, notdrawn, nask, notasked",
    "unknown": "unknown, unk, nk, unbekannt, noinformation, ni",
    "sample lost": "samplelost, lost, probeverloren",
    "sample unsuitable": "sampleunsuitable, hemolyzed, haemolysed, hamolytisch, clotted, qns",
    "patient refused": "patientrefused, refused, declined, abgelehnt",
    "too ill": "tooill",
    "visit missed": "visitmissed, missedvisit",
    "not applicable": "notapplicable",
    "not published": "notpublished",
    "pending": "pending, ausstehend, tofollow",
}


@lru_cache(maxsize=4096)
def plain(name: str) -> str:
    """A name by its letters and digits alone: `Größe (cm)` is grossecm."""
    low = unicodedata.normalize("NFKD", name.replace("µ", "u").replace("μ", "u").casefold())
    return re.sub(r"[^a-z0-9]", "", low)


def _names(listed: str) -> tuple[str, ...]:
    return tuple(plain(name) for name in listed.split(","))


def _listed(text: str) -> dict[str, tuple[str, ...]]:
    """The names after each word; a word may have several lines."""
    lines = (re.split(r"\s{2,}", line.strip(), maxsplit=1) for line in text.strip().splitlines())
    found: dict[str, tuple[str, ...]] = {}
    for word, names in lines:
        found[word] = found.get(word, ()) + _names(names)
    return found


def _fields() -> dict[tuple[str, str], tuple[str, ...]]:
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for line in FIELD_NAMES.strip().splitlines():
        form, name, names = line.split(maxsplit=2)
        found[form, name] = found.get((form, name), ()) + _names(names)
    return found


FORM_WORDS: Mapping[str, tuple[str, ...]] = _listed(FORM_NAMES)
FIELD_WORDS: Mapping[tuple[str, str], tuple[str, ...]] = _fields()
ANSWER_WORDS: Mapping[str, tuple[str, ...]] = _listed(ANSWERS)
REASON_WORDS: Mapping[str, str] = {
    word: reason for reason, listed in REASONS.items() for word in _names(listed)
}


def names_of(form: str, field: str) -> tuple[str, ...]:
    """What others call a field of a form, the form's own names first."""
    return FIELD_WORDS.get((form, field), ()) + FIELD_WORDS.get(("*", field), ())


def is_empty(cell: str) -> bool:
    """Whether a cell says that it says nothing."""
    return cell.strip().casefold() in EMPTY


def answer_of(cell: str, codes: tuple[str, ...]) -> str | None:
    """The one of `codes` that a cell means; null where that is not clear."""
    word = plain(cell)
    if cell in codes:
        return cell
    alike = [code for code in codes if plain(code) == word and word]
    if not alike:
        alike = [code for code in codes if word and word in ANSWER_WORDS.get(code, ())]
    return alike[0] if len(alike) == 1 else None
