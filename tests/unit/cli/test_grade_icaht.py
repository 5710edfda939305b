"""`cartrial grade icaht`."""

import json
from pathlib import Path

import polars as pl
import pytest

from tests.command import cartrial

ROWS = """subject,day,anc,platelets,followed_to,stop
001-002,0,400,60,16,death
001-002,8,100,40,,
001-002,16,90,15,,
001-001,0,2000,100,,
001-001,5,500,,,
001-001,8,600,,,
"""


@pytest.fixture
def counts(tmp_path: Path) -> Path:
    path = tmp_path / "counts.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


def test_a_file_has_a_line_for_each_subject_and_grade(counts: Path) -> None:
    said = cartrial("grade", "icaht", "--csv", counts, "--unit", "/uL")
    assert said.code == 0
    lines = said.out.splitlines()
    assert len(lines) == 8
    assert lines[0] == (
        "001-001  ICAHT early    at least grade 1, at most 4  ANC ≤500/uL for 1 day (day 5); "
        "not known: day 9 to 30: at least grade 1"
    )
    assert lines[4].startswith(
        "001-002  ICAHT early    grade 4                      ANC ≤500/uL for 17 days"
    )


def test_it_is_written_as_a_row_for_each_subject(counts: Path, tmp_path: Path) -> None:
    out = tmp_path / "grades.csv"
    said = cartrial("grade", "icaht", "--csv", counts, "--unit", "/uL", "--out", out)
    assert said.out == f"2 subjects  {out}\n"
    found = pl.read_csv(out)
    assert found["subject"].to_list() == ["001-001", "001-002"]
    assert found["early"].to_list() == [None, 4]
    assert found["early_lowest"].to_list() == [1, 4]
    assert found["severe_days"].to_list() == [1, 17]
    assert found["platelets_early_lowest"].to_list() == [0, 3]


def test_one_case() -> None:
    said = cartrial("grade", "icaht", "--anc", "0:1.2 3:0.4 9:0.6 16:1.1 23:2 30:2 37:2")
    assert said.out.splitlines()[:6] == [
        "ICAHT early",
        "grade 1  (ICAHT-2023)",
        "rule    ANC ≤500/uL for 4 days (day 3 to 6): grade 1",
        "inputs  Early days with an ANC  31 days",
        "        of them interpolated    25 days",
        "        Followed to             day 37 (ongoing)",
    ]
    assert "T-ICAHT" not in said.out


def test_one_case_as_json() -> None:
    said = cartrial(
        *("grade", "icaht", "--anc", "0:0.2 8:0.1", "--platelets", "0:18"),
        *("--followed-to", 9, "--stop", "death", "--json"),
    )
    told = json.loads(said.out)
    assert list(told) == ["ICAHT early", "ICAHT late", "T-ICAHT early", "T-ICAHT late"]
    assert told["ICAHT early"]["certain"] == 4
    assert told["ICAHT late"]["words"] == "not assessable"
    assert (told["T-ICAHT early"]["lowest"], told["T-ICAHT early"]["highest"]) == (3, 4)
    assert told["T-ICAHT early"]["missing"] == ["platelets on day 1 to 9"]


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (["--anc", "0:1200 3:-400", "--unit", "/uL"], "--anc: must be at least 0 /uL, got -400.0"),
        (
            ["--anc", "0:1.2 3"],
            "--anc: must be pairs DAY:COUNT with whole days, as in 0:1.2 3:0.4, got 3",
        ),
        (["--anc", "0:1.2 3:low"], "--anc: must be a number, got low"),
        (
            ["--anc", "0:1.2 x:1"],
            "--anc: must be pairs DAY:COUNT with whole days, as in 0:1.2 3:0.4, got x:1",
        ),
        (["--anc", "0:1.2", "--followed-to", "-2"], "--followed-to: must be at least 0, got -2"),
        (
            ["--anc", "0:1.2", "--stop", "bored"],
            "--stop: must be one of death, progression, new therapy, last contact, ongoing, "
            "got bored",
        ),
        (
            ["--anc", "0:1.2", "--unit", "mg/L"],
            "--unit: unit of NEUT must be one such as 10^9/L, 10^6/L, 10^3/uL, /uL, got mg/L",
        ),
        (
            ["--anc", "0:1200 3:400"],
            "--anc: must be at most 100 x 10^9/L, got 1200 10^9/L. "
            "Counts per microlitre need --unit /uL",
        ),
        (
            ["--anc", "0:1 3:200000", "--unit", "/uL"],
            "--anc: must be at most 100 x 10^9/L, got 200000 /uL",
        ),
        (
            ["--platelets", "0:150000"],
            "--platelets: must be at most 5000 10^9/L, got 150000.0",
        ),
    ],
)
def test_a_wrong_case_is_one_line(words: list[str], fault: str) -> None:
    said = cartrial("grade", "icaht", *words)
    assert (said.code, said.out, said.err) == (11, "", f"cartrial: {fault}\n")


@pytest.mark.parametrize(
    ("was", "becomes", "fault"),
    [
        ("subject,", "patient,", "subject: must be there, got no such column"),
        (",day,", ",dya,", "day: must be there, got no such column"),
        (",8,100,", ",8,-100,", "line 3: anc: must be at least 0 /uL, got -100.0"),
        (",8,100,", ",8.5,100,", "line 3: day: must be a whole number, got 8.5"),
        (",8,100,", ",8,low,", "line 3: anc: must be a number, got low"),
        (
            ",40,,",
            ",40,20,",
            "001-002: followed_to: must be the same in all rows of a subject, got 16, 20",
        ),
    ],
)
def test_a_wrong_file_is_one_line(counts: Path, was: str, becomes: str, fault: str) -> None:
    counts.write_text(ROWS.replace(was, becomes), encoding="utf-8")
    said = cartrial("grade", "icaht", "--csv", counts, "--unit", "/uL")
    assert said.code == 11
    assert said.out == ""
    assert fault in said.err
    assert said.err.count("\n") == 1


def test_a_file_in_another_unit_names_the_line(counts: Path) -> None:
    assert cartrial("grade", "icaht", "--csv", counts).err == (
        "cartrial: counts.csv: line 2: anc: must be at most 100 x 10^9/L, got 400 10^9/L. "
        "Counts per microlitre need --unit /uL\n"
    )


def test_columns_that_are_not_read_are_told(counts: Path) -> None:
    plain = cartrial("grade", "icaht", "--csv", counts, "--unit", "/uL")
    head, *rows = ROWS.splitlines()
    wider = [f"{head},site,note", *(f"{row},1,x" for row in rows)]
    counts.write_text("\n".join(wider) + "\n", encoding="utf-8")
    said = cartrial("grade", "icaht", "--csv", counts, "--unit", "/uL")
    assert (said.code, said.out) == (0, plain.out)
    assert said.err == "counts.csv: not read: columns site, note\n"


def test_a_file_without_rows_says_so(counts: Path) -> None:
    counts.write_text(ROWS.splitlines()[0] + "\n", encoding="utf-8")
    assert cartrial("grade", "icaht", "--csv", counts).out == "0 subjects with a count\n"


def test_a_case_of_several_counts_tells_a_wrong_option_once() -> None:
    said = cartrial("grade", "icaht", "--anc", "0:1 3:2", "--stop", "dead")
    assert said.err.endswith("ongoing, got dead\n")


def test_a_file_or_a_case_but_not_both(counts: Path) -> None:
    assert cartrial("grade", "icaht").code == 2
    assert cartrial("grade", "icaht", "--csv", counts, "--anc", "0:1").code == 2
