"""What in the data keeps an analysis from being sure of itself, as findings.

Each is a warning: the analysis went on, in the way that the reading of its dataset says. Findings
of one kind are summed up, with the first subject; free text is never repeated.
"""

import polars as pl

from cartrial.adam.adverse.adae import CTCAE_CRS, RELATED, UNRELATED, word
from cartrial.adam.adverse.adce import ASSESSED, EVENT
from cartrial.adam.adverse.bedside import Assessments, baseline_ice, undated_assessments
from cartrial.adam.adverse.disagreement import disagreements
from cartrial.adam.adverse.grade import AWAITS, FATAL, recorded_changes
from cartrial.adam.dose_limiting.adjudication import VERDICTS
from cartrial.adam.dose_limiting.clause_names import clause_findings
from cartrial.adam.kinetics.adpc import BELOW, NOT_DONE, QUANTIFIED
from cartrial.adam.response.courses import Courses
from cartrial.adam.response.myeloma_findings import myeloma_findings
from cartrial.adam.response.response_findings import response_findings
from cartrial.adam.subject.adsl import NEW_THERAPY
from cartrial.adam.subject.exposure import is_infusion
from cartrial.adam.summed import Tables, rows_of, summed
from cartrial.adam.time.imputation import first_day
from cartrial.forms.adverse import SYNDROMES
from cartrial.grading.ctcae.terms import CTCAE, known_term
from cartrial.grading.icans import FULL_ICE
from cartrial.protocol.study import Study
from cartrial.schema import Finding
from cartrial.sdtm.domain import Sdtm
from cartrial.sdtm.domains.ae import Ae
from cartrial.sdtm.domains.cm import Cm
from cartrial.sdtm.domains.dm import Dm
from cartrial.sdtm.domains.ds import Ds
from cartrial.sdtm.domains.ex import Ex


def adam_findings(
    study: Study, sdtm: Sdtm, tables: Tables, courses: Courses, seen: Assessments
) -> tuple[Finding, ...]:
    """The warnings of a derivation, in a fixed order."""
    found = (
        _no_product(study, sdtm),
        _infused_without_date(sdtm, tables),
        _dose_unit(study, sdtm),
        _undated_therapies(sdtm),
        _unknown_verdicts(sdtm),
        _unadjudicated_deaths(sdtm, tables),
        _grade_five(tables),
        _grade_five_at_the_bedside(tables),
        _undated_grades(sdtm),
        _unknown_causality(sdtm),
        _undated_events(tables),
        _events_that_cannot_be_placed(tables),
        _crs_of_ctcae(tables),
        _absent_grades(study, sdtm),
        _signs_of_nothing(tables),
        *clause_findings(study, sdtm),
        _undated_assessments(sdtm),
        *disagreements(tables),
        *_unmatched(tables),
        _low_baseline_ice(seen),
        *response_findings(courses.recorded, tables),
        *myeloma_findings(sdtm, tables, courses.recorded),
        *_car_samples(tables),
    )
    return tuple(finding for finding in found if finding is not None)


def _no_product(study: Study, sdtm: Sdtm) -> Finding | None:
    exposed = sdtm.of(Ex)
    if exposed.is_empty() or not exposed.filter(is_infusion(study)).is_empty():
        return None
    given = ", ".join(sorted(exposed["EXTRT"].drop_nulls().unique().to_list())[:5])
    must = "name an infusion of the product as in study.yaml: product.treatments"
    remedy = "Nobody counts as infused until it does"
    return Finding("EX", "", "EXTRT", must, given, remedy, severity="warning")


def _infused_without_date(sdtm: Sdtm, tables: Tables) -> Finding | None:
    explained = sdtm.of(Ex).filter(pl.col("EXDTCRSN").is_not_null())["USUBJID"].to_list()
    undated = rows_of(tables, "ADSL", pl.col("SAFFL") == "Y", pl.col("TRTSDT").is_null())
    rows = undated.filter(~pl.col("USUBJID").is_in(explained))
    return summed("EX", rows, "EXSTDTC", "be a complete date of infusion", "a part or nothing")


def _dose_unit(study: Study, sdtm: Sdtm) -> Finding | None:
    rows = sdtm.of(Ex).filter(is_infusion(study), pl.col("EXDOSU") != study.doses.unit)
    given = ", ".join(sorted(rows["EXDOSU"].unique().to_list())[:5])
    must = f"be {study.doses.unit} as in study.yaml: doses.unit"
    return summed("EX", rows, "EXDOSU", must, given, "The number is taken as if it were")


