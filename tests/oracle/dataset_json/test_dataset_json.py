"""Every dataset of a virtual trial keeps to the JSON schemas of Dataset-JSON 1.1.

Oracle: the schemas of CDISC in cdisc-rules-engine 0.17.1, held to by jsonschema 4.26.0.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft201909Validator

from cartrial import pipeline
from cartrial.adam.file.folder import write_adam
from cartrial.protocol.read import packaged_study
from cartrial.sdtm.file.folder import write_sdtm
from cartrial.virtual.scenario import packaged_scenario
from cartrial.virtual.trial import simulate_trial

HERE = Path(__file__).parent
STUDY = packaged_study()
TYPES = {"string": str, "integer": int, "float": (int, float), "date": str, "datetime": str}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("written")
    forms = simulate_trial(STUDY, subjects=6, seed=3, scenario=packaged_scenario()).forms
    sdtm = pipeline.tabulate(STUDY, forms)
    write_sdtm(sdtm, folder, form="json")
    write_sdtm(sdtm, folder, form="ndjson")
    adam = pipeline.derive(STUDY, sdtm)
    write_adam(adam, folder, also="json")
    write_adam(adam, folder, also="ndjson")
    return folder


def schema(name: str) -> Draft201909Validator:
    return Draft201909Validator(json.loads((HERE / name).read_text("utf-8")))


def faults(validator: Draft201909Validator, content: Any) -> list[str]:
    return [error.message for error in validator.iter_errors(content)]


def test_json_keeps_to_the_schema(written: Path):
    paths = sorted(written.rglob("*.json"))
    assert {path.stem for path in paths} >= {"dm", "lb", "suppae", "adsl", "adlb"}
    validator = schema("dataset.schema.json")
    for path in paths:
        content = json.loads(path.read_text("utf-8"))
        assert faults(validator, content) == [], path.name
        kinds = [TYPES[column["dataType"]] for column in content["columns"]]
        assert len(content["rows"]) == content["records"]
        for row in content["rows"]:
            assert len(row) == len(kinds)
            assert all(
                cell is None or isinstance(cell, kind)
                for cell, kind in zip(row, kinds, strict=True)
            )


def test_ndjson_keeps_to_the_schema_and_has_the_rows_of_json(written: Path):
    validator = schema("dataset-ndjson-schema.json")
    paths = sorted(written.rglob("*.ndjson"))
    assert {path.stem for path in paths} == {path.stem for path in written.rglob("*.json")}
    for path in paths:
        about, *rows = map(json.loads, path.read_text("utf-8").splitlines())
        assert faults(validator, about) == [], path.name
        (twin,) = written.rglob(f"{path.stem}.json")
        assert {**about, "rows": rows} == json.loads(twin.read_text("utf-8"))


def test_the_schema_refuses_what_the_standard_does_not_know():
    validator = schema("dataset.schema.json")
    assert len(faults(validator, {"name": "DM", "surprise": 1})) > 1
