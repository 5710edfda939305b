"""What a file can do wrong: one clear line each, and nothing is kept of it."""

import struct
import zipfile
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cartrial.capture.ledger.read import head
from cartrial.capture.upload.kept import LARGEST, folder, kept_of, shown_name
from tests.unit.capture.upload.conftest import RESULTS, Bring, place, shown


def workbook(**more: bytes) -> bytes:
    """A workbook with the results, and more parts."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line in RESULTS.splitlines():
        sheet.append(line.split(","))
    file = BytesIO()
    book.save(file)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as packed:
        for name, content in more.items():
            packed.writestr(name, content)
    return file.getvalue()


def lying_bomb() -> bytes:
    """A workbook with a part of 60 MB that says of itself that it is small."""
    raw = workbook(bomb=b"0" * (60 * 1024**2))
    at = raw.rindex(b"PK\x01\x02")
    return raw[: at + 24] + struct.pack("<I", 1000) + raw[at + 28 :]


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (b"", "a.csv", "a.csv: must hold a table, got an empty file"),
        (b" \n\n", "a.csv", "must hold a table, got an empty file"),
        (RESULTS.encode(), "a.exe", "a.exe: must end in .csv, .tsv, .txt, .xlsx, got .exe"),
        (RESULTS.encode(), "a", "must end in .csv, .tsv, .txt, .xlsx, got no ending"),
        (RESULTS.encode(), "a.csv.gz", "got .gz"),
        (b"%PDF-1.7 x", "a.csv", "must be a text file (UTF-8), got binary data"),
        (b"\x1f\x8b\x08\x00", "a.csv", "must be a text file (UTF-8), got binary data"),
        (RESULTS.encode("utf-16-le"), "a.csv", "must be a text file (UTF-8), got binary data"),
        (b"a,b\n\x00,1\n", "a.csv", "must be a text file (UTF-8), got binary data"),
        (workbook(), "a.csv", "must be a text file (UTF-8), got binary data"),
        (RESULTS.encode(), "a.xlsx", "must be a whole Excel workbook without a password"),
        (b"PK\x03\x04" + b"x" * 500, "a.xlsx", "must be a whole Excel workbook"),
        (workbook(bomb=b"0" * (60 * 1024**2)), "a.xlsx", "at most 40 MB when it is unpacked"),
        (lying_bomb(), "a.xlsx", "a.xlsx: must be"),
        (workbook(x=b'<!DOCTYPE a [<!ENTITY b "c">]>'), "a.xlsx", "must declare no entities"),
        (b"x" * (LARGEST + 1), "a.csv", "must be at most 4 MB, got a larger file"),
        (b"x" * (6 * 1024**2), "a.csv", "must be a file of at most 4 MB, got none"),
        (b"one line of words", "a.csv", ""),
        (b"term,started\nFever,2026-02-11\n", "a.csv", ""),
        (b'"', "a.csv", ""),
        (b"\xff\xfe" + b"\x00" * 41, "a.csv", ""),
    ],
)
def test_a_faulty_file_is_refused_in_one_line(
    content: bytes, name: str, told: str, enrolled: None, bring: Bring
) -> None:
    before = head()
    answer = bring(content, name)
    assert told in shown(answer)
    assert head() == before
    if told:
        assert answer.status_code == 422
        assert not list(folder().glob("*"))
    assert answer.status_code < 500


def test_a_workbook_is_read(enrolled: None, bring: Bring) -> None:
    assert "3 to enter" in shown(bring(workbook(), "results.xlsx"))


def test_other_encodings_are_told(enrolled: None, bring: Bring) -> None:
    page = shown(bring(RESULTS.replace("blood", "blood").encode("utf-16"), "a.csv"))
    assert "3 to enter" in page
    assert "read as utf-16" in page


def test_the_name_of_a_file_is_shown_and_never_used(enrolled: None, bring: Bring) -> None:
    assert shown_name("../../etc/passwd.csv") == "passwd.csv"
    assert shown_name("..\\..\\x.csv") == "x.csv"
    assert shown_name("a\r\nb\x00.csv") == "ab.csv"
    assert len(shown_name("x" * 900 + ".csv")) == 120
    answer = bring(RESULTS, "../../../tmp/evil.csv")
    token = place(answer).rpartition("/")[2]
    kept = kept_of(token)
    assert kept is not None
    assert kept.files[0].name == "evil.csv"
    assert {one.name for one in folder().glob("*")} == {f"{token}-1.csv", f"{token}.json"}


@pytest.mark.parametrize(
    "name", ['"><img src=x onerror=alert(1)>.csv', "<script>alert(1)</script>.csv"]
)
def test_names_and_cells_are_escaped(name: str, enrolled: None, bring: Bring) -> None:
    attack = '"><img src=x onerror=alert(1)>'
    rows = RESULTS + f'001-001,2026-02-12,"{attack.replace(chr(34), chr(34) * 2)}",blood,1,g/L,,\n'
    rows += f'"{attack.replace(chr(34), chr(34) * 2)}",2026-02-12,NEUT,blood,<b>,g/L,,\n'
    for answer in (bring(rows, name), bring(b"\x00", name)):
        page = answer.content.decode()
        assert "<img" not in page
        assert "<script>alert" not in page
        assert "<b>," not in page


@pytest.mark.parametrize(
    "path",
    [
        "/uploads/../../secret",
        "/uploads/0123456789abcdef01234567",
        "/uploads/%2e%2e%2fsecret",
        "/uploads/x/files/1",
        "/uploads/0123456789abcdef01234567/files/1",
    ],
)
def test_an_unknown_upload_is_not_there(path: str, laboratory: Client) -> None:
    assert laboratory.get(path).status_code == 404


def test_a_file_comes_back_as_an_attachment_under_our_name(
    enrolled: None, laboratory: Client, bring: Bring
) -> None:
    address = place(bring(RESULTS, "results.csv"))
    answer: Any = laboratory.get(f"{address}/files/1")
    assert b"".join(answer.streaming_content) == RESULTS.encode()
    assert answer["Content-Disposition"].startswith('attachment; filename="upload-')
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "application/octet-stream"
    assert laboratory.get(f"{address}/files/2").status_code == 404
    assert laboratory.get(f"{address}/files/0").status_code == 404


def test_a_file_that_was_touched_is_not_entered(
    enrolled: None, laboratory: Client, bring: Bring
) -> None:
    answer = bring(RESULTS)
    token = place(answer).rpartition("/")[2]
    (folder() / f"{token}-1.csv").write_text(RESULTS.replace("0.4", "4.0"))
    refused = laboratory.post(place(answer), {"seen": "x"})
    assert refused.status_code == 422
    assert "must be as it was uploaded" in shown(refused)


def test_no_file_and_no_such_kind(laboratory: Client) -> None:
    assert laboratory.post("/uploads", {"kind": "laboratory"}).status_code == 422
    other = {"kind": "../x", "file": SimpleUploadedFile("a.csv", b"a,b\n1,2\n")}
    assert laboratory.post("/uploads", other).status_code == 422