def _undated_therapies(sdtm: Sdtm) -> Finding | None:
    undated = first_day(pl.col("CMSTDTC")).is_null()
    rows = sdtm.of(Cm).filter(pl.col("CMCAT") == NEW_THERAPY, undated)
    got = "no start of a new anti-myeloma therapy"
    return summed("CM", rows, "CMSTDTC", "be dated", got, "It is not used")


def _unknown_verdicts(sdtm: Sdtm) -> Finding | None:
    rows = sdtm.of(Dm).filter(~pl.col("DLTADJ").is_in(VERDICTS))
    must = f"be one of {', '.join(VERDICTS)}"
    return summed("DM", rows, "DLTADJ", must, "something else", "It is not used")


def _unadjudicated_deaths(sdtm: Sdtm, tables: Tables) -> Finding | None:
    if not sdtm.of(Ds)["DTHADJ"].count():
        return None
    rows = rows_of(tables, "ADSL", pl.col("DTHFL") == "Y", pl.col("DTHADJFL").is_null())
    return summed("DS", rows, "DTHADJ", "be adjudicated", "a death that awaits it")


def _grade_five(tables: Tables) -> Finding | None:
    rows = rows_of(tables, "ADAE", pl.col("WHYMISS") == AWAITS)
    must = "be grade 5 only where a person has judged the death as due to the event"
    return summed("AE", rows, "AETOXGR", must, "grade 5 without that verdict")


def _grade_five_at_the_bedside(tables: Tables) -> Finding | None:
    rows = rows_of(tables, "ADTOX", pl.col("ATOXGRN") == FATAL)
    if rows.is_empty():
        return None
    judged = rows_of(tables, "ADCE", pl.col("ATOXGRN") == FATAL).select("USUBJID", PARAMCD="ACAT")
    alone = rows.join(judged, on=("USUBJID", "PARAMCD"), how="anti")
    must = "be grade 5 only where a person has judged the death as due to it"
    got, remedy = "grade 5 without that verdict", "The signs are graded instead"
    return summed("FA", alone, "ASTCTGR", must, got, remedy)


def _undated_grades(sdtm: Sdtm) -> Finding | None:
    rows = recorded_changes(sdtm).filter(first_day(pl.col("FADTC")).is_null())
    got, remedy = "a grade without a date", "It is not used"
    return summed("FA", rows, "FADTC", "say when the grade began", got, remedy)


def _unknown_causality(sdtm: Sdtm) -> Finding | None:
    causes, known = sdtm.of(Ae).select("USUBJID", "AEREL"), (*RELATED, *UNRELATED)
    unknown = causes.select("AEREL").unique().filter(~word("AEREL").is_in(known))
    rows = causes.join(unknown, on="AEREL", how="semi")
    must = "be a known word for causality"
    return summed("AE", rows, "AEREL", must, "another word", "It counts as related")


def _undated_events(tables: Tables) -> Finding | None:
    rows = rows_of(tables, "ADAE", pl.col("ASTDT").is_null(), pl.col("TRTEMFL") == "Y")
    remedy = "It counts as treatment emergent"
    return summed("AE", rows, "AESTDTC", "be dated", "no start of the event", remedy)


def _events_that_cannot_be_placed(tables: Tables) -> Finding | None:
    rows = rows_of(
        tables,
        "ADAE",
        pl.col("SAFFL") == "Y",
        pl.col("ASTDT").is_not_null(),
        pl.col("ASTDAY").is_null(),
    )
    must = "be before or after a known infusion"
    return summed("AE", rows, "AESTDTC", must, "an infusion without a date", "It is not counted")


def _crs_of_ctcae(tables: Tables) -> Finding | None:
    coded = pl.col("AEDECOD").str.to_lowercase() == CTCAE_CRS
    rows = rows_of(tables, "ADAE", coded, ~pl.col("AECAT").is_in(SYNDROMES).fill_null(False))
    remedy = "It is in neither table: CTCAE's own CRS term is not used"
    return summed("AE", rows, "AECAT", "be CRS for an event of that term", "nothing", remedy)


