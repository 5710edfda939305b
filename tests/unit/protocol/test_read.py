import datetime as dt
from pathlib import Path

import pytest

from cartrial.errors import StudyError
from cartrial.protocol.read import packaged_study, packaged_text, parse_study, read_study
from cartrial.protocol.rules import Rules
from cartrial.protocol.study import landmark_day

SMALL = """
cartrial: 1
id: SMALL
title: !registered A small study
condition: !registered Multiple Myeloma
product: !assumed {name: CAR, treatments: [CAR]}
outcomes: !registered
  - {analysis: orr, role: primary, measure: ORR}
doses: !assumed
  unit: 10^6 CAR+ cells/kg
  levels: [{label: low, dose: 1}, {label: high, dose: 2}]
"""


def fault(content: str) -> str:
    with pytest.raises(StudyError) as raised:
        parse_study(content, place="study.yaml")
    return str(raised.value)


def test_the_packaged_study_is_the_registered_trial() -> None:
    study = packaged_study()
    assert study.subjects == 18
    assert study.centres == 1
    assert [o.analysis for o in study.outcomes] == ["ae", "dlt", "car", "orr", "dor", "pfs", "os"]
    assert [o.role for o in study.outcomes] == ["primary"] * 3 + ["secondary"] * 4
    assert [level.dose for level in study.doses.levels] == [1, 2, 4]
    assert study.dlt is not None
    assert study.dlt.window == 84
    assert study.schedule is not None
    assert study.schedule.car_samples[:9] == (0, 1, 3, 7, 10, 14, 21, 28, 61)
    assert study.schedule.end_of_study == 730


@pytest.mark.parametrize(
    ("path", "mark"),
    [
        ("subjects", "registered"),
        ("outcomes.3.measure", "registered"),
        ("standards.crs", "registered"),
        ("standards.response", "assumed"),
        ("dlt.window", "registered"),
        ("dlt.least", "assumed"),
        ("doses.levels.0.dose", "assumed"),
        ("design.target", "assumed"),
        ("purpose", "registered"),
    ],
)
def test_each_value_of_the_packaged_study_is_marked(path: str, mark: str) -> None:
    assert packaged_study().mark(path) == mark


def test_a_value_that_the_file_leaves_out_is_assumed() -> None:
    study = parse_study(SMALL, place="study.yaml")
    assert study.mark("endpoints.level") == "assumed"
    assert study.level_label(2) == "high"
    assert study.arm(1) == "DL1"
    assert study.outcome("orr") is study.outcomes[0]
    assert study.outcome("os") is None


def test_a_mark_within_a_section_wins_over_the_section() -> None:
    marked = SMALL.replace("{label: low,", "!registered {label: low,")
    study = parse_study(marked, place="study.yaml")
    assert study.mark("doses.levels.0.dose") == "registered"
    assert study.mark("doses.levels.1.dose") == "assumed"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            SMALL.replace("condition:", "conditon:"),
            "study.yaml: conditon: must be a key that a study file knows, got Multiple Myeloma. "
            "Did you mean condition? (and 1 more)",
        ),
        (
            SMALL + "sponsor: !assumed somebody\n",
            "study.yaml: sponsor: must be a key that a study file knows, got somebody",
        ),
        (
            SMALL.replace("dose: 2", "dose: -2"),
            "study.yaml: doses.levels.1.dose: must be at least 0, got -2",
        ),
        (
            SMALL.replace("title: !registered A", "title: A"),
            "study.yaml: title: must be marked !registered or !assumed, got no mark. "
            "Write `title: !assumed ...`",
        ),
        (
            SMALL.replace("title: !registered", "title: !sure"),
            "study.yaml, line 4: a mark must be !registered or !assumed, got !sure",
        ),
        (
            SMALL + "id: AGAIN\n",
            "study.yaml, line 12: a key must stand once, got id again",
        ),
        ("- a list", "study.yaml: must be a mapping of names to values, got something else"),
        (
            "title: [",
            "study.yaml, line 1: must be YAML, got expected the node content, but found "
            "'<stream end>'",
        ),
        ("", "study.yaml: must be a mapping of names to values, got something else"),
    ],
)
def test_a_study_file_with_a_fault_is_told_in_one_line(content: str, message: str) -> None:
    assert fault(content) == message


def test_a_wrong_key_names_the_nearest_right_one() -> None:
    study = SMALL + "endpoints: !assumed {landmark: [6]}\n"
    assert fault(study) == (
        "study.yaml: endpoints.landmark: must be a key that a study file knows. "
        "Did you mean landmarks?"
    )


