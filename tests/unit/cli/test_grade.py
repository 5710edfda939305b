"""`cartrial grade crs` and `cartrial grade icans`: one case from options."""

import json
from pathlib import Path

import pytest

from cartrial.protocol.read import packaged_text
from tests.command import cartrial

CRS = ("--temperature", 38.5, "--hypotension", "yes", "--vasopressors", 1, "--vasopressin", "no")
ICE = ("--orientation", 4, "--naming", 3, "--command", 1, "--writing", 1, "--attention", 0)
ALERT = ("--consciousness", "alert", "--seizure", "none", "--motor-weakness", "no")


def test_crs_prints_the_grade_the_rule_the_inputs_and_what_is_missing() -> None:
    said = cartrial("grade", "crs", *CRS)
    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines() == [
        "grade 3 or 4  (ASTCT-2019)",
        "rule    one vasopressor, with fever: at least grade 3, by what is missing up to 4",
        "inputs  Highest temperature since the last assessment  38.5 °C",
        "        Fever has a cause other than CRS               no",
        "        Hypotension                                    yes",
        "        Hypotension has a cause other than CRS         no",
        "        Vasopressors, vasopressin not counted          1 drug",
        "        Vasopressin                                    no",
        "        Oxygen need has a cause other than CRS         no",
        "missing Oxygen support",
    ]


def test_crs_as_json() -> None:
    said = cartrial("grade", "crs", *CRS, "--oxygen", "face mask", "--json")
    assert json.loads(said.out) == {
        "words": "grade 3",
        "certain": 3,
        "scale": "ASTCT-2019",
        "lowest": 3,
        "highest": 3,
        "rule": "one vasopressor and face mask, with fever: grade 3",
        "inputs": {
            "Highest temperature since the last assessment": "38.5 °C",
            "Fever has a cause other than CRS": "no",
            "Hypotension": "yes",
            "Hypotension has a cause other than CRS": "no",
            "Vasopressors, vasopressin not counted": "1 drug",
            "Vasopressin": "no",
            "Oxygen support": "face mask",
            "Oxygen need has a cause other than CRS": "no",
        },
        "missing": [],
        "questions": [],
    }


def crs_words(*given: object) -> str:
    return str(json.loads(cartrial("grade", "crs", *given, "--json").out)["words"])


def test_treatment_opens_an_episode_unless_it_is_said_not_to() -> None:
    suppressed = ("--temperature", 36.9, "--treated", "yes", "--oxygen", "CPAP")
    assert crs_words(*suppressed) == "grade 4"
    assert crs_words(*suppressed, "--was-open", "no") == "grade 0"
    assert crs_words(*suppressed, "--was-open", "unknown") == "not assessable"


def test_a_cause_is_crs_unless_it_is_said_not_to_be_or_unknown() -> None:
    ventilated = ("--temperature", 39, "--vasopressors", 0, "--vasopressin", "no")
    ventilated += ("--hypotension", "no", "--oxygen", "mechanical ventilation")
    assert crs_words(*ventilated) == "grade 4"
    assert crs_words(*ventilated, "--oxygen-other-cause", "yes") == "grade 1"
    assert crs_words(*ventilated, "--oxygen-other-cause", "unknown") == "at least grade 1"


def test_nothing_given_is_not_assessable() -> None:
    assert crs_words() == "not assessable"
    assert json.loads(cartrial("grade", "icans", "--json").out)["words"] == "not assessable"


def test_a_word_may_be_written_small() -> None:
    assert crs_words("--temperature", 38, "--oxygen", "cpap") == "grade 4"


def test_icans_prints_the_grade_and_the_question_of_the_baseline() -> None:
    said = cartrial("grade", "icans", *ICE, *ALERT, "--pressure", "none", "--baseline-ice", 9)
    lines = said.out.splitlines()
    assert lines[:2] == ["grade 1  (ASTCT-2019)", "rule    ICE score 9: grade 1"]
    assert lines[-3:] == [
        "        ICE score before the infusion                  9 of 10 points",
        "missing nothing",
        "ask     Is the loss of points new? ICE was 9 of 10 before the infusion.",
    ]


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        (("crs", "--vasopressors", -1), "--vasopressors: must be at least 0, got -1"),
        (("crs", "--vasopressors", 7), "--vasopressors: must be at most 6, got 7"),
        (("crs", "--vasopressors", "two"), "--vasopressors: must be a whole number, got two"),
        (("crs", "--temperature", 385), "--temperature: must be at most 45 °C, got 385.0"),
        (("crs", "--hypotension", "maybe"), "--hypotension: must be yes or no, got maybe"),
        (("crs", "--was-open", "perhaps"), "--was-open: must be yes or no, got perhaps"),
        (("icans", "--orientation", 5), "--orientation: must be at most 4, got 5"),
        (("icans", "--naming", 4), "--naming: must be at most 3, got 4"),
        (("icans", "--command", 2), "--command: must be at most 1, got 2"),
        (("icans", "--writing", 2), "--writing: must be at most 1, got 2"),
        (("icans", "--attention", 2), "--attention: must be at most 1, got 2"),
        (("icans", "--baseline-ice", 11), "--baseline-ice: must be at most 10, got 11"),
        (
            ("icans", "--why-no-ice", "sedation"),
            "--why-no-ice: must be one of unarousable, sedated, not done, language, got sedation. "
            "Did you mean sedated?",
        ),
        (
            ("icans", "--attention", 2, "--naming", 9),
            "--attention: must be at most 1, got 2 (and 1 more)",
        ),
    ],
)
def test_bad_input_is_one_clear_line(given: tuple[object, ...], fault: str) -> None:
    said = cartrial("grade", *given)
    assert (said.code, said.out, said.err) == (11, "", f"cartrial: {fault}\n")


def test_an_unknown_oxygen_support_names_the_nearest() -> None:
    said = cartrial("grade", "crs", "--oxygen", "nasal canula")
    assert said.code == 11
    assert said.err.startswith("cartrial: --oxygen: must be one of none, low-flow nasal cannula, ")
    assert said.err.endswith(", got nasal canula. Did you mean low-flow nasal cannula?\n")


BEDSIDE = {
    "crs_assessment": ("vasopressors", -1, "must be at least 0, got -1"),
    "icans_assessment": ("orientation", 5, "must be at most 4, got 5"),
}


@pytest.mark.parametrize("form", BEDSIDE)
def test_a_bedside_form_out_of_range_is_one_line_and_nothing_is_written(
    form: str, tmp_path: Path
) -> None:
    column, value, fault = BEDSIDE[form]
    (tmp_path / "study.yaml").write_text(packaged_text())
    (tmp_path / "forms").mkdir()
    (tmp_path / "forms/demographics.csv").write_text(
        "subject,consented,site,born,sex,country,level\n"
        "001-001,2024-01-10,001,1961-05-17,female,CHN,1\n"
    )
    (tmp_path / f"forms/{form}.csv").write_text(
        f"subject,at,{column}\n001-001,2024-03-01T08:00,{value}\n"
    )
    line = f"{form}.csv: line 2, subject 001-001, at 2024-03-01T08:00:00: {column}: {fault}"
    checked = cartrial("check", tmp_path)
    assert checked.code == 1
    assert f"error    {line}" in checked.out.splitlines()
    reported = cartrial("report", tmp_path, "--out", tmp_path / "out")
    assert (reported.code, reported.out) == (11, "")
    assert reported.err.count("\n") == 1
    assert line in reported.err
    assert not (tmp_path / "out").exists()
