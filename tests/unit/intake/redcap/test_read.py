"""REDCap's exports: raw and labelled, with events, repeats, boxes and codes for missing data."""

import pytest

from cartrial.errors import DataError
from cartrial.intake.redcap.read import read_redcap
from tests.unit.intake.redcap.project import FIELDS, FILES, read, shown

RAW = (FILES / "raw.csv").read_text(encoding="utf-8")
LABELLED = (FILES / "labels.csv").read_text(encoding="utf-8")


def test_each_instrument_is_a_table_of_the_rows_where_it_is_filled(tmp_path):
    source = read(tmp_path, RAW)
    assert not source.held
    assert not source.remarks
    assert shown(source, "demographics", "line", "record_id", "sex", "weight") == [
        (2, "1", "2", "70.5"),
        (6, "2", "1", "82"),
    ]
    assert shown(source, "visit", "redcap_event_name", "seen", "well", "remark") == [
        ("week_arm_1", "2024-01-02T10:00", "1", "good")
    ]
    assert shown(source, "labs", "redcap_repeat_instance", "taken", "ferritin") == [
        ("1", "2024-01-05", "1.5"),
        ("2", "2024-01-06", "80"),
    ]


def test_what_the_dictionary_says_of_a_column(tmp_path):
    demographics, _, labs = read(tmp_path, RAW).tables
    weight, ferritin = demographics.column("weight"), labs.column("ferritin")
    assert (weight.kind, weight.unit, ferritin.kind, ferritin.unit) == (
        *("number", "kg"),
        *("number", "ug/L"),
    )
    assert demographics.column("sex").label == "Sex"
    assert demographics.column("sex").choices == {"1": "Female", "2": "Male"}
    assert demographics.column("race____9").of == "race"
    assert demographics.column("race____9").label == "Race (choice=Other)"
    assert labs.place == "export.csv, instrument labs"


def test_an_export_with_labels_is_the_same_source(tmp_path):
    raw, words = read(tmp_path, RAW), read(tmp_path, LABELLED)
    assert words.remarks == (
        "export.csv: columns known by their labels",
        "export.csv: words of the labels read as the codes of the dictionary",
    )
    for one, other in zip(raw.tables, words.tables, strict=True):
        assert one.columns == other.columns
        assert one.cells.drop("redcap_event_name").equals(other.cells.drop("redcap_event_name"))


def test_columns_by_name_with_words_in_their_cells(tmp_path):
    rows = LABELLED.split("\n", 1)[1]
    mixed = read(tmp_path, RAW.split("\n", 1)[0] + "\n" + rows)
    assert shown(mixed, "demographics", "sex", "race___1") == [("2", "1"), ("1", "0")]


def test_a_date_that_two_instruments_have_is_told_by_its_place(tmp_path):
    """Without the date of the visit, the one that is left stands among the columns of labs."""
    lines = [line.split(",") for line in LABELLED.splitlines()]
    without = "\n".join(",".join(cells[:11] + cells[12:]) for cells in lines)
    source = read(tmp_path, without)
    assert shown(source, "labs", "taken") == [("2024-01-05",), ("2024-01-06",)]
    assert "export.csv: fields of dictionary.csv that are not in it: seen" in source.remarks


def test_a_label_that_could_be_of_two_fields_is_refused(tmp_path):
    with pytest.raises(DataError) as caught:
        read(tmp_path, "Record ID,Date\n1,2024-01-05\n")
    assert str(caught.value) == (
        "export.csv: column Date must be one field of dictionary.csv, got a label of several. "
        "Export raw data (CSV, raw)"
    )


@pytest.mark.parametrize(
    ("cell", "kept", "missing"),
    [
        ("70,5", "70.5", {}),
        ("-99", "-99", {"-99": "Not done"}),
        ("ND", "ND", {"ND": "Not determined"}),
        ("NASK", "NASK", {"NASK": "Not asked"}),
    ],
)
def test_a_code_for_missing_data_is_no_number(tmp_path, cell, kept, missing):
    source = read(tmp_path, f'record_id,weight\n1,"{cell}"\n')
    assert not source.held
    assert shown(source, "demographics", "weight") == [(kept,)]
    assert source.tables[0].column("weight").missing == missing


def test_codes_for_missing_data_that_only_the_site_knows(tmp_path):
    source = read(tmp_path, "record_id,ferritin\n1,-77\n")
    assert source.tables[2].column("ferritin").missing == {}
    first = FIELDS.splitlines()[1]
    everywhere = FIELDS.replace(first, f'{first}"missing: -77, Lost"')
    source = read(tmp_path, "record_id,ferritin\n1,-77\n", everywhere)
    assert source.tables[2].column("ferritin").missing == {"-77": "Lost"}


def test_boxes_that_nobody_was_asked_about_are_not_no(tmp_path):
    source = read(tmp_path, "record_id,race___1,race___2,race___nask\n1,0,0,1\n2,1,0,0\n")
    assert shown(source, "demographics", "race___1", "race___2") == [("NASK", "NASK"), ("1", "0")]
    assert source.tables[0].column("race___1").missing == {"NASK": "Not asked"}


def test_rows_of_a_repeating_event_keep_their_instance(tmp_path):
    source = read(
        tmp_path,
        "record_id,redcap_event_name,redcap_repeat_instrument,redcap_repeat_instance,well,ferritin\n"
        "1,week_arm_1,,1,1,\n"
        "1,week_arm_1,,2,0,7\n",
    )
    assert shown(source, "visit", "redcap_repeat_instance", "well") == [("1", "1"), ("2", "0")]
    assert shown(source, "labs", "redcap_repeat_instance", "ferritin") == [("2", "7")]


