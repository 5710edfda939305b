"""`cartrial ctcae import`, on spreadsheets made up here: none of their sentences is NCI's."""

from io import BytesIO
from pathlib import Path

import polars as pl
import pytest
from openpyxl import Workbook

from cartrial.grading.ctcae.terms import ctcae_terms
from cartrial.protocol.read import packaged_text, read_study
from tests.command import cartrial

HEADER = (
    "MedDRA Code",
    "MedDRA SOC",
    "CTCAE Term",
    *(f"Grade {grade}" for grade in range(1, 6)),
    "Definition",
    "Navigational Note",
)


def lines(**changed: dict[int, str]) -> list[list[object]]:
    """A line for each term, its sentences made up; `changed` replaces those of a term."""
    return [
        [
            term.code,
            term.organ_class,
            term.term,
            *(
                changed.get(term.term, {}).get(n, f"made up\n{n} " if n in term.grades else " -")
                for n in range(1, 6)
            ),
            "what it is",
            None,
        ]
        for term in ctcae_terms().values()
    ]


def spreadsheet(path: Path, rows: list[list[object]], *, above: int = 0) -> Path:
    """An Excel file with a first sheet of something else, and `above` lines over the header."""
    book = Workbook()
    assert book.active is not None
    book.active.append(["Read me", "first"])
    sheet = book.create_sheet("CTCAE")
    for _ in range(above):
        sheet.append(["A title"])
    sheet.append([f"{name} " for name in HEADER] + ["Change"])
    for row in rows:
        sheet.append([*row, "none"])
    content = BytesIO()
    book.save(content)
    path.write_bytes(content.getvalue())
    return path


@pytest.fixture
def study(tmp_path: Path) -> Path:
    folder = tmp_path / "trial"
    folder.mkdir()
    (folder / "study.yaml").write_text(packaged_text(), "utf-8")
    return folder


def test_the_sentences_stand_in_the_study_folder_and_beside_the_forms(tmp_path, study):
    (study / "forms").mkdir()
    said = cartrial("ctcae", "import", spreadsheet(tmp_path / "v5.xlsx", lines(), above=3), study)
    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines() == [
        f"{study}/ctcae-5.0.csv: 837 terms with their grade sentences",
        f"{study}/forms/ctcae_terms.csv: look-up for the forms",
    ]
    kept = pl.read_csv(study / "ctcae-5.0.csv")
    assert kept.height == 837
    assert kept.filter(term="Leukocytosis").rows() == [
        (
            10024378,
            "Blood and lymphatic system disorders",
            "Leukocytosis",
            None,
            None,
            "made up 3",
            "made up 4",
            "made up 5",
            "what it is",
            None,
        )
    ]
    shown = pl.read_csv(study / "forms" / "ctcae_terms.csv").filter(ctcae_term="Leukocytosis")
    assert shown["sentence"].to_list() == ["made up 3", "made up 4", "made up 5"]
    assert read_study(study).sentences["Leukocytosis"] == {
        3: "made up 3",
        4: "made up 4",
        5: "made up 5",
    }


def test_a_csv_of_the_same_columns_gives_the_same(tmp_path, study):
    cartrial("ctcae", "import", spreadsheet(tmp_path / "v5.xlsx", lines()), study)
    first = (study / "ctcae-5.0.csv").read_bytes()
    plain = tmp_path / "v5.csv"
    pl.DataFrame(lines(), schema=list(HEADER), orient="row").write_csv(plain)
    assert cartrial("ctcae", "import", plain, study / "study.yaml").code == 0
    assert (study / "ctcae-5.0.csv").read_bytes() == first


def test_what_differs_from_the_facts_is_told_line_by_line_and_kept(tmp_path, study):
    rows = lines(Leukocytosis={1: "made up 1"}, Nausea={2: "-", 3: ""})
    rows = [row for row in rows if row[2] != "Cough"]
    rows += [[10000001, "Eye disorders", "Third eye", "a", "", "", "", "", "", ""]]
    rows[0][0] = 10000000
    said = cartrial("ctcae", "import", spreadsheet(tmp_path / "v5.xlsx", rows), study)
    assert said.code == 0
    assert said.err.splitlines() == [
        "warning  v5.xlsx: Anemia: code must be 10002272, got 10000000",
        "warning  v5.xlsx: Leukocytosis: grades must be 3, 4, 5, got 1, 3, 4, 5",
        "warning  v5.xlsx: Nausea: grades must be 1, 2, 3, got 1",
        "warning  v5.xlsx: Cough: must be in the file, got no such term",
        "warning  v5.xlsx: Third eye: must be a term of CTCAE v5.0, got another",
    ]
    assert read_study(study).sentences["Leukocytosis"][1] == "made up 1"


