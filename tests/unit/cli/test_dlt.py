import json
from pathlib import Path

import pytest

from cartrial.protocol.read import packaged_text
from tests.command import cartrial

FORMS = {
    "demographics": "subject,consented,site,born,sex,country,level\n"
    "001-001,2023-12-01,001,1961-05-17,female,CHN,1\n",
    "infusion": "subject,number,at,level,planned,given\n001-001,1,2024-01-10T10:00,1,1,1\n",
    "visit": "subject,visit,on,safety\n001-001,Day 28,2024-02-07,yes\n",
    "adverse_event": "subject,number,term,preferred,syndrome,scale,started,ended,car_t,dlt\n"
    "001-001,1,crs,Cytokine release syndrome,CRS,ASTCT,2024-01-12T08:00,2024-01-17T20:00,"
    "related,no\n",
    "ae_grade": "subject,number,since,grade\n"
    "001-001,1,2024-01-12T08:00,1\n"
    "001-001,1,2024-01-13T08:00,3\n"
    "001-001,1,2024-01-16T20:00,1\n",
}


@pytest.fixture
def trial(tmp_path: Path) -> Path:
    (tmp_path / "forms").mkdir()
    (tmp_path / "study.yaml").write_text(packaged_text())
    for name, text in FORMS.items():
        (tmp_path / "forms" / f"{name}.csv").write_text(text)
    return tmp_path


def test_each_subject_has_its_status_clause_and_evidence(trial: Path) -> None:
    said = cartrial("dlt", trial, "--cutoff", "2024-02-10")
    assert said.code == 0
    assert said.out.splitlines() == [
        "DLT at the data cut of 2024-02-10",
        "",
        "subject  level  to day 28  to day 84  days  why",
        "001-001      1  DLT        DLT          28  day 6: Cytokine release syndrome,",
        "                                            proposed by clause crs-3, not yet",
        "                                            adjudicated",
        "",
        "Clauses that are met or cannot be settled yet",
        "001-001  crs-3  Cytokine release syndrome: met on day 6",
        "        day 3, 08:00 grade 3; until day 6, 20:00",
        "",
        "Clauses that nothing is held against",
        "neutropenia  what it asks for was not collected",
        "platelets  what it asks for was not collected",
        "",
        "Disagreements",
        "001-001  Cytokine release syndrome: clause crs-3 is met, the investigator did",
        "    not propose it",
        "",
        "Pause rules",
        "not met  Death related to the product. 0 subjects, limit 1.",
        "not met  Second subject with CRS of grade 4 or higher. 0 subjects, limit 2.",
        "not met  ICANS of grade 4 or higher. 0 subjects, limit 1.",
        "not met  DLT rate at a dose above the target with probability over 95 %. 1 DLT",
        "    in 1 at dose level 1, P(rate > 0.3) = 0.91.",
    ]


def test_json_says_the_same(trial: Path) -> None:
    told = json.loads(cartrial("dlt", trial, "--json").out)
    [subject] = told["subjects"]
    assert (subject["status"], subject["day_met"], subject["onset"]) == ("DLT", 6, 2)
    [clause] = told["clauses"]
    assert (clause["clause"], clause["verdict"], clause["investigator"]) == (
        "crs-3",
        "met",
        "no DLT",
    )
    assert len(told["disagreements"]) == 1
    assert [rule["state"] for rule in told["pause_rules"]] == ["not met"] * 4


def test_a_cut_before_the_first_infusion_says_that_nobody_is_infused(trial: Path) -> None:
    lines = cartrial("dlt", trial, "--cutoff", "2023-12-15").out.splitlines()
    assert lines[:4] == ["DLT at the data cut of 2023-12-15", "", "No subject is infused yet.", ""]


def test_a_cut_that_is_no_date_is_told_in_plain_words(trial: Path) -> None:
    said = cartrial("dlt", trial, "--cutoff", "2024-02-30")
    assert said.code == 2
    assert "must be a date as YYYY-MM-DD, got 2024-02-30" in said.err


