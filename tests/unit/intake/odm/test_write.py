"""Our forms as ODM: how a cell is spelled, who entered it, and that no trial is held whole."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from cartrial.intake.odm.read import read_odm
from cartrial.intake.odm.write import OdmFile, Record, by_subject, write_odm
from cartrial.protocol.read import packaged_study
from tests.command import cartrial
from tests.unit.forms.tables import filled
from tests.unit.intake.odm.document import shown

STUDY = packaged_study()
ABOUT = OdmFile("T.1", dt.datetime(2026, 5, 3, tzinfo=dt.UTC), "cartrial", "1.2.3")
SPACE = {"o": "http://www.cdisc.org/ns/odm/v1.3"}
TRIAL = {
    "demographics": """
        subject  consented  born     sex
        001-001  2024-01    1961-05  male
        001-002  2024-02    -        -
    """,
    "infusion": """
        subject  number  at          level  planned  given
        001-001  1       2024-03-01  1      1        0.00001
    """,
    "vital_signs": """
        subject  at                   temperature
        001-001  2024-03-02T08:00     38.5
        001-001  2024-03-02T20:00:30  37
    """,
    "crs_assessment": """
        subject  at                hypotension  other_cause
        001-002  2024-03-02T08:00  yes          no
    """,
    "dose_decision": """
        number  decided     from_level  to_level  decision
        1       2024-04-01  1           2         escalate
    """,
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    forms = filled(**TRIAL)
    write_odm(ABOUT, STUDY, [name for name, _ in forms], by_subject(forms), tmp_path / "odm.xml")
    return tmp_path / "odm.xml"


@pytest.mark.parametrize(
    ("item", "values"),
    [
        ("demographics.consented", ["2024-01", "2024-02"]),
        ("demographics.sex", ["male"]),
        ("infusion.given", ["0.00001"]),
        ("vital_signs.at", ["2024-03-02T08:00:00", "2024-03-02T20:00:30"]),
        ("vital_signs.temperature", ["38.5", "37"]),
        ("crs_assessment.hypotension", ["true"]),
        ("crs_assessment.other_cause", ["false"]),
        ("dose_decision.decision", ["escalate"]),
    ],
)
def test_a_cell_is_spelled_as_its_type_asks(path: Path, item: str, values: list[str]) -> None:
    data = ET.parse(path).iterfind(f".//o:ItemData[@ItemOID='I.{item}']", SPACE)
    assert [one.get("Value") for one in data] == values


def test_what_is_of_no_subject_stands_last_under_the_committee(path: Path) -> None:
    data = ET.parse(path).iterfind(".//o:SubjectData", SPACE)
    assert [one.get("SubjectKey") for one in data] == ["001-001", "001-002", "committee"]


def test_a_field_says_its_label_unit_limits_and_codes(path: Path) -> None:
    root = ET.parse(path).getroot()
    item = root.find(".//o:ItemDef[@OID='I.vital_signs.temperature']", SPACE)
    assert item is not None
    assert item.findtext("o:Question/o:TranslatedText", "", SPACE) == "Temperature"
    limits = item.iterfind("o:RangeCheck", SPACE)
    said = [(one.get("Comparator"), one.findtext("o:CheckValue", "", SPACE)) for one in limits]
    assert said == [("GE", "30"), ("LE", "45")]
    unit = item.find("o:MeasurementUnitRef", SPACE)
    assert unit is not None
    assert unit.get("MeasurementUnitOID") == "U.°C"
    given = root.find(".//o:ItemDef[@OID='I.infusion.given']/o:MeasurementUnitRef", SPACE)
    assert given is not None
    assert given.get("MeasurementUnitOID") == f"U.{STUDY.doses.unit}"
    codes = root.iterfind(".//o:CodeList[@OID='C.demographics.sex']/o:EnumeratedItem", SPACE)
    assert [one.get("CodedValue") for one in codes] == ["female", "male", "unknown"]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("a\tb\nc", "a\tb\nc"),
        ("<&\"'>", "<&\"'>"),
        ("a\x0bb\ufffe", "a\ufffdb\ufffd"),
        ("µ 😀", "µ 😀"),
    ],
)
def test_a_text_comes_back_as_it_was_typed(tmp_path: Path, typed: str, read: str) -> None:
    cells = {"subject": "001", "number": "1", "kind": "other", "major": "no", "what": typed}
    records = [("001", [Record("protocol_deviation", cells)])]
    write_odm(ABOUT, STUDY, ["protocol_deviation"], records, tmp_path / "odm.xml")
    source = read_odm(tmp_path / "odm.xml")
    assert shown(source, "protocol_deviation", "what") == [(read,)]


def test_subjects_are_written_one_by_one(tmp_path: Path) -> None:
    path, sizes = tmp_path / "odm.xml", []

    def subjects() -> Iterator[tuple[str, list[Record]]]:
        for number in range(3):
            (beside,) = tmp_path.iterdir()  # what is being written
            sizes.append(beside.stat().st_size)
            cells = {"subject": f"{number}", "consented": "2024" * 10_000}
            yield f"{number}", [Record("demographics", cells)]

    write_odm(ABOUT, STUDY, ["demographics"], subjects(), path)
    assert sizes[2] > sizes[1] > sizes[0]


def test_the_command_writes_what_import_reads(tmp_path: Path) -> None:
    study, out = tmp_path / "study", tmp_path / "odm.xml"
    assert cartrial("simulate", "--subjects", "1", study).code == 0
    done = cartrial("export", "odm", study, "--out", out)
    assert done.code == 0, done.err
    assert done.out.endswith(f"rows, in {out}\n")
    first = out.read_bytes()
    cartrial("export", "odm", study, "--out", out)
    assert out.read_bytes() == first
    plan = tmp_path / "plan.yaml"
    assert cartrial("import", "plan", out, "--out", plan).code == 0
