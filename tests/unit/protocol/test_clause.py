import pytest

from cartrial.errors import StudyError
from cartrial.protocol.read import packaged_study, parse_study

STUDY = """
cartrial: 1
id: SMALL
title: !registered A small study
condition: !registered Multiple Myeloma
product: !assumed {{name: CAR, treatments: [CAR]}}
outcomes: !registered
  - {{analysis: dlt, role: primary, measure: DLT}}
doses: !assumed
  unit: 10^6 CAR+ cells/kg
  levels: [{{label: low, dose: 1}}]
dlt: !assumed
  definition: any
  window: 84
  clauses: [{clauses}]
"""


def fault(*clauses: str) -> str:
    with pytest.raises(StudyError) as raised:
        parse_study(STUDY.format(clauses=", ".join(clauses)), place="study.yaml")
    return str(raised.value)


CRS = "{id: crs-4, name: CRS of grade 4, toxicity: CRS, grade: 4}"


def test_the_packaged_clauses_are_complete_active_and_assumed() -> None:
    study = packaged_study()
    assert study.dlt is not None
    assert [clause.id for clause in study.dlt.clauses] == [
        "crs-4",
        "crs-3",
        "icans-4",
        "icans-3",
        "seizure",
        "death",
        "organ",
        "liver-tests",
        "infection",
        "lasting",
        "neutropenia",
        "platelets",
        "allergy",
    ]
    assert all(clause.active for clause in study.dlt.clauses)
    assert study.mark("dlt.clauses.3") == "assumed"


@pytest.mark.parametrize(
    ("within", "hours", "days"), [("72 h", 72, None), ("7 d", None, 7), ("", None, None)]
)
def test_a_time_is_in_hours_or_days(within: str, hours: int | None, days: int | None) -> None:
    duration = f", not_to_grade: 2, within: {within}" if within else ""
    text = CRS.replace("grade: 4", "grade: 3" + duration)
    study = parse_study(STUDY.format(clauses=text), place="study.yaml")
    assert study.dlt is not None
    [clause] = study.dlt.clauses
    assert (clause.hours, clause.days, clause.floor) == (hours, days, 2)


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("grade: 3, within: 72 h", "not_to_grade and within must be given together"),
        ("grade: 3, not_to_grade: 2", "not_to_grade and within must be given together"),
        (
            "grade: 3, not_to_grade: 2, within: 3 weeks",
            "within: must be a number with h or d, as in 72 h or 7 d, got 3 weeks",
        ),
        (
            "grade: 3, not_to_grade: 3, within: 72 h",
            "not_to_grade must be below the grade 3, got 3",
        ),
        (
            "grade: 3, not_to_grade: 2, within: 72 h, longer_than: 3",
            "longer_than must stand without not_to_grade, got both",
        ),
        ("grade: 4, analyte: NEUT, direction: low", "must stand with toxicity: laboratory only"),
        ("grade: 4, terms: [Seizure]", "must stand with an adverse event or any, got CRS"),
        ("grade: 6", "dlt.clauses.crs-4.grade: must be at most 5, got 6"),
        ("garde: 4", "must be a key that a study file knows, got 4. Did you mean grade?"),
        ("window: 90", "the window of a clause must end by day 84, got 90 of crs-4"),
    ],
)
def test_a_clause_that_makes_no_sense_is_refused(keys: str, said: str) -> None:
    assert said in fault(CRS.replace("grade: 4", keys))


def test_a_laboratory_clause_names_its_analyte_and_direction() -> None:
    said = fault("{id: low, name: low, toxicity: laboratory, grade: 4}")
    assert "a laboratory toxicity must have an analyte and a direction" in said
    said = fault("{id: low, name: l, toxicity: laboratory, analyte: ANC, direction: low, grade: 4}")
    assert "analyte must be a code of the data dictionary, got ANC" in said


def test_an_id_of_a_clause_stands_once_and_is_short_and_plain() -> None:
    assert "an id of a clause must stand once, got crs-4 twice" in fault(CRS, CRS)
    said = fault(CRS.replace("crs-4", "CRS 4"))
    assert said == (
        "study.yaml: dlt.clauses.0.id: must be 1 to 20 small letters, digits and hyphens, got CRS 4"
    )


def test_a_dlt_clause_is_of_one_subject() -> None:
    said = fault(CRS.replace("toxicity: CRS", "toxicity: DLT rate"))
    assert "a DLT clause must name a toxicity, got DLT rate" in said


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("grade: four", "grade: must be a whole number, got four"),
        ("grade: 3.5", "grade: must be a whole number, got 3.5"),
        ("active: perhaps", "active: must be true or false, got perhaps"),
        ("terms: Seizure", "terms: must be a list, got Seizure"),
        ("excluding: all", "excluding: must be keys with values, got all"),
        ("direction: down", "direction: must be one of low, high, got down"),
        (
            "group: haematologic",
            "group: must be one of haematological, non-haematological, got haematologic. "
            "Did you mean haematological?",
        ),
        ("window: 0", "window: must be more than 0, got 0"),
        ("analyte: NEUTROPHILS", "analyte: must be at most 8 characters long, got NEUTROPHILS"),
        ("terms: [[Seizure]]", "terms.0: must be text, got a list"),
    ],
)
def test_a_wrong_value_is_told_in_plain_words_with_the_id_of_its_clause(
    keys: str, said: str
) -> None:
    assert fault(CRS.replace("grade: 4", keys)) == f"study.yaml: dlt.clauses.crs-4.{said}"


def test_a_name_of_a_clause_is_text_and_given() -> None:
    assert fault(CRS.replace("CRS of grade 4", "5")) == (
        "study.yaml: dlt.clauses.crs-4.name: must be text, got 5"
    )
    assert fault(CRS.replace("CRS of grade 4", "''")) == (
        "study.yaml: dlt.clauses.crs-4.name: must be given, got nothing"
    )
