"""Our forms as a REDCap project."""

import csv
import re

from cartrial.forms.catalogue import FORMS
from cartrial.intake.redcap.project import LONGEST, instruments
from cartrial.intake.redcap.write import FILES, write_redcap
from tests.unit.forms.tables import filled

FORMS_OF_TWO = {
    "demographics": """
        subject  consented   born     age  sex
        001-001  2024-01-10  1961-05  62   male
        001-002  2024-02     -        -    -
    """,
    "disease_history": """
        subject  high_risk  bcma_positive
        001-002  no         0.00001
    """,
    "vital_signs": """
        subject  at                   temperature
        001-001  2024-03-02T08:00     38.5
        001-001  2024-03-02T20:00:30  37
    """,
    "dose_decision": """
        number  decided     from_level  to_level  decision
        1       2024-04-01  1           2         escalate
    """,
}


def written(folder):
    write_redcap(filled(**FORMS_OF_TWO), folder)
    tables = {}
    for name in FILES:
        with (folder / f"{name}.csv").open(newline="", encoding="utf-8") as file:
            tables[name] = list(csv.DictReader(file))
    return tables


def test_every_form_is_an_instrument_with_short_names_of_its_own():
    listed = instruments()
    assert [one.name for one in listed] == list(FORMS)
    names = [one.field(column) for one in listed for column in one.columns]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name) for name in names)
    assert max(map(len, names)) <= LONGEST


def test_a_row_of_an_event_and_then_its_repeats(tmp_path):
    names = ("record_id", "redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance")
    rows = written(tmp_path)["data"]
    assert [tuple(row[name] for name in names) for row in rows] == [
        ("001-001", "screening_arm_1", "", ""),
        ("001-001", "course_arm_1", "vital_signs", "1"),
        ("001-001", "course_arm_1", "vital_signs", "2"),
        ("001-002", "screening_arm_1", "", ""),
        ("committee", "decisions_arm_2", "dose_decision", "1"),
    ]


def test_the_cells_are_as_redcap_exports_them(tmp_path):
    first, _, evening, second, decision = written(tmp_path)["data"]
    assert (first["dm_sex"], first["dm_consented"], first["dm_born"]) == (
        *("2", "2024-01-10", "1961-05"),
    )
    assert (first["demographics_complete"], first["disease_history_complete"]) == ("2", "")
    assert (evening["vs_at"], evening["vs_temperature"]) == ("2024-03-02 20:00:30", "37")
    assert (second["hist_high_risk"], second["hist_bcma_positive"]) == ("0", "0.00001")
    assert (decision["dose_decision"], decision["dose_to_level"]) == ("1", "2")


def test_the_fields_say_their_choices_limits_and_units(tmp_path):
    fields = {row["Variable / Field Name"]: row for row in written(tmp_path)["data_dictionary"]}
    assert list(fields)[:2] == ["record_id", "dm_consented"]
    assert fields["dm_sex"]["Field Type"] == "dropdown"
    assert fields["dm_sex"]["Choices, Calculations, OR Slider Labels"] == (
        "1, female | 2, male | 3, unknown"
    )
    age, temperature = fields["dm_age"], fields["vs_temperature"]
    kind, least, most = (
        "Text Validation Type OR Show Slider Number",
        "Text Validation Min",
        "Text Validation Max",
    )
    assert (age[kind], age[least], age[most], age["Field Note"]) == ("integer", "0", "120", "")
    assert (temperature[kind], temperature["Field Note"]) == ("number", "Unit: °C")
    assert (fields["vs_at"][kind], fields["vs_at"]["Required Field?"]) == (
        *("datetime_seconds_ymd", "y"),
    )
    assert (fields["dm_born"][kind], fields["dm_born"]["Identifier?"]) == ("", "y")


def test_the_structure_to_load(tmp_path):
    tables = written(tmp_path)
    assert [tuple(row.values()) for row in tables["arms"]] == [
        ("1", "Subjects"),
        ("2", "Committee"),
    ]
    assert [row["unique_event_name"] for row in tables["events"]] == [
        *("screening_arm_1", "course_arm_1", "decisions_arm_2")
    ]
    assert [(row["event_name"], row["form_name"]) for row in tables["repeating_instruments"]] == [
        ("course_arm_1", "vital_signs"),
        ("decisions_arm_2", "dose_decision"),
    ]
    assert [tuple(row.values()) for row in tables["instrument_designations"]][-1] == (
        *("2", "decisions_arm_2", "dose_decision"),
    )


def test_the_same_forms_give_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        write_redcap(filled(**FORMS_OF_TWO), tmp_path / name)
    for name in FILES:
        file = f"{name}.csv"
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()
