"""What a person gets wrong: one line with place, rule, value and remedy, and nothing is damaged."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.command import cartrial

STUDY = """
cartrial: 1
id: SMALL
title: !registered A small study
condition: !registered Multiple Myeloma
product: !assumed {name: CAR, treatments: [CAR]}
outcomes: !registered
  - {analysis: ae, role: primary, measure: Adverse events}
doses: !assumed
  unit: 10^6 CAR+ cells/kg
  levels: [{label: low, dose: 1}]
"""
FORMS = {
    "demographics": "subject,consented,born,level\n001-001,2024-01-10,1961-05-17,1\n",
    "infusion": "subject,number,at,level,given\n001-001,1,2024-02-01T10:00,1,1\n",
    "adverse_event": "subject,number,term,preferred,scale,started,car_t\n"
    "001-001,1,Fever,Pyrexia,CTCAE,2024-02-03,related\n",
    "ae_grade": "subject,number,since,grade\n001-001,1,2024-02-03,2\n",
    "laboratory": "subject,at,analyte,specimen,value,unit\n001-001,2024-01-20,HGB,blood,90,g/L\n",
}


@pytest.fixture
def trial(tmp_path: Path) -> Path:
    (tmp_path / "study.yaml").write_text(STUDY)
    (tmp_path / "forms").mkdir()
    for name, content in FORMS.items():
        (tmp_path / f"forms/{name}.csv").write_text(content)
    return tmp_path


def replace(file: str, old: str, new: str) -> Callable[[Path], None]:
    def edit(trial: Path) -> None:
        content = (trial / file).read_text()
        assert old in content
        (trial / file).write_text(content.replace(old, new))

    return edit


def append(file: str, line: str) -> Callable[[Path], None]:
    def edit(trial: Path) -> None:
        (trial / file).write_text((trial / file).read_text() + line)

    return edit


def remove(name: str) -> Callable[[Path], None]:
    def edit(trial: Path) -> None:
        place = trial / name
        shutil.rmtree(place) if place.is_dir() else place.unlink()

    return edit


@dataclass(frozen=True)
class Bad:
    """One mistake, and what the program says."""

    mistake: Callable[[Path], None]
    code: int
    message: str


BAD = {
    "missing folder": Bad(
        remove("forms"),
        11,
        "{trial}/forms: must be a folder of forms as CSV, got no such folder",
    ),
    "missing demographics": Bad(
        remove("forms/demographics.csv"),
        11,
        "{trial}/forms: must hold demographics.csv, got adverse_event, ae_grade, infusion, "
        "laboratory. Every subject needs a row there",
    ),
    "impossible date": Bad(
        replace("forms/adverse_event.csv", "2024-02-03", "2024-02-30"),
        11,
        "the forms must be free of errors, got 2:\n"
        "  adverse_event.csv: line 2, subject 001-001, number 1: started: must be a date as far "
        "as known, YYYY[-MM[-DD[THH:MM]]], got 2024-02-30\n"
        "  ae_grade.csv: subject 001-001, number 1, since 2024-02-03: number: must be the number "
        "of an event of the subject in adverse_event.csv, got 1",
    ),
    "text in a number": Bad(
        replace("forms/laboratory.csv", ",90,", ",ninety,"),
        11,
        "laboratory.csv: line 2, subject 001-001, at 2024-01-20, analyte HGB, specimen blood: "
        "value: must be a number, got ninety",
    ),
    "unknown unit": Bad(
        replace("forms/laboratory.csv", "g/L", "furlong"),
        11,
        "laboratory.csv: subject 001-001, at 2024-01-20, analyte HGB, specimen blood: unit: "
        "must be a unit of HGB, such as g/L, g/dL, mmol/L, umol/L, mg/dL, got furlong",
    ),
    "an event before birth": Bad(
        replace("forms/adverse_event.csv", "2024-02-03", "1951-02-03"),
        11,
        "adverse_event.csv: subject 001-001, number 1: started: must not be before the date of "
        "birth, got 1951-02-03. Correct it, or the date of birth in demographics.csv",
    ),
    "a wrong key in the study file": Bad(
        replace("study.yaml", "condition:", "conditon:"),
        10,
        "{trial}/study.yaml: conditon: must be a key that a study file knows, got Multiple "
        "Myeloma. Did you mean condition? (and 1 more)",
    ),
    "a broken CSV": Bad(
        append("forms/laboratory.csv", "001-001,2024-01-21\n"),
        11,
        "laboratory.csv: line 3: must have 6 cells as the header has, got 2",
    ),
    "a column misspelt": Bad(
        replace("forms/ae_grade.csv", "since", "sinse"),
        11,
        "the forms must be free of errors, got 2:\n"
        "  ae_grade.csv: since: must be there, got no such column. Add the column since\n"
        "  ae_grade.csv: sinse: must be a declared column, got an unknown column. "
        "Did you mean since?",
    ),
}


@pytest.mark.parametrize("case", BAD.values(), ids=BAD.keys())
def test_a_mistake_is_told_and_the_output_is_as_it_was(trial: Path, case: Bad) -> None:
    out = trial / "out"
    out.mkdir()
    (out / "report.html").write_text("the report of yesterday")
    case.mistake(trial)
    said = cartrial("report", trial / "study.yaml", "--forms", trial / "forms", "--out", out)
    assert said.err == f"cartrial: {case.message.format(trial=trial)}\n"
    assert said.code == case.code
    assert said.out == ""
    assert [path.name for path in out.iterdir()] == ["report.html"]
    assert (out / "report.html").read_text() == "the report of yesterday"


def test_a_key_that_stands_twice_is_told_with_both_lines(trial: Path) -> None:
    append("forms/ae_grade.csv", "001-001,1,2024-02-03,3\n")(trial)
    said = cartrial("report", trial, "--out", trial / "out")
    assert said.code == 11
    assert said.err == (
        "cartrial: ae_grade.csv: line 2, subject 001-001, number 1, since 2024-02-03: must be the "
        "only row with its subject, number, since, got the same key in line 3\n"
    )
    assert not (trial / "out").exists()


def test_many_errors_are_counted_after_the_first_twenty(trial: Path) -> None:
    lines = "".join(f"001-001,{number},2024-02-03,9\n" for number in range(2, 32))
    append("forms/ae_grade.csv", lines)(trial)
    said = cartrial("report", trial, "--out", trial / "out")
    assert said.err.startswith("cartrial: the forms must be free of errors, got 30:\n")
    assert said.err.endswith("\n  and 10 more. `cartrial check` lists all\n")
    assert len(said.err.splitlines()) == 22


def test_sdtm_needs_dm(trial: Path) -> None:
    assert cartrial("report", trial, "--out", trial / "out").code == 0
    for file in (trial / "out/sdtm").glob("*dm.csv"):
        file.unlink()
    said = cartrial("report", "--sdtm", trial / "out/sdtm", "--out", trial / "again")
    assert said.code == 11
    assert said.err.startswith(f"cartrial: {trial}/out/sdtm: must hold DM (as dm.csv, ")
    assert said.err.endswith("Every subject needs a record there\n")
    assert not (trial / "again").exists()


def test_what_breaks_the_guide_in_sdtm_does_not_stop_the_report(trial: Path) -> None:
    assert cartrial("report", trial, "--out", trial / "out").code == 0
    ae = trial / "out/sdtm/ae.csv"
    ae.write_text(ae.read_text().replace("2024-02-03", "2024-02-31"))
    said = cartrial("report", trial / "study.yaml", "--sdtm", ae.parent, "--out", trial / "again")
    assert said.code == 0
    assert "2024-02-31" in said.err
    assert (trial / "again/report.html").is_file()


def test_an_output_that_cannot_be_written_is_told(trial: Path) -> None:
    (trial / "out").write_text("a file")
    said = cartrial("report", trial, "--out", trial / "out")
    assert said.code == 13
    assert said.err == f"cartrial: {trial}/out: must be a folder, got a file\n"
    assert (trial / "out").read_text() == "a file"


def test_a_study_without_a_design_has_no_next_dose(trial: Path) -> None:
    said = cartrial("dose", "next", trial)
    assert said.code == 10
    assert said.err.endswith(
        "study.yaml: design: must be given to escalate doses, got nothing. Give --design\n"
    )


def test_a_dataset_of_an_earlier_run_does_not_stay(trial: Path) -> None:
    assert cartrial("report", trial, "--out", trial / "out").code == 0
    (trial / "out/adam/notes.txt").write_text("mine")
    (trial / "forms/laboratory.csv").unlink()
    assert cartrial("report", trial, "--out", trial / "out").code == 0
    adam = {path.name for path in (trial / "out/adam").iterdir()}
    assert "adlb.csv" not in adam
    assert {"adsl.csv", "notes.txt"} <= adam
    assert not (trial / "out/sdtm/lb.csv").exists()
    assert not (trial / "out/sdtm/parquet/lb.parquet").exists()


def test_a_simulation_never_overwrites_a_trial(trial: Path) -> None:
    said = cartrial("simulate", trial)
    assert said.code == 13
    assert said.err == (
        f"cartrial: {trial}: must be free or hold an earlier simulation, got study.yaml of "
        "another trial. Name another folder\n"
    )


def test_a_data_cut_is_a_date(trial: Path) -> None:
    said = cartrial("report", trial, "--out", trial / "out", "--cutoff", "2024-02-30")
    assert said.code == 2
    assert "2024-02-30" in said.err


DESIGN = "\ndesign: !assumed {kind: %s, target: 0.3%s}\n"


@pytest.mark.parametrize(
    ("design", "words", "code", "message"),
    [
        (
            ("boin", ""),
            ("oc", "--truth", "0.1,0.2"),
            12,
            "true rates: must be 1, one for each dose",
        ),
        (("boin", ""), ("oc", "--truth", "1.5"), 12, "true rates: must be 0 to 1, got 1.5"),
        (("boin", ""), ("oc", "--accrual", "-1"), 11, "--accrual: must be a number above 0"),
        (
            ("boin", ""),
            ("mtd", "--treated", "3", "--dlts", "4"),
            12,
            "DLTs must be 0 to 3 patients",
        ),
        (("boin", ""), ("compare", "--designs", "bion"), 10, "design.kind: must be one of boin,"),
        (("boin", ""), ("oc", "--trials", "9"), 10, "dlt: must be given to simulate trials (boin)"),
        (("boinn", ""), ("oc",), 10, "design.kind: must be one of boin, tite-boin,"),
        (("crm", ", skeleton: [0.3, 0.2]"), ("oc",), 10, "skeleton must rise from level to level"),
        (("crm", ", skeleton: [0.3]"), ("oc",), 10, "skeleton must have at least 2 levels, got 1"),
    ],
)
def test_what_a_dose_command_cannot_use_is_one_line(
    trial: Path, design: tuple[str, str], words: tuple[str, ...], code: int, message: str
) -> None:
    append("study.yaml", DESIGN % design)(trial)
    said = cartrial("dose", words[0], trial, *words[1:])
    assert (said.code, said.out) == (code, "")
    assert message in said.err
    assert len(said.err.splitlines()) == 1


def test_a_study_with_one_dose_has_characteristics(trial: Path) -> None:
    append("study.yaml", DESIGN % ("boin", ""))(trial)
    said = cartrial("dose", "oc", trial, "--truth", "0.3")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("BOIN, target 0.3, 18 subjects, exact\n")


@pytest.mark.parametrize("words", [("--trials", "0"), ("--seed", "-1"), ("--workers", "0")])
def test_an_option_beyond_its_range_is_wrong_usage(words: tuple[str, str]) -> None:
    said = cartrial("dose", "oc", *words)
    assert said.code == 2
    assert words[0] in said.err
    assert "Traceback" not in said.err
