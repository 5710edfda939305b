"""The certified copy and the archive: complete, and every change of a file shows."""

import csv
import datetime as dt
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cartrial.capture.deployment import deployment
from cartrial.capture.ledger import action
from cartrial.capture.ledger.read import head, records
from cartrial.capture.ledger.row import read_row
from cartrial.capture.ledger.write import writing
from cartrial.capture.outputs.archive import write_archive
from cartrial.capture.outputs.certified import MANIFEST, copied, hash_of, write_copy
from cartrial.capture.outputs.certified_page import page_of
from cartrial.capture.people.models import Account
from cartrial.capture.serve.importing import console
from cartrial.capture.state.act import Place
from cartrial.capture.state.verb.sign import sign
from cartrial.errors import OutputError

NOW = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)


def differences(folder: Path) -> list[str]:
    """What in a folder is not as its manifest says."""
    listed = json.loads((folder / MANIFEST).read_text("utf-8"))["files"]
    return [
        one["path"]
        for one in listed
        if not (folder / one["path"]).is_file()
        or hash_of((folder / one["path"]).read_bytes()) != one["sha256"]
    ]


@pytest.fixture
def subject(people: dict[str, Account], enter: Callable[..., int]) -> str:
    """A subject with a changed record, one withdrawn, a query, and a signature."""
    first = enter("demographics", subject="001", consented="2026-01-01", sex="male")
    enter(
        "demographics", subject="001", consented="2026-01-02", sex="male", base=first, reason="typo"
    )
    seq = enter("vital_signs", subject="001", at="2026-01-05T08:00", temperature="38.5")
    enter("demographics", subject="002", consented="2026-01-09")
    row, _ = read_row("vital_signs", {"subject": "001", "at": "2026-01-05T08:00"})
    assert row is not None
    with writing(people["coordinator"].actor) as ledger:
        ledger.void(row, base=seq, reason="of another subject")
    with writing(people["monitor"].actor) as ledger:
        asked = {"field": "sex", "rule": "", "text": "As in the file?"}
        place = {"subject": "001", "form": "demographics", "key": "[]"}
        ledger.add(action.QUERY_OPEN, **place, content=asked)
    with writing(people["investigator"].actor) as ledger:
        sign(ledger, "subject", Place("001"))
    return "001"


def test_the_page_holds_records_history_signatures_and_queries(subject: str) -> None:
    page = page_of(deployment(), copied(subject, by="A auditor", at=NOW))
    texts = str(page)
    assert page["facts"][0] == ["Copy made", "2026-03-01 12:00 +00:00 by A auditor"]
    assert page["facts"][1] == ["Chain head", f"{head().seq}:{head().hash}"]
    (signature,) = page["signatures"]
    assert signature[0] == "A principal investigator, principal investigator"
    assert signature[2].startswith("I have reviewed the data of this subject")
    assert signature[4] == "valid"
    (query,) = page["queries"]
    assert "As in the file?" in query[2]
    assert "Informed consent signed: 2026-01-01 → 2026-01-02" in texts
    assert "of another subject" in texts
    withdrawn = [row for form in page["forms"] for row in form["rows"] if row["voided"]]
    assert ["38.5 °C" in row["cells"] for row in withdrawn] == [True]
    assert "2026-01-09" not in texts  # of the other subject


def test_the_records_of_a_copy_are_those_of_the_database(subject: str, tmp_path: Path) -> None:
    write_copy(deployment(), copied(subject, by="A auditor", at=NOW), tmp_path)
    for form in ("demographics", "vital_signs"):
        with (tmp_path / "records" / f"{form}.csv").open(newline="") as lines:
            again = [
                {name: cell for name, cell in row.items() if cell} for row in csv.DictReader(lines)
            ]
        assert again == [
            {**one.row.cells, "voided": "yes" if one.voided else "no", "newest_entry": f"{one.seq}"}
            for one in records(form, subject, voided=True)
        ]


def test_a_changed_file_of_a_copy_shows(subject: str, tmp_path: Path) -> None:
    write_copy(deployment(), copied(subject, by="A auditor", at=NOW), tmp_path)
    assert differences(tmp_path) == []
    (tmp_path / "trail.csv").write_text("else")
    assert differences(tmp_path) == ["trail.csv"]


def test_the_same_state_gives_the_same_bytes(subject: str, tmp_path: Path) -> None:
    for name in ("first", "second"):
        write_copy(deployment(), copied(subject, by="A auditor", at=NOW), tmp_path / name)
    manifests = [(tmp_path / name / "manifest.json").read_bytes() for name in ("first", "second")]
    assert manifests[0] == manifests[1]


def test_an_archive_is_verified_by_python_alone(subject: str, tmp_path: Path) -> None:
    out = tmp_path / "archive"
    last = write_archive(deployment(), out, console(), NOW)
    assert differences(out) == []
    assert sorted(path.name for path in (out / "subjects").iterdir()) == ["001", "002"]
    words = [
        sys.executable,
        "-I",
        "verify_trail.py",
        "trail.csv",
        "--head",
        f"{last.seq}:{last.hash}",
    ]
    done = subprocess.run(words, cwd=out, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert done.stdout.endswith("whole\n")


def test_an_archive_takes_the_place_of_an_earlier_one_and_of_nothing_else(
    subject: str, tmp_path: Path
) -> None:
    write_archive(deployment(), tmp_path / "archive", console(), NOW)
    write_archive(deployment(), tmp_path / "archive", console(), NOW)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.txt").write_text("mine")
    with pytest.raises(OutputError, match="must be free or hold an earlier archive"):
        write_archive(deployment(), tmp_path / "other", console(), NOW)
