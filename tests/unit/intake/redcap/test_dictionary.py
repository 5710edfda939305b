"""REDCap's data dictionary, from the project's page or from the API."""

import pytest

from cartrial.errors import DataError
from cartrial.intake.redcap.dictionary import HEADER, is_dictionary, read_dictionary
from cartrial.intake.redcap.field import ticked
from tests.unit.intake.redcap.project import FIELDS


def read(tmp_path, text):
    place = tmp_path / "dictionary.csv"
    place.write_text(text, encoding="utf-8")
    return read_dictionary(place)


def test_the_first_field_is_the_record_and_the_forms_keep_their_order(tmp_path):
    project = read(tmp_path, FIELDS)
    assert project.record.name == "record_id"
    assert project.forms == ("demographics", "visit", "labs")
    assert [field.name for field in project.of("visit")] == ["seen", "well", "remark"]


def test_the_dictionary_of_the_api_is_the_same(tmp_path):
    text = FIELDS
    for page, api in HEADER.values():
        quoted = f'"{page}"' if "," in page else page
        text = text.replace(quoted, api, 1)
    assert text.startswith("field_name,form_name")
    assert read(tmp_path, text) == read(tmp_path, FIELDS)


@pytest.mark.parametrize(
    ("code", "column"),
    [("1", "race___1"), ("-9", "race____9"), ("NASK", "race___nask"), ("a.b", "race___a_b")],
)
def test_the_column_of_a_box(code, column):
    assert ticked("race", code) == column


def test_a_dictionary_is_known_by_its_header(tmp_path):
    for text, expected in ((FIELDS, True), ("record_id,sex\n", False)):
        (tmp_path / "file.csv").write_text("\ufeff" + text, encoding="utf-8")
        assert is_dictionary(tmp_path / "file.csv") is expected


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("remark,", "well,", "a field name must stand once, got well twice"),
        ("remark,", "Remark,", "a field name must be of a-z, 0-9 and _, got Remark"),
        (",notes,", ",novel,", "field remark: field type must be one of text, notes, calc, "
         "slider, file, sql, descriptive, radio, dropdown, checkbox, yesno, truefalse, got novel"),
        ("2, Male", "Male", "field sex: choices: must be `code, words`, got Male"),
        ("2, Male", "1, Male", "field sex: choices: a code must stand once, got 1 twice"),
    ],
)  # fmt: skip
def test_a_broken_field_is_one_clear_line(tmp_path, old, new, said):
    with pytest.raises(DataError) as caught:
        read(tmp_path, FIELDS.replace(old, new))
    assert str(caught.value) == f"dictionary.csv: {said}"


def test_a_dictionary_without_a_column_that_is_needed(tmp_path):
    with pytest.raises(DataError) as caught:
        read(tmp_path, FIELDS.replace("Field Type", "Kind"))
    assert str(caught.value) == (
        "dictionary.csv: must be a REDCap data dictionary with a column Field Type, got none. "
        "Download it under Project Setup, Data Dictionary"
    )
