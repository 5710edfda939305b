from pathlib import Path

import pytest

from cartrial.cdisc.dataset_json import read_dataset_json
from cartrial.errors import DataError

COLUMNS = '{"columns":[{"name":"USUBJID"},{"name":"AGE"},{"name":"DTHFL"}]'


def test_every_value_comes_back_as_text(tmp_path: Path):
    path = tmp_path / "dm.json"
    path.write_text(COLUMNS + ',"rows":[["X-1",61.0,true],["",0.5,null]]}')
    frame, remark = read_dataset_json(path)
    assert frame.rows() == [("X-1", "61", "Y"), (None, "0.5", None)]
    assert remark is None


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("dm.json", "[1]", "dm.json: must be Dataset-JSON 1.1, got other JSON"),
        ("dm.json", "{}", "dm.json: must be Dataset-JSON 1.1, got no columns with names"),
        ("dm.json", '{"a"', "dm.json: line 1: must be JSON, got expecting ':' delimiter"),
        ("dm.ndjson", "", "dm.ndjson: must be Dataset-JSON 1.1, got no columns with names"),
        (
            "dm.ndjson",
            COLUMNS + '}\n["X-1"]',
            "dm.ndjson: row 1: must be a list of 3 values, got something else",
        ),
    ],
)
def test_what_is_not_dataset_json_is_said_in_one_line(
    tmp_path: Path, name: str, content: str, message: str
):
    path = tmp_path / name
    path.write_text(content)
    with pytest.raises(DataError) as fault:
        read_dataset_json(path)
    assert str(fault.value) == message