KNOWN = (
    "boin, tite-boin, bf-boin, 3+3, rolling-6, i3+3, mtpi-2, keyboard, table, crm, tite-crm, blrm"
)


@pytest.mark.parametrize(
    ("design", "message"),
    [
        ("{target: 0.3}", f"design.kind: must be given, one of {KNOWN}, got nothing"),
        ("{kind: boim}", f"design.kind: must be one of {KNOWN}, got boim. Did you mean boin?"),
        ("{kind: boin}", "design.target: must be given, got nothing"),
        (
            "{kind: boin, target: 1.3}",
            "design.target: must be less than 1, got 1.3",
        ),
        (
            "{kind: boin, target: 0.8}",
            "design: toxic x target must be less than 1, got 1.12",
        ),
        (
            "{kind: tite-boin, target: 0.3}",
            "study: dlt must be given with a design that weighs follow-up, got nothing",
        ),
        (
            "{kind: crm, target: 0.3, skeleton: [0.1, 0.2, 0.3]}",
            "study: the design must have a rate or a dose for each of the 2 dose levels, got 3",
        ),
    ],
)
def test_a_design_with_a_fault_is_told_in_one_line(design: str, message: str) -> None:
    assert fault(SMALL + f"design: !assumed {design}\n") == f"study.yaml: {message}"


def test_the_rules_of_the_conduct_are_off_unless_given() -> None:
    assert parse_study(SMALL, place="").rules == Rules()
    given = parse_study(SMALL + "rules: !assumed {sentinel: 14, committee: true}\n", place="")
    assert given.rules == Rules(sentinel=14, committee=True)


def test_pooled_levels_must_be_levels() -> None:
    pooled = SMALL + "  pooled: [{label: all, levels: [1, 3]}]\n"
    assert fault(pooled) == ("study.yaml: doses: pooled levels must be between 1 and 2")


def test_dose_levels_must_have_labels_of_their_own() -> None:
    label = parse_study(SMALL, place="").doses.levels[0].label
    pooled = SMALL + f"  pooled: [{{label: {label}, levels: [1, 2]}}]\n"
    assert fault(pooled) == (f"study.yaml: doses: a label must stand once, got {label} twice")


def test_text_that_looks_like_a_number_may_be_quoted() -> None:
    study = parse_study(
        SMALL + 'versions: !assumed [{version: "1.0", since: 2024-01-08}]\n', place=""
    )
    assert study.versions[0].version == "1.0"
    assert study.versions[0].since == dt.date(2024, 1, 8)


def test_a_study_is_read_from_a_file_or_its_folder(tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_text(packaged_text())
    assert read_study(tmp_path) == read_study(tmp_path / "study.yaml") == packaged_study()


def test_a_missing_study_file_names_the_command_that_writes_one(tmp_path: Path) -> None:
    with pytest.raises(StudyError) as raised:
        read_study(tmp_path / "study.yml")
    assert str(raised.value) == (
        f"{tmp_path}/study.yml: must be a study file, got no such file. "
        "`cartrial new NAME` writes one"
    )


@pytest.mark.parametrize(("months", "day"), [(6, 182), (12, 365), (18, 547), (24, 730)])
def test_a_landmark_is_rounded_down_to_a_day(months: int, day: int) -> None:
    assert landmark_day(months) == day


def test_the_interim_of_the_dlt_window_is_before_its_end() -> None:
    dlt = "dlt: !assumed {definition: any, window: 28, interim: %s}\n"
    assert parse_study(SMALL + dlt % 27, place="").dlt is not None
    for day in (28, 90):
        assert fault(SMALL + dlt % day) == (
            f"study.yaml: dlt: interim must be before the window ends on day 28, got {day}"
        )


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (
            SMALL.replace("title: !registered A small study", "title: !registered 5"),
            "title: must be text, got 5",
        ),
        (
            SMALL.replace("{label: low, dose: 1}, {label: high, dose: 2}", ""),
            "doses.levels: must have at least 1, got 0",
        ),
        (SMALL.replace("dose: 2", "dose: much"), "doses.levels.1.dose: must be a number, got much"),
        (SMALL.replace("cartrial: 1", "cartrial: 2"), "cartrial: must be 1, got 2"),
        (
            SMALL + "versions: !assumed [{version: '2', since: soon}]\n",
            "versions.0.since: must be a date as YYYY-MM-DD, got soon",
        ),
        (
            SMALL + "standards: !assumed {crs: ASTCT}\n",
            "standards.crs: must be one of ASTCT-2019, other, got ASTCT",
        ),
    ],
)
def test_a_wrong_value_is_told_in_plain_words(wrong: str, message: str) -> None:
    assert fault(wrong) == f"study.yaml: {message}"
