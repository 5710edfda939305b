"""DLT clauses in the report: counts, evidence, disagreements."""

import pytest

from cartrial.results.dlt import dlt
from cartrial.results.dlt_review import disagreements, review_dlt
from tests.unit.results.made import cell, labels, output, trial, who, why

ADSL = """
SAFFL = Y
TRT01AN = 1
subject  TRTSDT
A        2025-01-01
B        2025-01-02
C        2025-01-03
"""
ADDL = """
DOSELVL = 1
EVALLVL = 1
subject  DLTSTAT   DLTDAY  DLTONSDY  DLTCLAUS  DLTTERM  DLTADJ  DLTREAS      DLTFUP
A        DLT       8       5         crs-3     CRS      DLT     adjudicated  84
B        DLT       6       5         -         CRS      -       proposed     28
C        maturing  -       -         -         -        -       open         28
"""
ADDLEV = """
RULETYP = DLT CLAUSE
AENO = 1
AEDECOD = CRS
subject  CLAUSE       VERDICT  ASTDAY  BEGDAY  METDAY  AEDLT  INVDAY  DLTADJ  AGREEFL  ADJAGRFL
A        crs-3        Y        5       5       8       Y      8       DLT     Y        Y
B        -            N        5       -       -       Y      6       no DLT  N        N
C        neutropenia  U        2       2       -       N      -       -       -        -
"""


ADAE = "subject  AENO\nA        1"
ADLB = "subject  PARAMCD\nA        NEUT"


def parts(addlev=ADDLEV, *, adlb=True):
    values = {"ADLB": ADLB} if adlb else {}
    return dlt(trial(ADSL=ADSL, ADDL=ADDL, ADDLEV=addlev, ADAE=ADAE, **values))


def test_each_active_clause_has_its_events_and_those_that_are_open():
    table = output(parts(), "dlt_clauses")
    crs, open_ = "CRS of grade 3, not at grade 2 or lower within 72 h", "Not settled yet"
    assert cell(table, crs) == {"events": 1, "n": 1}
    assert who(table, open_) == "C"
    assert cell(table, "Death due to a toxicity") == {"events": 0, "n": 0}
    assert labels(table).count(open_) == 1


def test_a_clause_whose_data_were_not_collected_says_so_and_is_not_0():
    table = output(parts(adlb=False), "dlt_clauses")
    label = "Neutrophils at grade 4 for more than 28 days"
    assert cell(table, label)["events"] is None
    assert why(table, label, "events") == "what it asks for was not collected"


def test_a_clause_that_is_switched_off_is_named_and_not_counted():
    made = trial(ADSL=ADSL, ADDL=ADDL, ADDLEV=ADDLEV)
    clauses = tuple(
        clause.model_copy(update={"active": clause.id != "seizure"})
        for clause in made.study.dlt.clauses
    )
    rule = made.study.dlt.model_copy(update={"clauses": clauses})
    study = made.study.model_copy(update={"dlt": rule})
    table = output(dlt(trial(study, ADSL=ADSL, ADDL=ADDL, ADDLEV=ADDLEV, ADAE=ADAE)), "dlt_clauses")
    assert "Seizure of any grade" not in labels(table)
    assert "Switched off in the study file: Seizure of any grade." in table.output.footnotes


def test_a_dlt_is_listed_with_clause_onset_and_day():
    table = output(parts(), "dlt_list")
    assert cell(table, "A", "Clause") == {
        "text": "CRS of grade 3, not at grade 2 or lower within 72 h"
    }
    assert cell(table, "A", "Onset") == {"text": "day 5"}
    assert cell(table, "A", "Day met") == {"text": "day 8"}
    assert cell(table, "B", "Clause") == {"text": "no clause of the study"}


def test_the_evidence_stands_with_investigator_and_committee():
    table = output(parts(), "dlt_evidence")
    assert cell(table, "A", "Investigator") == {"text": "DLT"}
    assert cell(table, "A", "Committee") == {"text": "DLT"}
    assert cell(table, "B", "Day met") == {"text": "no clause"}
    assert cell(table, "C", "Committee") == {"text": "not yet"}


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("crs-4  Y  5  5  5  Y  5  DLT     Y  Y", []),
        ("crs-4  Y  5  5  5  N  -  -       N  -", ["clause crs-4 is met, the investigator did"]),
        ("-      N  5  -  -  Y  5  -       N  -", ["proposed by the investigator, no clause"]),
        ("crs-4  Y  5  5  5  Y  6  -       Y  -", ["clause crs-4 is met on day 5, by the inv"]),
        ("crs-4  Y  5  5  5  Y  5  no DLT  Y  N", ["proposed as DLT, adjudicated as no DLT"]),
        ("-      N  5  -  -  N  -  DLT     Y  N", ["not proposed, adjudicated as DLT"]),
        ("crs-4  U  5  5  -  N  -  -       -  -", []),
    ],
)
def test_each_disagreement_is_said(row, expected):
    header = ADDLEV.split("A        ")[0]
    told = disagreements(trial(ADSL=ADSL, ADDL=ADDL, ADDLEV=f"{header}A  {row}"))
    assert [what[: len(said)] for (_, what), said in zip(told, expected, strict=True)] == expected


def test_without_a_disagreement_the_listing_says_so():
    agreed = "\n".join(line for line in ADDLEV.splitlines() if line[:1] != "B")
    table = output(parts(agreed), "dlt_disagreements")
    assert table.output.empty == "Clauses, investigator and committee agree on every event."


def test_a_review_has_statuses_events_and_pause_rules():
    made = trial(ADSL=ADSL, ADDL=ADDL, ADDLEV=ADDLEV)
    review = review_dlt(made.study, made.adam)
    assert review.statuses["subject"].to_list() == ["A", "B", "C"]
    assert [event.clause for event in review.events] == ["crs-3", "neutropenia"]
    assert len(review.pauses) == len(made.study.pause_rules)


def test_a_study_without_clauses_has_none_of_it():
    made = trial(ADSL=ADSL, ADDL=ADDL)
    rule = made.study.dlt.model_copy(update={"clauses": ()})
    study = made.study.model_copy(update={"dlt": rule})
    found = dlt(trial(study, ADSL=ADSL, ADDL=ADDL))
    assert [part.output.id for part in found[:-1]] == ["dlt", "dlt_list", "dlt_open"]
    assert "Clause" not in [group.name for group in output(found, "dlt_list").output.groups]
