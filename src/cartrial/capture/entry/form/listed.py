"""What a text field offers to choose from: analytes, units, visits, events, lots, terms."""

from collections.abc import Callable, Iterable, Mapping

from cartrial import units
from cartrial.forms.catalogue import Forms
from cartrial.grading.ctcae.terms import ctcae_terms
from cartrial.protocol.study import Study

Offer = tuple[tuple[str, str], ...]  # a value, and what it stands for
DRUGS = (
    "Tocilizumab",
    "Dexamethasone",
    "Methylprednisolone",
    "Anakinra",
    "Siltuximab",
    "Paracetamol",
    "Norepinephrine",
    "Levetiracetam",
    "Levofloxacin",
    "Aciclovir",
    "Fluconazole",
    "Piperacillin-tazobactam",
)
OTHER_UNITS = ("mg", "g", "ug", "mg/kg", "ug/kg/min", "mL", "units", "mg/m2")


def _plain(values: Iterable[str]) -> Offer:
    return tuple((value, "") for value in values)


def _analytes(_: Study, __: Forms) -> Offer:
    return tuple((code, analyte.name) for code, analyte in units.ANALYTES.items())


def _laboratory_units(_: Study, __: Forms) -> Offer:
    usual = {unit for analyte in units.ANALYTES for unit in units.usual_units(analyte)}
    return _plain(sorted(usual))


def _qpcr(study: Study, _: Forms) -> Offer:
    return tuple((a.name, a.unit) for a in study.analytes if a.method == "qPCR")


def _flow(study: Study, _: Forms) -> Offer:
    return tuple((a.name, a.unit) for a in study.analytes if a.method == "flow")


def _visits(study: Study, _: Forms) -> Offer:
    return _plain(visit.name for visit in study.schedule.visits) if study.schedule else ()


def _lymphodepletion(study: Study, _: Forms) -> Offer:
    return tuple((one.drug, f"{one.dose:g} {one.unit}") for one in study.lymphodepletion)


def _drugs(_: Study, __: Forms) -> Offer:
    return _plain(DRUGS)


def _drug_units(_: Study, __: Forms) -> Offer:
    return _plain(OTHER_UNITS)


def _ctcae(_: Study, __: Forms) -> Offer:
    return tuple((term.term, term.organ_class) for term in ctcae_terms().values())


def _organ_classes(_: Study, __: Forms) -> Offer:
    return _plain(sorted({term.organ_class for term in ctcae_terms().values()}))


def _lots(_: Study, forms: Forms) -> Offer:
    made = forms.tables.get("product_release")
    return () if made is None else _plain(made["lot"])


def _events(_: Study, forms: Forms) -> Offer:
    events = forms.tables.get("adverse_event")
    if events is None:
        return ()
    rows = events.sort("number").select("number", "term").iter_rows()
    return tuple((str(number), term) for number, term in rows)


def _levels(study: Study, _: Forms) -> Offer:
    return tuple((str(n), level.label) for n, level in enumerate(study.doses.levels, start=1))


def _criteria(study: Study, _: Forms) -> Offer:
    return tuple((str(n), text) for n, text in enumerate(study.eligibility, start=1))


def _clauses(study: Study, _: Forms) -> Offer:
    return tuple((clause.id, clause.name) for clause in study.dlt.clauses) if study.dlt else ()


OFFERS: Mapping[tuple[str, str], Callable[[Study, Forms], Offer]] = {
    ("laboratory", "analyte"): _analytes,
    ("laboratory", "unit"): _laboratory_units,
    ("car_transgene", "analyte"): _qpcr,
    ("car_flow", "analyte"): _flow,
    ("visit", "visit"): _visits,
    ("car_transgene", "visit"): _visits,
    ("car_flow", "visit"): _visits,
    ("lymphodepletion", "drug"): _lymphodepletion,
    ("medication", "drug"): _drugs,
    ("medication", "unit"): _drug_units,
    ("adverse_event", "ctcae_term"): _ctcae,
    ("adverse_event", "organ_class"): _organ_classes,
    ("infusion", "lot"): _lots,
    ("ae_grade", "number"): _events,
    ("serious_event", "number"): _events,
    ("dlt_adjudication", "number"): _events,
    ("dlt_adjudication", "clause"): _clauses,
    ("death", "event"): _events,
    ("medication", "event"): _events,
    ("adverse_event", "component_of"): _events,
    ("demographics", "level"): _levels,
    ("slot_request", "level"): _levels,
    ("infusion", "level"): _levels,
    ("eligibility_exception", "criterion"): _criteria,
}


def offers(form: str, study: Study, forms: Forms) -> dict[str, Offer]:
    """What each field of a form offers, by field; `forms` are the subject's."""
    return {column: offer(study, forms) for (of, column), offer in OFFERS.items() if of == form}
