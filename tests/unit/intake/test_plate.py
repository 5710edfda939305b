"""A qPCR plate from its file, in our columns and as an instrument exports it."""

import re
from pathlib import Path

import pytest

from cartrial.errors import DataError
from cartrial.intake.plate import read_plate

EXAMPLES = Path(__file__).parents[3] / "examples" / "qpcr-plate"
HEADER = "well,role,sample_id,analyte,ct,copies,subject,day,dna"
ROWS = """A1,standard,,CAR,20.1,1000000,,,
A2,ntc,,CAR,Undetermined,,,,
A3,sample,S1,CAR,30.5,,001,7,200
A4,sample,S1,CAR,undetermined,,001,7,200
"""
EXPORT = """* Block Type = 96-Well
* Comment = made up

[Results]
Well,Well Position,Omit,Sample Name,Target Name,Task,CT,Quantity
1,A1,false,STD6,CAR,STANDARD,20.1,"1,000,000.000"
2,A2,false,NTC,CAR,NTC,Undetermined,
3,A03,false,S1,CAR,UNKNOWN,30.5,711.2
4,A4,true,S1,CAR,UNKNOWN,35.5,20.0
5,A5,false,,,,,

[Melt Curve]
nothing,of,this,is,read
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "plate.csv"


def read(place, content, samples=None):
    place.write_text(content)
    if samples is None:
        return read_plate(place)
    sheet = place.with_name("samples.csv")
    sheet.write_text(samples)
    return read_plate(place, sheet)


def fault(place, content, samples=None):
    with pytest.raises(DataError) as caught:
        read(place, content, samples)
    return str(caught.value)


def test_our_own_columns_need_no_remark(place):
    found = read(place, f"{HEADER}\n{ROWS}")
    assert found.remarks == ()
    assert found.table.select("well", "role", "ct", "undetermined", "copies").rows() == [
        ("A1", "standard", 20.1, False, 1_000_000),
        ("A2", "ntc", None, True, None),
        ("A3", "sample", 30.5, False, None),
        ("A4", "sample", None, True, None),
    ]


def test_an_export_of_the_instrument_and_what_was_understood(place):
    found = read(place, EXPORT)
    assert found.table.select("well", "role", "ct", "copies").rows() == [
        ("A1", "standard", 20.1, 1_000_000),
        ("A2", "ntc", None, None),
        ("A3", "sample", 30.5, None),
    ]
    assert found.remarks == (
        "4 lines above the table passed over",
        "columns read: well from Well Position, role from Task, sample_id from Sample Name, "
        "analyte from Target Name, ct from CT, copies from Quantity, omit from Omit",
        "columns not used: Well",
        "omitted by the operator: A4",
    )


@pytest.mark.parametrize(
    ("written", "role"),
    [("UNKNOWN", "sample"), ("Unkn", "sample"), ("unk", "sample"), ("QC", "control")],
)
def test_an_instrument_has_names_of_its_own_for_a_role(place, written, role):
    found = read(place, f"{HEADER}\nA1,{written},S1,CAR,30.5,,001,7,200\n")
    assert found.table["role"].to_list() == [role]


def test_the_cyrillic_te_in_ct_is_a_t(place):
    assert read(place, EXPORT.replace(",CT,", ",Cт,")).table.height == 3


def test_a_sheet_of_the_samples_adds_what_an_export_does_not_know(place):
    found = read(place, EXPORT, "sample_id,subject,at,dna\nS1,001,2025-03-03,150\n")
    last = found.table.row(-1, named=True)
    assert (last["subject"], last["at"], last["dna"]) == ("001", "2025-03-03", 150)


def test_a_sample_without_a_row_in_the_sheet_is_told(place):
    found = read(place, EXPORT, "sample_id,subject\nS2,001\n")
    assert found.remarks[-1] == "samples.csv: without a row there: S1"


def test_the_examples_say_the_same_in_both_forms():
    ours = read_plate(EXAMPLES / "plate.csv").table
    theirs = read_plate(EXAMPLES / "quantstudio.csv", EXAMPLES / "samples.csv").table
    shown = ["well", "ct", "undetermined", "subject", "at", "day", "dna", "visit"]
    kept = ours.filter(ours["role"] != "control").select(shown)
    assert theirs.select(shown).equals(kept)


CHANGES = [
    ("30.5", "late", "plate.csv: line 4, well A3, analyte CAR: ct: must be a number, got late"),
    (
        "A3,sample",
        "A3,blood",
        "plate.csv: line 4, well A3, analyte CAR: role: must be one of "
        "standard, sample, ntc, control, got blood",
    ),
    (
        "7,200",
        "7,-5",
        "plate.csv: line 4, well A3, analyte CAR: must keep the rule 'dna is above zero'",
    ),
    (
        "7,200",
        "7,0",
        "plate.csv: line 4, well A3, analyte CAR: must keep the rule 'dna is above zero'",
    ),
    (
        "1000000",
        "",
        "plate.csv: line 2, well A1, analyte CAR: "
        "must keep the rule 'a standard has its known copies'",
    ),
    (
        "A3,",
        "R3,",
        "plate.csv: line 4, well R3, analyte CAR: must keep the rule 'the well is on a plate'",
    ),
    (
        "S1,CAR,30.5",
        ",CAR,30.5",
        "plate.csv: line 4, well A3, analyte CAR: must keep the rule 'a sample has a name'",
    ),
    (
        "30.5,,001",
        "30.5,,002",
        "plate.csv: sample S1: subject: must be the same in all its wells, got different ones",
    ),
]


@pytest.mark.parametrize(("old", "new", "said"), CHANGES)
def test_one_bad_cell_is_one_clear_line(place, old, new, said):
    assert fault(place, f"{HEADER}\n{ROWS}".replace(old, new, 1)) == said


def test_a_well_that_stands_twice_is_told_on_both_lines(place):
    told = fault(place, f"{HEADER}\n{ROWS}".replace("A3", "A4"))
    assert re.findall(r"line (\d)", told) == ["4", "5"]
    assert "must be the only row with its well, analyte" in told


def test_the_line_of_a_fault_is_that_of_the_file(place):
    assert fault(place, EXPORT.replace("30.5", "x")).startswith("plate.csv: line 8, well A3")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "plate.csv: must hold a table, got an empty file"),
        (f"{HEADER}\n", "plate.csv: must have a row below the header, got none"),
        (
            f"{HEADER}\n{ROWS}".replace(",", ";"),
            "plate.csv: must be separated by commas, got another separator. "
            "Save it as CSV with commas",
        ),
        (
            f"{HEADER}\n{ROWS}".replace("ct,", "cycle,"),
            "plate.csv: must have a column ct, got none. It may be called ct, cq",
        ),
        ("PK\x03\x04", "plate.csv: must be CSV, got an Excel workbook. Save the sheet as CSV"),
        (
            EXPORT.replace("false", "true"),
            "plate.csv: must have a well that is not omitted, got none",
        ),
    ],
)
def test_a_file_without_a_plate_says_why(place, content, said):
    assert fault(place, content) == said


def test_a_sample_that_stands_twice_in_the_sheet_is_a_fault(place):
    assert fault(place, EXPORT, "sample_id,subject\nS1,001\nS1,002\n") == (
        "samples.csv: a sample must stand once, got S1 twice"
    )


def test_another_encoding_is_read_and_told(place):
    place.write_bytes(f"{HEADER}\n{ROWS}".replace("S1", "Blut für S1").encode("cp1252"))
    found = read_plate(place)
    assert found.table["sample_id"].to_list()[-1] == "Blut für S1"
    assert found.remarks == ("2 bytes were not UTF-8, read as cp1252",)
