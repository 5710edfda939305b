from pathlib import Path

import pytest

from cartrial.errors import StudyError
from cartrial.protocol.new import analysis_of, days_of, draft_study_file
from cartrial.protocol.read import packaged_study
from cartrial.protocol.registry_record import read_record

RECORDS = Path(__file__).parent / "records"


def test_a_new_study_registers_nothing() -> None:
    draft = draft_study_file("MY-TRIAL")
    assert set(draft.study.marks.values()) == {"assumed"}
    assert draft.study.id == "MY-TRIAL"
    assert draft.study.title == "MY-TRIAL (the title of the protocol)"
    assert draft.study.purpose == ""
    assert draft.study.doses == packaged_study().doses
    assert "doses: the dose levels and their unit" in draft.left


def test_every_section_says_what_it_is_for() -> None:
    text = draft_study_file("MY-TRIAL").text
    assert "\n# The dose levels and their unit\ndoses: !assumed\n" in text
    assert "!registered" not in text.split("\ncartrial:")[1]


def test_the_record_of_the_packaged_trial_gives_its_registered_values() -> None:
    draft = draft_study_file("BCMA-CD19-MM", read_record(RECORDS / "export.csv"))
    packaged = packaged_study()
    for part in ("title", "purpose", "condition", "subjects", "outcomes", "standards", "dlt"):
        assert getattr(draft.study, part) == getattr(packaged, part), part
    for path in ("title", "outcomes.0", "subjects", "dlt.window", "standards.crs", "registry"):
        assert draft.study.mark(path) == "registered", path
    for path in ("doses", "phase", "centres", "dlt.interim", "standards.response"):
        assert draft.study.mark(path) == "assumed", path
    assert not [line for line in draft.left if line.startswith(("title", "subjects"))]
    assert draft.left[-1] == (
        "outcomes: compare their words with the record; the CSV parts them by commas"
    )


def test_a_record_of_another_disease() -> None:
    draft = draft_study_file("NCT00000019", read_record(RECORDS / "study.json"))
    study = draft.study
    assert study.title == 'A Phase 1/2 Study of a "CD19" CAR-T: Safety, # and More'
    assert study.product.name == "CD19 CAR-T: autologous"
    assert (study.phase, study.centres, study.subjects) == ("Phase 1/Phase 2", 2, 24)
    assert [outcome.analysis for outcome in study.outcomes] == ["dlt", "ae", "orr", None, None]
    assert study.standards.response == "other"
    assert study.mark("standards.adverse_events") == "registered"
    assert study.eligibility[2] == "Exclusion: Active infection"
    assert study.dlt is not None
    assert (study.dlt.window, study.dlt.interim, study.dlt.escalate_after) == (28, None, 0)
    assert draft.left[-3:] == (
        "outcomes: `Objective response at 6 months` is shown in words only; "
        "name its `analysis` if it has one",
        "outcomes: `Quality of life` is shown in words only; name its `analysis` if it has one",
        "standards.response: cartrial reads responses of myeloma only (IMWG)",
    )


@pytest.mark.parametrize("name", ["", "x" * 21, "two\nlines", " padded"])
def test_a_name_is_short_and_on_one_line(name: str) -> None:
    with pytest.raises(StudyError, match="name: must be 1 to 20 characters of one line, got "):
        draft_study_file(name)


@pytest.mark.parametrize(
    ("measure", "analysis"),
    [
        ("Incidence and severity of treatment related AE", "ae"),
        ("Number of participants with TEAEs", "ae"),
        ("Incidence of DLT", "dlt"),
        ("Dose limiting toxicity", "dlt"),
        ("CAR copies concentration in peripheral blood", "car"),
        ("Persistence of CAR-T cells", "car"),
        ("ORR", "orr"),
        ("Duration of response (DOR)", "dor"),
        ("PFS Rate", "pfs"),
        ("OS Rate", "os"),
        ("Progression-free survival", "pfs"),
        ("Quality of life", None),
        ("Cost of care", None),
    ],
)
def test_an_outcome_is_recognised_by_the_words_of_its_measure(
    measure: str, analysis: str | None
) -> None:
    assert analysis_of(measure) == analysis


@pytest.mark.parametrize(
    ("time_frame", "days"),
    [
        ("12 weeks", 84),
        ("28 days", 28),
        ("Day 28", 28),
        ("up to 3 months after infusion", 91),
        ("2 years", None),
        ("28 days to 2 months", None),
        ("", None),
    ],
)
def test_a_time_frame_of_one_span_is_days(time_frame: str, days: int | None) -> None:
    assert days_of(time_frame) == days
