"""`cartrial dose next` on a small trial: what it says, the committee, the record and its replay."""

import json
from pathlib import Path

import pytest

from cartrial.protocol.read import packaged_text
from tests.command import cartrial

INFUSED = ("2024-01-10", "2024-01-20", "2024-01-30")
FORMS = {
    "demographics": "subject,consented,site,born,sex,country,level\n"
    + "".join(f"001-00{n},2023-12-01,001,1961-05-17,female,CHN,1\n" for n in (1, 2, 3)),
    "infusion": "subject,number,at,level,planned,given\n"
    + "".join(f"001-00{n},1,{day}T10:00,1,1,1\n" for n, day in enumerate(INFUSED, start=1)),
    "visit": "subject,visit,on,safety\n"
    + "".join(f"001-00{n},Week 12,2024-05-0{n},yes\n" for n in (1, 2, 3)),
}
DECISION = "number,decided,from_level,to_level,decision,reason\n1,2024-05-10,1,{to},{word},\n"


@pytest.fixture
def trial(tmp_path: Path) -> Path:
    (tmp_path / "forms").mkdir()
    (tmp_path / "study.yaml").write_text(packaged_text())
    for name, text in FORMS.items():
        (tmp_path / "forms" / f"{name}.csv").write_text(text)
    return tmp_path


def decide(trial: Path, to: int, word: str) -> None:
    (trial / "forms/dose_decision.csv").write_text(DECISION.format(to=to, word=word))


def test_level_and_reason_stand_first_and_what_they_rest_on_below(trial: Path) -> None:
    said = cartrial("dose", "next", trial)
    assert said.out.splitlines() == [
        "dose level 2: 2 × 10⁶/kg\t0 DLT in 3 at dose level 1: escalate",
        "",
        "subjects   3 in a new cohort",
        "trial      1NNN",
        "committee  no decision is recorded; the level infused last stands",
        "data cut   2024-05-03",
        "rests on   dose level 1: 0 DLT in 3",
        "           design: BOIN, target 0.3",
        "           escalate at a DLT rate up to 0.236, de-escalate from 0.359 on",
        "           DLTs in 3: escalate with at most 0, de-escalate with 2 or more, "
        "bar with 3 or more",
    ]


def test_the_committee_s_decision_sets_the_level(trial: Path) -> None:
    decide(trial, 1, "stay")
    lines = cartrial("dose", "next", trial).out.splitlines()
    assert lines[0] == (
        "dose level 1: 1 × 10⁶/kg\t"
        "0 DLT in 3 at dose level 1, where the committee opened a cohort: 3 there"
    )
    assert "committee  dose level 1: 1 × 10⁶/kg, decided after 3 infused" in lines
    assert "data cut   2024-05-10" in lines


def test_a_decision_after_the_data_cut_is_not_known(trial: Path) -> None:
    decide(trial, 1, "stay")
    told = json.loads(cartrial("dose", "next", trial, "--cutoff", "2024-05-09", "--json").out)
    assert (told["level"], told["decided"]) == (2, None)


def test_the_committee_may_end_it(trial: Path) -> None:
    decide(trial, 0, "stop")
    lines = cartrial("dose", "next", trial).out.splitlines()
    assert lines[0] == "stop\tthe committee has ended it: stop"
    assert "committee  ended the escalation after 3 infused" in lines


def test_without_a_decision_it_is_provisional_where_the_study_says_so(trial: Path) -> None:
    with (trial / "study.yaml").open("a") as study:
        study.write("\nrules: !assumed\n  committee: true\n")
    assert cartrial("dose", "next", trial).out.startswith(
        "dose level 2: 2 × 10⁶/kg (provisional)\t"
    )
    decide(trial, 2, "escalate")
    told = json.loads(cartrial("dose", "next", trial, "--json").out)
    assert (told["level"], told["provisional"]) == (2, False)


def test_someone_infused_since_at_another_level_is_told(trial: Path) -> None:
    decide(trial, 2, "escalate")
    text = (trial / "forms/dose_decision.csv").read_text()
    (trial / "forms/dose_decision.csv").write_text(text.replace("2024-05-10", "2024-01-25"))
    said = cartrial("dose", "next", trial)
    assert said.err == (
        "cartrial: 1 finding: dose_decision: number 1: to_level: must be the level of everybody "
        "infused since, got subject 001-003 at dose level 1. The decision holds. Enter the "
        "committee's later decision, if there is one\n"
    )
    assert "committee  dose level 2: 2 × 10⁶/kg, decided after 2 infused" in said.out


