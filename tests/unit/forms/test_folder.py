from pathlib import Path

import pytest

from cartrial import schema as s
from cartrial.errors import DataError
from cartrial.forms.enrolment import Demographics
from cartrial.forms.folder import read_forms, write_forms
from tests.unit.forms.tables import filled

ENROLLED = """
    subject  consented   born     age  level
    001-001  2024-01-10  1961-05  62   1
    001-002  2024-02     -        -    -
"""
GRADES = """
    subject  number  since             grade
    001-001  1       2024-03-02T08:00  2
"""


def test_forms_to_files_to_forms_is_the_identity(tmp_path: Path) -> None:
    forms = filled(demographics=ENROLLED, ae_grade=GRADES)
    write_forms(forms, tmp_path / "forms")
    again, findings = read_forms(tmp_path / "forms")
    assert not s.errors(findings)
    assert [name for name, _ in again] == ["demographics", "ae_grade"]
    for name, frame in forms:
        assert frame.equals(again.tables[name])


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="must be a folder of forms as CSV, got no such folder"):
        read_forms(tmp_path / "nowhere")


def test_every_trial_has_demographics(tmp_path: Path) -> None:
    (tmp_path / "visit.csv").write_text("subject,visit,on,safety\n")
    with pytest.raises(DataError) as fault:
        read_forms(tmp_path)
    assert str(fault.value) == (
        f"{tmp_path}: must hold demographics.csv, got visit. Every subject needs a row there"
    )


def test_a_file_of_an_unknown_name_is_a_finding_with_the_nearest_form(tmp_path: Path) -> None:
    (tmp_path / "demographics.csv").write_text("subject\n001-001\n")
    (tmp_path / "infusions.csv").write_text("subject\n001-001\n")
    forms, findings = read_forms(tmp_path)
    (unknown,) = s.errors(findings)
    assert str(unknown) == (
        "infusions.csv: must be a form, got an unknown name. Did you mean infusion.csv?"
    )
    assert forms.of(Demographics)["subject"].to_list() == ["001-001"]


def test_absent_is_not_empty(tmp_path: Path) -> None:
    (tmp_path / "demographics.csv").write_text("subject\n001-001\n")
    (tmp_path / "ae_grade.csv").write_text("subject,number,since,grade\n")
    forms, _ = read_forms(tmp_path)
    assert "ae_grade" in forms.tables
    assert "death" not in forms.tables
