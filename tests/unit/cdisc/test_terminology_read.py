"""Packages of terminology as NCI publishes them, good and bad."""

from pathlib import Path

import pytest

from cartrial.cdisc.terminology import Term, packaged, study_terminology
from cartrial.cdisc.terminology.read import read_terminology
from cartrial.cdisc.terminology.study import keep_terminology
from cartrial.errors import DataError
from tests.unit.cdisc.terminologies import HEADER, SEX, TERMS, excel, lines, odm, text

TITLE = "SDTM Terminology 2026-03-27"


def message(path: Path) -> str:
    with pytest.raises(DataError) as fault:
        read_terminology(path)
    return str(fault.value)


def test_the_three_formats_say_the_same(tmp_path):
    read = [
        read_terminology(text(tmp_path / "a.txt", lines())),
        read_terminology(excel(tmp_path / "a.xlsx", lines(), TITLE)),
        read_terminology(odm(tmp_path / "a.odm.xml")),
    ]
    assert read[0] == read[1] == read[2]
    assert read[0].version == "2026-03-27"
    sex = read[0].codelists["C66731"]
    assert (sex.short, sex.name, sex.extensible) == ("SEX", "Sex", False)
    assert sex.terms["F"] == Term("F", "C16576", "Female")
    assert list(read[0].codelists["C71620"].terms) == ["mg", '<3 & "odd"']


def test_the_name_of_the_file_tells_the_version_where_nothing_else_does(tmp_path):
    path = text(tmp_path / "SDTM Terminology 2019-12-20.txt", lines(), HEADER[:-1])
    assert read_terminology(path).version == "2019-12-20"


def test_a_file_without_a_version(tmp_path):
    assert message(text(tmp_path / "mine.txt", lines(), HEADER[:-1])) == (
        "mine.txt: must say which version it is, got no date. "
        "Name the file as NCI does: SDTM Terminology YYYY-MM-DD.txt"
    )


def test_terminology_of_another_standard(tmp_path):
    path = text(tmp_path / "a.txt", lines(package="ADaM CT 2026-03-27"))
    assert message(path) == "a.txt: must be terminology of SDTM, got ADaM"
    path = odm(tmp_path / "a.xml", study="CDISC_CT.CDASH.2026-03-27")
    assert message(path) == "a.xml: must be terminology of SDTM, got CDASH"


@pytest.mark.parametrize("column", [0, 1, 2, 3, 4, 7])
def test_a_missing_column(tmp_path, column):
    header = tuple("other" if n == column else name for n, name in enumerate(HEADER))
    found = message(text(tmp_path / "a.txt", lines(), header))
    if column == 0:  # by which a header is known
        assert found.startswith("a.txt: must be NCI's file of SDTM terminology with the columns")
    else:
        assert found == f"a.txt: must have the column {HEADER[column]}, got none of this name"


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.txt", b"", "a.txt: must hold a terminology, got an empty file"),
        ("a.txt", b"name,dose\nA,1\n", "got no line with these names"),
        ("a.txt", "\t".join(HEADER).encode("utf-16-le"), "got no line with these names"),
        ("a.txt", ("\t".join(HEADER) + "\n").encode(), "a.txt: must say which version it is"),
        ("a.xlsx", b"PK no", "a.xlsx: must be an Excel file (.xlsx), got something else"),
        ("a.xml", b"<ODM><Study>", "a.xml: must be whole XML, got"),
        ("a.xml", b"<Define/>", "a.xml: must be ODM-XML 1.3, got Define"),
        (
            "SDTM Terminology 2026-03-27.xml",
            b'<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3"/>',
            "must hold codelists and their terms, got none",
        ),
    ],
)
def test_a_file_that_is_no_terminology(tmp_path, name, content, expected):
    path = tmp_path / name
    path.write_bytes(content)
    assert expected in message(path)


def test_a_file_in_another_encoding(tmp_path):
    path = tmp_path / "a.txt"
    odd = text(path, lines({SEX: {"Frau ä": ("C1", "made up")}})).read_text("utf-8")
    path.write_bytes(odd.encode("cp1252"))
    assert message(path) == (
        "a.txt: submission values must be ASCII, got Frau ä. Save the file as UTF-8"
    )


def test_a_file_that_is_not_there(tmp_path):
    assert message(tmp_path / "none.txt").endswith("must exist, got no such file")


def test_what_is_kept_in_a_study_folder_holds_for_the_study(tmp_path):
    assert study_terminology(None) is study_terminology(tmp_path) is packaged()
    path = keep_terminology(read_terminology(odm(tmp_path / "a.xml")), tmp_path)
    assert path == tmp_path / "terminology" / "sdtm-ct-2026-03-27.csv.gz"
    found = study_terminology(tmp_path)
    assert found.version == "2026-03-27"
    assert dict(found.codelists["C66731"].terms) == {
        value: Term(value, *about) for value, about in TERMS[SEX].items()
    }
    assert found.codelists["C66731"].package == "SDTM CT 2026-03-27"
    assert found.codelists["C81224"] == packaged().codelists["C81224"]  # of ADaM


def test_another_import_takes_the_place_of_the_first_and_the_same_one_gives_the_same_bytes(
    tmp_path,
):
    first = keep_terminology(read_terminology(odm(tmp_path / "a.xml")), tmp_path)
    content = first.read_bytes()
    keep_terminology(read_terminology(text(tmp_path / "b.txt", lines())), tmp_path)
    assert first.read_bytes() == content
    later = odm(tmp_path / "c.xml", study="CDISC_CT.SDTM.2026-09-25")
    keep_terminology(read_terminology(later), tmp_path)
    assert [path.name for path in first.parent.iterdir()] == ["sdtm-ct-2026-09-25.csv.gz"]


def test_two_terminologies_in_a_study_folder_are_one_too_many(tmp_path):
    first = keep_terminology(read_terminology(odm(tmp_path / "a.xml")), tmp_path)
    (first.parent / "sdtm-ct-2027-01-01.csv.gz").write_bytes(first.read_bytes())
    with pytest.raises(DataError, match="must hold one terminology, got sdtm-ct-2026-03-27"):
        study_terminology(tmp_path)


def test_a_spoilt_terminology_in_a_study_folder(tmp_path):
    first = keep_terminology(read_terminology(odm(tmp_path / "a.xml")), tmp_path)
    first.write_bytes(first.read_bytes()[:-20])
    with pytest.raises(DataError, match="must be a whole gzip file, got a broken one"):
        study_terminology(tmp_path)
