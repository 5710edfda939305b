import json
from pathlib import Path

import pytest

from cartrial.protocol.read import packaged_text
from tests.command import cartrial

DEMOGRAPHICS = (
    "subject,consented,site,born,sex,country,level\n"
    "001-001,2024-01-10,001,1961-05-17,female,CHN,1\n"
)
EVENTS = "subject,number,term,preferred,scale,started\n001-001,1,Fever,Pyrexia,CTCAE,{started}\n"


@pytest.fixture
def trial(tmp_path: Path) -> Path:
    forms = tmp_path / "forms"
    forms.mkdir()
    (tmp_path / "study.yaml").write_text(packaged_text())
    (forms / "demographics.csv").write_text(DEMOGRAPHICS)
    return tmp_path


def test_clean_data_are_exit_code_0(trial: Path) -> None:
    said = cartrial("check", trial)
    assert (said.code, said.err) == (0, "")
    assert said.out == "BCMA-CD19-MM: 1 form, no errors, no warnings\n"


def test_a_warning_alone_is_exit_code_0(trial: Path) -> None:
    (trial / "forms/adverse_event.csv").write_text(EVENTS.format(started="2024-03-01"))
    said = cartrial("check", trial)
    assert said.code == 0
    assert said.out.splitlines() == [
        "warning  adverse_event.csv: must have its grades in ae_grade.csv, "
        "got 1 event without a grade",
        "BCMA-CD19-MM: 2 forms, no errors, 1 warning",
    ]


def test_an_error_is_exit_code_1(trial: Path) -> None:
    (trial / "forms/adverse_event.csv").write_text(EVENTS.format(started="2024-02-30"))
    said = cartrial("check", trial / "study.yaml", "--forms", trial / "forms")
    assert said.code == 1
    assert said.out.splitlines() == [
        "error    adverse_event.csv: line 2, subject 001-001, number 1: started: "
        "must be a date as far as known, YYYY[-MM[-DD[THH:MM]]], got 2024-02-30",
        "BCMA-CD19-MM: 2 forms, 1 error, no warnings",
    ]


def test_findings_as_json(trial: Path) -> None:
    (trial / "forms/adverse_event.csv").write_text(EVENTS.format(started="1950"))
    said = cartrial("check", trial, "--json")
    told = json.loads(said.out)
    assert said.code == 1
    assert (told["study"], told["errors"], told["warnings"]) == ("BCMA-CD19-MM", 1, 1)
    assert told["findings"][1] == {
        "table": "adverse_event.csv",
        "rows": "subject 001-001, number 1",
        "column": "started",
        "must": "not be before the date of birth",
        "got": "1950",
        "remedy": "Correct it, or the date of birth in demographics.csv",
        "severity": "error",
        "line": None,
    }


def test_a_study_file_alone_is_checked_alone(trial: Path) -> None:
    alone = trial / "alone.yaml"
    alone.write_text(packaged_text())
    (trial / "forms").rename(trial / "elsewhere")
    said = cartrial("check", alone)
    assert said.out == "BCMA-CD19-MM: the study file is in order; no data were given\n"


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (
            ["{trial}", "--forms", "nowhere"],
            11,
            "nowhere: must be a folder of forms as CSV, got no such folder",
        ),
        (
            ["{trial}", "--sdtm", "nowhere"],
            11,
            "nowhere: must be a folder of SDTM, got no such folder",
        ),
        (
            ["{trial}/forms"],
            10,
            "{trial}/forms/study.yaml: must be a study file, got no such file. "
            "`cartrial new NAME` writes one",
        ),
        (
            [],
            10,
            "a study file or a study folder must be given, got nothing. "
            "`cartrial new NAME` writes one; with --sdtm DIR a minimal one is drafted",
        ),
        (
            ["--forms", "{trial}/forms"],
            10,
            "a study file or a study folder must be given, got --forms alone. "
            "`cartrial new NAME` writes one; with --sdtm DIR a minimal one is drafted",
        ),
    ],
)
def test_what_cannot_be_read_is_one_line(
    trial: Path, words: list[str], code: int, message: str
) -> None:
    said = cartrial("check", *(word.format(trial=trial) for word in words))
    assert said.code == code
    assert said.err == f"cartrial: {message.format(trial=trial)}\n"


def test_a_folder_without_data_is_told_what_is_missing(tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_text(packaged_text())
    said = cartrial("check", tmp_path)
    assert said.code == 11
    assert said.err == (
        f"cartrial: {tmp_path}: must hold forms/ or sdtm/ beside study.yaml, got neither. "
        "Give --forms DIR or --sdtm DIR, or put forms/ or sdtm/ beside the study file\n"
    )


def test_forms_and_sdtm_together_are_wrong_usage(trial: Path) -> None:
    said = cartrial("check", trial, "--forms", trial, "--sdtm", trial)
    assert said.code == 2


def test_a_grade_that_the_ctcae_term_does_not_have_is_an_error_and_stops_the_report(
    trial: Path,
) -> None:
    (trial / "forms/adverse_event.csv").write_text(
        "subject,number,term,ctcae_term,scale\n001-001,1,cells,Leukocytosis,CTCAE\n"
    )
    (trial / "forms/ae_grade.csv").write_text(
        "subject,number,since,grade\n001-001,1,2024-03-01,1\n"
    )
    line = (
        "ae_grade.csv: subject 001-001, number 1, since 2024-03-01: grade: must be one of 3, 4, 5, "
        "as Leukocytosis has no other grade in CTCAE v5.0, got 1"
    )
    said = cartrial("check", trial)
    assert said.code == 1
    assert said.out.splitlines()[0] == f"error    {line}"
    said = cartrial("report", trial, "--out", trial / "out")
    assert (said.code, said.err.splitlines()[-1]) == (11, f"cartrial: {line}")


def test_the_look_up_of_ctcae_terms_may_stand_among_the_forms(trial: Path) -> None:
    (trial / "forms/ctcae_terms.csv").write_text("organ_class,ctcae_term,grade,sentence\n")
    said = cartrial("check", trial)
    assert said.out == "BCMA-CD19-MM: 1 form, no errors, no warnings\n"
