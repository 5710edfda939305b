"""`cartrial import plan` and `cartrial import run`, as a coordinator calls them."""

import re
from pathlib import Path

import pytest

from tests.command import cartrial

FILES = Path(__file__).parents[1] / "intake" / "files"
COUNTS = "Patient,Date,CD19 cells\n001-001,13/04/2024,12\n001-002,14/04/2024,0\n"


@pytest.fixture
def counts(tmp_path):
    place = tmp_path / "b cells.csv"
    place.write_text(COUNTS)
    return place


@pytest.fixture
def plan(tmp_path, counts):
    place = tmp_path / "plan.yaml"
    assert cartrial("import", "plan", counts, "--out", place).code == 0
    return place


def test_a_plan_without_a_question_says_what_comes_next(tmp_path, counts):
    said = cartrial("import", "plan", counts, "--out", tmp_path / "plan.yaml")
    assert said.out.splitlines() == [
        "b cells.csv (2 rows) -> surely b_cell",
        f"{tmp_path}/plan.yaml: nothing to ask. Read it, then: "
        f"cartrial import run {tmp_path}/plan.yaml --out forms",
    ]


def test_the_same_file_gives_the_same_plan(tmp_path, counts, plan):
    cartrial("import", "plan", counts, "--out", tmp_path / "again.yaml")
    assert (tmp_path / "again.yaml").read_bytes() == plan.read_bytes()
    assert "source: b cells.csv\n" in plan.read_text()


def test_questions_are_printed_and_stop_the_run(tmp_path):
    place = tmp_path / "plan.yaml"
    said = cartrial("import", "plan", FILES / "AE log.csv", "--out", place)
    question = 'what is "maybe": related, possibly, unlikely, not; or empty?'
    asked = f"AE log.csv: car_t: maybe: Related to the CAR-T: {question}"
    assert f"1 question to answer in it:\n  {asked.replace('must be answered: ', '')}\n" in said.out
    ran = cartrial("import", "run", place, "--out", tmp_path / "forms")
    assert ran.code == 11
    assert ran.err.splitlines()[-1] == (
        f"cartrial: plan.yaml: AE log.csv: car_t: maybe: must be answered: "
        f"Related to the CAR-T: {question}"
    )
    assert not (tmp_path / "forms").exists()


def test_a_run_shows_what_it_understood_and_writes_the_forms(tmp_path, plan):
    said = cartrial("import", "run", plan, "--out", tmp_path / "forms")
    assert said.code == 0
    assert said.out.splitlines() == [
        "Understood:",
        "  b cells.csv, column Patient -> b_cell: subject; 2 values",
        "  b cells.csv, column Date -> b_cell: on (day/month/year); 2 values",
        "  b cells.csv, column CD19 cells -> b_cell: b_cells; 2 values",
        "",
        "Rows:",
        "  b cells.csv: 2 rows -> 2 of b_cell",
        "",
        f"{tmp_path}/forms: 1 form written",
    ]
    assert said.err == "note: no row is of demographics, in which every subject needs one\n"
    assert (tmp_path / "forms" / "b_cell.csv").read_text() == (
        "subject,on,b_cells,igg,why_missing\n001-001,2024-04-13,12,,\n001-002,2024-04-14,0,,\n"
    )


def test_a_dry_run_writes_nothing(tmp_path, plan):
    said = cartrial("import", "run", plan, "--out", tmp_path / "forms", "--dry-run")
    assert said.out.splitlines()[-1] == "nothing written (--dry-run)"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b cells.csv", "plan.yaml"]


def test_held_rows_are_printed_and_stand_beside_the_forms(tmp_path, counts, plan):
    counts.write_text(COUNTS.replace(",12", ",few"))
    said = cartrial("import", "run", plan, "--out", tmp_path / "forms")
    assert said.code == 1
    assert (
        "Held, 1 finding:\n"
        "  b cells.csv: line 2, subject 001-001: CD19 cells: must be a number, got few\n"
    ) in said.out
    assert (tmp_path / "held.csv").read_text() == (
        "file,line,row,column,must,got,remedy\n"
        "b cells.csv,2,subject 001-001,CD19 cells,be a number,few,\n"
    )


def test_a_second_run_gives_the_same_bytes(tmp_path, plan):
    for _ in range(2):
        said = cartrial("import", "run", plan, "--out", tmp_path / "forms")
    assert "b_cell: 0 added, 0 changed, 2 unchanged, 0 vanished" in said.out
    once = (tmp_path / "forms" / "b_cell.csv").read_bytes()
    cartrial("import", "run", plan, "--out", tmp_path / "others")
    assert (tmp_path / "others" / "b_cell.csv").read_bytes() == once


