from pathlib import Path

import pytest

from cartrial.forms.catalogue import FORMS
from cartrial.protocol.read import read_study
from tests.command import cartrial

RECORD = Path(__file__).parents[1] / "protocol/records/study.json"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_new_study_is_a_folder_to_edit() -> None:
    said = cartrial("new", "MY-TRIAL")
    assert said.code == 0
    assert said.out.startswith("MY-TRIAL/study.yaml\n\nLeft to decide:\n  title: the title of")
    assert said.out.endswith("or enter the trial in the browser: cartrial web MY-TRIAL\n")
    assert read_study(Path("MY-TRIAL")).id == "MY-TRIAL"
    blank = {path.stem: path.read_text() for path in Path("MY-TRIAL/blank-forms").iterdir()}
    assert set(blank) == {*FORMS, "ctcae_terms"}
    assert "\nBlood and lymphatic system disorders,Leukocytosis,3,\n" in blank["ctcae_terms"]
    assert blank["ae_grade"] == "subject,number,since,grade\n"


def test_a_folder_that_exists_is_never_touched(here: Path) -> None:
    (here / "MY-TRIAL").mkdir()
    said = cartrial("new", "MY-TRIAL")
    assert said.code == 13
    assert said.err == (
        "cartrial: MY-TRIAL: must be a new folder, got one that exists. Name another one\n"
    )
    assert list((here / "MY-TRIAL").iterdir()) == []


def test_a_record_names_the_study_by_its_number() -> None:
    said = cartrial("new", "--from-record", RECORD)
    assert said.code == 0
    study = read_study(Path("NCT00000019"))
    assert study.registry == study.id == "NCT00000019"
    assert "\n  doses: the dose levels and their unit\n" in said.out
    assert "\n  subjects: " not in said.out


def test_a_record_under_another_name() -> None:
    assert cartrial("new", "trials/CAR19", "--from-record", RECORD).code == 0
    assert read_study(Path("trials/CAR19")).id == "CAR19"


def test_a_name_is_needed() -> None:
    said = cartrial("new")
    assert (said.code, said.err) == (
        10,
        "cartrial: a name must be given, got none. Write `cartrial new NAME`\n",
    )


def test_the_number_of_a_record_never_names_a_place_elsewhere(here: Path) -> None:
    record = RECORD.read_text().replace('"nctId": "', '"nctId": "../../')
    (here / "study.json").write_text(record)
    said = cartrial("new", "--from-record", "study.json")
    assert said.code == 10
    assert said.err == "cartrial: a name must be given, got none. Write `cartrial new NAME`\n"
