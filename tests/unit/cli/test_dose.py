"""`cartrial dose table, paths, oc, mtd`: what they print, and the one line where they refuse."""

import json
from typing import Any

import pytest

from tests.command import cartrial

FIVE = "0.05,0.15,0.30,0.45,0.60"


def told(*words: object) -> Any:
    said = cartrial("dose", *words, "--json")
    assert said.code == 0, said.err
    return json.loads(said.out)


# ---------------------------------------------------------------- table
def test_the_decision_table_of_boin() -> None:
    said = cartrial("dose", "table", "--max-subjects", 6)
    assert said.out.splitlines() == [
        "BOIN, target 0.3",
        "escalate at a DLT rate up to 0.236, de-escalate from 0.359 on",
        "",
        "DLTs among the patients at a dose, nobody in the window",
        "patients     escalate         stay  de-escalate          bar",
        "       1            0            -            1            -",
        "       2            0            -          1-2            -",
        "       3            0            1            2            3",
        "       4            0            1            2          3-4",
        "       5          0-1            -          2-3          4-5",
        "       6          0-1            2            3          4-6",
    ]


def test_the_table_as_json_is_written_as_a_table_of_the_study() -> None:
    found = told("table", "--max-subjects", 6)
    assert {row["treated"]: row["decisions"] for row in found["rows"]}[6] == "EESDUUU"
    assert found["rows"][2] | {"decisions": ""} == {
        "treated": 3,
        "escalate": 0,
        "deescalate": 2,
        "eliminate": 3,
        "decisions": "",
    }
    assert found["boundaries"] == pytest.approx([0.2365, 0.3585], abs=1e-4)


def test_three_plus_three_decides_on_three_and_six() -> None:
    found = told("table", "--design", "3+3")
    assert [(row["treated"], row["decisions"]) for row in found["rows"]] == [
        (3, "ESUU"),
        (6, "EEUUUUU"),
    ]


def test_with_patients_in_the_window_the_follow_up_decides() -> None:
    lines = cartrial("dose", "table", "--design", "tite-boin", "--max-subjects", 6).out.splitlines()
    assert "       3     0      2-3  wait" in lines
    assert "       6     1        3  stay; escalate from 1.96 windows on" in lines
    assert "       6     3      1-3  de-escalate" in lines


def test_a_model_has_no_table() -> None:
    said = cartrial("dose", "table", "--design", "crm")
    assert (said.code, said.out) == (12, "")
    assert said.err == (
        "cartrial: decision table: the design must decide on one dose by itself, got crm. "
        "`cartrial dose paths` shows what it does\n"
    )


# ---------------------------------------------------------------- paths
def test_the_tree_of_the_next_cohort() -> None:
    words = ("--after", "1NNN 2NNT", "--cohorts", 1, "--truth", "0.1,0.5,0.5")
    assert cartrial("dose", "paths", *words).out.splitlines() == [
        "BOIN, after 1NNN 2NNT: stay: 3 at dose level 2",
        "├─ 2NNN  0.1250  escalate: 3 at dose level 3",
        "├─ 2NNT  0.3750  stay: 3 at dose level 2",
        "├─ 2NTT  0.3750  de-escalate: 3 at dose level 1",
        "└─ 2TTT  0.1250  barred: 3 at dose level 1",
    ]


def test_a_tree_of_two_cohorts_shows_what_comes_from_what() -> None:
    said = cartrial("dose", "paths", "--design", "3+3", "--max-subjects", 6)
    assert said.out.splitlines() == [
        "3+3, after nobody: start: 3 at dose level 1",
        "├─ 1NNN  escalate: 3 at dose level 2",
        "│  ├─ 2NNN  end: the MTD is dose level 2",
        "│  ├─ 2NNT  end: the MTD is dose level 1",
        "│  ├─ 2NTT  end: the MTD is dose level 1",
        "│  └─ 2TTT  end: the MTD is dose level 1",
        "├─ 1NNT  stay: 3 at dose level 1",
        "│  ├─ 1NNN  end: the MTD is dose level 1",
        "│  ├─ 1NNT  end: there is no MTD",
        "│  ├─ 1NTT  end: there is no MTD",
        "│  └─ 1TTT  end: there is no MTD",
        "├─ 1NTT  end: there is no MTD",
        "└─ 1TTT  end: there is no MTD",
    ]


