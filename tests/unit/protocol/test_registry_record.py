import json
from pathlib import Path

import pytest

from cartrial.errors import DataError
from cartrial.protocol.registry_record import RegisteredOutcome, read_record

RECORDS = Path(__file__).parent / "records"


def test_a_record_of_the_api() -> None:
    record = read_record(RECORDS / "study.json")
    assert record.number == "NCT00000019"
    assert record.title == 'A Phase 1/2 Study of a "CD19" CAR-T: Safety, # and More'
    assert record.summary == "Two lines of a summary."
    assert record.condition == "Lymphoma, B-Cell, Leukemia"
    assert record.phase == "Phase 1/Phase 2"
    assert (record.subjects, record.centres) == (24, 2)
    assert record.interventions == (
        ("DRUG", "Fludarabine"),
        ("BIOLOGICAL", "CD19 CAR-T: autologous"),
    )
    assert record.outcomes[1] == RegisteredOutcome(
        "primary", "Treatment-emergent adverse events", "CTCAE v5.0", "24 months"
    )
    assert [outcome.role for outcome in record.outcomes] == ["primary"] * 2 + ["secondary"] * 3
    assert record.eligibility == (
        "Age >= 18 years",
        "Measurable disease",
        "Exclusion: Active infection",
        "Exclusion: Pregnancy",
    )


def test_a_line_of_the_csv_export() -> None:
    record = read_record(RECORDS / "export.csv")
    assert record.number == "NCT00000018"
    assert record.subjects == 18
    assert (record.phase, record.centres) == ("", None)
    assert record.interventions == (("BIOLOGICAL", "BCMA/CD19 Dual-Target CAR-T"),)
    assert len(record.outcomes) == 7
    assert record.outcomes[1] == RegisteredOutcome(
        "primary",
        "Incidence of DLT",
        "Dose-limiting toxicity (DLT) will be collected. DLT refers to toxicity that limit the "
        "process to continue increasing CAR-T dose.",
        "12 weeks",
    )


def test_a_search_answer_with_one_study_is_that_study(tmp_path: Path) -> None:
    study = json.loads((RECORDS / "study.json").read_text())
    (tmp_path / "found.json").write_text(json.dumps({"studies": [study]}))
    assert read_record(tmp_path / "found.json") == read_record(RECORDS / "study.json")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.json", "{", "a.json: line 1: must be JSON, got expecting property name enclosed"),
        (
            "a.json",
            '{"title": "x"}',
            "a.json: must be a study record of ClinicalTrials.gov (API version 2), "
            "got JSON without protocolSection",
        ),
        ("a.json", '{"studies": []}', "a.json: must hold one study, got 0"),
        (
            "a.csv",
            "a,b\n1,2\n",
            "a.csv: must be a CSV export of ClinicalTrials.gov, header and one study, "
            "got no NCT Number and Study Title. Download the study as CSV, or as JSON by its API",
        ),
        (
            "a.csv",
            "NCT Number,Study Title\nNCT1,a\nNCT2,b\n",
            "a.csv: must hold one study, got 2. Keep the header and its line",
        ),
        ("a.csv", "", "a.csv: must be a CSV export of ClinicalTrials.gov"),
    ],
)
def test_what_is_no_record_is_told(tmp_path: Path, name: str, content: str, message: str) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(DataError) as fault:
        read_record(tmp_path / name)
    assert str(fault.value).startswith(message)
