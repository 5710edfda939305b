"""The certified copy and the archive: complete, and every change of a file shows."""

import csv
import datetime as dt
import json
import platform
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import xmlschema
from odmlib.schema_manager import get_schema_path

from cartrial.capture.deployment import deployment
from cartrial.capture.ledger import action
from cartrial.capture.ledger.read import forms_now, head, records
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
from cartrial.intake.odm.read import read_odm
from cartrial.intake.plan.draft import draft_plan
from cartrial.intake.receive import receive

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


def test_a_dose_has_the_unit_that_the_study_names(subject: str, enter: Callable[..., int]) -> None:
    enter("infusion", subject="001", number="1", at="2026-01-06T10:00", planned="1", given="0.9")
    texts = str(page_of(deployment(), copied(subject, by="A auditor", at=NOW)))
    assert f"CAR+ dose given: 0.9 {deployment().study.doses.unit}" in texts


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


def test_an_archive_holds_every_record_as_odm_with_its_last_entry(
    subject: str, tmp_path: Path
) -> None:
    last = write_archive(deployment(), tmp_path / "archive", console(), NOW)
    path = tmp_path / "archive" / "odm.xml"
    source = read_odm(path)
    assert not source.held
    found = receive(draft_plan(source), source)
    assert not found.held
    stands, _ = forms_now()
    assert {name: frame.height for name, frame in found.forms} == {"demographics": 2}
    same = found.forms.tables["demographics"].sort("subject")
    assert same.equals(stands.tables["demographics"].sort("subject"))
    root = ET.parse(path).getroot()
    space = {"o": "http://www.cdisc.org/ns/odm/v1.3"}
    assert root.get("FileOID") == f"BCMA-CD19-MM.{last.short}"
    (first, *_) = root.iterfind(".//o:ItemGroupData/o:AuditRecord", space)
    assert [(one.text or one.get("UserOID") or "").strip() for one in first][:1] == [
        "USER.coordinator"
    ]
    assert first.findtext("o:ReasonForChange", "", space) == "typo"
    assert first.findtext("o:SourceID", "", space) == "entry 2"
    assert root.findtext(".//o:User/o:FullName", "", space) == "A coordinator"
    xmlschema.XMLSchema(get_schema_path("odm", "1.3.2")).validate(str(path))


def test_an_archive_says_what_made_it_and_how_to_build_that(subject: str, tmp_path: Path) -> None:
    write_archive(deployment(), tmp_path / "archive", console(), NOW)
    manifest = json.loads((tmp_path / "archive" / MANIFEST).read_text("utf-8"))
    assert manifest["software"] == f"cartrial {version('cartrial')}"
    assert manifest["python"] == platform.python_version()
    installed = (tmp_path / "archive" / "installed.txt").read_text("utf-8").splitlines()
    assert f"Django=={version('django')}" in installed
    recipe = (tmp_path / "archive" / "Containerfile").read_text("utf-8").splitlines()
    page = (Path(__file__).parents[4] / "docs" / "how-to" / "deploy.md").read_text("utf-8")
    printed = "\n".join(f"    {line}" for line in recipe if not line.startswith("#"))
    assert "FROM python:" in printed
    assert printed in page, "the page and the archive must have the same recipe"