def test_those_in_the_window_settle_first() -> None:
    words = ("--after", "1NN.[42]", "--cohorts", 1, "--truth", "0.1,0.2,0.3")
    assert cartrial("dose", "paths", *words).out.splitlines() == [
        "BOIN, after 1NN.[42]: wait",
        "├─ 1N (1 in the window)  0.9474  escalate: 3 at dose level 2",  # 0.9 / 0.95
        "└─ 1T (1 in the window)  0.0526  stay: 3 at dose level 1",
    ]


def test_a_cohort_that_has_begun_is_completed_first() -> None:
    [_, *outcomes] = told("paths", "--after", "1N", "--cohorts", 1)["paths"]
    assert [one["path"] for one in outcomes] == ["1NN", "1NT", "1TT"]
    assert [one["decision"] for one in outcomes] == ["escalate", "stay", "stay"]
    assert outcomes[-1]["reason"] == "2 DLT in 3 at dose level 1: stay at the lowest level"


@pytest.mark.parametrize("design", ["boin", "crm", "tite-crm", "tite-boin", "keyboard", "3+3"])
def test_the_probabilities_of_the_paths_of_a_length_add_up(design: str) -> None:
    paths = told("paths", "--design", design, "--truth", "0.2,0.3,0.4", "--cohorts", 1)["paths"]
    assert sum(path["probability"] for path in paths[1:]) == pytest.approx(1)
    assert paths[0]["decision"] == "start"


def test_what_was_barred_on_the_way_stays_barred() -> None:
    paths = told("paths", "--after", "1NNN 2TTT 1NNN", "--cohorts", 1)["paths"]
    assert paths[0]["eliminated"] == [2, 3]
    assert paths[0]["level"] == 1


# ---------------------------------------------------------------- operating characteristics
def test_boin_is_enumerated_and_has_the_known_characteristics() -> None:
    found = told("oc", "--design", "boin", "--target", 0.3, "--cohort", 3, "--truth", FIVE)
    assert found["method"] == "exact"
    percent = [100 * share for share in found["selection"]]
    # R package BOIN 2.7.2, exact
    assert percent == pytest.approx([0.0211, 1.529, 29.173, 46.231, 20.790, 2.256], abs=5e-4)
    assert found["over_target"] == pytest.approx(0.127, abs=5e-4)
    assert found["duration_days"] is None
    assert found["mcse"] is None
    assert set(found["why_missing"]) == {"duration_days", "mcse"}


def test_the_3_plus_3_has_cohorts_of_three_and_no_target_of_its_own() -> None:
    words = ("--design", "3+3", "--truth", "0.10,0.25,0.45", "--target", 0.3, "--cohort", 3)
    percent = [100 * share for share in told("oc", *words)["selection"]]
    assert percent == pytest.approx([9.385, 36.26, 41.62, 12.74], abs=5e-3)


def test_a_crm_without_a_skeleton_gets_the_usual_one() -> None:
    found = told("oc", "--design", "crm", "--truth", "0.10,0.25,0.45")
    percent = [100 * share for share in found["selection"]]
    assert percent == pytest.approx([0, 10.397, 47.156, 42.447], abs=5e-3)  # dfcrm 0.2-2.1


def test_a_time_to_event_design_is_simulated_with_its_error() -> None:
    words = ("--design", "tite-boin", "--truth", "0.10,0.25,0.45", "--trials", 2000)
    found = told("oc", *words, "--accrual", 2, "--window", 84, "--seed", 7)
    assert found["method"] == "simulated"
    assert found["duration_days"] == pytest.approx(461, abs=4 * found["mcse"]["duration_days"])
    assert len(found["mcse"]["selection"]) == 4
    assert all(0 < error < 0.02 for error in found["mcse"]["selection"][1:])
    assert found["selection"] == told("oc", *words, "--seed", 7)["selection"]
    assert found["selection"] != told("oc", *words, "--seed", 8)["selection"]


