"""`cartrial dose compare, calibrate`: what they print, and what they refuse."""

import json
from pathlib import Path
from typing import Any

import pytest

from cartrial.protocol.read import packaged_text
from tests.command import cartrial

D3 = "0.10,0.25,0.45"
SCENARIOS = """
- {name: flat, rates: [0.1, 0.1, 0.1]}
- {name: steep, rates: [0.05, 0.3, 0.6]}
"""


def told(*words: object) -> Any:
    said = cartrial("dose", *words, "--json")
    assert said.code == 0, said.err
    return json.loads(said.out)


@pytest.fixture
def scenarios(tmp_path: Path) -> Path:
    place = tmp_path / "scenarios.yaml"
    place.write_text(SCENARIOS)
    return place


# ---------------------------------------------------------------- compare
def test_designs_stand_side_by_side_under_the_true_rates() -> None:
    words = ("--designs", "boin,3+3", "--truth", D3, "--trials", 200)
    lines = cartrial("dose", "compare", *words).out.splitlines()
    assert lines[0] == "target 0.3, 18 subjects"
    assert lines[2] == "as given: true DLT rates 0.10, 0.25, 0.45"
    assert lines[3].split()[:5] == ["design", "none", "1", "2", "3"]
    boin, three = lines[4].split(), lines[5].split()
    assert boin[:9] == ["BOIN", "0.2", "11.2", "60.3", "28.3", "60.3", "18.0", "4.5", "25.2"]
    assert three[:6] == ["3+3", "9.4", "36.3", "41.6", "12.7", "41.6"]
    assert boin[-1] == three[-1] == "exact"


def test_a_design_that_counts_is_exact_and_its_time_is_simulated() -> None:
    words = ("--designs", "boin,tite-boin", "--truth", D3, "--trials", 500)
    (scenario,) = told("compare", *words)["scenarios"]
    assert (scenario["scenario"], scenario["correct"]) == ("as given", 2)
    boin, late = scenario["designs"]
    assert (boin["design"], boin["method"]) == ("boin", "exact")
    assert boin["selection"][2] == pytest.approx(0.60263, abs=1e-5)
    assert "selection" not in boin["mcse"]
    assert (late["design"], late["method"]) == ("tite-boin", "simulated")
    assert late["mcse"]["selection"][2] > 0
    assert late["duration_days"] < boin["duration_days"]
    assert late["correct"] == late["selection"][2]


def test_the_design_of_the_study_stands_first_and_once(tmp_path: Path) -> None:
    study = tmp_path / "study.yaml"
    study.write_text(packaged_text())
    words = (study, "--designs", "3+3,boin", "--truth", D3, "--trials", 100)
    (scenario,) = told("compare", *words)["scenarios"]
    assert [one["design"] for one in scenario["designs"]] == ["boin", "3+3"]


def test_what_a_design_has_no_use_for_is_not_held_against_it() -> None:
    words = ("--designs", "rolling-6,boin", "--cohort", 2, "--truth", D3, "--trials", 100)
    (scenario,) = told("compare", *words)["scenarios"]
    assert [one["design"] for one in scenario["designs"]] == ["rolling-6", "boin"]


def test_scenarios_come_from_a_file(scenarios: Path) -> None:
    words = ("--designs", "boin", "--scenarios", scenarios, "--trials", 100)
    found = told("compare", *words)["scenarios"]
    assert [(one["scenario"], one["correct"]) for one in found] == [("flat", 1), ("steep", 2)]
    assert [one["scenario"] for one in told("oc", "--scenarios", scenarios)["scenarios"]] == [
        "flat",
        "steep",
    ]


def test_the_numbers_do_not_depend_on_who_simulates() -> None:
    words = ("compare", "--designs", "tite-boin", "--truth", D3, "--trials", 20_000)
    assert told(*words) == told(*words, "--workers", 2)