def test_another_design_can_be_asked(trial: Path) -> None:
    said = cartrial("dose", "next", trial, "--design", "3+3", "--json")
    told = json.loads(said.out)
    assert told["level"] == 2
    assert "design: 3+3" in told["full"]


# ---------------------------------------------------------------- the record
def test_a_record_replays_by_itself_and_from_the_data(trial: Path) -> None:
    record = trial / "decision.json"
    first = cartrial("dose", "next", trial, "--record", record, "--design", "crm")
    assert first.code == 0
    told = json.loads(record.read_text())
    assert told["study"] == "BCMA-CD19-MM"
    assert told["data_cut"] == "2024-05-03"
    assert told["overrides"]["design"] == "crm"
    assert len(told["study_sha256"]) == 64
    assert told["state"]["line"] == "1NNN"
    for words in ((), (trial,)):
        again = cartrial("dose", "next", *words, "--replay", record)
        assert again.code == 0
        assert again.out == "the same: dose level 2\t" + told["recommendation"]["reason"] + "\n"


def test_the_same_data_give_the_same_record(trial: Path) -> None:
    one, other = trial / "one.json", trial / "other.json"
    for record in (one, other):
        cartrial("dose", "next", trial, "--record", record)
    assert one.read_bytes() == other.read_bytes()


def test_data_that_changed_since_are_listed(trial: Path) -> None:
    record = trial / "decision.json"
    cartrial("dose", "next", trial, "--record", record)
    visits = trial / "forms/visit.csv"
    visits.write_text(
        visits.read_text().replace("001-003,Week 12,2024-05-03", "001-003,Day 28,2024-02-27")
    )
    said = cartrial("dose", "next", trial, "--replay", record)
    assert said.code == 1
    assert '  state.patients.3.status: was "complete", is "pending"' in said.out.splitlines()
    assert "  recommendation.level: was 2, is null" in said.out.splitlines()
    told = json.loads(cartrial("dose", "next", trial, "--replay", record, "--json").out)
    assert not told["same"]
    assert told["record"]["recommendation"]["wait"]


def test_a_record_whose_recommendation_was_changed_is_found(trial: Path) -> None:
    record = trial / "decision.json"
    cartrial("dose", "next", trial, "--record", record)
    record.write_text(record.read_text().replace('"level": 2', '"level": 3'))
    said = cartrial("dose", "next", "--replay", record)
    assert (said.code, said.out) == (
        1,
        "not the same, 1 apart\n  recommendation.level: was 3, is 2\n",
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "must be JSON, got Expecting property name"),
        ("{}", "cartrial: must be as `cartrial dose next --record` writes it"),
        ("[]", "the file: must be as `cartrial dose next --record` writes it"),
    ],
)
def test_what_is_no_record_is_refused(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "record.json").write_text(text)
    said = cartrial("dose", "next", "--replay", tmp_path / "record.json")
    assert said.code == 11
    assert said.err.startswith(f"cartrial: {tmp_path}/record.json: {says}")
    assert len(said.err.splitlines()) == 1


# ---------------------------------------------------------------- the other commands on data
def test_the_paths_and_the_mtd_of_a_trial(trial: Path) -> None:
    data = (trial / "study.yaml", "--forms", trial / "forms")
    paths = cartrial("dose", "paths", *data, "--cohorts", 1).out.splitlines()
    assert paths[0] == "BOIN, after 1NNN: escalate: 3 at dose level 2"
    assert cartrial("dose", "mtd", *data).out.startswith(
        "maximum tolerated dose by BOIN: dose level 1: 1 × 10⁶/kg\nafter 1NNN\n"
    )


def test_a_truth_of_wrong_length_for_the_study_is_one_line(trial: Path) -> None:
    for command in ("oc", "paths"):
        said = cartrial("dose", command, trial / "study.yaml", "--truth", "0.1,0.2")
        assert (said.code, said.err) == (
            12,
            "cartrial: true rates: must be 3, one for each dose level, got 2\n",
        )


def test_mtd_and_paths_take_the_data_of_a_study_folder_too(trial: Path) -> None:
    assert "after 1NNN\n" in cartrial("dose", "mtd", trial).out
    assert cartrial("dose", "paths", trial, "--cohorts", 1).out.startswith("BOIN, after 1NNN: ")
    begun = cartrial("dose", "paths", trial, "--after", "", "--cohorts", 1)
    assert begun.out.startswith("BOIN, after nobody: ")
    alone = cartrial("dose", "paths", trial / "study.yaml", "--cutoff", "2024-02-01")
    assert (alone.code, "--cutoff must be given with the trial's data" in alone.err) == (2, True)