def test_a_design_that_waits_is_simulated_where_trials_are_asked_for() -> None:
    exact = told("oc", "--truth", "0.10,0.25,0.45")
    found = told("oc", "--truth", "0.10,0.25,0.45", "--trials", 4000)
    assert found["method"] == "simulated"
    for at, error in enumerate(found["mcse"]["selection"]):
        assert found["selection"][at] == pytest.approx(exact["selection"][at], abs=4 * error + 1e-3)
    assert found["duration_days"] > 400


def test_what_trials_meet_is_simulated() -> None:
    asked = ("oc", "--truth", "0.1,0.25,0.45", "--trials", 500)
    plain = told(*asked)
    meets = ("low=0.3", "made=0.8", "lag=28,42", "committee=7", "matures=3,14")
    found = told(*asked[:3], *(word for one in meets for word in ("--assume", one)))
    assert found["method"] == "simulated"
    assert found["duration_days"] > plain["duration_days"] + 100
    assert found["not_evaluable"] > 3 > plain["not_evaluable"]
    assert found["not_infused"] > 3
    held = told(*asked, "--sentinel", 21)
    assert held["duration_days"] > plain["duration_days"]


def test_without_rates_the_standard_scenarios_are_shown() -> None:
    found = told("oc")["scenarios"]
    assert [one["scenario"] for one in found] == [
        "Level 1 is the MTD",
        "Level 2 is the MTD",
        "Level 3 is the MTD",
        "Every level is too toxic",
    ]
    lines = cartrial("dose", "oc").out.splitlines()
    assert lines[0] == "BOIN, target 0.3, 18 subjects, exact"
    assert lines[2] == "Level 1 is the MTD"


# ---------------------------------------------------------------- MTD
def test_the_mtd_of_numbers() -> None:
    said = cartrial("dose", "mtd", "--treated", "3,6,3", "--dlts", "0,1,2")
    assert said.out.splitlines() == [
        "maximum tolerated dose by BOIN: dose level 2: 2 × 10⁶/kg",
        "after 1NNN 2NNNNNT 3NTT",
        "",
        "level  patients  DLTs  isotonic rate  95 % interval of its own",
        "    1         3     0          0.016  0.00 to 0.20",
        "    2         6     1          0.172  0.01 to 0.53",
        "    3         3     2          0.661  0.16 to 0.99",
    ]


def test_who_is_in_the_window_does_not_count_for_the_mtd() -> None:
    found = told("mtd", "--after", "1NNN 2NNT 2NN.")
    assert (found["mtd"], found["in_the_window"]) == (2, 1)
    assert [(one["level"], one["treated"]) for one in found["levels"]] == [(1, 3), (2, 5)]


def test_no_level_is_left() -> None:
    assert told("mtd", "--after", "1TTT")["mtd"] is None
    out = cartrial("dose", "mtd", "--after", "1TTT").out
    assert out.startswith("maximum tolerated dose by BOIN: none\n")


def test_a_model_shows_its_rates_and_says_where_nobody_was_treated() -> None:
    said = cartrial("dose", "mtd", "--after", "1NNN", "--design", "crm").out.splitlines()
    assert said[:4] == [
        "maximum tolerated dose by CRM: dose level 3: 4 × 10⁶/kg",
        "after 1NNN",
        "nobody was treated at dose level 3: it is beyond what was seen",
        "DLT rates by the model, with 90 % limits: "
        "0.03 (0.00 to 0.42), 0.07 (0.00 to 0.52), 0.14 (0.00 to 0.61)",
    ]


def test_a_tite_crm_counts_who_is_in_the_window_by_the_follow_up() -> None:
    words = ("dose", "mtd", "--design", "tite-crm", "--after")
    late, early = (cartrial(*words, f"1NNN 2NNT 3NT.[{days}]").out for days in (80, 2))
    assert "; 1 in the window count by their follow-up" in late
    assert ("dose level 3" in late, "dose level 2" in early) == (True, True)


