"""The terms of CTCAE v5.0: how many there are, which grades exist, what the forms may say."""

from collections import Counter

import polars as pl
import pytest

from cartrial.forms.checks import Planned, check_forms
from cartrial.grading.ctcae.check import check_terms
from cartrial.grading.ctcae.look_up import look_up
from cartrial.grading.ctcae.terms import (
    code_of_term,
    ctcae_terms,
    known_term,
    nearest_terms,
)
from tests.unit.forms.tables import filled

TERMS = ctcae_terms().values()
PATTERNS = Counter("".join(map(str, term.grades)) for term in TERMS)


def test_there_are_837_terms_in_26_organ_classes_each_with_its_own_code():
    assert len(TERMS) == 837
    assert len({term.code for term in TERMS}) == 837
    assert all(10_000_000 < term.code < 10_100_000 for term in TERMS)
    assert len({term.organ_class for term in TERMS}) == 26


def test_each_organ_class_has_its_other_specify():
    others = [term for term in TERMS if term.term.endswith(" - Other, specify")]
    assert len(others) == len({term.organ_class for term in others}) == 26


def test_how_many_terms_have_which_grades():
    assert PATTERNS["12345"] == 330
    assert PATTERNS["123"] == 196
    assert PATTERNS["2345"] == 100
    assert {term.term for term in TERMS if term.grades == (5,)} == {
        "Death NOS",
        "Disease progression",
        "Sudden death NOS",
    }


def test_the_terms_are_in_the_order_of_organ_class_and_name():
    order = [(term.organ_class, term.term.lower()) for term in TERMS]
    assert order == sorted(order)


@pytest.mark.parametrize(
    "line",
    """
    Anemia                                 10002272  12345
    Eosinophilia                           10014950  13
    Febrile neutropenia                    10016288  345
    Leukocytosis                           10024378  345
    Lymph node pain                        10025182  123
    Asystole                               10003586  145
    Atrioventricular block first degree    10003674  12
    Cardiac arrest                         10007515  45
    Left ventricular systolic dysfunction  10069501  345
    Palpitations                           10033557  12
    Fever                                  10016558  12345
    Hypoxia                                10021143  2345
    Blood lactate dehydrogenase increased  10005630  1
    Neutrophil count decreased             10029366  1234
    Tremor                                 10044565  123
    Cytokine release syndrome              10052015  12345
    """.strip().splitlines(),
)
def test_a_term_has_its_code_and_its_grades(line):
    name, code, grades = line.strip().rsplit(maxsplit=2)
    term = known_term(name)
    assert term is not None
    assert (term.term, term.code) == (name, int(code))
    assert "".join(map(str, term.grades)) == grades


def test_letters_and_blanks_around_do_not_matter_but_spelling_does():
    names = ["  anemia ", "ANEMIA", "Anemia", "Anaemia"]
    codes = pl.DataFrame({"name": names}).select(code_of_term(pl.col("name"))).to_series()
    known = [term and term.code for term in map(known_term, names)]
    assert codes.to_list() == known == [10002272, 10002272, 10002272, None]
    assert nearest_terms("Anaemia") == ("Anemia",)


def test_a_word_like_no_term_has_no_suggestion():
    assert known_term("xyzzy") is None
    assert nearest_terms("xyzzy") == ()


def test_of_several_names_the_first_that_is_a_term_counts():
    term = known_term(None, "Anaemia", "Nausea", "Vomiting")
    assert term is not None
    assert term.term == "Nausea"


# ---------------------------------------------------------------- in the forms
def found(events: str, grades: str) -> list[str]:
    return [str(one) for one in check_terms(filled(adverse_event=events, ae_grade=grades))]


def test_an_unknown_term_is_an_error_with_the_nearest_terms():
    events = """
        subject  number  term        ctcae_term  scale
        001      1       loose bowl  Diarrhoea   CTCAE
        001      2       fever       fever       CTCAE
    """
    grades = """
        subject  number  since       grade
        001      1       2024-01-12  2
        001      2       2024-01-12  5
    """
    assert found(events, grades) == [
        "adverse_event.csv: subject 001, number 1: ctcae_term: must be a term of CTCAE v5.0, "
        "got Diarrhoea. Nearest: Diarrhea"
    ]


def test_a_grade_that_the_term_does_not_have_is_an_error_and_grade_0_never_is():
    events = """
        subject  number  term            ctcae_term    scale
        001      1       too many cells  Leukocytosis  CTCAE
        001      2       nausea          Nausea        CTCAE
    """
    grades = """
        subject  number  since       grade
        001      1       2024-01-12  3
        001      1       2024-01-15  1
        001      1       2024-01-16  0
        001      2       2024-01-12  4
    """
    forms = filled(adverse_event=events, ae_grade=grades)
    first, second = check_terms(forms)
    assert (first.severity, second.severity) == ("error", "error")
    assert str(first) == (
        "ae_grade.csv: subject 001, number 1, since 2024-01-15: grade: must be one of 3, 4, 5, "
        "as Leukocytosis has no other grade in CTCAE v5.0, got 1"
    )
    assert second.got == "4"
    assert "be one of 1, 2, 3, as Nausea" in second.must


def test_events_of_another_scale_or_without_a_ctcae_term_are_not_held_to_it():
    events = """
        subject  number  term    preferred        ctcae_term    scale
        001      1       nausea  Nausea           -             CTCAE
        001      2       crs     CRS              Not a term    ASTCT
        001      3       cells   Leukocytosis     Leukocytosis  other
    """
    grades = """
        subject  number  since       grade
        001      1       2024-01-12  5
        001      2       2024-01-12  5
        001      3       2024-01-12  1
    """
    assert found(events, grades) == []


def test_events_without_any_grade_have_no_finding_of_ctcae():
    events = "subject  number  term  ctcae_term  scale\n001  1  nausea  Nausea  CTCAE"
    assert check_terms(filled(adverse_event=events)) == []
    people = "subject  consented\n001  2024-01-10"
    planned = Planned(levels=1, criteria=0, analytes={})
    said = check_forms(filled(demographics=people, adverse_event=events), planned)
    assert [one.severity for one in said] == ["warning"]


# ---------------------------------------------------------------- the look-up
def test_the_look_up_has_one_row_for_each_grade_that_exists():
    rows = look_up({"LEUKOCYTOSIS": {3: "invented"}})
    assert rows.height == sum(len(term.grades) for term in TERMS)
    mine = rows.filter(rows["ctcae_term"] == "Leukocytosis").select("grade", "sentence").rows()
    assert mine == [(3, "invented"), (4, None), (5, None)]