# ---------------------------------------------------------------- calibrate
def test_the_best_candidate_stands_first() -> None:
    words = ("--vary", "max_subjects=12,18", "--vary", "toxic=1.2,1.4")
    found = told("calibrate", *words)
    assert (found["design"], found["limit"]) == ("boin", 1.0)
    rows = found["candidates"]
    assert [row["rank"] for row in rows] == [1, 2, 3, 4]
    assert {(row["subjects"], row["parameters"]["toxic"]) for row in rows} == {
        (12, 1.2),
        (12, 1.4),
        (18, 1.2),
        (18, 1.4),
    }
    correct = [row["correct"] for row in rows]
    assert correct == sorted(correct, reverse=True)
    assert {row["method"] for row in rows} == {"exact"}


def test_equal_candidates_are_marked_and_told_apart_by_their_order() -> None:
    out = cartrial("dose", "calibrate", "--vary", "eliminate-above=0.95,0.951").out
    assert "eliminate_above 0.95      1        18" in out
    assert "eliminate_above 0.951     =        18" in out
    assert "Of equal ones (=) that with fewer subjects comes first, then the one given" in out


def test_who_does_not_keep_to_the_limit_stands_last_without_a_rank() -> None:
    out = cartrial("dose", "calibrate", "--vary", "cohort=1,3", "--limit", 0.31).out
    assert "cohort 3       1        18" in out
    assert "cohort 1       -        18" in out
    assert "1 of 2 (-) do not keep to the limit." in out


def test_a_late_design_is_calibrated_by_simulation_with_its_error() -> None:
    words = ("--design", "tite-boin", "--vary", "safe=0.5,0.6", "--truth", D3, "--trials", 300)
    for row in told("calibrate", *words)["candidates"]:
        assert row["method"] == "simulated"
        assert 0 < row["correct_mcse"] < 0.05
    assert "Within two standard errors of the first: " in cartrial("dose", "calibrate", *words).out


# ---------------------------------------------------------------- refused
@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("compare",), 11, "--designs: must name a design, as boin,crm,3+3, got nothing"),
        (
            ("compare", "--designs", "boin", "--truth", "0.1,1.2,0.3"),
            12,
            "true rates: must be 0 to 1, got 1.2",
        ),
        (
            ("compare", "--designs", "boin", "--accrual", "-1"),
            11,
            "--accrual: must be a number above 0, got -1",
        ),
        (
            ("calibrate", "--vary", "safer=0.5"),
            12,
            "calibration: safer: must be a key that a study file knows, got 0.5. "
            "Did you mean safe?",
        ),
        (
            ("calibrate", "--vary", "safe"),
            11,
            "--vary: must be NAME=VALUES, as cohort=1,2,3, got safe",
        ),
        (
            ("calibrate", "--vary", "safe=0.5", "--vary", "safe=0.6"),
            11,
            "--vary: a parameter must be given once, got safe again",
        ),
        (
            ("calibrate", "--vary", "max_subjects=0"),
            11,
            "--vary: max_subjects: must be whole numbers from 1 on, got 0",
        ),
        (
            ("calibrate", "--vary", "safe=high"),
            12,
            "calibration: safe: must be a number, got high",
        ),
        (
            ("compare", "--designs", "boin", "--scenarios", "nowhere.yaml"),
            10,
            "nowhere.yaml: must be a file of scenarios, got no such file. "
            "Write each as {name: ..., rates: [...]}",
        ),
    ],
)
def test_bad_input_is_one_line(words: tuple[str, ...], code: int, said: str) -> None:
    found = cartrial("dose", *words)
    assert (found.code, found.out) == (code, "")
    assert found.err == f"cartrial: {said}\n"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "scenarios: must be a list, got none"),
        ("scenarios: 3", "scenarios: must be a list, got none"),
        ("[{name: a, rates: [0.1, 1.2, 0.3]}]", "scenarios.0.rates.1: must be at most 1, got 1.2"),
        ("[{name: a}]", "scenarios.0.rates: must be given, got nothing"),
        ("[{name: a, rates: [", "must be YAML"),
    ],
)
def test_a_file_of_scenarios_is_held_to_its_rules(tmp_path: Path, content: str, says: str) -> None:
    place = tmp_path / "scenarios.yaml"
    place.write_text(content)
    found = cartrial("dose", "oc", "--scenarios", place)
    assert (found.code, found.out) == (10, "")
    assert says in found.err
    assert len(found.err.splitlines()) == 1
