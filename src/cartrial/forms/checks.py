"""What the forms must say together: each form against the others, against the plan, and its units.

A table by itself is held to its declaration when it is read; here stands what needs two rows.
To add a check: write it as a function of the rows that are judged, all forms and the plan, and add
one line to `CHECKS`, with the forms that it judges.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

import polars as pl

from cartrial import schema as s
from cartrial import units
from cartrial.errors import DataError
from cartrial.forms.adverse import AdverseEvent, AeGrade, DltAdjudication
from cartrial.forms.catalogue import FORMS, NAMES, Forms
from cartrial.forms.chronology import check_dates
from cartrial.forms.conduct import PublishedMargin
from cartrial.forms.enrolment import Demographics
from cartrial.forms.laboratory import Laboratory
from cartrial.forms.myeloma import MProtein
from cartrial.forms.product import Infusion

LEVELS = (
    ("demographics", "level"),
    ("slot_request", "level"),
    ("infusion", "level"),
    ("dose_decision", "from_level"),
    ("dose_decision", "to_level"),
)
ANALYTES = (("car_transgene", "qPCR"), ("car_flow", "flow"))
EVENTS = (  # columns that name an adverse event of the subject
    ("ae_grade", "number"),
    ("serious_event", "number"),
    ("dlt_adjudication", "number"),
    ("death", "event"),
    ("medication", "event"),
    ("adverse_event", "component_of"),
)
M_PROTEIN_UNITS = {"serum": ("g/L", "g/dL"), "24 h urine": ("mg/24h", "g/24h")}
KEY = ["subject", "number"]


@dataclass(frozen=True)
class Planned:
    """What the study plans, as far as forms name it.

    Numbers of levels and criteria, analytes by method, the ids and names of the DLT clauses.
    """

    levels: int
    criteria: int
    analytes: Mapping[str, tuple[str, ...]]  # by method: qPCR, flow
    clauses: tuple[str, ...] = ()


def check_forms(forms: Forms, planned: Planned, judged: Forms | None = None) -> list[s.Finding]:
    """Everything in which the forms contradict each other or the plan.

    `judged` are the rows to be judged, where not all are: what is found stands in one of them.
    """
    judged = forms if judged is None else judged
    found = [
        finding
        for check, of in CHECKS
        if not of or any(form in judged.tables for form in of)
        for finding in check(judged, forms, planned)
    ]
    return found + check_dates(forms, judged)


# ---------------------------------------------------------------- subjects and the plan
def _unknown_subjects(judged: Forms, forms: Forms, _: Planned) -> Iterator[s.Finding]:
    """One finding a subject, however many forms it has, at the first of them."""
    enrolled = forms.of(Demographics)["subject"]
    found: dict[str, list[tuple[str, int]]] = {}
    for name, frame in judged:
        if "subject" not in frame.columns:
            continue
        strangers = frame["subject"].filter(~frame["subject"].is_in(enrolled))
        for subject, rows in Counter(strangers).items():
            found.setdefault(subject, []).append((name, rows))
    for subject, places in found.items():
        rows = sum(count for _, count in places)
        got = f"{rows} row{'s'[: rows > 1]} of a subject that does not"
        got += f", in {len(places)} forms" if len(places) > 1 else ""
        must, remedy = "stand in demographics.csv", "Add the subject there, or correct it here"
        yield s.Finding(f"{places[0][0]}.csv", f"subject {subject}", "subject", must, got, remedy)


def _beyond_the_plan(judged: Forms, _: Forms, planned: Planned) -> Iterator[s.Finding]:
    limits = [(form, column, planned.levels, "dose levels") for form, column in LEVELS]
    limits.append(("eligibility_exception", "criterion", planned.criteria, "eligibility criteria"))
    for form, column, most, what in limits:
        must = f"be at most {most}, as the study file has {most} {what}"
        yield from _each(judged, form, column, pl.col(column) > most, must)


def _unplanned_analytes(judged: Forms, _: Forms, planned: Planned) -> Iterator[s.Finding]:
    for form, method in ANALYTES:
        names = planned.analytes.get(method, ())
        listed = ", ".join(names) or f"none by {method} is there"
        must = f"be an analyte of the study file ({listed})"
        strange = ~pl.col("analyte").is_in(names)
        yield from _each(judged, form, "analyte", strange, must, "Add it under `analytes` there")


def _unknown_clauses(judged: Forms, _: Forms, planned: Planned) -> Iterator[s.Finding]:
    """A verdict that rests on one word, which no clause has."""
    known = {name.casefold(): name for name in planned.clauses}
    rows = judged.of(DltAdjudication).filter(pl.col("clause").is_not_null()) if known else None
    for row in rows.to_dicts() if rows is not None else ():
        said = row["clause"].strip().casefold()
        if said in known or len(said.split()) > 1:
            continue
        near = get_close_matches(said, known, n=1)
        remedy = f"Did you mean {known[near[0]]}?" if near else ""
        must = "be the id of a clause of the study file, or a reason in words"
        place, key = f"{NAMES[DltAdjudication]}.csv", s.row_key(DltAdjudication, row)
        yield s.Finding(place, key, "clause", must, "another word", remedy, "warning")


# ---------------------------------------------------------------- units
def _laboratory_units(judged: Forms, _: Forms, __: Planned) -> Iterator[s.Finding]:
    measured = judged.of(Laboratory).filter(pl.col("value").is_not_null())
    for analyte, unit in measured.select("analyte", "unit").unique(maintain_order=True).rows():
        rows = measured.filter(pl.col("analyte") == analyte, pl.col("unit") == unit).to_dicts()
        key, more = s.row_key(Laboratory, rows[0]), _more(len(rows))
        if not units.is_analyte(analyte):
            must = "be a code of the data dictionary to be converted and graded"
            near = get_close_matches(analyte, units.ANALYTES, n=1)
            remedy = f"Did you mean {near[0]}?" if near else ""
            got = f"{analyte}{more}"
            yield s.Finding("laboratory.csv", key, "analyte", must, got, remedy, "warning")
        elif (fault := _unit_fault(analyte, unit)) is not None:
            yield s.Finding("laboratory.csv", key, "unit", fault, f"{unit}{more}")


def _unit_fault(analyte: str, unit: str) -> str | None:
    try:
        units.factor(analyte, unit)
    except DataError:
        return f"be a unit of {analyte}, such as {', '.join(units.usual_units(analyte))}"
    return None


def _m_protein_units(judged: Forms, _: Forms, __: Planned) -> Iterator[s.Finding]:
    for specimen, listed in M_PROTEIN_UNITS.items():
        wrong = (pl.col("specimen") == specimen) & ~pl.col("unit").is_in(listed)
        must = f"be one of {', '.join(listed)} in {specimen}"
        yield from _each(judged, NAMES[MProtein], "unit", wrong, must)


# ---------------------------------------------------------------- events and infusions
def _events_named(judged: Forms, forms: Forms, _: Planned) -> Iterator[s.Finding]:
    events = forms.of(AdverseEvent).select("subject", known="number")
    for form, column in EVENTS:
        if form not in judged.tables:
            continue
        named = judged.tables[form].filter(pl.col(column).is_not_null())
        lost = named.join(
            events, left_on=["subject", column], right_on=["subject", "known"], how="anti"
        )
        must = "be the number of an event of the subject in adverse_event.csv"
        yield from _rows(lost, form, column, must)


def _signs_of_syndromes(judged: Forms, forms: Forms, _: Planned) -> Iterator[s.Finding]:
    without = forms.of(AdverseEvent).filter(pl.col("syndrome").is_null())
    plain = without.select("subject", component_of="number")
    wrong = judged.of(AdverseEvent).join(plain, on=["subject", "component_of"], how="semi")
    must = "name an event with a syndrome (CRS or ICANS)"
    yield from _rows(wrong, "adverse_event", "component_of", must)


def _ungraded_events(judged: Forms, forms: Forms, _: Planned) -> Iterator[s.Finding]:
    silent = judged.of(AdverseEvent).join(forms.of(AeGrade), on=KEY, how="anti")
    if silent.is_empty():
        return
    if not forms.has(AeGrade):
        got = f"{silent.height} event{'s'[: silent.height > 1]} without a grade"
        must = "have its grades in ae_grade.csv"
        yield s.Finding("adverse_event.csv", "", "", must, got, severity="warning")
        return
    for row in silent.to_dicts():
        key = s.row_key(AdverseEvent, row)
        must, got = "have a grade in ae_grade.csv", "none"
        yield s.Finding("adverse_event.csv", key, "", must, got, severity="warning")


def _infusions_in_order(judged: Forms, _: Forms, __: Planned) -> Iterator[s.Finding]:
    given = judged.of(Infusion).sort("subject", "number")
    nth = pl.int_range(1, pl.len() + 1).over("subject")
    must = "count a subject's infusions as 1, 2, ... without a gap"
    yield from _rows(given.filter(pl.col("number") != nth), "infusion", "number", must)


def _margins_beside_subjects(judged: Forms, forms: Forms, _: Planned) -> Iterator[s.Finding]:
    recorded = forms.of(AdverseEvent)["syndrome"].drop_nulls().unique().to_list()
    twice = pl.col("analysis").is_in(recorded)
    must = "stand for what was not collected by subject"
    remedy = "adverse_event.csv has such events: leave the published count out"
    yield from _each(judged, NAMES[PublishedMargin], "analysis", twice, must, remedy)


Check = Callable[[Forms, Forms, Planned], Iterator[s.Finding]]
CHECKS: tuple[tuple[Check, tuple[str, ...]], ...] = (  # with the forms that it judges; none is all
    (_unknown_subjects, ()),
    (_beyond_the_plan, (*(form for form, _ in LEVELS), "eligibility_exception")),
    (_unplanned_analytes, tuple(form for form, _ in ANALYTES)),
    (_unknown_clauses, (NAMES[DltAdjudication],)),
    (_laboratory_units, (NAMES[Laboratory],)),
    (_m_protein_units, (NAMES[MProtein],)),
    (_events_named, tuple(form for form, _ in EVENTS)),
    (_signs_of_syndromes, (NAMES[AdverseEvent],)),
    (_ungraded_events, (NAMES[AdverseEvent],)),
    (_infusions_in_order, (NAMES[Infusion],)),
    (_margins_beside_subjects, (NAMES[PublishedMargin],)),
)


def _each(
    judged: Forms, form: str, column: str, wrong: pl.Expr, must: str, remedy: str = ""
) -> Iterator[s.Finding]:
    if form in judged.tables:
        yield from _rows(judged.tables[form].filter(wrong), form, column, must, remedy)


def _rows(
    rows: pl.DataFrame, form: str, column: str, must: str, remedy: str = ""
) -> Iterator[s.Finding]:
    for row in rows.to_dicts():
        key = s.row_key(FORMS[form], row)
        yield s.Finding(f"{form}.csv", key, column, must, str(row[column]), remedy)


def _more(rows: int) -> str:
    return f" (and {rows - 1} more row{'s'[: rows > 2]})" if rows > 1 else ""