def test_a_clause_that_is_open_says_why(trial: Path) -> None:
    grades = trial / "forms/ae_grade.csv"
    grades.write_text("\n".join(FORMS["ae_grade"].splitlines()[:3]) + "\n")
    event = trial / "forms/adverse_event.csv"
    event.write_text(FORMS["adverse_event"].replace("2024-01-17T20:00", ""))
    (trial / "forms/visit.csv").write_text(
        "subject,visit,on,safety\n001-001,Day 3,2024-01-13,yes\n"
    )
    said = cartrial("dlt", trial, "--cutoff", "2024-01-14").out
    assert "001-001      1  maturing   maturing      3  event 1 (Cytokine release" in said
    assert (
        "001-001  crs-3  Cytokine release syndrome: open: not over when last seen on day\n    3"
        in said
    )


def test_a_study_without_a_dlt_rule_is_refused(trial: Path) -> None:
    study = packaged_text()
    start, end = study.index("\ndlt:"), study.index("\ndesign:")
    (trial / "study.yaml").write_text(study[:start] + study[end:])
    said = cartrial("dlt", trial)
    assert said.code == 10
    assert said.err == "cartrial: study.yaml: dlt: must be given to judge DLT, got nothing\n"


def test_data_that_tell_of_no_toxicity_are_refused(trial: Path) -> None:
    for name in ("adverse_event", "ae_grade", "visit"):
        (trial / "forms" / f"{name}.csv").unlink()
    said = cartrial("dlt", trial)
    assert said.code == 11
    assert said.err.endswith("the data must tell of a DLT, got no events, visits or verdicts\n")


LABORATORY = "subject,at,analyte,specimen,value,unit,low,high\n" + "".join(
    f"001-001,{day},NEUT,blood,{value},10^9/L,2,7\n"
    for day, value in (("2023-12-20", 4), ("2024-01-20", 0.2), ("2024-02-05", 0.2))
)


def test_values_that_may_last_are_called_by_their_analyte(trial: Path) -> None:
    (trial / "forms/laboratory.csv").write_text(LABORATORY)
    [subject] = json.loads(cartrial("dlt", trial, "--cutoff", "2024-02-06", "--json").out)[
        "subjects"
    ]
    assert subject["status"] == "DLT"
    (trial / "forms/adverse_event.csv").unlink()
    (trial / "forms/ae_grade.csv").unlink()
    [subject] = json.loads(cartrial("dlt", trial, "--cutoff", "2024-02-06", "--json").out)[
        "subjects"
    ]
    assert subject["status"] == "maturing"
    assert subject["reason"].startswith(
        "laboratory values of NEUT cannot be settled yet: clause neutropenia, "
    )


def test_a_ctcae_without_limits_leaves_laboratory_clauses_not_judged(trial: Path) -> None:
    (trial / "forms/laboratory.csv").write_text(LABORATORY)
    study = trial / "study.yaml"
    study.write_text(packaged_text().replace("CTCAE-5.0", "CTCAE-4.03"))
    (trial / "forms/adverse_event.csv").unlink()
    (trial / "forms/ae_grade.csv").unlink()
    said = cartrial("dlt", trial, "--cutoff", "2024-02-06", "--json")
    told = json.loads(said.out)
    assert told["subjects"][0]["status"] == "pending"
    why = "not judged: laboratory values are graded by CTCAE-5.0 or CTCAE-6.0"
    assert {"clause": "neutropenia", "why": why} in told["not_judged"]
    assert "clauses of laboratory values (neutropenia, platelets), got CTCAE-4.03" in said.err


def test_an_organ_class_that_does_not_exist_stops(trial: Path) -> None:
    study = trial / "study.yaml"
    study.write_text(packaged_text().replace("Cardiac disorders", "Cardiac disorder"))
    for command in ("dlt", "check"):
        said = cartrial(command, trial)
        assert said.code == 10
        assert "got Cardiac disorder. Did you mean Cardiac disorders?" in said.err