def _absent_grades(study: Study, sdtm: Sdtm) -> Finding | None:
    if not study.standards.by_ctcae_5:
        return None
    other = pl.col("AESCALE").is_in(("ASTCT", "OTHER")) | pl.col("AECAT").is_in(SYNDROMES)
    grade = pl.col("AETOXGR").cast(pl.Int64, strict=False)
    events = sdtm.of(Ae).filter(~other.fill_null(False), grade.is_not_null())
    graded = events.select("USUBJID", "AELLT", "AEDECOD", grade=grade)
    kinds = graded.drop("USUBJID").unique(maintain_order=True)
    absent = pl.Series([_absent_grade(*kind) for kind in kinds.iter_rows()], dtype=pl.String)
    named = kinds.with_columns(absent=absent).drop_nulls("absent")
    rows = graded.join(named, on=kinds.columns, nulls_equal=True, maintain_order="left")
    must, got = f"be a grade that {CTCAE} has for the term", rows["absent"].unique().sort()
    return summed("AE", rows, "AETOXGR", must, ", ".join(got), "It is counted as recorded")


def _absent_grade(lowest: str | None, preferred: str | None, grade: int) -> str | None:
    """The term with the grade, where CTCAE does not have it."""
    term = known_term(lowest, preferred)
    return None if term is None or grade in (0, *term.grades) else f"{term.term} {grade}"


def _signs_of_nothing(tables: Tables) -> Finding | None:
    rows = rows_of(tables, "ADAE", pl.col("AECOMPOF").is_not_null(), pl.col("TABFL") == "Y")
    remedy = "It is tabulated as its own event"
    must = "be the number of a CRS or ICANS event of the subject"
    return summed("AE", rows, "AECOMPOF", must, "another number", remedy)


def _undated_assessments(sdtm: Sdtm) -> Finding | None:
    rows = undated_assessments(sdtm)
    return summed("FA", rows, "FADTC", "be a complete date", "a part or nothing", "It is not used")


def _unmatched(tables: Tables) -> tuple[Finding | None, ...]:
    """Events without an episode in the assessments of the subject, and the other way round."""
    found = []
    for syndrome in SYNDROMES:
        mine = pl.col("ACAT") == syndrome
        seen = rows_of(tables, "ADTOX", pl.col("PARAMCD") == syndrome)
        events = rows_of(tables, "ADCE", mine, pl.col("ASRC") == EVENT)
        alone = events.join(seen, on="USUBJID", how="semi")
        must = f"have a sign of {syndrome} in the bedside assessments of its days"
        found.append(summed("AE", alone, "AECAT", must, "none", "The event counts"))
        graded = pl.col("ATOXGRN").ne_missing(0)  # else it disagrees, and is named so
        episodes = rows_of(tables, "ADCE", mine, pl.col("ASRC") == ASSESSED, graded)
        must = f"be recorded as an adverse event where {syndrome} was seen"
        found.append(summed("FA", episodes, "FADTC", must, "none", "The episode counts"))
    return tuple(found)


def _low_baseline_ice(seen: Assessments) -> Finding | None:
    scores = baseline_ice(seen["ICANS"])
    rows = scores.filter(pl.col("ice") < FULL_ICE).rename({"subject": "USUBJID"})
    remedy = "The ASTCT grade knows no baseline: the investigator judges what is new"
    return summed("FA", rows, "FASTRESN", "be 10 as ICE score before the infusion", "less", remedy)


def _car_samples(tables: Tables) -> tuple[Finding | None, ...]:
    """CAR measurements that do not enter a curve as they were recorded, by their domain."""
    found: list[Finding | None] = []
    for code in ("PC", "CP") if "ADPC" in tables else ():
        mine, state = pl.col("SRCDOM") == code, pl.col("ASTATUS")
        undated = rows_of(tables, "ADPC", mine, state != NOT_DONE, pl.col("ADT").is_null())
        must, got, remedy = "be a complete date", "a part or nothing", "It is in no curve"
        found.append(summed(code, undated, f"{code}DTC", must, got, remedy))
        number = pl.col("AVALC").cast(pl.Float64, strict=False)
        low = rows_of(tables, "ADPC", mine, state == BELOW).filter(number > 0)
        must, remedy = f"reach {code}LLOQ, or be said below it", "It is below quantification"
        found.append(summed(code, low, f"{code}STRESN", must, "a lower number", remedy))
        early = rows_of(tables, "ADPC", mine, state == QUANTIFIED, pl.col("ARELTM") <= 0)
        must, remedy = "be below quantification up to the infusion", "The curve starts at 0"
        found.append(summed(code, early, f"{code}STRESN", must, "a value", remedy))
    return tuple(found)
