"""Dataset-JSON, as JSON and as NDJSON: what is written comes back, and what is broken is told."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from cartrial.cdisc.dataset_json.read import read_dataset_json
from cartrial.cdisc.dataset_json.write import write_dataset_json
from cartrial.errors import DataError, OutputError
from tests.unit.cdisc.datasets import EVERY_KIND, dataset, with_column

BOTH = pytest.mark.parametrize("name", ["lb.json", "lb.ndjson"])
COLUMNS = [
    {"itemOID": "1", "name": "USUBJID", "label": "Subject", "dataType": "string"},
    {"itemOID": "2", "name": "AGE", "label": "Age", "dataType": "integer"},
]


def put(path: Path, rows: list[Any], columns: list[dict[str, Any]] = COLUMNS, **more: Any) -> Path:
    """The rows as a file of another system."""
    about = {"name": "DM", "records": len(rows), **more, "columns": columns}
    if path.suffix == ".ndjson":
        path.write_text("\n".join(json.dumps(line) for line in (about, *rows)))
    else:
        path.write_text(json.dumps({**about, "rows": rows}))
    return path


def unread(path: Path) -> str:
    with pytest.raises(DataError) as error:
        read_dataset_json(path)
    return str(error.value)


def typed(kind: str, **more: Any) -> list[dict[str, Any]]:
    return [{"itemOID": "1", "name": "A", "label": "A", "dataType": kind, **more}]


# ---------------------------------------------------------------- there and back
@BOTH
def test_every_kind_of_variable_comes_back(name: str, tmp_path: Path):
    write_dataset_json(dataset(USUBJID=20), tmp_path / name)
    back, remark = read_dataset_json(tmp_path / name)
    assert_frame_equal(back.frame, EVERY_KIND)
    assert (back.name, back.label, remark) == ("LB", "Laboratory Test Results", None)
    said = [(v.name, v.length, v.format, v.key) for v in back.variables]
    assert said == [
        ("USUBJID", 20, "", 1),
        ("LBSEQ", None, "", 2),
        ("LBORRES", 4, "", None),
        ("LBSTRESN", None, "", None),
        ("ADT", None, "E8601DA.", None),
        ("ADTM", None, "E8601DT.", None),
    ]


@BOTH
def test_a_dataset_without_records_comes_back(name: str, tmp_path: Path):
    write_dataset_json(dataset(EVERY_KIND.clear()), tmp_path / name)
    assert_frame_equal(read_dataset_json(tmp_path / name)[0].frame, EVERY_KIND.clear())


@BOTH
def test_two_runs_give_the_same_bytes(name: str, tmp_path: Path):
    write_dataset_json(dataset(), tmp_path / name)
    first = (tmp_path / name).read_bytes()
    write_dataset_json(dataset(), tmp_path / name)
    assert (tmp_path / name).read_bytes() == first
    assert b'"datasetJSONCreationDateTime":"1960-01-01T00:00:00"' in first


@BOTH
def test_many_blocks_are_one_dataset(name: str, tmp_path: Path):
    frame = pl.DataFrame({"USUBJID": [f"X-{n}" for n in range(45_000)]})
    write_dataset_json(dataset(frame), tmp_path / name)
    assert_frame_equal(read_dataset_json(tmp_path / name)[0].frame, frame)


def test_lines_are_written_as_the_standard_shows_them(tmp_path: Path):
    path = tmp_path / "lb.ndjson"
    made = dt.datetime(2026, 5, 4, 3, 2, 1)
    write_dataset_json(with_column("LBORRES", ["≥2", None, 'a "b"']), path, created=made)
    about, *rows = path.read_text("utf-8").splitlines()
    assert about.startswith(
        '{"datasetJSONCreationDateTime":"2026-05-04T03:02:01","datasetJSONVersion":"1.1.0",'
        '"itemGroupOID":"IG.LB","records":3,"name":"LB","label":"Laboratory Test Results",'
        '"columns":[{"itemOID":"IT.LB.USUBJID","name":"USUBJID",'
        '"label":"Unique Subject Identifier","dataType":"string","length":3,"keySequence":1},'
    )
    assert rows == ['["X-1",1,"≥2"]', '["X-1",2,""]', '["X-2",1,"a \\"b\\""]']


# ---------------------------------------------------------------- files of other systems
@BOTH
@pytest.mark.parametrize(
    ("columns", "cells", "expected"),
    [
        (typed("string"), ["a", "", None, 1, 0.5], ["a", None, None, "1", "0.5"]),
        (typed("integer"), [1, 61.0, None, ""], [1, 61, None, None]),
        (typed("double"), [1, 0.5, None], [1.0, 0.5, None]),
        (typed("decimal", targetDataType="decimal"), ["1.50", None], [1.5, None]),
        (typed("boolean"), [True, None], [True, None]),
        (typed("date"), ["2024-05", "2024-05-03"], ["2024-05", "2024-05-03"]),
        (typed("date", targetDataType="integer"), ["2024-05-03"], [dt.date(2024, 5, 3)]),
    ],
)
def test_a_value_has_the_type_of_its_column(
    name: str, columns: list[dict[str, Any]], cells: list[Any], expected: list[Any], tmp_path: Path
):
    path = put(tmp_path / name, [[cell] for cell in cells], columns)
    assert read_dataset_json(path)[0].frame["A"].to_list() == expected


def test_rows_may_stand_before_the_columns(tmp_path: Path):
    path = tmp_path / "dm.json"
    path.write_text(json.dumps({"rows": [["X-1", 61]], "columns": COLUMNS}, indent=1))
    assert read_dataset_json(path)[0].frame.rows() == [("X-1", 61)]


@BOTH
def test_bytes_of_another_encoding_are_read_and_told(name: str, tmp_path: Path):
    path = put(tmp_path / name, [["r-s", 1]])
    path.write_bytes(path.read_bytes().replace(b"r-s", b"r\x92s"))
    back, remark = read_dataset_json(path)
    assert (back.frame.rows(), remark) == ([("r’s", 1)], "1 byte was not UTF-8, read as cp1252")


# ---------------------------------------------------------------- what is broken
@BOTH
@pytest.mark.parametrize(
    ("rows", "columns", "message"),
    [
        ([["X-1", 61], ["X-2"]], COLUMNS, "row 2: must be a list of 2 values, got 1"),
        ([["X-1", 61], {}], COLUMNS, "row 2: must be a list of 2 values, got something else"),
        ([], [], "must be Dataset-JSON 1.1 with columns, got none"),
        ([], [{"itemOID": "1"}], "column 1: must have a name, got none"),
        ([], [{"name": "A"}], "A: must have a data type of the standard, got none"),
        ([], typed("text"), "A: must have a data type of the standard, got text"),
        ([], [*COLUMNS, COLUMNS[0]], "a variable must stand once, got USUBJID twice"),
        (
            [["X-1", 61], ["X-2", "many"]],
            COLUMNS,
            "row 2: AGE: must be a whole number, as its column says, "
            "got a value that is not shown here",
        ),
        (
            [[1.5], [float("nan")]],
            typed("float"),
            "row 2: A: must be a number, as its column says, got a value that is not shown here",
        ),
        (
            [["2024-05"]],
            typed("date", targetDataType="integer"),
            "row 1: A: must be a date as YYYY-MM-DD, as its column says, "
            "got a value that is not shown here",
        ),
    ],
)
def test_what_is_broken_is_said_in_one_line(
    name: str, rows: list[Any], columns: list[dict[str, Any]], message: str, tmp_path: Path
):
    assert unread(put(tmp_path / name, rows, columns)) == f"{name}: {message}"


@BOTH
def test_a_row_is_counted_from_the_first_of_the_file(name: str, tmp_path: Path):
    rows = [["X-1", 61]] * 24_999 + [["X-2", "many"]]
    assert unread(put(tmp_path / name, rows)).startswith(f"{name}: row 25000: AGE: must be")


@BOTH
def test_fewer_rows_than_were_promised_are_told(name: str, tmp_path: Path):
    path = put(tmp_path / name, [["X-1", 61]], records=3)
    assert unread(path) == (
        f"{name}: must hold 3 rows, as its metadata say, got 1. Is it truncated?"
    )


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("dm.json", "[1]", "dm.json: must be Dataset-JSON 1.1, got something else"),
        ("dm.json", "{}", "dm.json: must be Dataset-JSON 1.1 with columns, got none"),
        ("dm.json", '{\n"a"', "dm.json: line 2: must be JSON, got expecting ':'"),
        ("dm.json", '{"a":[1,', "dm.json: line 1: must be JSON, got expecting value"),
        ("dm.ndjson", "", "dm.ndjson: line 1: must be JSON, got expecting value"),
        ("dm.ndjson", "[1]", "dm.ndjson: must be Dataset-JSON 1.1 with columns, got none"),
    ],
)
def test_what_is_not_dataset_json_is_said_in_one_line(
    tmp_path: Path, name: str, content: str, message: str
):
    (tmp_path / name).write_text(content)
    assert unread(tmp_path / name) == message


@pytest.mark.parametrize("cut", [-1, -2, -4])
def test_truncated_json_is_told(cut: int, tmp_path: Path):
    path = put(tmp_path / "dm.json", [["X-1", 61], ["X-2", 62]])
    path.write_text(path.read_text()[:cut])
    assert unread(path).startswith("dm.json: line 1: must be JSON, got expecting ")


def test_a_truncated_line_is_named(tmp_path: Path):
    path = put(tmp_path / "dm.ndjson", [["X-1", 61], ["X-2", 62]])
    path.write_text(path.read_text()[:-3])
    assert unread(path).startswith("dm.ndjson: line 3: must be JSON, got ")


def test_a_number_that_json_cannot_say_is_refused(tmp_path: Path):
    with pytest.raises(OutputError) as error:
        write_dataset_json(with_column("AVAL", [1.0, None, float("inf")]), tmp_path / "a.json")
    assert str(error.value) == ("LB: USUBJID X-2, LBSEQ 1: AVAL: must be a finite number, got inf")