def test_another_version_is_refused_and_the_folder_stays_as_it_was(tmp_path, study):
    rows = [
        [*row[:2], f"{row[2]} (old)" if n % 10 == 0 else row[2], *row[3:]]
        for n, row in enumerate(lines())
    ]
    said = cartrial("ctcae", "import", spreadsheet(tmp_path / "v4.xlsx", rows), study)
    assert said.code == 11
    assert said.err == (
        "cartrial: v4.xlsx: must be CTCAE v5.0 with its 837 terms, got 837 terms, 753 of them of "
        "CTCAE v5.0, and 168 differences in all. Take the file of that version\n"
    )
    assert [path.name for path in study.iterdir()] == ["study.yaml"]


def test_bad_input_is_one_line(tmp_path, study):
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04 not a spreadsheet")
    other = tmp_path / "other.csv"
    other.write_text("code,term\n1,Anemia\n")
    twice = spreadsheet(tmp_path / "twice.xlsx", [*lines(), lines()[0]])
    cases = {
        broken: (11, "broken.xlsx: must be an Excel file (.xlsx), got something else"),
        other: (11, "other.csv: must be NCI's file of CTCAE v5.0 with the columns MedDRA Code, "),
        twice: (11, "twice.xlsx: a term must stand once, got Anemia again"),
        tmp_path / "none.xlsx": (11, "none.xlsx: must exist, got no such file"),
    }
    for file, (code, line) in cases.items():
        said = cartrial("ctcae", "import", file, study)
        assert (said.code, said.out) == (code, "")
        assert line in said.err
        assert said.err.count("\n") == 1
    said = cartrial("ctcae", "import", twice, tmp_path)
    assert (said.code, said.out) == (10, "")
    assert said.err == (
        f"cartrial: {tmp_path}: must be a study folder with study.yaml, got none. "
        "`cartrial new NAME` writes one\n"
    )


@pytest.mark.parametrize("content", ["", "term,grade_1\nAnemia,x\n", "\xff"])
def test_a_spoilt_file_of_sentences_stops_the_study_with_the_remedy(study, content):
    (study / "ctcae-5.0.csv").write_text(content, "latin-1")
    said = cartrial("check", study / "study.yaml")
    assert said.code == 10
    assert "ctcae-5.0.csv: must be as `cartrial ctcae import` writes it, got " in said.err
    assert said.err.count("\n") == 1


def test_the_report_lists_the_sentences_of_the_terms_that_occur(tmp_path, study):
    forms = study / "forms"
    forms.mkdir()
    (forms / "demographics.csv").write_text("subject,consented\n001,2024-01-01\n002,2024-01-01\n")
    (forms / "adverse_event.csv").write_text(
        "subject,number,term,preferred,ctcae_term,scale,syndrome\n"
        "001,1,sick,Nausea,nausea,CTCAE,\n002,1,cells,Leukocytosis,,CTCAE,\n"
        "002,2,odd,Odd,,CTCAE,\n002,3,storm,Cytokine release syndrome,,ASTCT,CRS\n"
    )
    (forms / "ae_grade.csv").write_text("subject,number,since,grade\n001,1,2024-01-02,1\n")
    out = tmp_path / "out"
    assert cartrial("report", study, "--out", out).code == 0
    title = "CTCAE grade sentences of the reported terms"
    assert title not in (out / "report.html").read_text("utf-8")
    assert cartrial("ctcae", "import", spreadsheet(tmp_path / "v5.xlsx", lines()), study).code == 0
    assert cartrial("report", study, "--out", out).code == 0
    html = (out / "report.html").read_text("utf-8")
    assert title in html
    assert "Without a term of CTCAE v5.0: 1 event." in html
    table = html[html.index(title) :].split("</table>")[0]
    assert table.count("made up") == 6
    assert table.index("Leukocytosis") < table.index("Nausea")
    assert "Cytokine" not in table