# ---------------------------------------------------------------- refused
@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("oc", "--truth", "0.1,1.2,0.3"), 12, "true rates: must be 0 to 1, got 1.2"),
        (("paths", "--truth", "0.1,0.2,1.3"), 12, "true rates: must be 0 to 1, got 1.3"),
        (
            ("oc", "--truth", "0.1;0.2"),
            11,
            "--truth: must be numbers parted by commas, as 0.1,0.25,0.45, got 0.1;0.2",
        ),
        (
            ("oc", "--truth", "0.1,,0.45"),
            11,
            "--truth: must be numbers parted by commas, as 0.1,0.25,0.45, got 0.1,,0.45",
        ),
        (
            ("mtd", "--treated", "3,,3", "--dlts", "0,1"),
            11,
            "--treated: must be numbers parted by commas, as 3,6,3, got 3,,3",
        ),
        (
            ("paths", "--after", "1NN.[84]"),
            12,
            "outcomes: the days of who is pending must be below the window of 84, got 84. "
            "Write N for no DLT in the window",
        ),
        (
            ("mtd", "--treated", "3,6", "--dlts", "4,1"),
            12,
            "dose level 1: DLTs must be 0 to 3 patients, got 4",
        ),
        (
            ("mtd", "--treated", "3,6", "--dlts", "1"),
            11,
            "--dlts: must have as many numbers as --treated, 2, got 1",
        ),
        (
            ("mtd", "--treated", "3,2.5", "--dlts", "0,0"),
            11,
            "--treated: must be whole numbers, 0 or more, got 2.5",
        ),
        (
            ("paths", "--max-subjects", 27, "--cohorts", 9),
            12,
            "dose paths: outcomes must be at most 5,000, got more in 9 cohorts. "
            "Look fewer cohorts ahead",
        ),
        (
            ("paths", "--after", "7NNN"),
            12,
            "outcomes: 7NNN: must begin with a level from 1 to 3",
        ),
        (
            ("oc", "--design", "tite-boin", "--accrual", 0),
            11,
            "--accrual: must be a number above 0, got 0",
        ),
        (
            ("oc", "--assume", "lwo=0.2"),
            11,
            "--assume: must be NAME=VALUE with a name of made, late, lost, low, response, lag, "
            "matures, committee, got lwo=0.2",
        ),
        (
            ("oc", "--assume", "low=0.1,0.2"),
            11,
            "--assume low: must be one number, got 0.1,0.2",
        ),
        (
            ("oc", "--assume", "low=1.2"),
            12,
            "simulation: low must be 0 or more and below 1, got 1.2",
        ),
        (
            ("oc", "--assume", "low=0.1", "--assume", "low=0.2"),
            11,
            "--assume: low must be given once, got low=0.2 too",
        ),
        (
            ("oc", "--design", "crm", "--truth", "0.3"),
            10,
            "design: skeleton must have at least 2 levels, got 1",
        ),
        (
            ("oc", "--design", "rolling-6", "--cohort", 3),
            10,
            "cohort: must not be given with rolling-6, which has none, got 3",
        ),
        (
            ("oc", "--design", "blrm"),
            10,
            "design: blrm must have its doses, reference, mean, sd in the study file, "
            "got none there",
        ),
    ],
)
def test_bad_input_is_one_line(words: tuple[str, ...], code: int, said: str) -> None:
    found = cartrial("dose", *words)
    assert (found.code, found.out) == (code, "")
    assert found.err == f"cartrial: {said}\n"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("table", "--design", "boinn"), "design.kind: must be one of boin, tite-boin,"),
        (("oc", "--design", "crm", "--skeleton", "0.2,0.1,0.3"), "skeleton must rise from level"),
        (("table", "--target", "1.3"), "design.target: "),
        (("table", "--cohort", "0"), "design.cohort: "),
    ],
)
def test_what_is_given_is_held_to_the_study_file_s_rules(words: tuple[str, ...], says: str) -> None:
    found = cartrial("dose", *words)
    assert (found.code, found.out) == (10, "")
    assert says in found.err
    assert len(found.err.splitlines()) == 1
