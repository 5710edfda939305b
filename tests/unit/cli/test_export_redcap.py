"""`cartrial export redcap`: a project to load, with a trial's records or without."""

import csv

import pytest

from cartrial.forms.catalogue import FORMS
from cartrial.forms.folder import write_forms
from cartrial.protocol.read import packaged_text
from tests.command import cartrial
from tests.unit.forms.tables import filled


@pytest.fixture
def folder(tmp_path):
    """A study folder with two subjects."""
    place = tmp_path / "trial"
    forms = filled(demographics="subject  age\n001-001  62\n001-002  -")
    write_forms(forms, place / "forms")
    (place / "study.yaml").write_text(packaged_text(), encoding="utf-8")
    return place


def rows(place):
    with place.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_the_records_of_a_study_with_the_instruments_it_collected(folder, tmp_path):
    said = cartrial("export", "redcap", folder, "--out", tmp_path / "project")
    assert (said.code, said.out.strip()) == (
        *(0, f"1 instrument, 2 rows of forms, in {tmp_path / 'project'}"),
    )
    records = [row["record_id"] for row in rows(tmp_path / "project" / "data.csv")]
    assert records == ["001-001", "001-002"]


def test_without_a_study_every_form_is_an_instrument_and_there_is_no_record(tmp_path):
    said = cartrial("export", "redcap", "--out", tmp_path / "project")
    assert said.code == 0
    fields = rows(tmp_path / "project" / "data_dictionary.csv")
    assert list(dict.fromkeys(field["Form Name"] for field in fields)) == list(FORMS)
    assert rows(tmp_path / "project" / "data.csv") == []


def test_a_study_without_forms(folder, tmp_path):
    said = cartrial("export", "redcap", folder / "study.yaml", "--out", tmp_path / "project")
    assert said.code == 0
    (folder / "forms").rename(folder / "elsewhere")
    said = cartrial("export", "redcap", folder / "study.yaml", "--out", tmp_path / "project")
    assert (said.code, said.err.strip()) == (
        11,
        f"cartrial: {folder / 'study.yaml'}: must hold forms, got none. "
        "SDTM has no forms: give --forms DIR",
    )