def test_a_newer_export_tells_what_it_changes_and_drops_nothing_in_silence(tmp_path, counts, plan):
    out = tmp_path / "forms"
    cartrial("import", "run", plan, "--out", out)
    counts.write_text(COUNTS.replace("001-002,14/04/2024,0", "001-003,15/04/2024,4"))
    counts.write_text(counts.read_text().replace(",12", ",13"))
    said = cartrial("import", "run", plan, "--out", out)
    assert said.code == 11
    assert "  b_cell: 1 added, 1 changed, 0 unchanged, 1 vanished\n" in said.out
    assert "    changed: subject 001-001, on 2024-04-13\n" in said.out
    assert "    vanished: subject 001-002, on 2024-04-14\n" in said.out
    assert said.err.splitlines()[-1] == (
        f"cartrial: {out}: 1 row must be in b cells.csv too, got none. Nothing is written. Add "
        "--vanished keep or --vanished drop"
    )
    assert ",12," in (out / "b_cell.csv").read_text()
    assert cartrial("import", "run", plan, "--out", out, "--vanished", "keep").code == 0
    assert re.findall(r"001-\d+", (out / "b_cell.csv").read_text()) == [
        "001-001",
        "001-003",
        "001-002",
    ]
    assert cartrial("import", "run", plan, "--out", out, "--vanished", "drop").code == 0
    assert re.findall(r"001-\d+", (out / "b_cell.csv").read_text()) == ["001-001", "001-003"]


def test_a_newer_export_may_have_another_name(tmp_path, plan):
    newer, out = tmp_path / "june.csv", tmp_path / "forms"
    newer.write_text(COUNTS + "001-003,15/04/2024,4\n")
    cartrial("import", "run", plan, "--out", out)
    said = cartrial("import", "run", plan, "--source", newer, "--out", out)
    assert "  june.csv: 3 rows -> 3 of b_cell\n" in said.out
    assert "  b_cell: 1 added, 0 changed, 2 unchanged, 0 vanished\n" in said.out


def test_a_new_column_is_a_warning(tmp_path, counts, plan):
    counts.write_text("".join(f"{line},x\n" for line in COUNTS.splitlines()))
    said = cartrial("import", "run", plan, "--out", tmp_path / "forms")
    assert "warning: b cells.csv: column x: is new: not read. Add it to the plan" in said.err


def test_sdtm_needs_no_plan(tmp_path):
    (tmp_path / "dm.csv").write_text("STUDYID,DOMAIN,USUBJID\nS,DM,S-1\n")
    said = cartrial("import", "plan", tmp_path, "--out", tmp_path / "plan.yaml")
    assert said.out == (
        f"{tmp_path}: is SDTM, which needs no plan: cartrial report --sdtm {tmp_path} --out out\n"
    )
    assert not (tmp_path / "plan.yaml").exists()


def test_a_redcap_export_is_read_with_its_dictionary(tmp_path):
    cartrial("simulate", "--subjects", "2", "--seed", "1", tmp_path / "trial")
    cartrial("export", "redcap", tmp_path / "trial", "--out", tmp_path / "redcap")
    plan, forms = tmp_path / "plan.yaml", tmp_path / "trial" / "forms"
    export, dictionary = tmp_path / "redcap/data.csv", tmp_path / "redcap/data_dictionary.csv"
    cartrial("import", "plan", export, "--dictionary", dictionary, "--out", plan)
    assert cartrial("import", "run", plan, "--out", tmp_path / "forms").code == 0
    for place in (tmp_path / "forms").iterdir():
        assert place.read_bytes() == (forms / place.name).read_bytes(), place.name


def test_the_study_names_the_analyte_of_its_assay(tmp_path):
    cartrial("new", tmp_path / "trial")
    source, plan = FILES / "qpcr results.csv", tmp_path / "plan.yaml"
    cartrial("import", "plan", source, "--study", tmp_path / "trial", "--out", plan)
    assert "analyte: {always: BCMA/CD19 CAR transgene}" in plan.read_text()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("plan", "none.csv"), "none.csv: must exist, got no such file or folder"),
        (("plan", "."), ".: must hold CSV, Excel or ODM-XML files, got none"),
        (
            ("plan", "notes.pdf"),
            "notes.pdf: must be CSV, Excel (.xlsx) or ODM-XML, got .pdf",
        ),
        (("run", "plan.yaml"), "plan.yaml: must exist, got no such file"),
        (
            ("run", "bare.yaml"),
            "bare.yaml: source must be the file or folder to read, got nothing",
        ),
    ],
)
def test_what_cannot_be_read_is_one_line(tmp_path, monkeypatch, words, said):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notes.pdf").write_bytes(b"%PDF")
    (tmp_path / "bare.yaml").write_text("tables: []\n")
    ran = cartrial("import", *words, "--out", "out")
    assert ran.code == 11
    assert ran.err == f"cartrial: {said}\n"


def test_answers_are_not_overwritten(counts, plan):
    said = cartrial("import", "plan", counts, "--out", plan)
    assert said.code == 13
    assert said.err == (
        f"cartrial: {plan}: must be a new file, got one that exists. Your answers may stand in it: "
        "name another\n"
    )