def test_quotes_new_lines_and_a_semicolon_between_cells(tmp_path):
    export = 'record_id;remark;ferritin\n1;"said ""no"";\nthen left";1,5\n2;fine;2\n'
    source = read(tmp_path, export)
    assert shown(source, "visit", "line", "remark") == [
        (2, 'said "no";\nthen left'),
        (4, "fine"),
    ]
    assert shown(source, "labs", "line", "ferritin") == [(2, "1.5"), (4, "2")]


def test_a_byte_order_mark_and_a_byte_of_cp1252(tmp_path):
    source = read(tmp_path, b"\xef\xbb\xbfrecord_id,remark\n1,gr\xfcn\n")
    assert shown(source, "visit", "remark") == [("grün",)]
    assert source.remarks[0] == "export.csv: 1 byte was not UTF-8, read as cp1252"


def test_a_dictionary_with_a_byte_of_cp1252_is_told(tmp_path):
    (tmp_path / "dictionary.csv").write_bytes(FIELDS.replace("Ferritin", "Größe").encode("cp1252"))
    (tmp_path / "export.csv").write_text("record_id,ferritin\n1,7\n")
    source = read_redcap(tmp_path / "export.csv", tmp_path / "dictionary.csv")
    assert source.tables[2].column("ferritin").label == "Größe"
    assert source.remarks[0] == "dictionary.csv: 2 bytes were not UTF-8, read as cp1252"


def test_a_choice_with_the_word_of_a_code_for_missing_data(tmp_path):
    fields = FIELDS.replace("2, Male", "2, Unknown")
    source = read(tmp_path, "Record ID,Sex\n1,Unknown\n2,Female\n", fields)
    assert shown(source, "demographics", "sex") == [("2",), ("1",)]


def test_a_survey_that_was_not_completed_has_no_time(tmp_path):
    source = read(tmp_path, "record_id,visit_timestamp,well\n1,[not completed],1\n")
    assert not source.held
    assert source.tables[1].column("visit_timestamp").missing == {
        "[not completed]": "Not completed"
    }


def test_a_status_of_a_projects_own_holds_no_row(tmp_path):
    source = read(tmp_path, "record_id,labs_complete\n1,3\n2,0\n")
    assert not source.held
    assert shown(source, "labs", "record_id", "labs_complete") == [("1", "3")]


# ---------------------------------------------------------------- what is held, and what stops
@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        (
            "sex",
            "9",
            "demographics: line 2, record_id 1: sex: must be one of 1 (Female), 2 (Male), got 9. "
            "Name the code in the metadata, or mend the value",
        ),
        (
            "ferritin",
            "high",
            "labs: line 2, record_id 1: ferritin: must be a number, got high. "
            "If it is a code for missing data, name it as one",
        ),
        (
            "taken",
            "2024-02-30",
            "labs: line 2, record_id 1: taken: must be a date as YYYY-MM-DD, got 2024-02-30. "
            "A spreadsheet may have changed it: export the file again",
        ),
        (
            "born",
            "1960-02-30",
            "demographics: line 2, record_id 1: born: must be a date as YYYY-MM-DD, got a value "
            "that is not shown here. A spreadsheet may have changed it: export the file again",
        ),
        (
            "seen",
            "1/2/2024 10:00",
            "visit: line 2, record_id 1: seen: must be a date and time as YYYY-MM-DD HH:MM, "
            "got 1/2/2024 10:00. A spreadsheet may have changed it: export the file again",
        ),
    ],
)
def test_a_row_that_breaks_the_dictionary_is_held(tmp_path, column, cell, said):
    source = read(tmp_path, f"record_id,remark,{column}\n1,,{cell}\n2,kept,\n")
    assert [str(one) for one in source.held] == [f"export.csv, instrument {said}"]
    assert all(one.cells.filter(record_id="1").is_empty() for one in source.tables)
    assert shown(source, "visit", "remark") == [("kept",)]


@pytest.mark.parametrize(
    ("export", "said"),
    [
        (
            "record_id,sex,shoe,hat\n1,1,42,9\n",
            "column shoe must be a field of dictionary.csv, got no such field (and 1 more). "
            "Download the dictionary again, or take the column out of the export",
        ),
        ("record_id,sex,sex\n1,1,1\n", "a column must stand once, got sex twice"),
        ("record_id,sex\n1\n", "line 2: must have 2 cells as the header has, got 1. Is it whole?"),
        ("record_id,sex\n,1\n", "line 2: record_id: must be given, got nothing"),
        ("", "must be a REDCap export, got an empty file"),
        (
            "record_id,redcap_event_name,sex\n1,a,1\n2,a,1\n1,a,2\n",
            "line 2, record_id 1, redcap_event_name a: must stand once, got it again in line 4",
        ),
        (
            "record_id,redcap_repeat_instrument,redcap_repeat_instance,sex,ferritin\n1,labs,1,2,7\n",
            "line 2: must hold labs alone, got values of demographics beside it",
        ),
        (
            "record_id,redcap_repeat_instrument,redcap_repeat_instance,sex\n1,shoes,1,\n",
            "line 2: redcap_repeat_instrument: must be an instrument of dictionary.csv, got shoes",
        ),
        ('record_id,remark\n1,"open\n', "line 2: must be CSV, got unexpected end of data"),
    ],
)
def test_a_broken_export_is_one_clear_line(tmp_path, export, said):
    with pytest.raises(DataError) as caught:
        read(tmp_path, export)
    assert str(caught.value) == f"export.csv: {said}"
